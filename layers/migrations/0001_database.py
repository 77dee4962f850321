"""Extensions of PostgreSQL and the SQL functions that constraints and reads stand on."""

from pathlib import Path

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """First of all: nothing else can be made without these."""

    initial = True
    dependencies = ()
    operations = (
        CreateExtension("postgis"),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(
            (SQL / "functions.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
        ),
    )
