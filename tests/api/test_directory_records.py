"""`/api/v1/organizations`, `/services`, `/locations`. Answers: `world.py`."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.directory import read_model
from layers.published import vocabulary
from tests import factories as make
from tests.api.conftest import Get
from tests.api.world import TODAY, World

pytestmark = pytest.mark.django_db

LISTS = ("organizations", "services", "locations")
ABSENT = "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c"


def service_names(world: World, found: dict[str, Any]) -> set[str]:
    ids = {str(service.pk): name for name, service in world.services.items()}
    return {ids[item["id"]] for item in found["items"]}


def location_names(world: World, found: dict[str, Any]) -> set[str]:
    ids = {str(place.pk): name for name, place in world.locations.items()}
    return {ids[feature["id"]] for feature in found["features"]}


def test_services_are_listed_once_each(world: World, get: Get) -> None:
    assert service_names(world, get("services")) == {
        "hospital", "clinic", "kitchen", "lawyer", "closed_clinic", "helpline", "visits",
        "refuge",
    }  # fmt: skip


def test_locations_are_the_public_ones(world: World, get: Get) -> None:
    # Of any status: the place of the inactive office is a public place still.
    assert location_names(world, get("locations")) == {
        "hospital", "clinic", "kitchen", "lawyer", "closed_clinic", "old_office",
    }  # fmt: skip


def test_an_organization_with_nothing_to_see_is_not_listed(
    world: World, get: Get
) -> None:
    lonely = make.OrganizationFactory(municipality=world.municipality)
    found = get("organizations")
    assert [item["id"] for item in found["items"]] == [str(world.organization.pk)]
    assert found["items"][0]["n_services"] == 9
    get(f"organizations/{lonely.pk}", 404)


@pytest.mark.parametrize(
    ("address", "query", "n"),
    [
        ("services", {"category": "health"}, 4),
        ("services", {"language": "fa"}, 1),
        ("services", {"status": "inactive"}, 1),
        ("locations", {"category": "health"}, 3),
        ("locations", {"bbox": "23.72,37.97,23.73,37.97"}, 2),
        ("organizations", {"category": "shelter"}, 1),
        ("organizations", {"category": "hospital", "language": "ar"}, 0),
    ],
)
def test_filters_speak_of_their_service_points(
    world: World, get: Get, address: str, query: dict[str, str], n: int
) -> None:
    assert get(address, **query)["numberReturned"] == n


@pytest.mark.parametrize("address", ["services", "locations"])
def test_pages_follow_each_other(world: World, client: Client, address: str) -> None:
    whole = client.get(f"/api/v1/{address}?count=true").json()
    url, seen = f"/api/v1/{address}?limit=2", []
    while url:
        found = client.get(url).json()
        seen += [item["id"] for item in found.get("items") or found["features"]]
        url = next((k["href"] for k in found["links"] if k["rel"] == "next"), "")
    assert len(seen) == len(set(seen)) == whole["numberMatched"]


def test_one_organization_has_all_its_texts(world: World, get: Get) -> None:
    found = get(f"organizations/{world.organization.pk}", lang="ar")
    assert found["names"] == {"el": "Οργανισμός", "en": "Organization"}
    assert (found["name"], found["name_lang"]) == ("Organization", "en")
    assert found["descriptions"] == {"en": "Helps."}


def test_one_service_says_when_it_was_verified_and_when_it_changed(
    world: World, get: Get
) -> None:
    found = get(f"services/{world.services['clinic'].pk}")
    assert found["verified_on"] == "2026-11-01"
    assert found["updated_at"] > "2026"
    assert found["service_point_ids"] == [world.points["clinic"]]
    assert found["demo"] is True
    assert found["minimum_age"] == 16.0


def test_a_record_of_its_own_may_be_real_in_a_demo_city(world: World, get: Get) -> None:
    make.ServiceFactory(organization=world.organization, is_demo=False)
    real = make.ServiceFactory(organization=world.organization, is_demo=False)
    read_model.refresh([real.pk], today=TODAY)
    found = get(f"services/{real.pk}")
    assert found["demo"] is False
    assert found["notice"]


def test_one_location_is_a_feature(world: World, get: Get) -> None:
    found = get(f"locations/{world.locations['lawyer'].pk}")
    assert found["geometry"] == {"type": "Point", "coordinates": [23.77, 38.02]}
    assert found["properties"]["address"] == {"el": "Οδός lawyer 7"}
    assert found["properties"]["service_point_ids"] == [world.points["lawyer"]]


def test_contacts_of_persons_are_never_shown(world: World, client: Client) -> None:
    make.ContactFactory(service=world.services["clinic"], name="Zoe Secret")
    read_model.rebuild(today=TODAY)
    for address in (f"services/{world.services['clinic'].pk}", "services"):
        assert b"Zoe Secret" not in client.get(f"/api/v1/{address}").content


@pytest.mark.parametrize(
    ("kind", "name"),
    [("services", "safe_house"), ("locations", "safe_house"), ("locations", "refuge")],
)
def test_a_protected_record_and_an_absent_one_look_alike(
    world: World, get: Get, kind: str, name: str
) -> None:
    held = world.services if kind == "services" else world.locations
    hidden = str(held[name].pk)
    one, other = (get(f"{kind}/{id_}", 404) for id_ in (hidden, ABSENT))
    assert str(one).replace(hidden, "*") == str(other).replace(ABSENT, "*")


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_one_statement(world: World, client: Client, address: str) -> None:
    vocabulary.vocabulary()
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/api/v1/{address}")
    assert len([q for q in captured if "published." in q["sql"]]) <= 1


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"limit": "0"}, "limit"),
        ({"category": "nonsense"}, "category"),
        ({"cursor": "x"}, "cursor"),
        ({"facets": "category"}, "facets"),
        ({"id": "1"}, "id"),
        ({"status": "published"}, "status"),
    ],
)
def test_bad_values_are_refused_by_name(
    world: World, get: Get, address: str, query: dict[str, str], parameter: str
) -> None:
    assert get(address, 400, **query)["parameter"] == parameter


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("id_", [ABSENT, "1", "%00", "x" * 3000, "..", "Ω"])
def test_an_unknown_id_is_not_found(
    world: World, get: Get, address: str, id_: str
) -> None:
    get(f"{address}/{id_}", 404)


@pytest.mark.parametrize("address", LISTS)
def test_writing_comes_later(world: World, client: Client, address: str) -> None:
    answer = client.post(f"/api/v1/{address}", {}, content_type="application/json")
    assert answer.status_code == 405
