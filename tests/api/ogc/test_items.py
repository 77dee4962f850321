"""Features Part 1, core and GeoJSON: items, `limit`, `bbox`, `datetime`, one feature.

Expected ids are read off `zoo.py`. A restatement of the OGC test suite's methods.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.http import parse_http_date

from tests.api.ogc.conftest import Get, Ids
from tests.api.ogc.links import by_rel, follow, one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-1/1.0/req"
CORE = f"{REQ}/core"
PLACES = "/collections/places/items"
ROW = [f"p{n:02d}" for n in range(1, 21)]
"""The ids of the points along the equator, west to east."""


@pytest.mark.requirement(f"{CORE}/fc-op", f"{CORE}/fc-response")
@pytest.mark.requirement(f"{REQ}/geojson/definition", f"{REQ}/geojson/content")
def test_every_collection_answers_with_a_feature_collection(
    client: Client, get: Get
) -> None:
    for collection in get("/collections")["collections"]:
        link = one(collection, "items", "application/geo+json")
        answer = follow(client, link["href"], accept="application/geo+json")
        assert answer["Content-Type"] == "application/geo+json"
        said = answer.json()
        assert said["type"] == "FeatureCollection"
        assert len(said["features"]) == collection["itemCount"]
        for feature in said["features"]:
            assert set(feature) >= {"type", "id", "geometry", "properties"}
            assert feature["type"] == "Feature"


@pytest.mark.requirement(f"{CORE}/fc-op")
def test_who_wants_plain_json_gets_it(ask: Callable[..., Any]) -> None:
    answer = ask(PLACES, accept="application/json")
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["type"] == "FeatureCollection"


def test_numbers_that_have_decimals_show_some(ask: Callable[..., Any]) -> None:
    # Clients guess types from what they read first.
    text = ask("/collections/gauges/items", limit=1).content.decode()
    assert '"properties":{"id":1,"level":1.0,"exact":1.0,"rough":1.0}' in text


@pytest.mark.requirement(f"{CORE}/fc-links", f"{CORE}/fc-rel-type")
def test_a_page_links_to_itself_and_its_other_formats(get: Get) -> None:
    said = get(PLACES, limit=3, kind="odd")
    assert one(said, "self")["href"].endswith("/items?limit=3&kind=odd")
    assert one(said, "self")["type"] == "application/geo+json"
    assert one(said, "alternate")["type"] == "text/html"
    assert one(said, "collection")["href"].endswith("/collections/places")
    assert all(link["type"] for link in said["links"])


@pytest.mark.requirement(f"{CORE}/fc-timeStamp")
def test_the_time_stamp_is_the_time_of_the_answer(get: Get) -> None:
    before = datetime.now(UTC)
    stamp = get(PLACES, limit=1)["timeStamp"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", stamp)
    assert before <= datetime.fromisoformat(stamp) <= datetime.now(UTC)


@pytest.mark.requirement(f"{CORE}/fc-numberReturned", f"{CORE}/fc-numberMatched")
@pytest.mark.parametrize(
    ("query", "returned", "matched"),
    [
        ({}, 25, 25),
        ({"limit": 10}, 10, 25),  # all of a collection are counted for each state
        ({"limit": 10, "kind": "odd"}, 10, None),  # what a filter leaves is not …
        ({"limit": 10, "kind": "odd", "count": "true"}, 10, 13),  # … unless asked for
        ({"limit": 13, "kind": "odd"}, 13, 13),  # or the first page holds all
        ({"limit": 10, "offset": 20}, 5, 25),
        ({"limit": 10, "offset": 20, "kind": "odd"}, 0, None),
        ({"n": 99}, 0, 0),
    ],
)
def test_numbers_are_exact_or_left_out(
    get: Get, query: dict[str, Any], returned: int, matched: int | None
) -> None:
    said = get(PLACES, **query)
    assert said["numberReturned"] == len(said["features"]) == returned
    assert said.get("numberMatched") == matched


@pytest.mark.requirement(f"{CORE}/fc-limit-response-1")
@pytest.mark.parametrize("limit", [1, 2, 10, 24, 25, 26, 10_000])
def test_a_page_has_no_more_than_the_limit(get: Get, limit: int) -> None:
    said = get(PLACES, limit=limit)
    assert len(said["features"]) == min(limit, 25)
    assert bool(by_rel(said, "next")) == (limit < 25)


@pytest.mark.requirement(f"{CORE}/fc-limit-response-1")
@pytest.mark.parametrize("limit", ["10001", "9" * 40, "+5"])
def test_a_limit_over_the_most_is_no_error(get: Get, limit: str) -> None:
    assert len(get(PLACES, limit=limit)["features"]) == (5 if limit == "+5" else 25)


@pytest.mark.requirement(f"{CORE}/query-param-invalid", f"{CORE}/fc-limit-response-1")
@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "x", "", "1e3", "٣"])
def test_a_limit_that_is_none_is_refused(get: Get, limit: str) -> None:
    assert get(PLACES, 400, limit=limit)["parameter"] == "limit"


@pytest.mark.requirement(f"{CORE}/query-param-invalid")
def test_a_parameter_given_twice_is_refused(client: Client) -> None:
    answer = client.get(f"/ogc{PLACES}?limit=1&limit=2")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "limit"


@pytest.mark.requirement(f"{CORE}/query-param-invalid")
def test_all_faults_of_a_request_are_named_together(get: Get) -> None:
    said = get(PLACES, 400, limit="x", bbox="1", datetime="y")
    assert [e["parameter"] for e in said["errors"]] == ["limit", "bbox", "datetime"]


@pytest.mark.requirement(f"{CORE}/query-param-unknown")
@pytest.mark.parametrize("name", ["Limit", "BBOX", "service", "raw", "point", "limit "])
def test_a_parameter_of_nobody_is_refused(get: Get, name: str) -> None:
    assert get(PLACES, 400, **{name: "1"})["status"] == 400


# --- bbox --------------------------------------------------------------------


@pytest.mark.requirement(f"{CORE}/fc-bbox-response")
@pytest.mark.parametrize(
    ("bbox", "expected"),
    [
        ("0,0,1,0", ROW[:3]),  # edges are inside: 0, 0.5 and 1 E
        ("0.25,-1,0.75,1", ["p02"]),
        ("9.5,0,9.5,0", ["p20"]),  # a box without width
        ("-1.5,50,1.5,53", []),
        ("-80,-5,-70,5", []),
        ("177,65,-177,70", ["p21", "p22"]),  # over the antimeridian
        ("179.6,65,-177,70", ["p22"]),
        ("179,65,180,70", ["p21"]),
        ("-180,85,180,90", ["p23"]),
        ("-180,-90,180,-85", ["p24"]),
        ("-180,-90,180,90", [*ROW, "p21", "p22", "p23", "p24"]),
        ("0,0,-100,1,0,100", ROW[:3]),  # six numbers: heights count for nothing in 2D
    ],
)
def test_a_box_holds_what_it_intersects_and_what_has_no_place(
    ids: Ids, bbox: str, expected: list[str]
) -> None:
    # p25 has no geometry: it lies in every box (7.15.3).
    assert ids("places", bbox=bbox) == [*expected, "p25"]


@pytest.mark.requirement(f"{CORE}/fc-bbox-response")
def test_areas_are_judged_by_their_shape(ids: Ids) -> None:
    # The squares of EPSG:2100 are turned in lon/lat: a corner of the box of one touches
    # no other. 476500 E, 4202500 N is the middle of the first, 23.7317 E, 37.9719 N.
    assert ids("periods", bbox="23.7316,37.9718,23.7318,37.9720") == [1]
    assert ids("periods", bbox="23,37,24,39") == [1, 2, 3]
    assert ids("periods", bbox="24,37,25,39") == []


@pytest.mark.requirement(f"{CORE}/fc-bbox-response")
def test_heights_count_where_there_are_some(ids: Ids) -> None:
    assert ids("heights", bbox="23,37,0,24,39,100") == [1]
    assert ids("heights", bbox="23,37,100,24,39,300") == [2]
    assert ids("heights", bbox="23,37,24,39") == [1, 2]


@pytest.mark.requirement(f"{CORE}/fc-bbox-response")
def test_a_table_lies_in_every_box(ids: Ids) -> None:
    assert len(ids("ledger", bbox="0,0,1,1")) == 3


@pytest.mark.requirement(f"{CORE}/query-param-invalid", f"{CORE}/fc-bbox-response")
@pytest.mark.parametrize(
    "bbox",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,4,5,6,7",
        "a,b,c,d",
        "0,10,1,0",
        "-181,0,0,1",
        "0,0,1,91",
        "NaN,0,1,1",
        "0,0,1,Infinity",
        "0;0;1;1",
        "0 0 1 1",
    ],
)
def test_a_box_that_is_none_is_refused(get: Get, bbox: str) -> None:
    assert get(PLACES, 400, bbox=bbox)["parameter"] == "bbox"


@pytest.mark.requirement(f"{CORE}/crs84")
def test_coordinates_are_lon_lat_unless_asked_otherwise(get: Get) -> None:
    said = get(PLACES, id="p21")
    assert said["features"][0]["geometry"]["coordinates"] == [179.5, 66]


# --- datetime ----------------------------------------------------------------


@pytest.mark.requirement(f"{CORE}/fc-time-response")
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-01-01T12:00:00Z", ["p01"]),
        ("2026-01-01T14:00:00+02:00", ["p01"]),
        ("2026-01-01T12:00:01Z", []),
        ("2026-01-02", ["p02"]),
        ("2026-01-02T00:00:00Z/2026-01-03T12:00:00Z", ["p02", "p03"]),
        ("2026-01-02/2026-01-03", ["p02", "p03"]),
        ("2026-01-02/P2D", ["p02", "p03"]),
        ("../2026-01-02T12:00:00Z", ["p01", "p02"]),
        ("/2026-01-02T12:00:00Z", ["p01", "p02"]),
        ("2026-01-23T12:00:00Z/..", ["p23", "p24"]),
        ("2026-01-23T12:00:00Z/", ["p23", "p24"]),
        ("2026-01-23T12:00:00Z/9999-12-31T00:00:00Z", ["p23", "p24"]),
        ("1999-01-01/2000-01-01", []),
    ],
)
def test_a_time_holds_what_it_intersects_and_what_has_none(
    ids: Ids, when: str, expected: list[str]
) -> None:
    # p25 has no time: it belongs to every time (7.15.4).
    assert ids("places", datetime=when) == [*expected, "p25"]


@pytest.mark.requirement(f"{CORE}/fc-time-response")
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2020-06-01T00:00:00Z", [1]),
        ("2021-06-01", [1, 2]),
        ("2021-12-31", [1, 2]),  # the last day belongs to it
        ("2022-01-01", [2]),
        ("2019-12-31", [3]),
        ("2019-12-31/2020-01-01", [1, 3]),
        ("2050-01-01/..", [2]),
        ("../1900-01-01", [3]),
    ],
)
def test_intervals_with_open_ends_intersect(
    ids: Ids, when: str, expected: list[int]
) -> None:
    assert ids("periods", datetime=when) == expected


@pytest.mark.requirement(f"{CORE}/fc-time-response")
def test_what_knows_no_time_belongs_to_every_time(ids: Ids) -> None:
    assert len(ids("heights", datetime="2026-01-01")) == 2


@pytest.mark.requirement(f"{CORE}/query-param-invalid", f"{CORE}/fc-time-response")
@pytest.mark.parametrize(
    "when", ["", "now", "..", "../..", "2026", "2026-13-01", "2026-01-02/2026-01-01"]
)
def test_a_time_that_is_none_is_refused(get: Get, when: str) -> None:
    assert get(PLACES, 400, datetime=when)["parameter"] == "datetime"


@pytest.mark.requirement(f"{CORE}/fc-op")
def test_all_that_is_asked_must_hold(ids: Ids) -> None:
    found = ids("places", bbox="0,0,2,0", datetime="2026-01-02/..", kind="odd")
    assert found == ["p03", "p05", "p25"]


# --- one feature -------------------------------------------------------------


@pytest.mark.requirement(f"{CORE}/f-op", f"{CORE}/f-success")
def test_every_feature_of_a_page_is_at_its_own_address(
    client: Client, get: Get
) -> None:
    for name in ("places", "periods", "heights", "service-points"):
        for feature in get(f"/collections/{name}/items", limit=3)["features"]:
            alone = get(f"/collections/{name}/items/{feature['id']}")
            assert {k: alone[k] for k in feature} == feature


@pytest.mark.requirement(f"{CORE}/f-op")
@pytest.mark.parametrize(
    ("path", "fid", "note"),
    [
        ("a/b", "a/b", "one"),
        ("a%2Fb", "a/b", "one"),
        ("%CE%A9%201", "Ω 1", "<b>&</b>"),
        ("x%3Fy%23z%2520", "x?y#z%20", None),
    ],
)
def test_an_id_may_hold_anything(
    get: Get, path: str, fid: str, note: str | None
) -> None:
    said = get(f"/collections/ledger/items/{path}")
    assert (said["id"], said["properties"]["note"]) == (fid, note)
    assert said["geometry"] is None


@pytest.mark.requirement(f"{CORE}/f-links")
def test_a_feature_links_to_itself_its_formats_and_its_collection(
    client: Client, get: Get
) -> None:
    said = get("/collections/ledger/items/x%3Fy%23z%2520")
    for rel, kind in (
        ("self", "application/geo+json"),
        ("alternate", "text/html"),
        ("collection", "application/json"),
    ):
        link = one(said, rel)
        assert link["type"] == kind
        assert follow(client, link["href"], kind).status_code == 200


@pytest.mark.requirement(f"{CORE}/f-op")
@pytest.mark.parametrize(
    "path",
    [
        "places/items/p99",
        "places/items/P01",
        "places/items/p01%00",
        "periods/items/x",
        "periods/items/1.0",
        "periods/items/99999999999999999999",
        "service-points/items/not-a-uuid",
        "ledger/items/' OR true --",
    ],
)
def test_a_feature_that_is_not_there_is_404(get: Get, path: str) -> None:
    assert get(f"/collections/{path}", 404)["status"] == 404


@pytest.mark.requirement(f"{CORE}/f-op")
@pytest.mark.parametrize("name", ["limit", "bbox", "datetime", "filter", "q", "sortby"])
def test_a_feature_takes_no_parameters_of_lists(get: Get, name: str) -> None:
    assert get(f"{PLACES}/p01", 400, **{name: "1"})["parameter"] == name


def test_last_modified_is_when_the_data_changed(client: Client) -> None:
    said = client.get("/ogc/collections/service-points/items?limit=1")
    age_s = time.time() - parse_http_date(said["Last-Modified"])
    assert 0 <= age_s < 600
