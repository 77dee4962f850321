"""Layers with all that a file may trip over, and a way to export them."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from layers.exports.extract import Extract
from layers.exports.formats import FORMATS, Made
from layers.params.exports import export_parameters, wanted_of
from layers.published.layers import catalogue
from layers.published.layers.streams import open_layer

Export = Callable[..., Path]

ODD = """
CREATE TABLE published.odd (
    id bigint PRIMARY KEY, "Όνομα" text, "όνομα" text, "اسم" text, fid integer,
    "a ""quoted"" 100%%" text, ratio double precision, price numeric, big bigint,
    is_open boolean, since date, seen_at timestamptz, naive_at timestamp, tag uuid,
    words text[], numbers integer[], said json, "description of the place" text,
    geom geometry(Point, 4326)
);
COMMENT ON TABLE published.odd IS '{"layer": true, "key": "id",
 "title": {"el": "Παράξενα", "en": "Odd things"}, "description": {"en": "All sorts."},
 "licence": "https://creativecommons.org/publicdomain/zero/1.0/", "source": "Made up",
 "attribution": "Nobody", "counters": ["layer:odd"]}';
COMMENT ON COLUMN published.odd.ratio IS '{"title": {"en": "Ratio"}, "unit": "m"}';
INSERT INTO published.odd VALUES
 (1, 'Ελιά "η μεγάλη"', 'β', 'زيتونة', 7, 'back\\slash and C:\\new', 0.1, 12.50,
  9007199254740993, true, '1990-03-01', '2026-11-01 10:00:00.25+00', '2026-01-01 00:00',
  '9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c', '{a,"b, c",NULL,"\\"d\\""}', '{1,2}',
  E'{"a":\\n "x\\\\ny"}', repeat('λ', 300), 'SRID=4326;POINT(23.70 37.98)'),
 (2, E'two\\nlines\\r\\nand\\ttab', '', 'اردو', -1, '=1+1', 1e300, -0.001, -5, false,
  '2024-02-29', '1969-12-31 23:59:59+00', '1969-07-20 20:17:40', NULL, '{}', '{}',
  '[]', '', 'SRID=4326;POINT(23.7123456789 37.9812345678)'),
 (3, '#N/A', '@x', '-1', NULL, '+30 210', 'NaN', 0, 0, NULL, NULL, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL, NULL),
 (4, '''', 'NULL', '\\N', 0, '\\.', '-Infinity', 1, 1, true, '0044-03-15 BC',
  'infinity', '-infinity', NULL, '{"\\\\"}', '{-1}', '"text"', E'\\u0001 control',
  'SRID=4326;POINT(-180 90)');
"""

MIXED = """
CREATE TABLE published.mixed (id text PRIMARY KEY, geom geometry(Geometry, 2100));
COMMENT ON TABLE published.mixed IS '{"layer": true, "counters": ["layer:mixed"]}';
INSERT INTO published.mixed VALUES
 ('point', 'SRID=2100;POINT(476000 4203000)'),
 ('points', 'SRID=2100;MULTIPOINT(476000 4203000, 476100 4203100)'),
 ('line', 'SRID=2100;LINESTRING(476000 4203000, 477000 4204000)'),
 ('area', 'SRID=2100;POLYGON((476000 4203000, 477000 4203000, 477000 4204000, 476000 4203000))'),
 ('all', 'SRID=2100;GEOMETRYCOLLECTION(POINT(476000 4203000), LINESTRING(476000 4203000, 477000 4204000))'),
 ('nothing', NULL), ('empty', 'SRID=2100;POLYGON EMPTY');
"""

AREAS = """
CREATE TABLE published.squares (id integer PRIMARY KEY, name text NOT NULL,
    geom geometry(MultiPolygon, 2100) NOT NULL);
COMMENT ON TABLE published.squares IS '{"layer": true, "counters": ["layer:squares"]}';
INSERT INTO published.squares SELECT n, 'Square ' || n, ST_Multi(ST_MakeEnvelope(
    476000 + n * 10, 4203000, 476005 + n * 10, 4203005, 2100)) FROM generate_series(1, 500) n;
"""

ODD_ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "Όνομα": 'Ελιά "η μεγάλη"',
        "όνομα": "β",
        "اسم": "زيتونة",
        "fid": 7,
        'a "quoted" 100%': "back\\slash and C:\\new",
        "ratio": 0.1,
        "price": 12.5,
        "big": 9007199254740993,
        "is_open": True,
        "since": dt.date(1990, 3, 1),
        "seen_at": dt.datetime(2026, 11, 1, 10, 0, 0, 250_000, tzinfo=dt.UTC),
        "naive_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "tag": "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c",
        "words": ["a", "b, c", None, '"d"'],
        "numbers": [1, 2],
        "said": {"a": "x\ny"},
        "description of the place": "λ" * 300,
        "at": (23.70, 37.98),
    },
    {
        "id": 2,
        "Όνομα": "two\nlines\r\nand\ttab",
        "όνομα": "",
        "اسم": "اردو",
        "fid": -1,
        'a "quoted" 100%': "=1+1",
        "ratio": 1e300,
        "price": -0.001,
        "big": -5,
        "is_open": False,
        "since": dt.date(2024, 2, 29),
        "seen_at": dt.datetime(1969, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
        "naive_at": dt.datetime(1969, 7, 20, 20, 17, 40, tzinfo=dt.UTC),
        "tag": None,
        "words": [],
        "numbers": [],
        "said": [],
        "description of the place": "",
        "at": (23.7123456789, 37.9812345678),
    },
    {
        "id": 3,
        "Όνομα": "#N/A",
        "όνομα": "@x",
        "اسم": "-1",
        "fid": None,
        'a "quoted" 100%': "+30 210",
        "ratio": float("nan"),
        "price": 0,
        "big": 0,
        **dict.fromkeys(
            ["is_open", "since", "seen_at", "naive_at", "tag", "words", "numbers"]
        ),
        "said": None,
        "description of the place": None,
        "at": None,
    },
    {
        "id": 4,
        "Όνομα": "'",
        "όνομα": "NULL",
        "اسم": "\\N",
        "fid": 0,
        'a "quoted" 100%': "\\.",
        "ratio": float("-inf"),
        "price": 1,
        "big": 1,
        "is_open": True,
        # Days that files cannot hold are null in them.
        "since": None,
        "seen_at": None,
        "naive_at": None,
        "tag": None,
        "words": ["\\"],
        "numbers": [-1],
        "said": "text",
        "description of the place": "\x01 control",
        "at": (-180.0, 90.0),
    },
]
"""What was inserted, as every file has to give it back."""


def _published(name: str, sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
        cursor.execute(
            "INSERT INTO layers_dataversion VALUES (%s, 1, '2026-11-20 08:00+00'),"
            " ('catalogue', 1, now())"
            " ON CONFLICT (name) DO UPDATE SET version = layers_dataversion.version + 1",
            [f"layer:{name}"],
        )
        cursor.execute(
            f'GRANT SELECT ON published.{name} TO "{settings.PUBLISHED_ROLE}"'
        )
    return name


@pytest.fixture
def odd(db: None) -> str:
    """Return the id of a layer whose values and names are hard to write down."""
    return _published("odd", ODD)


@pytest.fixture
def mixed(db: None) -> str:
    """Return the id of a layer of every kind of geometry, in EPSG:2100."""
    return _published("mixed", MIXED)


@pytest.fixture
def squares(db: None) -> str:
    """Return the id of a layer of 500 squares of 5 m, in EPSG:2100."""
    return _published("squares", AREAS)


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Return a function that exports a layer, as the API does, and returns the file."""

    def as_wsgi(query: str) -> str:
        return query.encode().decode("latin-1")

    def made(layer_id: str, code: str, query: str = "") -> Path:
        form = FORMATS[code]
        with open_layer(layer_id) as reading:
            parameters = export_parameters(reading.layer, code)
            wanted = wanted_of(
                reading.layer, parameters.read_query(as_wsgi(query)), "en"
            )
            extract = Extract(reading, wanted)
            if isinstance(form, Made):
                folder = tmp_path / f"{layer_id}-{code}"
                folder.mkdir(exist_ok=True)
                return form.write(extract, folder)
            path = tmp_path / f"{layer_id}.{code}"
            path.write_bytes(b"".join(form.chunks(extract)))
            return path

    catalogue.forget()
    return made
