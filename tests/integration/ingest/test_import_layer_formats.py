"""Every format, read back row by row: what was written to the file is in the table."""

import datetime
import json
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from tests.integration.ingest.layer_world import (
    columns_of,
    comment_of,
    features_of,
    geojson,
    loaded,
    notes,
    rows_of,
    saved,
)

pytestmark = pytest.mark.django_db

UTC = datetime.UTC
POINTS = [shapely.Point(23.7281, 37.9842), shapely.Point(23.8, 37.9), None]
TEXTS = ['Ιατρείο "α"', "مركز\nδύο", None]
COLUMNS: dict[str, Any] = {
    "text": TEXTS,
    "i32": np.array([1, -2, 3], dtype="int32"),
    "i64": np.array([2**40, 5, -6]),
    "real": np.array([0.1, 1e-7, np.nan]),
    "flag": np.array([True, False, True]),
    "at": np.array(["2026-01-02T03:04:05.678", "1999-12-31T23:59:59", "NaT"], "M8[ms]"),
}
MOMENTS = [
    datetime.datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC),
    datetime.datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
    None,
]
FAITHFUL = ["gpkg", "geojson", "geojsonl", "fgb", "gml", "sqlite", "jsonfg"]
"""Formats that keep every one of these types."""

WRITTEN = {
    "jsonfg": {"driver": "JSONFG"},
    "fgb": {"SPATIAL_INDEX": "NO"},  # else GDAL writes the features in another order
    "kml": {"driver": "LIBKML"},
    "tab": {"driver": "MapInfo File", "encoding": "UTF-8"},
    "gdb": {"driver": "OpenFileGDB"},
    "shp": {"encoding": "UTF-8"},
    "csv": {"driver": "CSV", "GEOMETRY": "AS_WKT"},
}


def written(folder: Path, suffix: str) -> Path:
    name = "a.geojson" if suffix == "jsonfg" else f"a.{suffix}"
    return saved(folder / name, POINTS, COLUMNS, **WRITTEN.get(suffix, {}))


def in_file_order(sql: str) -> list[tuple[Any, ...]]:
    return rows_of(sql, order="r.i32 = 1 DESC, r.i32 = -2 DESC")


@pytest.mark.parametrize("suffix", FAITHFUL)
def test_a_faithful_format_arrives_with_its_types_and_values(
    tmp_path: Path, suffix: str
) -> None:
    report = loaded(written(tmp_path, suffix))
    assert (report.read, report.created, report.refused) == (3, 3, 0)
    assert report.written
    types = columns_of()
    assert {n: types[n] for n in COLUMNS} == {
        "text": "text",
        "i32": "integer",
        "i64": "bigint",
        "real": "double precision",
        "flag": "boolean",
        "at": "timestamp with time zone",
    }
    found = in_file_order("text, i32, i64, real, flag, at")
    assert found == [
        (TEXTS[0], 1, 2**40, 0.1, True, MOMENTS[0]),
        (TEXTS[1], -2, 5, 1e-7, False, MOMENTS[1]),
        (None, 3, -6, None, True, None),
    ]


@pytest.mark.parametrize("suffix", [*FAITHFUL, "tab", "gdb", "shp", "csv", "kml"])
def test_every_format_arrives_with_its_places(tmp_path: Path, suffix: str) -> None:
    options = {"srid": 4326} if suffix == "csv" else {}
    report = loaded(written(tmp_path, suffix), **options)
    assert report.figures["without geometry"] == 1
    geometry = "SHAPE" if suffix == "gdb" else comment_geometry()
    expected = "geometry(PointZ,4326)" if suffix == "kml" else "geometry(Point,4326)"
    assert columns_of()[geometry] == expected
    found = in_file_order(f'ST_X(r."{geometry}"), ST_Y(r."{geometry}")')
    assert found[0] == pytest.approx((23.7281, 37.9842))
    assert found[1] == pytest.approx((23.8, 37.9))
    assert found[2] == (None, None)


def comment_geometry() -> str:
    return next(n for n, type_ in columns_of().items() if type_.startswith("geometry"))


@pytest.mark.parametrize("suffix", [*FAITHFUL, "tab", "gdb", "shp", "csv", "kml"])
def test_every_format_arrives_with_its_texts(tmp_path: Path, suffix: str) -> None:
    options = {"srid": 4326} if suffix == "csv" else {}
    loaded(written(tmp_path, suffix), **options)
    assert [text or None for (text,) in in_file_order("text")] == TEXTS


def test_gpx_arrives_by_the_layer_that_has_features(tmp_path: Path) -> None:
    file = tmp_path / "a.gpx"
    file.write_text(
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="t">'
        '<wpt lat="37.98" lon="23.73"><ele>70.5</ele><time>2026-07-01T09:00:00Z</time>'
        "<name>Ομόνοια</name></wpt></gpx>",
        encoding="utf-8",
    )
    loaded(file, layer="waypoints")
    assert rows_of("ele, name, time, ST_AsText(geom)") == [
        (
            70.5,
            "Ομόνοια",
            datetime.datetime(2026, 7, 1, 9, tzinfo=UTC),
            "POINT(23.73 37.98)",
        )
    ]
    assert comment_of()["instant"] == "time"


def test_geoparquet_arrives_with_types_that_only_it_has(tmp_path: Path) -> None:
    table = pa.table(
        {
            "name": pa.array(["α", None]).dictionary_encode(),
            "price": pa.array([Decimal("1.20"), None]),
            "tags": [["x", 'y"'], None],
            "nested": [{"a": 1.5}, None],
            "at": pa.array([0, None], pa.timestamp("ns", "Europe/Athens")),
            "big": pa.array([2**64 - 1, None], pa.uint64()),
            "raw": [b"\x00", None],
            "bbox": [{"xmin": 0.0}, None],
            "where": shapely.to_wkb(np.array(POINTS[:2])),
        }
    )
    geo = {
        "version": "1.1.0",
        "primary_column": "where",
        "columns": {
            "where": {
                "encoding": "WKB",
                "geometry_types": ["Point"],
                "covering": {"bbox": {"xmin": ["bbox", "xmin"]}},
            }
        },
    }
    file = tmp_path / "a.parquet"
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), file)
    report = loaded(file)
    assert columns_of() == {
        "fid": "bigint",
        "name": "text",
        "price": "numeric",
        "tags": "text[]",
        "nested": "jsonb",
        "at": "timestamp with time zone",
        "big": "numeric",
        "where": "geometry(Point,4326)",
        "_feature": "text",
    }
    first = rows_of("name, price, tags, nested::text, at, big", order="name")[0]
    epoch = datetime.datetime(1970, 1, 1, tzinfo=UTC)
    assert first == ("α", Decimal("1.20"), ["x", 'y"'], '{"a": 1.5}', epoch, 2**64 - 1)
    assert "raw: left out" in notes(report)
    assert "bbox" in notes(report)


def test_parquet_without_geometry_is_a_table(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1, 2]}), tmp_path / "a.parquet")
    loaded(tmp_path / "a.parquet")
    assert columns_of() == {"fid": "bigint", "a": "bigint", "_feature": "text"}
    assert [f["geometry"] for f in features_of()] == [None, None]


def test_a_csv_says_types_by_its_values_and_codes_keep_their_zeros(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "code;lon;lat;when;n;empty;share\n"
        "00123;23,7281;37,9842;2026-07-01;1;;0,5\n"
        "00124;23,8;37,9;2026-07-02;;;\n",
        encoding="utf-8",
    )
    loaded(file, srid=4326)
    assert columns_of() == {
        "fid": "bigint",
        "code": "text",
        "lon": "double precision",
        "lat": "double precision",
        "when": "date",
        "n": "integer",
        "empty": "text",
        "share": "double precision",
        "geom": "geometry(Point,4326)",
        "_feature": "text",
    }
    assert rows_of('code, "when", n, empty, share, ST_AsText(geom)', order="code") == [
        ("00123", datetime.date(2026, 7, 1), 1, None, 0.5, "POINT(23.7281 37.9842)"),
        ("00124", datetime.date(2026, 7, 2), None, None, None, "POINT(23.8 37.9)"),
    ]


@pytest.mark.parametrize(
    ("header", "options"),
    [("east,north,n", {"x": "east", "y": "north"}), ("x,y,n", {}), ("LON,LAT,n", {})],
)
def test_a_table_of_places_by_two_columns(
    tmp_path: Path, header: str, options: dict[str, str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{header}\n475973.085,4203808.926,1\n")
    loaded(file, srid=2100, **options)
    ((lon, lat),) = rows_of(
        "ST_X(ST_Transform(geom, 4326)), ST_Y(ST_Transform(geom, 4326))"
    )
    # SELECT ST_Transform(ST_SetSRID(ST_Point(475973.085, 4203808.926), 2100), 4326)
    assert (lon, lat) == pytest.approx((23.7281, 37.9842), abs=2e-5)


@pytest.mark.parametrize(
    ("column", "options", "geometry"),
    [
        ("WKT", {}, "geom"),
        ("the_geom", {}, "the_geom"),
        ("place", {"wkt": "place"}, "place"),
    ],
)
def test_a_table_of_places_by_text(
    tmp_path: Path, column: str, options: dict[str, str], geometry: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f'{column},n\n"POLYGON((0 0,1 0,1 1,0 0))",1\n,2\n')
    loaded(file, srid=4326, **options)
    assert columns_of() == {
        "fid": "bigint",
        "n": "integer",
        geometry: "geometry(Polygon,4326)",
        "_feature": "text",
    }


def test_a_table_without_places_is_a_layer_without_geometry(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("code,people\nA,5\nB,6\n")
    report = loaded(file)
    assert columns_of() == {
        "fid": "bigint",
        "code": "text",
        "people": "integer",
        "_feature": "text",
    }
    assert "geometry" not in report.figures
    assert features_of()[0] == {
        "type": "Feature",
        "id": 1,
        "geometry": None,
        "properties": {"fid": 1, "code": "A", "people": 5},
    }


def test_columns_of_places_can_be_left_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x,y\n1,2\n")
    loaded(file, is_placeless=True)
    assert columns_of() == {
        "fid": "bigint",
        "x": "integer",
        "y": "integer",
        "_feature": "text",
    }


# --- Encodings -----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1253", "utf-16", "utf-8-sig", "utf-8"])
def test_a_greek_csv_of_any_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Όνομα,n\nΣχολείο,1\n", encoding=encoding)
    report = loaded(file)
    assert rows_of('"Όνομα"') == [("Σχολείο",)]
    assert ("Windows-1253" in notes(report)) == (encoding == "cp1253")


def test_an_encoding_that_is_given_goes_before_the_guess(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name,n\nПривет,1\n", encoding="cp1251")
    loaded(file, encoding="windows-1251")
    assert rows_of("name") == [("Привет",)]


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("encoding", ["CP1253", "UTF-8"])
def test_a_greek_shapefile_with_and_without_a_word_on_its_encoding(
    tmp_path: Path, encoding: str, declared: bool
) -> None:
    file = saved(
        tmp_path / "a.shp", POINTS[:1], {"Όνομα": ["Σχολείο"]}, encoding=encoding
    )
    if not declared:
        silence(file)
    report = loaded(file)
    assert rows_of('"Όνομα"') == [("Σχολείο",)]
    guessed = not declared and encoding == "CP1253"
    assert ("read as Windows-1253" in notes(report)) == guessed


def silence(shapefile: Path) -> None:
    """Take away what says the encoding of a Shapefile."""
    shapefile.with_suffix(".cpg").unlink(missing_ok=True)
    dbf = shapefile.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[29] = 0
    dbf.write_bytes(content)


def packed(archive: Path, *files: Path, folder: str = "") -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for file in files:
            opened.write(file, folder + file.name)
    return archive


@pytest.mark.parametrize("folder", ["", "data/", "Δεδομένα/"])
def test_a_zipped_shapefile_wherever_it_lies(tmp_path: Path, folder: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    file = saved(inner / "a.shp", POINTS[:2], {"Όνομα": ["α", "β"]}, encoding="CP1253")
    silence(file)
    archive = packed(tmp_path / "b.zip", *sorted(inner.iterdir()), folder=folder)
    loaded(archive)
    assert sorted(rows_of('"Όνομα"')) == [("α",), ("β",)]


def test_one_of_several_files_in_an_archive(tmp_path: Path) -> None:
    one = geojson(
        tmp_path / "one.geojson",
        {"type": "Feature", "geometry": None, "properties": {"n": 1}},
    )
    two = geojson(
        tmp_path / "two.geojson",
        {"type": "Feature", "geometry": None, "properties": {"n": 2}},
    )
    loaded(packed(tmp_path / "b.zip", one, two), layer="two")
    assert rows_of("n") == [(2,)]


# --- Geometries ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wkt", "declared"),
    [
        ("POINT (1 2)", "Point"),
        ("MULTIPOINT ((1 2), (3 4))", "MultiPoint"),
        ("LINESTRING (0 0, 1 1)", "LineString"),
        ("MULTILINESTRING ((0 0, 1 1))", "MultiLineString"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "Polygon"),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", "MultiPolygon"),
        (
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
            "GeometryCollection",
        ),
        ("POINT Z (1 2 3)", "PointZ"),
        ("POLYGON Z ((0 0 1, 1 0 2, 1 1 3, 0 0 1))", "PolygonZ"),
    ],
)
def test_a_geometry_stays_what_it_is(tmp_path: Path, wkt: str, declared: str) -> None:
    kind = declared[:-1] + " Z" if declared.endswith("Z") else declared
    loaded(saved(tmp_path / "a.gpkg", [shapely.from_wkt(wkt)], geometry_type=kind))
    assert columns_of()["geom"] == f"geometry({declared},4326)"
    assert rows_of("ST_AsText(geom)") == [
        (
            shapely.from_wkt(wkt)
            .wkt.replace(" Z (", " Z(")
            .replace(" (", "(")
            .replace(", ", ",")
            .replace(" Z(", " Z ("),
        )
    ]


def test_mixed_kinds_stay_mixed_unless_asked(tmp_path: Path) -> None:
    square = shapely.box(0, 0, 1, 1)
    shapes = [square, shapely.MultiPolygon([square])]
    file = saved(tmp_path / "a.gpkg", shapes, geometry_type="Unknown")
    report = loaded(file)
    assert columns_of()["geom"] == "geometry(Geometry,4326)"
    assert rows_of("GeometryType(geom)") == [("MULTIPOLYGON",), ("POLYGON",)]
    assert "1 Polygon, 1 MultiPolygon" in notes(report)
    loaded(file, is_multi=True, replace=True)
    assert columns_of()["geom"] == "geometry(MultiPolygon,4326)"


def test_heights_among_flat_ones_are_said(tmp_path: Path) -> None:
    report = loaded(
        geojson(
            tmp_path / "a.geojson",
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "Point", "coordinates": [1, 2, 3]},
            },
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "Point", "coordinates": [1, 2]},
            },
        )
    )
    assert columns_of()["geom"] == "geometry(PointZ,4326)"
    assert sorted(rows_of("ST_Z(geom)")) == [(0.0,), (3.0,)]
    assert "1 geometries without height" in notes(report)


def with_gdal(folder: Path, wkt: str, declared: str) -> Path:
    """Write what pyogrio cannot: arcs and measures."""
    source = folder / "wkt.csv"
    source.write_text(f'WKT,n\n"{wkt}",1\n')
    target = folder / "a.gpkg"
    subprocess.run(
        [
            "ogr2ogr",
            "-f",
            "GPKG",
            target,
            source,
            "-nlt",
            declared,
            "-a_srs",
            "EPSG:2100",
        ],
        check=True,
        capture_output=True,
    )
    return target


@pytest.mark.parametrize(
    ("wkt", "declared", "kind", "length"),
    [
        # Half a circle of radius 1 and its double: pi, 2 pi.
        ("CIRCULARSTRING(0 0,1 1,2 0)", "CIRCULARSTRING", "LineString", np.pi),
        (
            "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))",
            "CURVEPOLYGON",
            "Polygon",
            2 * np.pi,
        ),
        (
            "GEOMETRYCOLLECTION(CIRCULARSTRING(0 0,1 1,2 0))",
            "GEOMETRYCOLLECTION",
            "GeometryCollection",
            np.pi,
        ),
    ],
)
def test_arcs_are_drawn_as_lines_and_said(
    tmp_path: Path, wkt: str, declared: str, kind: str, length: float
) -> None:
    shifted = wkt.replace("0 0", "500000 4200000").replace("1 1", "500001 4200001")
    shifted = shifted.replace("2 0", "500002 4200000").replace("1 -1", "500001 4199999")
    report = loaded(with_gdal(tmp_path, shifted, declared))
    assert columns_of()["geom"] == f"geometry({kind},2100)"
    ((found, perimeter),) = rows_of("ST_Length(geom), ST_Perimeter(geom)")
    assert found + perimeter == pytest.approx(length, rel=1e-3)
    assert "1 geometries with arcs" in notes(report)


def test_measures_are_left_out_and_said(tmp_path: Path) -> None:
    file = with_gdal(tmp_path, "POINT ZM (500000 4200000 3 4)", "POINTZM")
    report = loaded(file)
    assert rows_of("ST_AsText(geom)") == [("POINT Z (500000 4200000 3)",)]
    assert "measures (M)" in notes(report)


def test_invalid_geometries_are_kept_counted_and_mended_on_request(
    tmp_path: Path,
) -> None:
    bowtie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    file = saved(tmp_path / "a.gpkg", [bowtie], geometry_type="Polygon")
    report = loaded(file)
    assert rows_of("ST_IsValid(geom)") == [(False,)]
    assert report.figures["invalid geometries, kept as they are"] == 1
    assert "row 1: invalid: Self-intersection" in notes(report)
    report = loaded(file, is_repaired=True, replace=True)
    assert rows_of("ST_IsValid(geom), ST_Area(geom)") == [(True, 0.5)]
    assert report.findings["repaired"].count == 1


def test_an_empty_geometry_is_none(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(), shapely.Point(1, 2)])
    report = loaded(file)
    assert [f["geometry"] for f in features_of()][-1] is None
    assert "1 empty geometries" in notes(report)


def test_rings_run_against_the_clock_in_features_and_as_written_in_the_table(
    tmp_path: Path,
) -> None:
    clockwise = shapely.Polygon([(0, 0), (0, 1), (1, 1), (0, 0)])
    loaded(saved(tmp_path / "a.gpkg", [clockwise], geometry_type="Polygon"))
    ring = features_of()[0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert rows_of("ST_IsPolygonCW(geom)") == [(True,)]


@pytest.mark.parametrize(
    "suffix",
    ["gpkg", "geojson", "fgb", "shp", "csv", "kml", "gml", "sqlite", "parquet"],
)
def test_an_empty_layer_is_a_layer(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        file.write_text("WKT,n\n")
    elif suffix == "parquet":
        pq.write_table(pa.table({"n": pa.array([], pa.int64())}), file)
    else:
        saved(file, [], {"n": np.array([], dtype="int32")}, **WRITTEN.get(suffix, {}))
    report = loaded(file, srid=None if suffix == "parquet" else 4326)
    assert (report.read, report.created) == (0, 0)
    assert report.written
    assert rows_of("*") == []
    assert "n" in columns_of() or suffix in ("geojson", "kml", "gml")
