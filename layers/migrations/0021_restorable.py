"""Let a backup be restored: its checks find PostGIS under an empty search path."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The same answers: `functions.sql` as it is now, for databases made before."""

    dependencies = (("layers", "0020_stored_scenarios"),)
    operations = (
        migrations.RunSQL(
            (SQL / "functions.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    )
