"""What the read model should hold, and the function that writes it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Stands on every table of the domain."""

    dependencies = (("layers", "0002_domain"),)
    operations = (
        migrations.RunSQL(
            (SQL / "service_point_source.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION layers_write_service_points; DROP VIEW layers_service_point_source",
        ),
    )
