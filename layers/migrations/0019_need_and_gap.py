"""Figures of capacity, access, need and standards in stored rows and in their layers."""

from importlib import import_module
from pathlib import Path

from django.db import migrations, models

title_columns = import_module("layers.migrations.0011_layers").title_columns

SQL = Path(__file__).parent / "sql" / "need_columns.sql"

FIGURES = (
    "residents_with_capacity",
    "residents_without_capacity",
    "access_per_1000",
    "access_per_1000_fresh",
    "need_index",
    "gap_depth",
    "need_weighted_gap",
    "shortage_places",
    "threshold_min",
    "standard_min",
    "standard_per_1000",
    "open_share",
    "open_share_high",
)
SHARES = ("need_index", "gap_depth", "open_share", "open_share_high")


class Migration(migrations.Migration):
    """New columns of a table that only runs write, and of two views."""

    dependencies = (("layers", "0018_report_limits"),)
    operations = (
        *(
            migrations.AddField("resultrow", name, models.FloatField(null=True))
            for name in FIGURES
        ),
        migrations.AddField(
            "resultrow", "n_need_flags", models.PositiveSmallIntegerField(null=True)
        ),
        *(
            migrations.AddConstraint(
                "resultrow",
                models.CheckConstraint(
                    condition=models.Q((f"{name}__isnull", True))
                    | models.Q((f"{name}__range", (0, 1))),
                    name=f"resultrow_{name}_range",
                ),
            )
            for name in SHARES
        ),
        migrations.AddField(
            "servicestandard",
            "target_unit",
            models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunPython(title_columns, migrations.RunPython.noop),
    )
