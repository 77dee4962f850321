"""Features Part 1, HTML: every resource is a page with all it says and all its links."""

import html
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests.api.ogc.conftest import Get
from tests.api.ogc.test_core import RESOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-1/1.0/req/html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Keeps the links and the words of a page, and sees that elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a":
            self.hrefs.append(said.get("href") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append(self.open[-1])


def page(ask: Callable[..., Any], path: str, **query: Any) -> Reader:
    """Return a page that was read."""
    answer = ask(path, accept=BROWSER, **query)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    reader = Reader()
    reader.feed(answer.content.decode())
    assert reader.open == []
    return reader


@pytest.mark.requirement(f"{REQ}/definition")
@pytest.mark.parametrize("path", RESOURCES)
def test_browsers_get_a_page_of_every_resource(
    ask: Callable[..., Any], path: str
) -> None:
    found = page(ask, path)
    assert found.headings.count("h1") == 1


@pytest.mark.requirement(f"{REQ}/definition")
@pytest.mark.parametrize("path", RESOURCES)
def test_a_page_may_be_asked_for_by_its_address(client: Client, path: str) -> None:
    answer = client.get(f"/ogc{path}?f=html", headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    answer = client.get(f"/ogc{path}?f=json", headers={"Accept": BROWSER})
    assert "json" in answer["Content-Type"]


@pytest.mark.requirement(f"{REQ}/content")
@pytest.mark.parametrize("path", RESOURCES)
def test_a_page_has_every_link_of_the_resource(
    ask: Callable[..., Any], get: Get, path: str
) -> None:
    found = page(ask, path)
    own = {"self", "alternate", "next"}  # of the other format
    words = " ".join(found.words)
    for link in get(path).get("links", []):
        if link["rel"] not in own:
            assert link["href"] in found.hrefs or link["href"] in words, link


@pytest.mark.requirement(f"{REQ}/content")
def test_a_page_of_features_has_every_value(ask: Callable[..., Any], get: Get) -> None:
    words = " ".join(page(ask, "/collections/places/items", lang="en").words)
    for feature in get("/collections/places/items")["features"]:
        for value in feature["properties"].values():
            if isinstance(value, str):
                assert value in words
            elif isinstance(value, int | float) and not isinstance(value, bool):
                assert str(value) in words


@pytest.mark.requirement(f"{REQ}/content")
def test_a_page_of_a_feature_has_its_values_and_coordinates(
    ask: Callable[..., Any],
) -> None:
    words = " ".join(page(ask, "/collections/places/items/p03").words)
    assert "Ώρα 3" in words
    assert '{"type":"Point","coordinates":[1,0]}' in words
    assert "3000000000" in words  # numbers are shown as they are in every language


@pytest.mark.requirement(f"{REQ}/content")
@pytest.mark.parametrize("step", ["schema", "queryables", "sortables"])
def test_a_page_of_a_schema_has_every_property(
    ask: Callable[..., Any], get: Get, step: str
) -> None:
    words = page(ask, f"/collections/places/{step}").words
    for name in get(f"/collections/places/{step}")["properties"]:
        assert name in words


def test_a_page_leads_to_the_next_one(ask: Callable[..., Any]) -> None:
    found = page(ask, "/collections/places/items", limit=10, f="html")
    nexts = [href for href in found.hrefs if "cursor=" in href]
    assert nexts
    assert all("f=html" in href for href in nexts)


def test_what_a_feature_holds_is_text_and_never_markup(ask: Callable[..., Any]) -> None:
    answer = ask("/collections/ledger/items", accept=BROWSER)
    assert html.escape("<b>&</b>") in answer.content.decode()
    assert "<b>&</b>" not in answer.content.decode()


def test_a_filter_in_the_address_cannot_leave_the_script_block(
    ask: Callable[..., Any],
) -> None:
    evil = "</script><script>alert(1)</script>"
    answer = ask("/collections/places/items", accept=BROWSER, word=evil)
    assert "<script>alert(1)" not in answer.content.decode()


def test_nobody_keeps_a_page(ask: Callable[..., Any]) -> None:
    # Its import map carries the nonce of one request.
    answer = ask("/collections/places/items", accept=BROWSER)
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
    nonce = answer["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    assert f'<script type="importmap" nonce="{nonce}">' in answer.content.decode()


def test_tables_without_places_have_no_map(ask: Callable[..., Any]) -> None:
    assert (
        'id="layer-map"'
        in ask("/collections/places/items", accept=BROWSER).content.decode()
    )
    assert (
        'id="layer-map"'
        not in ask("/collections/ledger/items", accept=BROWSER).content.decode()
    )


def test_the_conformance_page_names_the_tests_of_each_class(
    ask: Callable[..., Any],
) -> None:
    words = " ".join(page(ask, "/conformance").words)
    assert "tests/api/ogc/test_html.py" in words
