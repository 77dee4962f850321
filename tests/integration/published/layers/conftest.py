"""A layer small enough to count by hand."""

import pytest
from django.db import connection

TABLE = """
CREATE TABLE published.trees (
    "No" bigint PRIMARY KEY, "Είδος" text, height_m float8, girth_cm integer,
    is_old boolean, planted date, seen_at timestamptz, tags text[], "50 %% ""a"" " text,
    geom geometry(Point, 4326)
);
COMMENT ON TABLE published.trees IS '{"layer": true, "import": true, "key": "No",
 "title": {"en": "Trees"}, "instant": "planted", "counters": ["layer:trees"]}';
INSERT INTO published.trees VALUES
 (1, 'Ελιά', 4.5, 90, true, '1990-03-01', '2026-11-01 10:00+00', '{a,b}', 'x', 'SRID=4326;POINT(23.70 37.98)'),
 (2, 'ΕΛΙΑ', 6, 120, true, '2001-01-01', '2026-11-02 10:00+00', '{b}', NULL, 'SRID=4326;POINT(23.72 37.98)'),
 (3, 'Pine', 12, NULL, false, '2001-12-31', NULL, '{}', 'it''s', 'SRID=4326;POINT(23.74 37.99)'),
 (4, NULL, NULL, 40, NULL, NULL, '2026-11-03 10:00+00', NULL, 'x', NULL),
 (10, 'Oak', 9, 70, false, '2020-06-15', '2026-11-04 10:00+00', '{c}', 'y', 'SRID=4326;POINT(179.9 0)'),
 (11, 'Oak', 9, 70, false, '2020-06-15', '2026-11-04 10:00+00', '{c}', 'y', 'SRID=4326;POINT(-179.9 0)');
"""

AREAS = """
CREATE TABLE published.areas (id text PRIMARY KEY, opened timestamptz, closed timestamptz,
    geom geometry(MultiPolygon, 2100) NOT NULL);
COMMENT ON TABLE published.areas IS '{"layer": true, "interval": ["opened", "closed"],
 "counters": ["layer:areas"]}';
INSERT INTO published.areas VALUES
 ('a', '2020-01-01', '2020-12-31', ST_Multi(ST_MakeEnvelope(476000, 4203000, 477000, 4204000, 2100))),
 ('b', NULL, '2021-06-01', ST_Multi(ST_MakeEnvelope(477000, 4203000, 478000, 4204000, 2100))),
 ('c', NULL, NULL, ST_Multi(ST_MakeEnvelope(478000, 4203000, 479000, 4204000, 2100)));
"""


def grant(relation: str) -> None:
    """Let the public reader see a relation (default privileges do so, if they are set)."""
    from django.conf import settings

    with connection.cursor() as cursor:
        cursor.execute(
            f'GRANT SELECT ON published.{relation} TO "{settings.PUBLISHED_ROLE}"'
        )


@pytest.fixture
def trees(db: None) -> str:
    """Return the id of a layer of six trees, one of them without a place."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE, [])
        cursor.execute(
            "INSERT INTO layers_dataversion VALUES ('layer:trees', 1, now()),"
            " ('catalogue', 1, now())"
            " ON CONFLICT (name) DO UPDATE SET version = layers_dataversion.version + 1"
        )
    grant("trees")
    return "trees"


@pytest.fixture
def areas(db: None) -> str:
    """Return the id of a layer of three squares of 1 km, side by side, in EPSG:2100."""
    with connection.cursor() as cursor:
        cursor.execute(AREAS)
    grant("areas")
    return "areas"
