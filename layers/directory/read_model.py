"""Keeps the read model true: written in the same transaction as every change.

Call `refresh` after changing services, `assign_districts` after changing places or
districts, `rebuild` for everything. What a row holds is said once, in SQL
(`migrations/sql/service_point_source.sql`); opening hours are computed by
`measures/opening_hours.py` and stored for SQL to evaluate.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from layers.directory.timetables import write_timetables
from layers.models import Municipality, Service

HORIZON_DAYS = 400
"""How far ahead dated hours (exceptions, monthly rules, seasons) are laid out."""

MANY = 500
"""From so many services on a refresh is prepared like a batch."""

SOURCES = tuple(
    f"layers_{noun}"
    for noun in (
        "service",
        "serviceatlocation",
        "location",
        "locationdistrict",
        "attribute",
        "servicelanguage",
        "servicearea",
        "servicearea_districts",
        "servicecapacity",
        "phone",
        "timetable",
    )
)
"""The tables that a row of the read model is made of."""


def bump(*names: str) -> None:
    """Raise the data version of each of `names`; call inside the change's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO layers_dataversion (name, version, changed_at)
               VALUES (%s, 1, now())
               ON CONFLICT (name) DO UPDATE
               SET version = layers_dataversion.version + 1, changed_at = now()""",
            [(name,) for name in sorted(names)],
        )


def horizon(today: date | None = None) -> tuple[date, date]:
    """Return the first and last day for which dated hours are laid out."""
    start = today or timezone.localdate()
    return start - timedelta(days=2), start + timedelta(days=HORIZON_DAYS)


@transaction.atomic
def refresh(service_ids: Collection[UUID], *, today: date | None = None) -> int:
    """Write the read model's rows of some services anew; return how many it now holds.

    Services that may not be seen, or that are gone, end with no row.
    """
    ids = sorted(set(service_ids), key=str)
    if not ids:
        return 0
    _lock("ROW EXCLUSIVE")
    # Two writers of one service take turns; the later one then sees what the other wrote.
    list(
        Service.objects.select_for_update()
        .filter(id__in=ids)
        .order_by("id")
        .values("id")
    )
    write_timetables(ids, horizon(today))
    if len(ids) >= MANY:
        _prepare_batch()
    written = _write(ids)
    bump("service_points")
    return written


@transaction.atomic
def rebuild(*, today: date | None = None) -> int:
    """Write the whole read model anew; return how many rows it holds."""
    # Readers go on; refreshes under way are waited for, later ones wait for the whole.
    _lock("SHARE ROW EXCLUSIVE")
    _prepare_batch()
    for municipality in Municipality.objects.all():
        assign_districts(municipality)
    write_timetables(None, horizon(today))
    _prepare_batch()
    written = _write(None)
    bump("service_points")
    return written


def refresh_municipality(municipality: Municipality) -> int:
    """Write all rows of one municipality anew (after its districts or names changed)."""
    ids = Service.objects.filter(municipality=municipality).values_list("id", flat=True)
    return refresh(list(ids))


def _lock(mode: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE layers_servicepoint IN {mode} MODE")


def _prepare_batch() -> None:
    """Let many rows be written at once, in this transaction.

    Rows of the same transaction are news to the planner, which would read them one by
    one; and the time limit of a request is none for a batch.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("ANALYZE " + ", ".join(SOURCES))


def _write(ids: list[UUID] | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT layers_write_service_points(%s::uuid[])", [ids])
        return int(cursor.fetchone()[0])


# Districts come first, so that PostGIS prepares each boundary once and asks it of many
# points; and what is as it was is not written again.
_ASSIGN = """
WITH place AS NOT MATERIALIZED (
    SELECT id, point FROM layers_location
    WHERE municipality_id = %(municipality)s AND point IS NOT NULL
      AND (%(ids)s::uuid[] IS NULL OR id = ANY (%(ids)s::uuid[]))
), level AS MATERIALIZED (
    SELECT DISTINCT level FROM layers_district
    WHERE municipality_id = %(municipality)s AND valid_to IS NULL
), gone AS (
    DELETE FROM layers_locationdistrict
    WHERE location_id IN (SELECT id FROM place)
      AND level NOT IN (SELECT level FROM level)
), found AS (
    -- A point on a shared border belongs to the lower code.
    SELECT DISTINCT ON (place.id, d.level) place.id, d.level, d.id AS district_id
    FROM layers_district d JOIN place ON ST_Covers(d.boundary, place.point)
    WHERE d.municipality_id = %(municipality)s AND d.valid_to IS NULL
    ORDER BY place.id, d.level, d.code
)
INSERT INTO layers_locationdistrict AS old (location_id, level, district_id, is_derived)
SELECT place.id, level.level, found.district_id, true
FROM place CROSS JOIN level
LEFT JOIN found ON found.id = place.id AND found.level = level.level
ON CONFLICT (location_id, level) DO UPDATE
SET district_id = excluded.district_id, is_derived = true
WHERE old.district_id IS DISTINCT FROM excluded.district_id OR NOT old.is_derived
"""


def assign_districts(
    municipality: Municipality, location_ids: Iterable[UUID] | None = None
) -> None:
    """Find the district of each placed location at every level; none is the outside.

    With `location_ids` only those. A location without a point keeps what was said of it.
    """
    ids = None if location_ids is None else list(location_ids)
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGN, {"municipality": municipality.pk, "ids": ids})
