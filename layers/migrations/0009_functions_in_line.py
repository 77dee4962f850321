"""Let PostgreSQL put the functions that are asked most into the statements themselves."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The same answers: `functions.sql` as it is now, for databases made before."""

    dependencies = (("layers", "0008_rows_of_a_page_together"),)
    operations = (
        migrations.RunSQL(
            (SQL / "functions.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    )
