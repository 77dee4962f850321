"""`/api/v1/scenarios` and `/api/v1/critical-services`: answers, refusals, no trace.

900 people live beside the hospital and the clinic of N1, 100 in N4, 7.9 km away
(`world.py`). So without the hospital 900 of 1,000 have no hospital, but the clinic.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.analysis import today_base
from layers.models import AnalysisRun, Scenario
from tests import factories as make
from tests.api.conftest import Get
from tests.api.test_protected_places import leaks
from tests.api.world import REFUGE_AT, SAFE_HOUSE_AT, World, standing_world

pytestmark = pytest.mark.django_db

N4 = {"lon": 23.77, "lat": 38.03}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing_world(django_db_blocker) as built:
        for at, people in (((23.721, 37.97), 900), ((23.77, 38.03), 100)):
            make.DemandPointFactory(
                municipality=built.municipality,
                point=Point(*at, srid=4326),
                population=people,
            )
        yield built
    today_base.forget()


def row(found: dict[str, Any], term: str, code: str | None) -> dict[str, Any]:
    (match,) = (
        item
        for item in found["items"]
        if (item["term_kind"], item["term"], item["code"]) == ("category", term, code)
    )
    return dict(match)


def side(unserved: float, share: float, priority: int) -> dict[str, Any]:
    return {
        "residents_unserved": unserved,
        "share_served": share,
        "priority_class": priority,
    }


def test_closing_is_answered_by_district(world: World, post: Get) -> None:
    body = {"close": [world.points["hospital"]], "lang": "en"}
    found = post("scenarios", body)

    hit = row(found, "hospital", "N1")
    assert hit["base"] == side(0, 1, 1)
    assert hit["scenario"] == side(900, 0, 5)
    assert (hit["difference"], hit["residents_losing"]) == (900, 900)
    assert (hit["name"], hit["term_name"]) == ("Quarter N1", "Hospital")
    assert row(found, "hospital", None)["scenario"]["residents_unserved"] == 1000
    # The clinic is some 800 m away: the parent keeps its people.
    assert row(found, "health", "N1")["difference"] == 0
    assert {item["term_kind"] for item in found["items"]} == {"category", "committee"}
    assert found["numberReturned"] == len(found["items"])
    assert found["changes"]["close"] == [world.points["hospital"]]


def test_opening_is_answered_for_category_parent_and_committee(
    world: World, post: Get
) -> None:
    found = post("scenarios", {"open": [{"category": "hospital", **N4}]})

    assert row(found, "hospital", "N4")["difference"] == -100
    terms = {(item["term_kind"], item["term"]) for item in found["items"]}
    assert terms == {
        ("category", "health"), ("category", "hospital"), ("committee", "health"),
    }  # fmt: skip


def test_a_move_and_only_committees(world: World, post: Get) -> None:
    body = {"move": [{"id": world.points["hospital"], **N4}], "by": "committee"}
    found = post("scenarios", body)

    assert {item["term_kind"] for item in found["items"]} == {"committee"}
    total = next(item for item in found["items"] if item["is_total"])
    assert (total["residents_gaining"], total["residents_losing"]) == (100, 0)


def test_the_base_is_the_run_that_coverage_shows(
    world: World, post: Get, get: Get
) -> None:
    found = post("scenarios", {"close": [world.points["hospital"]]})
    run = get("coverage", category="hospital")["run"]

    assert found["base"]["runs"]["category"] == run["id"]
    assert found["base"]["data_versions"] == run["data_versions"]


def test_nothing_is_stored_or_kept_of_a_question(
    world: World, post: Get, client: Client
) -> None:
    body = {"close": [world.points["hospital"]]}
    post("scenarios", body)
    n = AnalysisRun.objects.count()
    answer = client.post("/api/v1/scenarios", body, content_type="application/json")

    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
    assert (AnalysisRun.objects.count(), Scenario.objects.count()) == (n, 0)


def test_what_people_need_of_a_service_counts(world: World, post: Get) -> None:
    body = {"close": [world.points["hospital"]], "language": "ar"}
    found = post("scenarios", body, 400)

    assert found["parameter"] == "close"  # nobody there speaks it: nobody walks to it


# --- refusals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "close"),
        ({"close": []}, "close"),
        ({"close": ["no uuid"]}, "close"),
        ({"close": [str(uuid4())]}, "close"),
        ({"close": [str(uuid4()) for _ in range(51)]}, "close"),
        ({"move": [{"id": str(uuid4()), **N4}]}, "move"),
        ({"move": [{"id": "x", **N4}]}, "move.id"),
        ({"open": [{"category": "hospital"}]}, "open"),
        ({"open": [{"category": "hospital", **N4, "name": "x"}]}, "open"),
        ({"open": [{"category": "hospital", "lon": "23.7", "lat": 38}]}, "open.lon"),
        ({"open": [{"category": "hospital", "lon": 23.7, "lat": 91}]}, "open.lat"),
        ({"open": [{"category": "magic", **N4}]}, "open.category"),
        ({"open": [{"category": "hospital", "lon": 3, "lat": 3}]}, "open"),
        ({"open": "hospital"}, "open"),
        ({"open": [{"category": "hospital", **N4}], "group": "women"}, "open"),
        ({"open": [{"category": "hospital", **N4}], "by": "people"}, "by"),
        ({"open": [{"category": "hospital", **N4}], "threshold_min": 0}, "threshold_min"),
        ({"open": [{"category": "hospital", **N4}], "supply": "all"}, None),
        ({"open": [{"category": "hospital", **N4}], "municipality": "x"}, "municipality"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(
    world: World, post: Get, body: dict[str, Any], parameter: str | None
) -> None:
    assert post("scenarios", body, 400).get("parameter", "supply") == (
        parameter or "supply"
    )


def test_a_question_is_posted(world: World, client: Client) -> None:
    answer = client.get("/api/v1/scenarios/compare")
    other = client.put("/api/v1/scenarios")

    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert (other.status_code, other["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")


def test_protected_places_are_refused_like_places_that_are_none(
    world: World, post: Get
) -> None:
    def said(id_: str) -> str:
        problem = post("scenarios", {"close": [id_]}, 400)
        return str(problem["detail"]).replace(id_, "id")

    nothing = said(str(uuid4()))
    for name in ("safe_house", "refuge", "helpline", "old_office", "lawyer"):
        assert said(world.points[name]) == nothing, name
    for place in world.locations.values():
        assert said(str(place.pk)) == nothing


def test_no_answer_gives_a_protected_place_away(world: World, client: Client) -> None:
    for body in (
        {"close": [world.points["hospital"]]},
        {"close": [world.points["safe_house"]]},
        {"close": [world.points["refuge"], world.points["hospital"]]},
        *(
            {"open": [{"category": "shelter", "lon": round(at[0], 2), "lat": round(at[1], 2)}]}
            for at in (SAFE_HOUSE_AT, REFUGE_AT)
        ),
    ):  # fmt: skip
        answer = client.post("/api/v1/scenarios", body, content_type="application/json")
        assert not leaks(world, answer.content.decode(), str(body)), body


def test_a_shelter_opened_beside_a_protected_one_serves_as_if_that_were_not(
    world: World, post: Get
) -> None:
    found = post("scenarios", {"open": [{"category": "shelter", **N4}]})

    # No public shelter is walked to by anybody: all 1,000 are not reached today.
    total = row(found, "shelter", None)
    assert total["base"]["residents_unserved"] == 1000
    assert total["residents_gaining"] == 100


# --- the ranking ----------------------------------------------------------------------


def test_the_ranking_says_what_each_closure_costs(world: World, get: Get) -> None:
    found = get("critical-services", category="hospital", lang="en")

    (one,) = found["items"]
    assert one["id"] == world.points["hospital"]
    assert (one["name"], one["residents_losing"]) == ("The hospital", 900)
    assert (one["lon"], one["lat"]) == (23.72, 37.97)
    assert (found["n_places"], found["n_missed"]) == (1, 1)


def test_of_the_parent_nobody_misses_one_of_two(world: World, get: Get) -> None:
    found = get("critical-services", committee="health", level="municipality")

    assert (found["items"], found["n_places"], found["n_missed"]) == ([], 2, 0)


def test_protected_places_are_in_no_ranking(world: World, get: Get) -> None:
    found = get("critical-services", category="shelter")

    assert (found["items"], found["n_places"]) == ([], 0)


def test_a_ranking_is_kept_while_the_data_stay(world: World, client: Client) -> None:
    first = client.get("/api/v1/critical-services?category=hospital")
    again = client.get(
        "/api/v1/critical-services?category=hospital",
        headers={"if-none-match": first["ETag"]},
    )

    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "category"),
        ({"category": "magic"}, "category"),
        ({"category": "hospital", "committee": "health"}, "committee"),
        ({"category": "hospital", "limit": 0}, "limit"),
        ({"category": "hospital", "group": "women", "threshold_min": 11}, "threshold_min"),
    ],
)  # fmt: skip
def test_a_ranking_of_what_is_none_is_refused(
    world: World, get: Get, query: dict[str, Any], parameter: str
) -> None:
    assert get("critical-services", 400, **query)["parameter"] == parameter
