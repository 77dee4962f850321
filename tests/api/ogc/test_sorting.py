"""Draft Part 8: `sortby`."""

import pytest
from django.test import Client

from tests.api.ogc.conftest import Get, Ids

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-8/1.0/req"
ALL = [f"p{n:02d}" for n in range(1, 26)]
ODD, EVEN = ALL[::2], ALL[1::2]


@pytest.mark.requirement(
    f"{REQ}/sorting/sortby-definition", f"{REQ}/sorting/sortby-response"
)
@pytest.mark.requirement(
    f"{REQ}/features-sorting/sortby-param", f"{REQ}/features-sorting/response"
)
@pytest.mark.parametrize(
    ("sortby", "expected"),
    [
        ("n", ALL),
        ("+n", ALL),
        ("-n", ALL[::-1]),
        ("kind", EVEN + ODD),  # the key decides where nothing else does
        ("-kind", ODD + EVEN),
        ("kind,-n", EVEN[::-1] + ODD[::-1]),
        ("ok,n", [i for n, i in enumerate(ALL, 1) if n % 3] + ALL[2::3]),
        ("-at", [*ALL[:24][::-1], "p25"]),  # nulls come last either way
        ("at", ALL),
        ("-Πλήθος", ALL[::-1]),
        ("ref", ALL),
        ("-share", ALL[::-1]),
        ("-day", [*ALL[:24][::-1], "p25"]),
        ("limit", ALL),
        ("id", ALL),
        ("-id", ALL[::-1]),
    ],
)
def test_features_come_sorted(ids: Ids, sortby: str, expected: list[str]) -> None:
    assert ids("places", sortby=sortby) == expected


def test_a_plus_that_was_not_escaped_is_a_plus(client: Client) -> None:
    said = client.get("/ogc/collections/places/items?sortby=+n&limit=2").json()
    assert [f["id"] for f in said["features"]] == ["p01", "p02"]


@pytest.mark.requirement(f"{REQ}/sorting/sortby-definition")
@pytest.mark.parametrize(
    "sortby",
    ["THIS IS NOT A SORTBY EXPRESSION", "this_is_not_a_sortable", "tags", "raw", "point",
     "", "n,", "--n", "n desc", "n;drop", "N"],
)  # fmt: skip
def test_what_cannot_be_sorted_by_is_refused(get: Get, sortby: str) -> None:
    said = get("/collections/places/items", 400, sortby=sortby)
    assert said["parameter"] == "sortby"


@pytest.mark.requirement(
    f"{REQ}/sortables/sortables-link", f"{REQ}/features-sorting/sortables-link"
)
def test_the_items_point_to_what_can_be_sorted_and_filtered_by(client: Client) -> None:
    header = client.head("/ogc/collections/places/items")["Link"]
    for step in ("sortables", "queryables"):
        href = f"http://testserver/ogc/collections/places/{step}"
        assert (
            f'<{href}>; rel="http://www.opengis.net/def/rel/ogc/1.0/{step}"' in header
        )


@pytest.mark.requirement(
    f"{REQ}/sortables/get-sortables-op", f"{REQ}/sortables/get-sortables-success"
)
def test_every_sortable_sorts(get: Get, ids: Ids) -> None:
    for layer in ("places", "periods", "heights", "ledger", "service-points"):
        for name in get(f"/collections/{layer}/sortables")["properties"]:
            up, down = ids(layer, sortby=name), ids(layer, sortby=f"-{name}")
            assert sorted(map(str, up)) == sorted(map(str, down))
