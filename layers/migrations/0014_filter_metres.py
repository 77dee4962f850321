"""Distances and areas in filters that no row can make fail."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """Functions of PostGIS on the ellipsoid, null where they would raise."""

    dependencies = (("layers", "0013_filter_functions"),)
    operations = (
        migrations.RunSQL(
            (SQL / "filter_metres.sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    )
