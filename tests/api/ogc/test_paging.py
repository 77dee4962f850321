"""Pages: every feature once, whatever is written meanwhile; positions are opaque."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from tests.api.ogc.conftest import Get, Ids
from tests.api.ogc.links import HOST, by_rel, follow, one, pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/req/core"
PLACES = "/collections/places/items"
ALL = [f"p{n:02d}" for n in range(1, 26)]
WORDS = [f"p{n:02d}" for n in sorted(range(1, 21), key=str)]
"""Those that have a word, by it."""


def walked(client: Client, query: str) -> list[str]:
    """Return the ids of all pages, in the order in which they come."""
    found = pages(client, f"{HOST}/ogc{PLACES}?{query}")
    return [feature["id"] for page in found for feature in page["features"]]


@pytest.mark.requirement(f"{CORE}/fc-links", f"{CORE}/fc-numberMatched")
@pytest.mark.parametrize("limit", [1, 2, 5, 7, 24, 25])
def test_pages_hold_every_feature_once(client: Client, limit: int) -> None:
    assert walked(client, f"limit={limit}") == ALL


@pytest.mark.requirement(f"{CORE}/fc-links")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=odd&limit=4", ALL[::2]),
        ("bbox=0,0,3,0&limit=2", [*ALL[:7], "p25"]),
        ("sortby=-n&limit=4", ALL[::-1]),
        ("sortby=kind,-n&limit=3", [*ALL[1::2][::-1], *ALL[::2][::-1]]),
        # By code point "Ώρα 10" comes before "Ώρα 2"; nulls come last either way.
        ("sortby=word&limit=6&properties=word", [*WORDS, *ALL[20:]]),
        ("sortby=-word,-n&limit=6", [*WORDS[::-1], *ALL[20:][::-1]]),
        ("offset=3&limit=5", ALL[3:]),
        ("offset=3&limit=5&sortby=-n", ALL[::-1][3:]),
    ],
)
def test_pages_keep_filters_and_order(
    client: Client, query: str, expected: list[str]
) -> None:
    whole = walked(
        client, f"{query}&limit=1000".replace("&limit=", "&x=", 1)[:0] + query
    )
    if expected is not None:
        assert whole == expected
    assert len(set(whole)) == len(whole)


def test_a_next_link_says_all_that_the_page_was_asked(client: Client) -> None:
    asked = "limit=2&kind=odd&crs=EPSG%3A2100&sortby=-n&f=json&offset=1"
    said = follow(client, f"{HOST}/ogc{PLACES}?{asked}").json()
    query = parse_qs(urlsplit(one(said, "next")["href"]).query)
    assert query.pop("cursor")
    assert query == {
        "limit": ["2"],
        "kind": ["odd"],
        "crs": ["EPSG:2100"],
        "sortby": ["-n"],
        "f": ["json"],
    }


@pytest.mark.requirement(f"{CORE}/fc-links")
def test_the_last_page_has_no_next(get: Get) -> None:
    assert by_rel(get(PLACES, limit=25), "next") == []
    assert by_rel(get(PLACES, limit=24), "next") != []


def test_pages_neither_skip_nor_repeat_when_others_write(client: Client) -> None:
    first = follow(client, f"{HOST}/ogc{PLACES}?limit=10").json()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM published.places WHERE id IN ('p02', 'p15')")
        cursor.execute(
            "INSERT INTO published.places (id, n) VALUES ('p005', 0), ('p105', 0)"
        )
    rest = pages(client, one(first, "next")["href"])
    found = [f["id"] for page in (first, *rest) for f in page["features"]]
    # What was before the position stays as it was read; what is behind it is as it is now.
    assert found == [*ALL[:10], "p105", *ALL[10:14], *ALL[15:]]


def test_an_offset_counts_from_the_first(ids: Ids) -> None:
    assert ids("places", offset=22) == ALL[22:]
    assert ids("places", offset=25) == []
    assert ids("places", offset=1_000_000_000, limit=1) == []


@pytest.mark.parametrize("offset", ["-1", "x", "", "1.5", "1000000001"])
def test_an_offset_that_is_none_is_refused(get: Get, offset: str) -> None:
    assert get(PLACES, 400, offset=offset)["parameter"] == "offset"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "W10",  # []
        "W1tdLFtdXQ",  # [[], []]: no key
        "W1tdLFtudWxsXV0",  # [[], [null]]
        "W1tdLFsiYSIsImIiXV0",  # [[], ["a", "b"]]: two keys
        "W1tdLFsxXV0",  # [[], [1]]
        "W1tdLHsiYSI6MX1d",  # [[], {"a": 1}]
        "A" * 3001,
        "💥",
    ],
)
def test_a_position_that_is_none_is_refused(get: Get, cursor: str) -> None:
    assert get(PLACES, 400, cursor=cursor)["parameter"] == "cursor"


def test_a_position_belongs_to_its_own_order(get: Get, client: Client) -> None:
    sorted_page: Any = get(PLACES, limit=1, sortby="n")
    query = parse_qs(urlsplit(one(sorted_page, "next")["href"]).query)
    said = get(PLACES, 400, cursor=query["cursor"][0])
    assert said["parameter"] == "cursor"
    assert get(PLACES, cursor=query["cursor"][0], sortby="n")["features"]
