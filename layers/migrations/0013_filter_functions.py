"""What CQL2 filters ask of each row: text without case or accents, safe arithmetic."""

from pathlib import Path

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The extension `unaccent` and the functions of filters."""

    dependencies = (("layers", "0012_street_network"),)
    operations = (
        UnaccentExtension(),
        migrations.RunSQL(
            (SQL / "filter_functions.sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    )
