"""Layers of every kind, small enough that each answer can be read off them.

============ ======================================================================
places       25 points, ids p01 … p25, one each half degree along the equator from
             0 E: p01 at (0, 0), p02 at (0.5, 0) … p20 at (9.5, 0). Apart from these
             p21 (179.5, 66), p22 (-179.5, 66), p23 (0, 89), p24 (0, -89), and p25,
             which has neither place nor time. `at` is noon UTC of a day: p01 on
             2026-01-01, p02 the day after, …, p24 on 2026-01-24. `n` is 1 … 25.
             `kind` is odd or even. `word` is null from p21 on.
periods      3 squares of 1 km in EPSG:2100 from (476000, 4202000) northwards; first
             2020-2021, then 2021-…, then …-2019 (null is open).
heights      2 points with heights 10 and 200 at (23.7, 37.9) and (23.8, 38.0).
ledger       3 rows without geometry; ids are texts with slashes and Greek letters.
gauges       15 rows without geometry; `level`, `exact` and `rough` are 1 … 12 and then
             12.5, 13.5, 14.5, as float8, numeric and real.
============ ======================================================================
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from layers.published.layers import catalogue, extents

LAYERS = ("places", "periods", "heights", "ledger", "gauges")

SQL = """
CREATE TABLE published.places (
    id text PRIMARY KEY, n integer NOT NULL, kind text, word text, share float8,
    ok boolean, day date, at timestamptz, tags text[], raw jsonb, ref uuid,
    "Πλήθος" bigint, "limit" integer, point geometry(Point, 4326)
);
COMMENT ON TABLE published.places IS '{"layer": true, "instant": "at",
    "title": {"en": "Places", "el": "Τόποι"}, "description": {"en": "Points to test with."},
    "counters": ["catalogue"], "licence": "https://example.org/licence", "source": "tests"}';
COMMENT ON COLUMN published.places.n IS '{"title": {"en": "Number"}, "unit": "1"}';
COMMENT ON COLUMN published.places.kind IS '{"values": ["odd", "even"]}';
INSERT INTO published.places
SELECT 'p' || lpad(n::text, 2, '0'), n, CASE WHEN n % 2 = 1 THEN 'odd' ELSE 'even' END,
       CASE WHEN n <= 20 THEN 'Ώρα ' || n END, n / 4.0, n % 3 = 0,
       CASE WHEN n <= 24 THEN date '2026-01-01' + n - 1 END,
       CASE WHEN n <= 24 THEN timestamptz '2026-01-01 12:00Z' + (n - 1) * interval '1 day' END,
       ARRAY['all', 'tag' || n % 5], jsonb_build_object('n', n),
       ('00000000-0000-0000-0000-0000000000' || lpad(n::text, 2, '0'))::uuid,
       n * 1000000000::bigint, n * 10,
       CASE WHEN n <= 20 THEN ST_SetSRID(ST_MakePoint((n - 1) / 2.0, 0), 4326)
            WHEN n = 21 THEN ST_SetSRID(ST_MakePoint(179.5, 66), 4326)
            WHEN n = 22 THEN ST_SetSRID(ST_MakePoint(-179.5, 66), 4326)
            WHEN n = 23 THEN ST_SetSRID(ST_MakePoint(0, 89), 4326)
            WHEN n = 24 THEN ST_SetSRID(ST_MakePoint(0, -89), 4326) END
FROM generate_series(1, 25) n;

CREATE TABLE published.periods (
    id integer PRIMARY KEY, first_day date, last_day date,
    area geometry(Polygon, 2100)
);
COMMENT ON TABLE published.periods IS '{"layer": true, "title": {"en": "Periods"},
    "interval": ["first_day", "last_day"], "counters": ["catalogue"]}';
INSERT INTO published.periods
SELECT n, first_day, last_day, ST_MakeEnvelope(476000, 4201000 + n * 1000, 477000, 4202000 + n * 1000, 2100)
FROM (VALUES (1, date '2020-01-01', date '2021-12-31'), (2, '2021-01-01', NULL),
             (3, NULL, '2019-12-31')) v(n, first_day, last_day);

CREATE TABLE published.heights (id integer PRIMARY KEY, peak geometry(PointZ, 4326));
COMMENT ON TABLE published.heights IS '{"layer": true, "title": {"en": "Heights"},
    "counters": ["catalogue"]}';
INSERT INTO published.heights VALUES
    (1, 'SRID=4326;POINT Z (23.7 37.9 10)'), (2, 'SRID=4326;POINT Z (23.8 38.0 200)');

CREATE TABLE published.ledger (id text PRIMARY KEY, note text);
COMMENT ON TABLE published.ledger IS '{"layer": true, "title": {"en": "Ledger"},
    "counters": ["catalogue"]}';
INSERT INTO published.ledger VALUES ('a/b', 'one'), ('Ω 1', '<b>&</b>'), ('x?y#z%20', NULL);

CREATE TABLE published.gauges (id integer PRIMARY KEY, level float8, exact numeric, rough real);
COMMENT ON TABLE published.gauges IS '{"layer": true, "title": {"en": "Gauges"},
    "counters": ["catalogue"]}';
INSERT INTO published.gauges
SELECT n, v, v, v FROM generate_series(1, 15) n, LATERAL (SELECT CASE WHEN n <= 12 THEN n ELSE n - 0.5 END) s(v);
"""

DROP = "".join(f"DROP TABLE IF EXISTS published.{name};" for name in LAYERS)


def build_zoo() -> None:
    """Make the layers; the public role reads them by the schema's default privileges."""
    with connection.cursor() as cursor:
        cursor.execute(SQL.replace("%", "%%"), [])
    forget()


def drop_zoo() -> None:
    """Remove the layers."""
    with connection.cursor() as cursor:
        cursor.execute(DROP)
    forget()


def forget() -> None:
    """Forget what this process knows of layers."""
    catalogue.forget()
    extents.forget()


@contextmanager
def standing_zoo(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep the layers for all tests of a module; each of them rolls back to it."""
    with blocker.unblock(), transaction.atomic():
        build_zoo()
        yield
        transaction.set_rollback(True)
    forget()
