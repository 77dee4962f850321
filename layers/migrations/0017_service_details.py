"""What the pages of services, activities and open calls read."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "service_details.sql"


class Migration(migrations.Migration):
    """New views in schema `published`; none is a layer."""

    dependencies = (("layers", "0016_run_history"),)
    operations = (
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    )
