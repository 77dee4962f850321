"""Every format read back by a program that is not ours, row by row."""

import csv
import datetime as dt
import io
import json
import math
import sqlite3
import warnings
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest
import shapely
from pyarrow import parquet
from pyproj import CRS

from layers.errors import InvalidParameter
from layers.exports import shapefile, xlsx
from layers.exports.formats import FORMATS
from tests.integration.exports.conftest import ODD_ROWS, Export

LISTS = ("words", "numbers", "said")


def same(found: Any, expected: Any) -> bool:
    """Tell whether two values are the same, NaN being itself."""
    if isinstance(expected, float) and isinstance(found, float):
        return found == expected or math.isnan(found) is math.isnan(expected) is True
    return bool(found == expected)


def compare(found: list[dict[str, Any]], expected: Iterable[dict[str, Any]]) -> None:
    expected = list(expected)
    assert [row["id"] for row in found] == [row["id"] for row in expected]
    for row, wanted in zip(found, expected, strict=True):
        assert list(row) == list(wanted)
        for name, value in wanted.items():
            assert same(row[name], value), f"{row['id']} {name}: {row[name]!r}"


def features(path: Path | str, **options: Any) -> list[dict[str, Any]]:
    """Return a file's rows as GDAL reads them; `at` is the geometry's WKB."""
    if str(path).endswith(".fgb"):
        return _not_by_arrow(path, **options)
    meta, table = pyogrio.read_arrow(path, **options)
    rows: list[dict[str, Any]] = table.to_pylist()
    for row in rows:
        row["at"] = row.pop(meta["geometry_name"] or "wkb_geometry", None)
    return rows


def _not_by_arrow(path: Path | str, **options: Any) -> list[dict[str, Any]]:
    # FlatGeobuf read as Arrow stumbles over null geometries (GDAL 3.12).
    meta, _, shapes, columns = pyogrio.raw.read(
        path, datetime_as_string=True, **options
    )
    read = {"OFTInteger64": int, "OFTInteger": bool, "OFTDateTime": _moment}
    rows = [
        dict(zip(meta["fields"], row, strict=True))
        for row in zip(*columns, strict=True)
    ]
    for row, shape in zip(
        rows, [None] * len(rows) if shapes is None else shapes, strict=True
    ):
        for name, kind in zip(meta["fields"], meta["ogr_types"], strict=True):
            if kind in read:
                value = row[name]
                row[name] = (
                    None if value is None or value != value else read[kind](value)
                )
            elif kind == "OFTReal":
                row[name] = float(row[name])
        row["at"] = shape
    return rows


def in_zip(path: Path, member: str) -> list[dict[str, Any]]:
    return features(f"/vsizip/{{{path}}}/{member}")


def xy(wkb: bytes | None) -> tuple[float, float] | None:
    if wkb is None:
        return None
    point = shapely.from_wkb(wkb)
    return point.x, point.y


def as_json(value: Any) -> Any:
    return None if value is None else json.loads(value)


def changed(
    rows: Iterable[dict[str, Any]], **changes: Callable[[Any], Any]
) -> list[dict[str, Any]]:
    return [
        {
            name: changes[name](value) if name in changes else value
            for name, value in row.items()
        }
        for row in rows
    ]


def test_geojson(odd: str, export: Export) -> None:
    said = json.loads(export(odd, "geojson").read_bytes())
    assert said["type"] == "FeatureCollection"
    assert said["title"] == "Odd things"
    assert said["licence"].startswith("https://creativecommons.org/")
    assert said["attribution"] == "Nobody"
    assert dt.datetime.fromisoformat(said["timeStamp"]).tzinfo is not None
    assert said["reference_system"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    assert "crs" not in said
    _compare_features(said["features"])


def test_geojson_by_lines(odd: str, export: Export) -> None:
    lines = export(odd, "geojsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert len(lines) == 4
    _compare_features([json.loads(line) for line in lines])


def _compare_features(found: list[dict[str, Any]]) -> None:
    rows = []
    for feature in found:
        assert feature["type"] == "Feature"
        assert feature["id"] == feature["properties"]["id"]
        place = feature["geometry"]
        at = place and tuple(place["coordinates"])
        rows.append({**feature["properties"], "at": at})
    special = {"NaN": float("nan"), "-Infinity": float("-inf")}
    rows = changed(
        rows,
        ratio=lambda v: special.get(v, v) if isinstance(v, str) else v,
        seen_at=_moment,
        naive_at=lambda v: (
            v and _moment(v + ("Z" if v[0] == "1" or v[0] == "2" else ""))
        ),
        since=lambda v: (
            v and None if v and "BC" in v else v and dt.date.fromisoformat(v)
        ),
    )
    expected = changed(ODD_ROWS, at=lambda v: v and (round(v[0], 6), round(v[1], 6)))
    compare(rows, expected)


def _moment(text: str | None) -> dt.datetime | None:
    if text is None or "infinity" in text:
        return None
    return dt.datetime.fromisoformat(text)


def test_csv(odd: str, export: Export) -> None:
    text = export(odd, "csv").read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    head, *records = csv.reader(io.StringIO(text.decode(), newline=""))
    assert head[-2:] == ["lon", "lat"]
    assert head[:-2] == list(ODD_ROWS[0])[:-1]
    assert text.count(b"\r\n") == 4 + 1 + 1  # the records, the header, one text
    by_name = [dict(zip(head, record, strict=True)) for record in records]
    for found, wanted in zip(by_name, ODD_ROWS, strict=True):
        for name, value in wanted.items():
            if isinstance(value, str) and name not in LISTS:
                assert found[name] == value
            elif name in LISTS and value is not None:
                assert json.loads(found[name]) == value
    first = by_name[0]
    assert (first["lon"], first["lat"]) == ("23.700000", "37.980000")
    assert first["is_open"] == "true"
    assert first["big"] == "9007199254740993"
    assert first["price"] == "12.50"
    assert dt.datetime.fromisoformat(first["seen_at"]) == ODD_ROWS[0]["seen_at"]
    assert first["since"] == "1990-03-01"


def test_csv_tells_null_from_an_empty_text(odd: str, export: Export) -> None:
    text = export(odd, "csv", "properties=id,όνομα,tag&id=2").read_bytes().decode()
    assert text == 'id,όνομα,tag\r\n2,"",\r\n'


def test_csv_for_a_spreadsheet_holds_no_formula(odd: str, export: Export) -> None:
    text = export(odd, "csv", "spreadsheet=true").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    head, *records = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    by_name = [dict(zip(head, record, strict=True)) for record in records]
    assert by_name[1]['a "quoted" 100%'] == "'=1+1"
    assert by_name[2]['a "quoted" 100%'] == "'+30 210"
    assert by_name[2]["όνομα"] == "'@x"
    assert by_name[2]["اسم"] == "'-1"
    assert by_name[1]["big"] == "-5"  # a number is no formula
    texts = [value for row in by_name for value in row.values()]
    risky = [t for t in texts if t.startswith(("=", "@", "+", "\t", "\r"))]
    assert risky == []


def test_csv_of_areas_has_wkt_that_gdal_finds(squares: str, export: Export) -> None:
    rows = features(export(squares, "csv", "crs=EPSG:2100"))
    assert len(rows) == 500
    area = shapely.from_wkb(rows[0]["at"])
    assert area.bounds == (476010.0, 4203000.0, 476015.0, 4203005.0)
    assert rows[0]["name"] == "Square 1"


def test_geopackage(odd: str, export: Export) -> None:
    path = export(odd, "gpkg")
    info = pyogrio.read_info(path)
    assert info["crs"] == "EPSG:4326"
    assert info["geometry_type"] == "Point"
    assert info["layer_metadata"]["licence"].startswith("https://creativecommons")
    rows = changed(
        features(path),
        at=xy,
        words=as_json,
        numbers=as_json,
        said=as_json,
        seen_at=_utc,
        naive_at=_utc,
    )
    assert rows[2]["ratio"] is None  # SQLite has no NaN
    rows[2]["ratio"] = float("nan")
    # Columns that differ in case alone, and `fid`, have other names: SQLite's rules.
    names = {"όνομα": "όνομα_2", "fid": "fid_2"}
    compare(
        rows,
        [
            {names.get(name, name): value for name, value in row.items()}
            for row in ODD_ROWS
        ],
    )


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    return moment and moment.astimezone(dt.UTC)


def test_geopackage_says_what_it_is_in_its_own_tables(odd: str, export: Export) -> None:
    with closing(sqlite3.connect(export(odd, "gpkg"))) as database:
        told = database.execute(
            "SELECT table_name, identifier, description, last_change FROM gpkg_contents"
        ).fetchall()
        assert told == [
            (
                "odd",
                "Odd things",
                "All sorts.\nLicence: https://creativecommons.org/publicdomain/zero/1.0/"
                "\nAttribution: Nobody\nSource: Made up",
                "2026-11-20T08:00:00.000Z",
            )
        ]
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("code", ["gpkg", "fgb", "parquet", "shp.zip", "csv"])
def test_the_same_data_makes_the_same_file(
    squares: str, export: Export, code: str, tmp_path: Path
) -> None:
    first = export(squares, code)
    first = first.rename(tmp_path / "first")
    for folder in tmp_path.glob(f"{squares}-*"):
        folder.rename(tmp_path / "away")
    assert export(squares, code).read_bytes() == first.read_bytes()


def test_flatgeobuf(odd: str, export: Export) -> None:
    path = export(odd, "fgb")
    info = pyogrio.read_info(path)
    assert info["crs"] == "EPSG:4326"
    assert info["layer_metadata"]["TITLE"] == "Odd things"
    assert "licence: https://creativecommons" in info["layer_metadata"]["DESCRIPTION"]
    rows = changed(
        features(path),
        at=xy,
        words=as_json,
        numbers=as_json,
        said=as_json,
        since=lambda v: v and v.date(),
    )
    names = {"όνομα": "όνομα_2"}
    compare(
        rows,
        [
            {names.get(name, name): value for name, value in row.items()}
            for row in ODD_ROWS
        ],
    )


def test_flatgeobuf_is_read_by_parts_where_everything_has_a_place(
    squares: str, export: Export
) -> None:
    path = export(squares, "fgb", "crs=EPSG:2100")
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]
    found = features(path, bbox=(476011, 4203001, 476022, 4203002))
    assert sorted(row["id"] for row in found) == [1, 2]


def test_geoparquet(odd: str, export: Export) -> None:
    path = export(odd, "parquet")
    file = parquet.ParquetFile(path)
    rows = file.read().to_pylist()
    for row in rows:
        row["at"] = xy(row.pop("geom"))
    compare(changed(rows, said=as_json, seen_at=_utc, naive_at=_utc), ODD_ROWS)
    about = {k.decode(): v.decode() for k, v in file.metadata.metadata.items()}
    assert about["title"] == "Odd things"
    assert about["licence"].startswith("https://creativecommons.org/")
    geo = json.loads(about["geo"])
    assert geo["version"] == "1.0.0"
    assert geo["primary_column"] == "geom"
    column = geo["columns"]["geom"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["Point"]
    assert CRS.from_json_dict(column["crs"]) == CRS.from_user_input("OGC:CRS84")
    assert column["bbox"] == [-180.0, 37.98, 23.7123456789, 90.0]


def test_geoparquet_in_another_system(squares: str, export: Export) -> None:
    import geopandas

    frame = geopandas.read_parquet(export(squares, "parquet", "crs=EPSG:2100"))
    assert frame.crs == CRS.from_epsg(2100)
    assert len(frame) == 500
    bounds = (476010.0, 4203000.0, 481005.0, 4203005.0)
    assert tuple(frame.total_bounds) == bounds


def test_xlsx(odd: str, export: Export) -> None:
    book = openpyxl.load_workbook(export(odd, "xlsx"))
    data = book["data"]
    head, *records = data.iter_rows()
    names = [cell.value for cell in head]
    assert names == [*list(ODD_ROWS[0])[:-1], "lon", "lat"]
    rows = [dict(zip(names, record, strict=True)) for record in records]
    for row, wanted in zip(rows, ODD_ROWS, strict=True):
        for name, value in wanted.items():
            if name not in ("at", "ratio", "big"):
                assert same(_of_sheet(row[name], name), _for_sheet(value)), name
    assert rows[0]["big"].value == "9007199254740993"  # more than 15 digits
    assert rows[2]["ratio"].value == "nan"
    assert (rows[0]["lon"].value, rows[0]["lat"].value) == (23.7, 37.98)
    assert all(cell.data_type != "f" for row in rows for cell in row.values())
    assert rows[1]['a "quoted" 100%'].data_type in ("s", "inlineStr")
    assert book.properties.title == "Odd things"
    about = dict(
        list(book["about"].values)[0:5] and [r[:2] for r in book["about"].values]
    )
    assert about["licence"].startswith("https://creativecommons.org/")
    assert ("ratio", "Ratio", None, "m") in list(book["about"].values)


def _of_sheet(cell: Any, name: str) -> Any:
    return as_json(cell.value) if name in LISTS else cell.value


def _for_sheet(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 (a day)
    if isinstance(value, str):
        return value.replace("\x01", "\N{REPLACEMENT CHARACTER}") or None
    return value


def test_a_sheet_refuses_more_rows_than_it_holds(
    squares: str, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 499)
    with pytest.raises(InvalidParameter, match="a sheet holds 499; filter"):
        export(squares, "xlsx")
    monkeypatch.setattr(xlsx, "MOST_ROWS", 500)
    monkeypatch.setattr(xlsx, "MOST_COLUMNS", 2)
    with pytest.raises(InvalidParameter, match="a sheet holds 2; choose some"):
        export(squares, "xlsx")


def test_shapefile(odd: str, export: Export, tmp_path: Path) -> None:
    path = export(odd, "shp.zip")
    with zipfile.ZipFile(path) as whole:
        assert whole.testzip() is None
        assert whole.read("odd.cpg") == b"UTF-8"
        listed = list(
            csv.DictReader(io.StringIO(whole.read("odd_fields.csv").decode()))
        )
        about = whole.read("odd_about.txt").decode()
    assert "licence: https://creativecommons.org/" in about
    names = {row["column"]: row["dbf_name"] for row in listed}
    assert list(names) == list(ODD_ROWS[0])[:-1]
    assert names["Όνομα"] == "Onoma"
    assert names["όνομα"] == "onoma_2"
    assert names["description of the place"] == "descriptio"
    assert {
        row["column"]: row["texts_cut"] for row in listed if row["texts_cut"] != "0"
    } == {"description of the place": "1"}
    rows = in_zip(path, "odd.shp")
    kept = {**names, "at": "at"}
    for found, wanted in zip(rows, ODD_ROWS, strict=True):
        assert set(found) == set(kept.values())
        for name, value in wanted.items():
            told = found[kept[name]]
            told = as_json(told) if name in LISTS else told
            assert same(told, _for_dbf(name, value)), (name, told)


def _for_dbf(name: str, value: Any) -> Any:
    """Return a value as a DBF file holds it: no empty text, no zone, no lists."""
    if name == "at":
        return value and shapely.to_wkb(shapely.Point(value))
    if name == "description of the place" and value:
        return value[:127]  # letters of two bytes
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if value == "" or (name == "ratio" and not abs(value) < 1e15):
        return None
    return value


def test_a_mixed_layer_is_a_shapefile_for_each_kind(mixed: str, export: Export) -> None:
    path = export(mixed, "shp.zip", "crs=EPSG:2100")
    found = {
        part: sorted(row["id"] for row in in_zip(path, f"mixed_{part}"))
        for part in ("points.shp", "lines.shp", "polygons.shp", "without_place.dbf")
    }
    assert found == {
        "points.shp": ["all", "point", "points"],
        "lines.shp": ["all", "line"],
        "polygons.shp": ["area"],
        "without_place.dbf": ["empty", "nothing"],
    }


@pytest.mark.parametrize("code", ["gpkg", "fgb", "parquet", "geojson"])
def test_a_mixed_layer_stays_one_where_the_format_can(
    mixed: str, export: Export, code: str
) -> None:
    path = export(mixed, code, "crs=EPSG:2100")
    if code == "parquet":
        rows = parquet.read_table(path).to_pylist()
        shapes = {r["id"]: r["geom"] and shapely.from_wkb(r["geom"]) for r in rows}
    else:
        shapes = {
            r["id"]: r["at"] and shapely.from_wkb(r["at"]) for r in features(path)
        }
    assert shapes["nothing"] is None
    kinds = {name: shape.geom_type for name, shape in shapes.items() if shape}
    assert kinds["point"] == "Point"
    assert kinds["points"] == "MultiPoint"
    assert kinds["line"] == "LineString"
    assert kinds["area"] == "Polygon"
    assert kinds["all"] == "GeometryCollection"
    assert shapes["point"].coords[0] == (476000.0, 4203000.0)


@pytest.mark.parametrize("code", list(FORMATS))
def test_an_export_of_nothing_is_a_whole_file(
    odd: str, export: Export, code: str
) -> None:
    path = export(odd, code, "id=99")
    if code == "geojson":
        assert json.loads(path.read_bytes())["features"] == []
    elif code == "geojsonl":
        assert path.read_bytes() == b""
    elif code == "csv":
        assert path.read_bytes().count(b"\r\n") == 1
    elif code == "xlsx":
        assert openpyxl.load_workbook(path)["data"].max_row == 1
    elif code == "parquet":
        assert parquet.read_table(path).num_rows == 0
    elif code == "shp.zip":
        assert in_zip(path, "odd.shp") == []
    else:
        assert features(path) == []


@pytest.mark.parametrize("code", list(FORMATS))
def test_every_format_does_without_geometry(
    odd: str, export: Export, code: str
) -> None:
    path = export(odd, code, "properties=id,fid&id=1")
    assert path.stat().st_size > 0
    if code in ("gpkg", "fgb"):
        (row,) = features(path)
        assert row["at"] is None
        assert row["id"] == 1


@pytest.mark.parametrize("code", ["gpkg", "fgb", "parquet", "shp.zip"])
def test_files_carry_x_before_y_whatever_the_authority_says(
    odd: str, export: Export, code: str
) -> None:
    path = export(odd, code, "crs=EPSG:4326&id=1&properties=id,geom")
    if code == "parquet":
        place = parquet.read_table(path).to_pylist()[0]["geom"]
    elif code == "shp.zip":
        place = in_zip(path, "odd.shp")[0]["at"]
    else:
        place = features(path)[0]["at"]
    assert xy(place) == (23.70, 37.98)


def test_geojson_follows_the_authority(odd: str, export: Export) -> None:
    said = json.loads(export(odd, "geojson", "crs=EPSG:4326&id=1").read_bytes())
    assert said["reference_system"] == "http://www.opengis.net/def/crs/EPSG/0/4326"
    assert said["features"][0]["geometry"]["coordinates"] == [37.98, 23.7]
    assert "crs" not in said  # GDAL would take it for x before y


def test_gdal_knows_the_system_of_geojson_with_x_first(
    squares: str, export: Export
) -> None:
    path = export(squares, "geojson", "crs=EPSG:2100")
    info = pyogrio.read_info(path)
    assert info["crs"] == "EPSG:2100"
    assert info["features"] == 500


def test_filters_choose_the_same_rows_in_every_format(
    squares: str, export: Export
) -> None:
    query = "bbox=476011,4203001,476042,4203002&bbox-crs=EPSG:2100&q=square 3"
    geojson = json.loads(export(squares, "geojson", query).read_bytes())
    assert [f["id"] for f in geojson["features"]] == [3]
    for code in ("gpkg", "fgb"):
        assert [row["id"] for row in features(export(squares, code, query))] == [3]


def test_a_long_text_is_cut_between_letters() -> None:
    assert shapefile._first_bytes("ζ" * 200) == "ζ" * 127
    assert shapefile._first_bytes("a" + "ζ" * 200) == "a" + "ζ" * 126
    assert shapefile._first_bytes("a" * 255) == "a" * 254
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert shapefile._first_bytes("") == ""
