"""`/api/v1/districts`: lists, boundaries, one by id or code. Answers: `world.py`."""

from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers import models
from layers.published import vocabulary
from tests import factories as make
from tests.api.conftest import Get
from tests.api.world import World

pytestmark = pytest.mark.django_db


def codes(found: dict[str, Any]) -> list[str]:
    return [f["properties"]["code"] for f in found["features"]]


def test_districts_come_by_level_and_code(world: World, get: Get) -> None:
    found = get("districts")
    assert codes(found) == ["9186", "N1", "N2", "N3", "N4"]
    assert found["numberMatched"] == 5


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"level": "municipality"}, ["9186"]),
        ({"level": "neighbourhood", "code": "N3,N1"}, ["N1", "N3"]),
        ({"parent": "9186"}, ["N1", "N2", "N3", "N4"]),
        ({"bbox": "23.701,37.951,23.702,37.952"}, ["9186", "N1"]),
        ({"bbox": "23.75,38.0,23.75,38.0"}, ["9186", "N1", "N2", "N3", "N4"]),
        ({"bbox": "23.75,37.96,23.75,37.97"}, ["9186", "N1", "N2"]),
        ({"bbox": "0,0,1,1"}, []),
        ({"bbox": "23.79,37.9,-170,38.0"}, ["9186", "N2", "N4"]),
        ({"municipality": "athens", "level": "municipal_community"}, []),
    ],
)
def test_filters_keep_what_the_city_says(
    world: World, get: Get, query: dict[str, Any], expected: list[str]
) -> None:
    assert codes(get("districts", **query)) == expected


def test_a_boundary_is_given_exactly_and_wound_to_the_left(
    world: World, get: Get
) -> None:
    (feature,) = get("districts", code="N1")["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    # RFC 7946 3.1.6: the outer ring runs counterclockwise.
    assert feature["geometry"]["coordinates"] == [
        [[[23.7, 37.95], [23.75, 37.95], [23.75, 38.0], [23.7, 38.0], [23.7, 37.95]]]
    ]


def test_a_boundary_can_be_simplified_in_metres(world: World, get: Get) -> None:
    # A dent of 0.0001 degrees (9 m) in the southern border of a square.
    boundary = GEOSGeometry(
        "SRID=4326;MULTIPOLYGON(((23.8 37.95, 23.81 37.95, 23.815 37.9501, "
        "23.82 37.95, 23.82 37.96, 23.8 37.96, 23.8 37.95)))"
    )
    make.DistrictFactory(municipality=world.municipality, code="N9", boundary=boundary)
    whole, simple = (
        get("districts", code="N9", simplify=metres)["features"][0]["geometry"]
        for metres in (0, 50)
    )
    assert len(whole["coordinates"][0][0]) == 7
    assert len(simple["coordinates"][0][0]) == 5
    assert simple["type"] == "MultiPolygon"


@pytest.mark.parametrize(("geometry", "kind"), [("label", "Point"), ("none", None)])
def test_less_than_a_boundary_can_be_asked_for(
    world: World, get: Get, geometry: str, kind: str | None
) -> None:
    (feature,) = get("districts", code="N1", geometry=geometry)["features"]
    assert (feature["geometry"] or {}).get("type") == kind


def test_a_drawn_boundary_says_so_and_whose_it_is(world: World, get: Get) -> None:
    found = get("districts", level="neighbourhood", lang="en")
    assert found["is_schematic"] is True
    assert found["boundary_attribution"] == ["Drawn for tests, CC0-1.0"]
    assert found["features"][0]["properties"]["is_schematic"] is True
    assert found["demo"] is True


def test_names_come_in_the_language_asked_for(world: World, get: Get) -> None:
    said = get("districts", code="N1", lang="fa")["features"][0]["properties"]
    assert (said["name"], said["name_lang"]) == ("Quarter N1", "en")


def test_pages_follow_each_other(world: World, client: Client) -> None:
    address, seen = "/api/v1/districts?limit=2&geometry=none", []
    while address:
        found = client.get(address).json()
        seen += codes(found)
        address = next((k["href"] for k in found["links"] if k["rel"] == "next"), "")
    assert seen == ["9186", "N1", "N2", "N3", "N4"]


def test_a_district_is_found_by_id_and_by_code(world: World, get: Get) -> None:
    by_code = get("districts/neighbourhood/N2", lang="en")
    by_id = get(f"districts/{by_code['id']}", lang="en")
    assert by_code == by_id
    assert by_id["properties"]["names"] == {"el": "Γειτονιά N2", "en": "Quarter N2"}
    assert by_id["geometry"]["coordinates"][0][0][0] == [23.75, 37.95]
    assert by_id["properties"]["label_point"]["coordinates"] == [23.775, 37.975]


def test_the_same_code_elsewhere_needs_the_municipality(world: World, get: Get) -> None:
    other = make.MunicipalityFactory(slug="aaa")
    make.DistrictFactory(municipality=other, code="N1", names={"en": "Elsewhere"})
    here = get("districts/neighbourhood/N1", lang="en")["properties"]["name"]
    there = get("districts/neighbourhood/N1", lang="en", municipality="aaa")
    assert here == "Quarter N1"  # the deployment's own goes first
    assert there["properties"]["name"] == "Elsewhere"


def test_a_district_no_longer_in_force_is_gone(world: World, get: Get) -> None:
    models.District.objects.filter(code="N4").update(valid_to="2026-01-01")
    assert "N4" not in codes(get("districts"))
    get("districts/neighbourhood/N4", 404)


@pytest.mark.parametrize("address", ["districts", "districts/neighbourhood/N1"])
def test_an_answer_is_one_statement(world: World, client: Client, address: str) -> None:
    vocabulary.vocabulary()
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/api/v1/{address}")
    assert len([q for q in captured if "published." in q["sql"]]) <= 1


@pytest.mark.parametrize("address", ["districts?code=N1", "districts/neighbourhood/N1"])
def test_an_unchanged_answer_is_not_sent_again(
    world: World, client: Client, address: str
) -> None:
    first = client.get(f"/api/v1/{address}")
    again = client.get(
        f"/api/v1/{address}", headers={"if-none-match": f'"x", {first["ETag"]}'}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"level": "street"}, "level"),
        ({"code": "N99"}, "code"),
        ({"parent": "N99"}, "parent"),
        ({"municipality": "sparta"}, "municipality"),
        ({"simplify": "-1"}, "simplify"),
        ({"simplify": "1001"}, "simplify"),
        ({"geometry": "all"}, "geometry"),
        ({"bbox": "1,1,1"}, "bbox"),
        ({"limit": "none"}, "limit"),
        ({"cursor": "WyJhIl0"}, "cursor"),
        ({"category": "health"}, "category"),
        ({"lang": "klingon"}, "lang"),
    ],
)
def test_bad_values_are_refused_by_name(
    world: World, get: Get, query: dict[str, Any], parameter: str
) -> None:
    assert get("districts", 400, **query)["parameter"] == parameter


@pytest.mark.parametrize(
    "address",
    [
        "districts/9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c",
        "districts/N1",
        "districts/neighbourhood/N99",
        "districts/street/N1",
        "districts/neighbourhood/%00",
        "districts/neighbourhood/N1/more",
        "districts/",
    ],
)
def test_what_is_not_there_is_not_found(world: World, get: Get, address: str) -> None:
    get(address, 404)


def test_an_unknown_municipality_of_a_code_is_refused(world: World, get: Get) -> None:
    get("districts/neighbourhood/N1", 400, municipality="sparta")
