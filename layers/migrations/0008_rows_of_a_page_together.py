"""Let a page of a list be read from few blocks: rows whole, and in the order of pages."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"

# Rows are about 2.5 kB. Above 2 kB PostgreSQL would compress the prepared texts and put them
# into a table of their own, four reads and a decompression for every feature of a page.
WHOLE_ROWS = "ALTER TABLE layers_servicepoint SET (toast_tuple_target = 8160)"


class Migration(migrations.Migration):
    """Rows that are there already move when they are next written (rebuild_read_model)."""

    dependencies = (("layers", "0007_location_index"),)
    operations = (
        migrations.RunSQL(
            WHOLE_ROWS, "ALTER TABLE layers_servicepoint RESET (toast_tuple_target)"
        ),
        migrations.RunSQL(
            (SQL / "service_point_source.sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex(model_name="servicepoint", name="servicepoint_placeless"),
        migrations.AddIndex(
            model_name="servicepoint",
            index=models.Index(
                fields=["id"],
                include=["status"],
                condition=models.Q(("point__isnull", True)),
                name="servicepoint_placeless",
            ),
        ),
    )
