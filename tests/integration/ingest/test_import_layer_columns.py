"""Names, keys, times, reference systems and words of a published layer."""

import datetime
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.db import connection
from pyproj import Transformer

from layers.errors import InvalidParameter
from layers.published.connection import read
from layers.published.layers import catalogue
from layers.published.layers.feature_sql import Shape, feature_sql
from layers.published.layers.filters import LayerFilters
from layers.published.layers.items import page
from layers.published.layers.layer import GeometryKind
from layers.published.layers.page_sql import ItemsQuestion, SortKey
from tests.integration.ingest.layer_world import (
    columns_of,
    comment_of,
    feature,
    features_of,
    geojson,
    loaded,
    notes,
    rows_of,
    saved,
    version_of,
)

pytestmark = pytest.mark.django_db

UTC = datetime.UTC
HERE = "POINT (23.7281 37.9842)"
ODD_NAMES = (
    *("Όνομα", "اسم", "Name", "name", "select", "id", "geom", "fid", "_feature"),
    *('a "quoted" one', "100%", "%s", "%(x)s", "it's", "semi;colon", "back\\slash"),
)


@pytest.fixture(autouse=True)
def fresh_catalogue() -> None:
    catalogue.forget()


# --- Names -------------------------------------------------------------------------


def test_odd_names_are_kept_and_nothing_of_ours_collides(tmp_path: Path) -> None:
    values = {name: f"value of {name}" for name in ODD_NAMES}
    loaded(geojson(tmp_path / "a.geojson", feature(HERE, **values)))
    layer = catalogue.layer("a")
    assert [c.name for c in layer.columns] == ["fid_2", *ODD_NAMES]
    assert layer.key.name == "fid_2"
    assert layer.geometry is not None
    assert layer.geometry.name == "geom_2"
    assert layer.feature_text == "_feature_2"
    (found,) = features_of_column("_feature_2")
    assert found["properties"] == {"fid_2": 1, **values}


def features_of_column(name: str) -> list[dict[str, Any]]:
    return [json.loads(text) for (text,) in rows_of(f'r."{name}"')]


def test_names_that_postgresql_cannot_hold_are_changed_and_said(tmp_path: Path) -> None:
    long = "Πληθυσμός των απογραφέντων ανά δημοτική κοινότητα"
    values = {"xmin": 1, "ctid": 2, long: 3, long + "!": 4, "": 5}
    report = loaded(geojson(tmp_path / "a.geojson", feature(HERE, **values)))
    layer = catalogue.layer("a")
    shortened = layer.columns[3].name
    assert long.startswith(shortened.removesuffix("…"))
    assert len(shortened.encode()) <= 63
    by_name = {c.name: c for c in layer.columns}
    assert by_name[shortened].titles == {"und": long}
    assert by_name["xmin_"].titles == {"und": "xmin"}
    assert list(by_name)[1:3] == ["xmin_", "ctid_"]
    assert "column" in by_name
    assert "every PostgreSQL table uses that name itself: called 'xmin_'" in notes(
        report
    )
    assert notes(report).count("longer than the 63 bytes") == 2
    (found,) = features_of()
    assert found["properties"][shortened] == 3


def test_columns_of_the_same_name_are_both_there(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b,a\n1,2,3\n")
    report = loaded(file)
    assert list(columns_of()) == ["fid", "a", "b", "a_2", "_feature"]
    assert rows_of("a, b, a_2") == [(1, 2, 3)]
    assert "two columns have that name: called 'a_2'" in notes(report)


# --- Values --------------------------------------------------------------------------


def test_lists_json_times_and_small_numbers_arrive_as_such(tmp_path: Path) -> None:
    loaded(
        geojson(
            tmp_path / "a.geojson",
            feature(
                HERE,
                ints=[1, 2],
                reals=[1.5, 2],
                texts=['a"b', "γ,{}"],
                flags=[True, False],
                nested={"k": [1, {"z": None}]},
                mixed=1,
                clock="10:30:00",
                day="2026-07-01",
                at="2026-07-01T12:00:00+03:00",
                naive="2026-07-01T12:00:00",
            ),
            feature(None, mixed="Αθήνα", at="2026-07-01T12:00:00Z"),
        )
    )
    types = columns_of()
    assert types["ints"] == "integer[]"
    assert types["reals"] == "double precision[]"
    assert types["texts"] == "text[]"
    assert types["flags"] == "jsonb"
    assert types["nested"] == "jsonb"
    assert types["clock"] == "time without time zone"
    (first, second) = rows_of(
        'ints, reals, texts, mixed::text, clock, "day", "at", naive', order="day"
    )
    assert first == (
        [1, 2],
        [1.5, 2.0],
        ['a"b', "γ,{}"],
        "1",
        datetime.time(10, 30),
        datetime.date(2026, 7, 1),
        datetime.datetime(2026, 7, 1, 9, tzinfo=UTC),
        datetime.datetime(2026, 7, 1, 12, tzinfo=UTC),
    )
    assert second[3] == '"Αθήνα"'
    assert second[6] == datetime.datetime(2026, 7, 1, 12, tzinfo=UTC)
    properties = features_of()[0]["properties"]
    assert properties["nested"] == {"k": [1, {"z": None}]}
    assert properties["flags"] == [True, False]
    assert properties["naive"] == "2026-07-01T12:00:00+00:00"


def test_a_feature_is_written_as_it_would_be_from_its_columns(tmp_path: Path) -> None:
    shapes = [shapely.Point(475_973.085, 4_203_808.926), None]
    loaded(saved(tmp_path / "a.gpkg", shapes, {"100%": ["α", None]}, crs="EPSG:2100"))
    layer = catalogue.layer("a")
    plain = feature_sql(replace(layer, feature_text=None), Shape())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT _feature = {plain} FROM {layer.relation}", {})  # noqa: S608
        assert cursor.fetchall() == [(True,), (True,)]
    # SELECT ST_Transform(ST_SetSRID(ST_Point(475973.085, 4203808.926), 2100), 4326),
    # six decimals
    lon, lat = features_of()[0]["geometry"]["coordinates"]
    assert (lon, lat) == pytest.approx((23.7281, 37.9842), abs=2e-5)
    assert len(str(lon).split(".")[1]) <= 6


def test_times_of_day_can_be_sorted_and_searched(tmp_path: Path) -> None:
    clocks = ("10:30:00", "09:00:00", None)
    file = geojson(tmp_path / "a.geojson", *[feature(HERE, clock=c) for c in clocks])
    loaded(file)

    def found(**asked: Any) -> list[Any]:
        clock = SortKey(catalogue.layer("a").columns[1])
        answer = page("a", lambda _layer: ItemsQuestion(sort=(clock,), **asked))
        features = json.loads(b"[" + answer.features + b"]")
        return [f["properties"]["clock"] for f in features]

    assert found() == ["09:00:00", "10:30:00", None]
    assert found(filters=LayerFilters(terms=("09:0",))) == ["09:00:00"]


# --- Keys -----------------------------------------------------------------------------


def key_of(report_path: Path, **options: Any) -> tuple[str, list[Any]]:
    loaded(report_path, **options)
    key = comment_of()["key"]
    return key, [f["id"] for f in features_of()]


def test_numbers_of_ours_run_in_the_order_of_the_map(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    points = [shapely.Point(x, y) for x, y in rng.uniform((20, 35), (28, 41), (500, 2))]
    loaded(saved(tmp_path / "a.fgb", points, SPATIAL_INDEX="NO"))
    assert [f["id"] for f in features_of()] == list(range(1, 501))
    ordered = [tuple(f["geometry"]["coordinates"]) for f in features_of()]
    length = shapely.LineString(ordered).length
    # In the order of the file the way through all points is several times as long.
    assert length < shapely.LineString(points).length / 5


def test_a_geopackage_keeps_its_fid(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(n, 1) for n in range(3)])
    with sqlite3.connect(file) as opened:
        for trigger in opened.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            opened.execute(f'DROP TRIGGER "{trigger[0]}"')
        opened.execute("UPDATE a SET fid = fid + 100")
    key, ids = key_of(file)
    assert key == "fid"
    assert sorted(ids) == [101, 102, 103]


@pytest.mark.parametrize(
    ("given", "key", "ids"),
    [
        ((7, 9), "id", [7, 9]),
        (("a/1", "β"), "id", ["a/1", "β"]),
        ((None, None), "fid", [1, 2]),
        (("a", "a"), "fid", [1, 2]),
    ],
)
def test_geojson_keeps_ids_where_it_has_them(
    tmp_path: Path, given: tuple[Any, Any], key: str, ids: list[Any]
) -> None:
    first, second = given
    file = geojson(
        tmp_path / "a.geojson",
        feature("POINT (0 0)", first, n=1),
        feature("POINT (0 0)", second, n=2),
    )
    found, found_ids = key_of(file)
    assert found == key
    assert sorted(map(str, found_ids)) == sorted(map(str, ids))
    assert sorted(f["properties"]["n"] for f in features_of()) == [1, 2]


def test_an_id_that_a_property_repeats_is_one_column(tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "a.geojson", feature(HERE, 5, id=5), feature(HERE, 6, id=6)
    )
    assert key_of(file) == ("id", [5, 6])
    assert list(columns_of()) == ["id", "geom", "_feature"]


def test_an_id_beside_a_property_that_says_otherwise(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", feature(HERE, 5, id=8))
    assert key_of(file) == ("fid", [5])
    file = geojson(tmp_path / "b.geojson", feature(HERE, "q", id="other"))
    report = loaded(file, replace=True)
    assert "ids cannot be read beside a property" in notes(report)


def test_a_column_that_looks_like_an_id_is_none_unless_somebody_says_so(
    tmp_path: Path,
) -> None:
    columns = {"id": np.array([30, 10, 20])}
    points = [shapely.Point(n, 0) for n in range(3)]
    file = saved(tmp_path / "a.fgb", points, columns, SPATIAL_INDEX="NO")
    assert key_of(file)[0] == "fid"
    key, ids = key_of(file, key="id", replace=True)
    assert (key, sorted(ids)) == ("id", [10, 20, 30])
    assert next(iter(columns_of())) == "id"


def test_ids_of_the_file_can_be_left(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", feature(HERE, 70, n=1))
    assert key_of(file, is_renumbered=True) == ("fid", [1])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1, 1], "another value in every row"),
        (["a", None], "another value in every row"),
        (["a", ""], "another value in every row"),
        (["a", "b" * 201], "another value in every row"),
        ([1.5, 2.5], "it is double precision"),
    ],
)
def test_a_key_that_cannot_serve_is_refused(
    tmp_path: Path, values: list[Any], reason: str
) -> None:
    array = np.array(values, dtype=object if isinstance(values[0], str) else None)
    points = [shapely.Point(0, 0)] * 2
    file = saved(tmp_path / "a.gpkg", points, {"code": array})
    with pytest.raises(InvalidParameter, match=reason):
        loaded(file, key="code")
    with pytest.raises(InvalidParameter, match="one of the columns code"):
        loaded(file, key="codes")


def test_a_key_is_found_by_the_name_that_the_file_has(tmp_path: Path) -> None:
    loaded(geojson(tmp_path / "a.geojson", feature(HERE, xmin=5)), key="xmin")
    assert comment_of()["key"] == "xmin_"


# --- Time -----------------------------------------------------------------------------


def test_the_only_column_of_dates_is_the_time(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", feature(HERE, seen="2026-07-01", n=1))
    report = loaded(file)
    assert catalogue.layer("a").instant == "seen"
    assert "--no-time" in str(report.figures["time"])
    loaded(file, is_timeless=True, replace=True)
    assert "instant" not in comment_of()


def test_of_several_columns_of_dates_none_is_guessed(tmp_path: Path) -> None:
    dates = {"begin": "2026-07-01", "end": "2026-06-01", "n": 1}
    file = geojson(tmp_path / "a.geojson", feature(HERE, **dates))
    report = loaded(file)
    assert "instant" not in comment_of()
    assert "several columns of dates" in notes(report)
    report = loaded(file, interval=("begin", "end"), replace=True)
    assert catalogue.layer("a").interval == ("begin", "end")
    assert "1 intervals end before they begin" in notes(report)
    with pytest.raises(InvalidParameter, match="a column of date or timestamp"):
        loaded(file, instant="n", replace=True)
    with pytest.raises(InvalidParameter, match="one of the columns"):
        loaded(file, interval=("begin", "finish"), replace=True)


def test_a_column_of_dates_without_a_date_is_no_choice(tmp_path: Path) -> None:
    file = saved(
        tmp_path / "a.gpkg",
        [shapely.Point(0, 0)],
        {"a": np.array(["NaT"], "M8[ms]"), "b": np.array(["2026-07-01"], "M8[ms]")},
    )
    loaded(file)
    assert comment_of()["instant"] == "b"


def test_an_interval_is_of_one_kind(tmp_path: Path) -> None:
    dates = {"begin": "2026-07-01", "end": "2026-06-01T10:00:00Z"}
    file = geojson(tmp_path / "a.geojson", feature(HERE, **dates))
    with pytest.raises(
        InvalidParameter, match="two columns of dates, or two of moments"
    ):
        loaded(file, interval=("begin", "end"))


# --- Reference systems ------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:2100", "EPSG:3035", "EPSG:3857", "EPSG:25834"])
@pytest.mark.parametrize("suffix", ["gpkg", "shp", "fgb"])
def test_the_system_of_the_file_is_the_system_of_the_table(
    tmp_path: Path, crs: str, suffix: str
) -> None:
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(23.7281, 37.9842)
    loaded(saved(tmp_path / f"a.{suffix}", [shapely.Point(x, y)], crs=crs))
    code = crs.partition(":")[2]
    assert columns_of()["geom"] == f"geometry(Point,{code})"
    assert rows_of("ST_X(geom), ST_Y(geom)")[0] == pytest.approx((x, y))
    lon_lat = features_of()[0]["geometry"]["coordinates"]
    assert lon_lat == pytest.approx([23.7281, 37.9842], abs=1e-5)


def test_a_system_that_postgis_does_not_know_becomes_degrees(tmp_path: Path) -> None:
    local = "+proj=tmerc +lat_0=37.9842 +lon_0=23.7281 +ellps=GRS80 +units=m"
    report = loaded(
        saved(
            tmp_path / "a.gpkg",
            [shapely.Point(0, 0, 7)],
            geometry_type="Point Z",
            crs=local,
        )
    )
    assert columns_of()["geom"] == "geometry(PointZ,4326)"
    ((lon, lat, height),) = rows_of("ST_X(geom), ST_Y(geom), ST_Z(geom)")
    assert (lon, lat) == pytest.approx((23.7281, 37.9842))
    assert height == 7
    assert "stored in EPSG:4326" in notes(report)


@pytest.mark.parametrize(
    ("crs", "srid"), [("EPSG:4979", 4326), ("EPSG:2100+5773", 2100)]
)
def test_of_a_system_with_heights_the_ground_is_taken(
    tmp_path: Path, crs: str, srid: int
) -> None:
    point = (
        shapely.Point(23.7, 37.9, 50)
        if srid == 4326
        else shapely.Point(475_973, 4_203_808, 50)
    )
    file = saved(tmp_path / "a.gpkg", [point], geometry_type="Point Z", crs=crs)
    report = loaded(file)
    assert columns_of()["geom"] == f"geometry(PointZ,{srid})"
    assert rows_of("ST_Z(geom)") == [(50.0,)]
    assert "heights are kept as they are" in notes(report)


def test_a_file_without_a_system_needs_one(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.shp", [shapely.Point(475_973, 4_203_808)], crs=None)
    with pytest.raises(InvalidParameter, match="give --srid"):
        loaded(file)
    loaded(file, srid=2100)
    assert columns_of()["geom"] == "geometry(Point,2100)"


def test_a_system_that_says_only_that_it_is_unknown_is_none(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(23.7, 37.9)], crs=None)
    with pytest.raises(InvalidParameter, match="give --srid"):
        loaded(file)


def test_a_system_that_is_given_goes_before_the_file_and_is_said(
    tmp_path: Path,
) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(475_973, 4_203_808)])
    report = loaded(file, srid=2100)
    assert columns_of()["geom"] == "geometry(Point,2100)"
    assert "it was read as EPSG:2100" in notes(report)


@pytest.mark.parametrize("srid", [0, -1, 999_999, 5773, 4978, 102_100])
def test_a_code_that_is_no_system_on_the_ground_is_refused(
    tmp_path: Path, srid: int
) -> None:
    with pytest.raises(InvalidParameter, match="srid"):
        loaded(saved(tmp_path / "a.gpkg", [shapely.Point(0, 0)]), srid=srid)


def test_latitude_before_longitude_in_gml_is_turned(tmp_path: Path) -> None:
    file = tmp_path / "a.gml"
    file.write_text(
        '<FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"><gml:featureMember>'
        '<place gml:id="p1"><where><gml:Point srsName="urn:ogc:def:crs:EPSG::4326">'
        "<gml:pos>37.9842 23.7281</gml:pos></gml:Point></where></place>"
        "</gml:featureMember></FeatureCollection>"
    )
    loaded(file)
    assert features_of()[0]["geometry"]["coordinates"] == [23.7281, 37.9842]
    assert [p.name for p in tmp_path.iterdir()] == [
        "a.gml"
    ]  # nothing written beside it


# --- Words, and what the catalogue makes of it all ---------------------------------------


def test_words_are_kept_for_readers(tmp_path: Path) -> None:
    loaded(
        geojson(tmp_path / "schools.geojson", feature(HERE, n=1)),
        collection=None,
        titles={"el": "Σχολεία", "en": "Schools"},
        descriptions={"en": "All of them"},
        licence="CC BY 4.0",
        attribution="Ministry",
    )
    layer = catalogue.layer("schools")
    assert layer.titles == {"el": "Σχολεία", "en": "Schools"}
    assert layer.descriptions == {"en": "All of them"}
    assert (layer.licence, layer.attribution) == ("CC BY 4.0", "Ministry")
    assert layer.source == "schools.geojson"
    assert layer.is_import
    assert layer.counters == ("layer:schools",)
    assert layer.geometry is not None
    assert layer.geometry.kind == GeometryKind.POINT
    assert not layer.geometry.is_nullable
    assert "_feature" not in [c.name for c in layer.columns]


def test_without_words_the_name_is_the_title(tmp_path: Path) -> None:
    loaded(geojson(tmp_path / "Σχολεία 2024.geojson", feature(HERE)), collection=None)
    layer = catalogue.layer("scholeia-2024")
    assert layer.titles == {"und": "Σχολεία 2024"}


def test_both_versions_are_raised(tmp_path: Path) -> None:
    before = version_of("catalogue")
    loaded(geojson(tmp_path / "a.geojson", feature(HERE)))
    assert version_of("catalogue") == before + 1
    assert version_of("layer:a") == 1
    loaded(geojson(tmp_path / "a.geojson", feature(HERE)), replace=True)
    assert version_of("layer:a") == 2


def test_public_readers_may_read_it(tmp_path: Path) -> None:
    loaded(geojson(tmp_path / "a.geojson", feature(HERE, n=1)))
    assert read('SELECT n FROM published."a"') == [(1,)]


def test_the_real_files_of_the_city_are_layers(shared_data: Path) -> None:
    expected = {
        # features, as `jq '.features | length'` counts them
        file: len(json.loads((shared_data / file).read_text())["features"])
        for file in (
            "athens_neighbourhoods_named.geojson",
            "athens_metro_stations.geojson",
        )
    }
    for file, n in expected.items():
        report = loaded(shared_data / file, collection=None)
        assert (report.read, report.created, report.refused) == (n, n, 0)
