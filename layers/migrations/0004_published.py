"""The schema that public readers see, and the role that can see nothing else."""

from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).parent / "sql"


def sql(name: str) -> str:
    """Return the text of one SQL file, with the configured role named in it."""
    text = (SQL / name).read_text(encoding="utf-8")
    return text.replace("{role}", settings.PUBLISHED_ROLE)


class Migration(migrations.Migration):
    """Views only: the data stays in the read model."""

    dependencies = (("layers", "0003_service_point_source"),)
    operations = (
        migrations.RunSQL(sql("published.sql"), "DROP SCHEMA published CASCADE"),
        migrations.RunSQL(sql("published_role.sql"), migrations.RunSQL.noop),
    )
