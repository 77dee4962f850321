"""Intervals of the figures in the layers `coverage` and `gaps`."""

from importlib import import_module
from pathlib import Path

from django.db import migrations

title_columns = import_module("layers.migrations.0011_layers").title_columns

SQL = Path(__file__).parent / "sql" / "interval_columns.sql"


class Migration(migrations.Migration):
    """New columns at the end of two views."""

    dependencies = (("layers", "0014_filter_metres"),)
    operations = (
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunPython(title_columns, migrations.RunPython.noop),
    )
