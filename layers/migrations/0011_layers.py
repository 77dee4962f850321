"""The layers as analysts see them: every column titled, features ready to be sent."""

import json
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"

COLUMNS = """p.id, p.service_id AS service, p.municipality_slug AS municipality,
           layers_text(p.names, 'el') AS name_el, layers_text(p.names, 'en') AS name_en,
           p.names ->> 'fr' AS name_fr, p.names ->> 'ar' AS name_ar,
           p.names ->> 'fa' AS name_fa, p.names ->> 'ur' AS name_ur,
           layers_text(p.organization_names, 'el') AS organization_el,
           layers_text(p.organization_names, 'en') AS organization_en,
           p.category, p.categories, p.committees, p.groups, p.languages, p.status,
           p.audience, p.delivery_mode, p.gender, p.step_free, p.referral_required,
           p.minimum_age, p.maximum_age, p.hours_known, p.by_appointment,
           p.weekly_open_min, p.assured_date AS verified_on,
           layers_text(p.address, 'el') AS address_el,
           layers_text(p.address, 'en') AS address_en, p.phones,
           nullif(p.email, '') AS email, nullif(p.url, '') AS url, p.municipality_code,
           p.municipal_community_code, p.neighbourhood_code, p.visibility, p.precision,
           p.capacity, nullif(p.capacity_unit, '') AS capacity_unit, p.is_demo,
           p.updated_at"""

REFILL = """
UPDATE layers_servicepoint p SET address = s.address, phones = s.phones, email = s.email,
       url = s.url
FROM layers_service_point_source s WHERE s.id = p.id;
SELECT layers_write_service_point_features(NULL);
"""


def text(name: str) -> str:
    """Return the SQL of a file, with the columns where they belong."""
    return (SQL / name).read_text(encoding="utf-8").replace("{columns}", COLUMNS)


def title_columns(apps, schema_editor) -> None:
    """Say of each column of each layer what it is."""
    said = json.loads((SQL / "layer_columns.json").read_text(encoding="utf-8"))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, a.attname
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
               WHERE n.nspname = 'published' AND c.relkind = 'v'
                 AND left(obj_description(c.oid, 'pg_class'), 1) = '{'"""
        )
        for layer, column in cursor.fetchall():
            if column in said:
                comment = json.dumps(said[column], ensure_ascii=False)
                name = ".".join(schema_editor.quote_name(n) for n in (layer, column))
                cursor.execute(f"COMMENT ON COLUMN published.{name} IS %s", [comment])


class Migration(migrations.Migration):
    """Columns of the read model, the views, and the features of what is there already."""

    dependencies = (("layers", "0010_residents"),)
    operations = (
        migrations.AddField(
            "servicepoint", "address", models.JSONField(default=dict, db_default={})
        ),
        migrations.AddField(
            "servicepoint",
            "phones",
            django.contrib.postgres.fields.ArrayField(
                models.TextField(), default=list, db_default=[]
            ),
        ),
        migrations.AddField(
            "servicepoint", "email", models.TextField(blank=True, db_default="")
        ),
        migrations.AddField(
            "servicepoint", "url", models.TextField(blank=True, db_default="")
        ),
        migrations.CreateModel(
            name="ServicePointFeature",
            fields=[
                (
                    "service_point",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="layers.servicepoint",
                    ),
                ),
                ("feature", models.TextField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE layers_servicepointfeature SET (toast_tuple_target = 8160)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(text("layers.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(text("service_point_source.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(REFILL, migrations.RunSQL.noop),
        migrations.RunPython(title_columns, migrations.RunPython.noop),
    )
