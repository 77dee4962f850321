"""`/api/v1/nearest`: order, distances, reasons, what serves a spot. Answers: `world.py`.

Metres are those of `SELECT ST_Distance('POINT(lon lat)'::geography, ...)` in PostGIS.
"""

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.directory import read_model
from layers.published import vocabulary
from tests import factories as make
from tests.api.conftest import Get
from tests.api.world import TODAY, World

pytestmark = pytest.mark.django_db

SPOT = {"lon": 23.719, "lat": 37.97}
"""In N1; 0.001 degrees, 87.9 m, west of the hospital."""

OUTSIDE = {"lon": 22.94, "lat": 40.64}
"""Thessaloniki."""

STATEMENTS = {"found": 1, "empty": 2}
"""The explanation of an empty answer is a second statement."""


def by_name(world: World, found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    both = [*found["features"], *found["without_place"]]
    return {world.name_of(f["id"]): f["properties"] for f in both}


def test_services_come_by_distance(world: World, post: Get) -> None:
    found = post("nearest", SPOT)
    assert world.names(found["features"]) == ["hospital", "clinic", "kitchen", "lawyer"]
    metres = [f["properties"]["distance_m"] for f in found["features"]]
    # SELECT round(ST_Distance('POINT(23.719 37.97)'::geography,
    #   ST_MakePoint(x, y)::geography)::numeric, 1) for the four points:
    assert metres == [87.9, 966.6, 1845.2, 7132.2]


def test_minutes_on_foot_are_straight_line_times_detour(
    world: World, post: Get
) -> None:
    found = post("nearest", {**SPOT, "limit": 2})
    assert found["walk"] == {"method": "straight_line", "detour": 1.3, "walk_kmh": 4.5}
    # 966.55 m x 1.3 / (4500 m / 60 min) = 16.75
    assert found["features"][1]["properties"]["walk_min"] == 16.8
    slow = post("nearest", {**SPOT, "limit": 2, "walk_kmh": 2.9})
    # 966.55 x 1.3 / (2900 / 60) = 26.00
    assert slow["features"][1]["properties"]["walk_min"] == 26.0


def test_get_and_post_say_the_same(world: World, get: Get, post: Get) -> None:
    asked = {**SPOT, "category": "health", "language": ["el", "fa"], "limit": 3}
    assert get("nearest", **asked) == post("nearest", asked)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"category": "health"}, ["hospital", "clinic"]),
        ({"category": ["hospital", "health"]}, ["hospital", "clinic"]),
        ({"category": ["food", "primary-care"]}, ["clinic", "kitchen"]),
        ({"category": "health", "language": "fa"}, ["clinic"]),
        ({"category": "health", "group": "children-youth"}, ["hospital"]),
        ({"group": "women", "committee": "health"}, ["hospital", "clinic"]),
        ({"audience": "beneficiaries"}, ["hospital", "clinic", "kitchen"]),
        ({"district": "N4"}, ["lawyer"]),
        ({"q": "kitchen"}, ["kitchen"]),
        ({"bbox": [23.725, 37.9, 23.8, 38]}, ["clinic", "kitchen"]),
        ({"status": ["temporarily closed"]}, ["closed_clinic"]),
        ({"limit": 1}, ["hospital"]),
        ({"limit": 100_000}, ["hospital", "clinic", "kitchen", "lawyer"]),
        ({"gender": "men", "age": 15}, ["hospital", "kitchen", "lawyer"]),
    ],
)
def test_filters_hold_before_distance(
    world: World, post: Get, asked: dict[str, Any], expected: list[str]
) -> None:
    assert world.names(post("nearest", {**SPOT, **asked})["features"]) == expected


@pytest.mark.parametrize(
    ("metres", "n"), [(0, 0), (87.86, 0), (87.87, 1), (1845.23, 2), (1845.24, 3)]
)
def test_the_greatest_distance_is_the_ellipsoids(
    world: World, post: Get, metres: float, n: int
) -> None:
    # Exactly: 87.8682, 966.5505 and 1845.2328 m.
    found = post("nearest", {**SPOT, "max_distance_m": metres})
    assert found["numberReturned"] == n


def test_places_at_the_same_point_come_by_id(world: World, post: Get) -> None:
    at = Point(23.7001, 38.0499, srid=4326)
    for _ in range(30):
        make.ServiceAtLocationFactory(
            service__organization=world.organization, location__point=at
        )
    read_model.rebuild(today=TODAY)
    spot = {"lon": 23.7001, "lat": 38.0499, "limit": 5}
    ids = [f["id"] for f in post("nearest", spot)["features"]]
    everything = [f["id"] for f in post("nearest", {**spot, "limit": 30})["features"]]
    assert everything == sorted(everything)
    assert ids == everything[:5]


def test_the_order_is_the_ellipsoids_where_the_plane_is_wrong(
    world: World, post: Get
) -> None:
    # At 23.75 E the grid is 0.04 % short but true in shape: near ties decide. The same
    # longitude step east and latitude step north give distances 2 mm apart.
    base = (23.75, 38.04)
    for n in range(12):
        make.ServiceAtLocationFactory(
            service__organization=world.organization,
            location__point=Point(base[0] + 0.0005 * n, base[1], srid=4326),
        )
    read_model.rebuild(today=TODAY)
    found = post("nearest", {"lon": 23.7527, "lat": 38.0401, "limit": 12})
    metres = [f["properties"]["distance_m"] for f in found["features"]]
    assert metres == sorted(metres)


def test_each_says_why_it_is_there(world: World, post: Get) -> None:
    found = post(
        "nearest",
        {
            **SPOT,
            "category": ["health", "food"],
            "group": ["women"],
            "language": ["fa", "el"],
            "audience": "beneficiaries",
            "gender": "women",
            "age": 20,
            "verified_within_days": 30_000,
        },
    )
    (only,) = found["features"]
    assert only["properties"]["why"] == [
        "category:health",
        "group:women",
        "language:fa:interpreter",
        "language:el:staff",
        "audience:both",
        "gender:women",
        "status:active",
        "age:16-",
        "verified:2026-11-01",
    ]


def test_what_is_for_everybody_says_so(world: World, post: Get) -> None:
    found = by_name(world, post("nearest", {**SPOT, "group": "women"}))
    assert "group:everybody" in found["hospital"]["why"]
    assert "group:everybody" in found["kitchen"]["why"]
    assert "group:women" in found["clinic"]["why"]


@pytest.mark.parametrize(
    ("moment", "open_names"),
    [
        (dt.datetime(2026, 11, 20, 20, 30, tzinfo=dt.UTC), {"hospital", "kitchen"}),
        (dt.datetime(2026, 11, 20, 23, 59, tzinfo=dt.UTC), {"hospital", "kitchen"}),
        (dt.datetime(2026, 11, 21, 0, 0, tzinfo=dt.UTC), {"hospital"}),
        (dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC), {"hospital", "clinic"}),
    ],
)
def test_open_now_is_the_local_clock_and_null_where_unknown(
    world: World,
    post: Get,
    monkeypatch: pytest.MonkeyPatch,
    moment: dt.datetime,
    open_names: set[str],
) -> None:
    monkeypatch.setattr("layers.params.nearest.now", lambda: moment)
    said = by_name(world, post("nearest", SPOT))
    assert {name for name, of in said.items() if of["open_now"]} == open_names
    assert said["lawyer"]["open_now"] is None
    only = post("nearest", {**SPOT, "open_now": True})
    assert set(world.names(only["features"])) == open_names
    assert all("open_at" in f["properties"]["why"] for f in only["features"])


def test_services_without_a_place_are_listed_apart_where_they_serve(
    world: World, post: Get
) -> None:
    in_n1 = post("nearest", SPOT)
    assert set(world.names(in_n1["without_place"])) == {"helpline", "refuge"}
    in_n4 = post("nearest", {"lon": 23.77, "lat": 38.03})
    assert set(world.names(in_n4["without_place"])) == {"helpline", "visits", "refuge"}
    for feature in in_n4["without_place"]:
        assert feature["geometry"] is None
        assert feature["properties"]["distance_m"] is None


def test_services_without_a_place_pass_the_same_filters(
    world: World, post: Get
) -> None:
    found = post("nearest", {**SPOT, "category": "legal-aid"})
    assert world.names(found["without_place"]) == ["helpline"]


def test_more_services_without_a_place_than_asked_for_are_told(
    world: World, post: Get
) -> None:
    found = post("nearest", {**SPOT, "limit": 1})
    assert len(found["without_place"]) == 1
    assert found["has_more_without_place"] is True
    assert post("nearest", SPOT)["has_more_without_place"] is False


def test_the_spots_districts_are_named(world: World, post: Get) -> None:
    spot = post("nearest", {**SPOT, "lang": "en"})["spot"]
    assert spot["municipalities"] == ["athens"]
    assert [(d["level"], d["code"], d["name"]) for d in spot["districts"]] == [
        ("municipality", "9186", "Athens"),
        ("neighbourhood", "N1", "Quarter N1"),
    ]


def test_a_spot_on_a_border_is_in_the_lower_code(world: World, post: Get) -> None:
    spot = post("nearest", {"lon": 23.75, "lat": 38.0})["spot"]
    assert [d["code"] for d in spot["districts"]] == ["9186", "N1"]


def test_a_spot_outside_is_answered_and_told(world: World, post: Get) -> None:
    found = post("nearest", OUTSIDE)
    assert found["spot"]["municipalities"] == []
    assert "outside" in found["spot"]["note"]
    assert found["without_place"] == []
    assert len(found["features"]) == 4


@pytest.mark.parametrize(
    "spot",
    [(-170.0, -80.0), (0.0, 90.0), (180.0, 0.0), (-180.0, -90.0), (204 - 360, -38.0)],
)
def test_the_other_end_of_the_world_ranks_by_true_distance(
    world: World, post: Get, spot: tuple[float, float]
) -> None:
    found = post("nearest", {"lon": spot[0], "lat": spot[1]})
    metres = [f["properties"]["distance_m"] for f in found["features"]]
    assert len(metres) == 4
    assert metres == sorted(metres)
    assert metres[0] > 5_000_000


def test_an_empty_answer_says_which_filter_emptied_it(world: World, post: Get) -> None:
    found = post("nearest", {**SPOT, "category": "hospital", "language": "fa"})
    assert found["features"] == []
    # Without the category the clinic speaks Farsi; without the language the hospital is
    # a hospital.
    assert found["explanation"]["without"] == {"category": 1, "language": 1}


def test_a_distance_can_be_what_empties_it(world: World, post: Get) -> None:
    found = post("nearest", {**SPOT, "category": "food", "max_distance_m": 500})
    assert found["explanation"]["without"] == {"max_distance_m": 1, "category": 1}


def test_several_filters_can_empty_it_together(world: World, post: Get) -> None:
    found = post(
        "nearest", {**SPOT, "category": "food", "language": "zh", "district": "N4"}
    )
    assert found["explanation"]["without"] == {}
    assert "more than one" in found["explanation"]["detail"]


def test_an_answer_with_results_explains_nothing(world: World, post: Get) -> None:
    assert "explanation" not in post("nearest", SPOT)


@pytest.mark.parametrize(
    ("asked", "statements"),
    [
        ({}, STATEMENTS["found"]),
        ({"category": "health", "language": "el"}, STATEMENTS["found"]),
        ({"category": "hospital", "language": "zh"}, STATEMENTS["empty"]),
    ],
)
def test_an_answer_is_one_statement(
    world: World, post: Get, asked: dict[str, Any], statements: int
) -> None:
    vocabulary.vocabulary()
    with CaptureQueriesContext(connection) as captured:
        post("nearest", {**SPOT, **asked})
    selects = [q for q in captured if "published." in q["sql"]]
    assert len(selects) <= statements


def test_nobody_may_keep_an_answer(world: World, client: Client) -> None:
    answer = client.get("/api/v1/nearest", SPOT)
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_the_position_is_in_no_address_answer_or_log(
    world: World, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    spot = {"lon": 23.71987, "lat": 37.97123}
    for query in (
        spot,
        {**spot, "lat": 99},
        {**spot, "nonsense": 1},
        {**spot, "limit": 0},
    ):
        got = client.get("/api/v1/nearest", query)
        sent = client.post("/api/v1/nearest", query, content_type="application/json")
        for answer in (got, sent):
            said = answer.content.decode() + str(answer.headers)
            assert "23.71987" not in said
            assert "37.97123" not in said
    assert "23.71987" not in caplog.text
    assert "37.97123" not in caplog.text


def test_a_position_in_the_wrong_place_is_not_repeated(world: World, get: Get) -> None:
    problem = get("nearest", 400, **{"23.71987,37.97123": "1"})
    assert "23.7" not in str(problem)
    swapped = get("nearest", 400, lon="37.97123", lat="123.71987")
    assert "123.7" not in str(swapped)
    assert swapped["parameter"] == "lat"


def test_the_demo_is_named(world: World, post: Get) -> None:
    assert post("nearest", {**SPOT, "lang": "fr"})["notice"].startswith("Données")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"lon": None}, "lon"),
    ({"lon": "23.7"}, "lon"),
    ({"lon": True}, "lon"),
    ({"lon": [23.7]}, "lon"),
    ({"lon": {}}, "lon"),
    ({"lon": 181}, "lon"),
    ({"lat": -90.0001}, "lat"),
    ({"mode": "bus"}, "mode"),
    ({"limit": 0}, "limit"),
    ({"limit": 1.0}, "limit"),
    ({"limit": "5"}, "limit"),
    ({"max_distance_m": -1}, "max_distance_m"),
    ({"max_distance_m": "far"}, "max_distance_m"),
    ({"walk_kmh": 0}, "walk_kmh"),
    ({"walk_kmh": 300}, "walk_kmh"),
    ({"open_now": "true"}, "open_now"),
    ({"open_now": 1}, "open_now"),
    ({"open_now": True, "open_at": "2026-11-21T10:00:00Z"}, "open_now"),
    ({"open_at": 5}, "open_at"),
    ({"category": "nonsense"}, "category"),
    ({"category": []}, "category"),
    ({"category": [["hospital"]]}, "category"),
    ({"category": {"or": "hospital"}}, "category"),
    ({"language": [None]}, "language"),
    ({"bbox": "23,37,24,38"}, "bbox"),
    ({"bbox": [23, 37, 24]}, "bbox"),
    ({"bbox": [23, 37, 24, True]}, "bbox"),
    ({"age": "12"}, "age"),
    ({"q": ["a"]}, "q"),
    ({"q": "a\x00"}, "q"),
    ({"lang": "xx"}, "lang"),
    ({"cursor": "abc"}, "cursor"),
    ({"lng": 23.7}, "lng"),
    ({"": 1}, "(not shown)"),
    ({"group": ["women"] * 101}, "group"),
]


@pytest.mark.parametrize(("asked", "parameter"), REFUSED)
def test_bad_values_are_refused_by_name(
    world: World, post: Get, asked: dict[str, Any], parameter: str
) -> None:
    problem = post("nearest", {**SPOT, **asked}, 400)
    assert problem["parameter"] in (parameter, "(not shown)")


def test_mode_names_what_there_is(world: World, post: Get) -> None:
    assert "walk" in post("nearest", {**SPOT, "mode": "bike"}, 400)["detail"]


def test_a_position_is_needed(world: World, post: Get) -> None:
    problem = post("nearest", {}, 400)
    assert [e["parameter"] for e in problem["errors"]] == ["lon", "lat"]


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"null",
        b"[]",
        b"23.7",
        b'"x"',
        b"{",
        b'{"lon": NaN, "lat": 1}',
        b'{"lon": Infinity, "lat": 1}',
        b'{"lon": 1e999, "lat": 1}',
        b"\xff\xfe{}",
        b'{"lon": 23.7, "lat": 37.9, "q": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 5000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_no_json_object_is_refused(
    world: World, client: Client, body: bytes
) -> None:
    answer = client.generic("POST", "/api/v1/nearest", body, "application/json")
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("#malformed-body")


def test_a_huge_body_is_refused_unread(world: World, client: Client) -> None:
    body = b'{"q": "' + b"x" * 1_100_000 + b'"}'
    answer = client.generic("POST", "/api/v1/nearest", body, "application/json")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""]
)
def test_a_body_of_another_kind_is_refused(
    world: World, client: Client, kind: str
) -> None:
    answer = client.generic("POST", "/api/v1/nearest", b'{"lon":1,"lat":1}', kind)
    assert answer.status_code == 415


def test_a_charset_beside_the_media_type_does_no_harm(
    world: World, client: Client
) -> None:
    answer = client.generic(
        "POST",
        "/api/v1/nearest",
        b'{"lon":1,"lat":1}',
        "application/json; charset=utf-8",
    )
    assert answer.status_code == 200


def test_a_post_says_everything_in_its_body(world: World, client: Client) -> None:
    answer = client.post("/api/v1/nearest?lon=1", SPOT, content_type="application/json")
    assert answer.status_code == 400


def test_other_sites_may_ask_before_they_post(world: World, client: Client) -> None:
    answer = client.options(
        "/api/v1/nearest",
        headers={
            "origin": "https://a.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )
    assert answer.status_code == 204
    assert "POST" in answer["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer["Access-Control-Allow-Headers"]
