"""Layers of a few rows, so that every expected list of ids can be found by hand.

The rows are inside the test's transaction; they are read as the public reader reads.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from layers.published.connection import read
from layers.published.cql2.filters import compiled
from layers.published.layers import catalogue
from layers.published.layers.layer import Layer

Found = Callable[..., list[int]]

PLACES = r"""
CREATE TABLE published.places (
    id integer PRIMARY KEY, name text, population bigint, area float8,
    price numeric(8, 2), ratio real, is_open boolean, founded date, seen timestamptz,
    noted timestamp, starts timestamptz, ends timestamptz, tags text[], counts integer[],
    shares float8[], ref uuid, note jsonb, code character(4), "50 % ""a"" " text,
    geom geometry(Point, 4326)
);
COMMENT ON TABLE published.places IS '{"layer": true}';
INSERT INTO published.places VALUES
(1, 'Αθήνα', 643452, 38.96, 10.10, 0.1, true, '1834-09-18', '2026-03-01 10:00Z',
 '2026-03-01 10:00', '2021-01-01Z', '2021-12-31Z', '{red,blue}', '{1,2}', '{0.5,1}',
 '00000000-0000-0000-0000-000000000001', '{}', 'ab', 'x', 'SRID=4326;POINT(23.73 37.98)'),
(2, 'ΑΘΗΝΑ', 10, 2, 0.10, 0.2, false, '2001-01-01', '2026-03-01 23:30Z',
 '2026-03-01 23:30', '2020-06-01Z', '2021-06-01Z', '{blue}', '{2}', '{1}',
 '00000000-0000-0000-0000-000000000002', 'null', 'abcd', NULL, 'SRID=4326;POINT(23.75 37.99)'),
(3, 'Straße', 0, 0, NULL, 1.5, true, '2020-02-29', '2026-03-02 00:00Z',
 '2026-03-02 00:00', '2021-06-01Z', '2022-06-01Z', '{red}', '{1,2,3}', '{}',
 NULL, NULL, NULL, 'it''s', 'SRID=4326;POINT(13.40 52.52)'),
(4, 'STRASSE', -5, 4, 20, -2, NULL, NULL, NULL,
 NULL, '2022-01-01Z', NULL, '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL),
(5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
 NULL, NULL, NULL, NULL, 'SRID=4326;POINT(0 0)'),
(6, 'København', 602481, 86.4, 5.5, 3, true, '1167-01-01', '2025-12-31 23:59:59Z',
 '2025-12-31 23:59:59', NULL, '2020-12-31Z', '{green}', '{7}', '{0.25}',
 NULL, NULL, NULL, NULL, 'SRID=4326;POINT(12.57 55.68)'),
(7, '50%_off\x', 100, 25, 99.99, 0, false, '2026-11-22', '2026-03-01 10:00Z',
 '2026-03-01 10:00', '2021-01-01Z', '2021-06-30Z', '{blue,red,blue}', '{2,2,1}', NULL,
 NULL, NULL, NULL, NULL, 'SRID=4326;POINT(179.5 -17)'),
(8, 'Zürich', 7, 1e308, 1, 0.1, true, '2001-01-01', '2026-06-01 00:00Z',
 '2026-06-01 00:00', '2021-03-01Z', '2021-12-31Z', '{red,blue,green}', '{3}', NULL,
 NULL, NULL, NULL, NULL, 'SRID=4326;POINT(-179.5 -17)');
"""

SHAPES = """
CREATE TABLE published.shapes (id integer PRIMARY KEY, geom geometry(Geometry, 4326));
COMMENT ON TABLE published.shapes IS '{"layer": true}';
INSERT INTO published.shapes SELECT id, ST_GeomFromText(wkt, 4326) FROM (VALUES
    (1, 'POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))'),
    (2, 'POLYGON((1 1, 3 1, 3 3, 1 3, 1 1))'),
    (3, 'POLYGON((2 0, 4 0, 4 2, 2 2, 2 0))'),
    (4, 'POLYGON((0.5 0.5, 1 0.5, 1 1, 0.5 1, 0.5 0.5))'),
    (5, 'LINESTRING(-1 1, 3 1)'),
    (6, 'POINT(2 2)'),
    (7, 'POLYGON((10 10, 11 10, 11 11, 10 11, 10 10))'),
    (8, NULL),
    (9, 'POLYGON((2 2, 0 2, 0 0, 2 0, 2 2))'),
    (10, 'POLYGON((20 20, 22 22, 22 20, 20 22, 20 20))'),
    (11, 'MULTIPOINT((1 1), (5 5))')
) AS v(id, wkt);
"""

SQUARES = """
CREATE TABLE published.squares (id integer PRIMARY KEY,
    geom geometry(MultiPolygon, 2100) NOT NULL);
COMMENT ON TABLE published.squares IS '{"layer": true}';
INSERT INTO published.squares SELECT n, ST_Multi(ST_MakeEnvelope(
    475000 + 1000 * n, 4203000, 476000 + 1000 * n, 4204000, 2100))
FROM generate_series(1, 3) AS n;
"""
"""Three squares of a kilometre in a row in Athens: x 476000 to 479000, y 4203000."""


def made(name: str, sql: str) -> Layer:
    """Make a table and return its layer, as the catalogue describes it."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute(
            f'GRANT SELECT ON published.{name} TO "{settings.PUBLISHED_ROLE}"'
        )
    catalogue.forget()
    return catalogue.layer(name)


@pytest.fixture
def places(db: None) -> Layer:
    """Return a layer of eight places with a property of every type."""
    return made("places", PLACES)


@pytest.fixture
def shapes(db: None) -> Layer:
    """Return a layer of eleven geometries of several types, one null, one invalid."""
    return made("shapes", SHAPES)


@pytest.fixture
def squares(db: None) -> Layer:
    """Return a layer in EPSG:2100."""
    return made("squares", SQUARES)


@pytest.fixture
def found() -> Found:
    """Return a function that gives the ids that pass a filter, in order."""

    def of(
        layer: Layer, given: Any, language: str = "cql2-text", **options: Any
    ) -> list[int]:
        condition = compiled(given, language, layer, **options)
        statement = (
            f"SELECT r.id FROM {layer.relation} WHERE {condition.sql} ORDER BY 1"  # noqa: S608
        )
        return [row[0] for row in read(statement, condition.values)]

    return of


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    yield
    catalogue.forget()
