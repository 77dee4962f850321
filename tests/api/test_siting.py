"""`/api/v1/siting`: areas with proof, never addresses; refusals.

900 people live beside the hospital of N1, 100 in N4, 7.9 km away (`world.py`).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import factories as make
from tests.api.conftest import Get
from tests.api.test_protected_places import leaks
from tests.api.world import World, standing_world

pytestmark = pytest.mark.django_db

ASKED: dict[str, Any] = {"category": "hospital", "n_new": 1, "cell_m": 500}


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


def test_an_area_is_proposed_where_nobody_is_reached(world: World, post: Get) -> None:
    found = post("siting", {**ASKED, "lang": "en"})

    assert (found["status"], found["gap"]) == ("optimal", 0)
    assert (found["objective"], found["bound"]) == (1000, 1000)
    assert (found["served_before"], found["served_after"]) == (900, 1000)
    (area,) = found["proposals"]
    assert (area["district"], area["district_name"]) == ("N4", "Quarter N4")
    assert area["residents_gained"] == 100
    assert len(area["alternatives"]) == 3
    # 15 minutes at 4.5 km/h are 1,125 m on foot, 865 m as the crow flies.
    lon, lat = area["centre"]
    assert abs(lon - 23.77) < 0.01
    assert abs(lat - 38.03) < 0.008


def test_an_area_is_a_cell_and_no_address(world: World, post: Get) -> None:
    (area,) = post("siting", ASKED)["proposals"]

    assert [metres % 500 for metres in area["centre_m"]] == [250, 250]
    (ring,) = area["polygon"]["coordinates"]
    assert ring[0] == ring[-1]
    assert len(ring) == 5
    assert area["centre"][0] == pytest.approx(sum(x for x, _ in ring[:4]) / 4, abs=1e-5)


@pytest.mark.parametrize("model", ["lscp", "partial_lscp", "p_median", "p_center"])
def test_every_model_answers(world: World, post: Get, model: str) -> None:
    found = post("siting", {**ASKED, "model": model, "cell_m": 1000})

    assert found["status"] == "optimal"
    assert found["parameters"]["model"] == model


def test_nothing_of_it_is_kept(world: World, client: Client) -> None:
    answer = client.post("/api/v1/siting", ASKED, content_type="application/json")

    assert answer["Cache-Control"] == "no-store"


def test_a_protected_shelter_draws_no_area(world: World, client: Client) -> None:
    body = {**ASKED, "category": "shelter"}
    answer = client.post("/api/v1/siting", body, content_type="application/json")

    # As if there were no shelter at all.
    assert answer.json()["served_before"] == 0
    assert not leaks(world, answer.content.decode(), "")


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"category": None}, "category"),
        ({"committee": "health"}, "committee"),
        ({"category": "magic"}, "category"),
        ({"model": "guess"}, "model"),
        ({"n_new": 0}, "n_new"),
        ({"n_new": 51}, "n_new"),
        ({"cell_m": 10}, "cell_m"),
        ({"target": 0}, "target"),
        ({"time_limit_s": 21}, "time_limit_s"),
        ({"group": "women", "threshold_min": 11}, "threshold_min"),
        ({"municipality": "sparta"}, "municipality"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    world: World, post: Get, given: dict[str, Any], parameter: str
) -> None:
    assert post("siting", {**ASKED, **given}, 400)["parameter"] == parameter
