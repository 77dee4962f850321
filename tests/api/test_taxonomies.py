"""`/api/v1/taxonomies` and `/api/v1/committees`. Answers: `world.py`."""

import pytest
from django.test import Client

from tests import factories as make
from tests.api.conftest import Get
from tests.api.world import CATEGORIES, COMMITTEES, World

pytestmark = pytest.mark.django_db


def test_every_taxonomy_is_listed_with_its_size(world: World, get: Get) -> None:
    found = {item["slug"]: item["n_terms"] for item in get("taxonomies")["items"]}
    assert found == {"category": len(CATEGORIES), "committee": 4, "population_group": 5}


def test_parents_come_before_their_children(world: World, get: Get) -> None:
    slugs = [item["slug"] for item in get("taxonomies/category")["items"]]
    assert sorted(slugs) == sorted(CATEGORIES)
    for slug, (parent, _) in CATEGORIES.items():
        assert parent is None or slugs.index(parent) < slugs.index(slug)


def test_a_category_counts_the_services_below_it(world: World, get: Get) -> None:
    n = {i["slug"]: i["n_services"] for i in get("taxonomies/category")["items"]}
    # Hospital, clinic, closed clinic and visits; the hidden shelter counts nowhere.
    assert n["health"] == 4
    assert n["primary-care"] == 3
    assert n["shelter"] == 1


def test_a_leaf_names_its_path_and_committees(world: World, get: Get) -> None:
    items = {i["slug"]: i for i in get("taxonomies/category")["items"]}
    assert items["hospital"]["path"] == ["health", "hospital"]
    assert items["hospital"]["committees"] == ["health"]


def test_committees_come_in_their_order_with_their_categories(
    world: World, get: Get
) -> None:
    items = get("committees", lang="en")["items"]
    assert [item["slug"] for item in items] == list(COMMITTEES)
    assert items[-1]["categories"] == ["hospital", "primary-care"]
    assert items[-1]["name"] == "Committee health"


def test_one_committee_says_what_is_called_covered(world: World, get: Get) -> None:
    make.ServiceStandardFactory(
        municipality=world.municipality,
        category=world.terms["hospital"],
        max_walk_min=20,
    )
    found = get("committees/health")
    assert found["standards"] == [
        {
            "municipality": "athens",
            "category": "hospital",
            "groups": [],
            "max_walk_min": 20.0,
            "target_per_1000": None,
            "note": "",
        }
    ]


def test_an_unchanged_answer_is_not_sent_again(world: World, client: Client) -> None:
    first = client.get("/api/v1/taxonomies/category")
    again = client.get(
        "/api/v1/taxonomies/category", headers={"if-none-match": first["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    ["taxonomies/colours", "committees/hospital", "committees/%00", "taxonomies/a b"],
)
def test_what_is_not_there_is_not_found(world: World, get: Get, address: str) -> None:
    get(address, 404)


@pytest.mark.parametrize(
    "address", ["taxonomies", "taxonomies/category", "committees", "committees/health"]
)
def test_parameters_that_there_are_not_are_refused(
    world: World, get: Get, address: str
) -> None:
    assert get(address, 400, limit=3)["parameter"] == "limit"
    assert get(address, 400, lang="de")["parameter"] == "lang"
