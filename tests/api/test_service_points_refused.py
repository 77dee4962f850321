"""What `/api/v1/service-points` refuses, and how it says so."""

from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Get
from tests.api.world import World

pytestmark = pytest.mark.django_db

REFUSED = [
    ({"limit": "0"}, "limit"),
    ({"limit": "-1"}, "limit"),
    ({"limit": "1.5"}, "limit"),
    ({"limit": "١"}, "limit"),  # an Arabic digit
    ({"limit": ["1", "2"]}, "limit"),
    ({"limit": ""}, "limit"),
    ({"page": "2"}, "page"),
    ({"bbox": "1,2,3"}, "bbox"),
    ({"bbox": "1,2,3,4,5"}, "bbox"),
    ({"bbox": "a,b,c,d"}, "bbox"),
    ({"bbox": "nan,0,1,1"}, "bbox"),
    ({"bbox": "0,0,inf,1"}, "bbox"),
    ({"bbox": "0,50,1,40"}, "bbox"),
    ({"bbox": "-181,0,0,1"}, "bbox"),
    ({"bbox": "0,-91,0,1"}, "bbox"),
    ({"category": "nonsense"}, "category"),
    ({"category": "hospital,"}, "category"),
    ({"category": "Hospital"}, "category"),
    ({"committee": "hospital"}, "committee"),
    ({"group": "hospital"}, "group"),
    ({"district": "N9"}, "district"),
    ({"municipality": "sparta"}, "municipality"),
    ({"organization": "123"}, "organization"),
    ({"organization": "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c"}, "organization"),
    ({"language": "f a"}, "language"),
    ({"audience": "everybody"}, "audience"),
    ({"status": "open"}, "status"),
    ({"gender": "female"}, "gender"),
    ({"age": "-1"}, "age"),
    ({"age": "nan"}, "age"),
    ({"age": "131"}, "age"),
    ({"age": "1e3"}, "age"),
    ({"step_free": "true"}, "step_free"),
    ({"referral_required": "maybe"}, "referral_required"),
    ({"open_at": "tomorrow"}, "open_at"),
    ({"open_at": "2026-11-21T10:00:00"}, "open_at"),
    ({"open_at": "2026-02-30T10:00:00Z"}, "open_at"),
    ({"open_at": "0001-01-01T00:00:00+14:00"}, "open_at"),
    ({"open_at": "9999-12-31T23:59:59-14:00"}, "open_at"),
    ({"verified_within_days": "-1"}, "verified_within_days"),
    ({"verified_within_days": "99999999999"}, "verified_within_days"),
    ({"q": "x" * 101}, "q"),
    ({"q": "  "}, "q"),
    ({"q": "a\x00b"}, "q"),
    ({"q": "!?"}, "q"),
    ({"facets": "colour"}, "facets"),
    ({"count": "1"}, "count"),
    ({"cursor": "abc"}, "cursor"),
    ({"cursor": "WyJhIl0"}, "cursor"),
    ({"cursor": "x" * 500}, "cursor"),
    ({"lang": "de"}, "lang"),
    ({"lang": "EN"}, "lang"),
]


@pytest.mark.parametrize(("query", "parameter"), REFUSED)
def test_bad_values_are_refused_by_name(
    world: World, get: Get, query: dict[str, Any], parameter: str
) -> None:
    problem = get("service-points", 400, **query)
    assert problem["parameter"] == parameter
    assert parameter in problem["detail"]
    assert problem["instance"] == "/api/v1/service-points"


def test_all_faults_of_a_call_are_named_at_once(world: World, get: Get) -> None:
    problem = get("service-points", 400, age="x", gender="y", limit="z")
    assert [e["parameter"] for e in problem["errors"]] == ["age", "gender", "limit"]


@pytest.mark.parametrize("query", ["q=%ff", "q=\xff", "%fe=1", "q=%ed%a0%80"])
def test_text_that_is_not_utf8_is_refused(
    world: World, client: Client, query: str
) -> None:
    answer = client.get("/api/v1/service-points", QUERY_STRING=query)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "query"


def test_a_thousand_parameters_are_refused(world: World, client: Client) -> None:
    answer = client.get("/api/v1/service-points?" + "&".join(["q=a"] * 1000))
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_for_reading(world: World, client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/service-points")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/html", "application/xml", "image/*", "x"])
def test_formats_that_there_are_not_are_refused(
    world: World, client: Client, kind: str
) -> None:
    answer = client.get("/api/v1/service-points", headers={"accept": kind})
    assert answer.status_code == 406


@pytest.mark.parametrize(
    "id_",
    [
        "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c",
        "{9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c}",
        "123",
        "%00",
        "%2e%2e%2f",
        "Κυψέλη",
    ],
)
def test_an_unknown_id_is_not_found(world: World, get: Get, id_: str) -> None:
    problem = get(f"service-points/{id_}", 404)
    assert problem["type"].endswith("#not-found")


def test_a_hidden_place_and_an_absent_one_look_alike(world: World, get: Get) -> None:
    hidden = world.points["safe_house"]
    absent = "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c"
    one, other = (get(f"service-points/{id_}", 404) for id_ in (hidden, absent))
    assert str(one).replace(hidden, "*") == str(other).replace(absent, "*")
