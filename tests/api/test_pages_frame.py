"""What holds for every page: headers, weight, well-formed HTML, and pages for faults."""

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from layers.errors import Unavailable
from layers.web import errors, pages
from layers.web.security import basemap_hosts
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db

STATIC = Path(__file__).resolve().parents[2] / "layers/web/static/web"
PATHS = (
    "",
    "committees/",
    "committees/health",
    "method",
    "safety",
    "nowhere",
    "?foo=1",
)
LIMIT_KB = 60


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


@pytest.fixture
def all_paths(city: City) -> list[str]:
    return [*PATHS, f"service/{city.clinic.pk}", f"service/{city.protected.pk}"]


class Structure(HTMLParser):
    """Finds elements that are not closed, ids that stand twice, labels for nothing."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self.faults.append(f"an attribute twice: {attrs}")
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for name in ("for", "aria-labelledby", "aria-controls"):
            if given.get(name):
                self.wanted.append(str(given[name]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes something else")

    def check(self) -> list[str]:
        twice = {each for each in self.ids if self.ids.count(each) > 1}
        missing = set(self.wanted) - set(self.ids)
        return [*self.faults, *self.open, *sorted(twice), *sorted(missing)]


@pytest.mark.parametrize("lang", ["el", "ar"])
def test_pages_are_well_formed(all_paths: list[str], lang: str) -> None:
    for path in all_paths:
        structure = Structure()
        structure.feed(Client().get(f"/{lang}/{path}").content.decode())
        assert structure.check() == [], path


def test_every_page_has_its_headers(all_paths: list[str]) -> None:
    for path in all_paths:
        answer = Client().get(f"/en/{path}")
        policy = answer["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([\w-]+)'", policy)
        assert nonce
        inline = re.findall(
            r"<script(?![^>]*(?:src=|application/json))([^>]*)>",
            answer.content.decode(),
        )
        assert all(f'nonce="{nonce[1]}"' in attributes for attributes in inline)
        assert "unsafe" not in policy
        assert answer["Referrer-Policy"] == "same-origin"
        assert "geolocation=(self)" in answer["Permissions-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_nonce_is_used_once(city: City) -> None:
    policies = {Client().get("/en/method")["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_pages_style_and_script_nothing_inline(all_paths: list[str]) -> None:
    for path in all_paths:
        page = Client().get(f"/en/{path}").content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert not re.search(r"\son\w+=", page)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("BASEMAP_TILES", "https://tiles.example.org/{z}/{x}/{y}.png"),
        ("BASEMAP_STYLE", "https://tiles.example.org/style.json"),
        ("BASEMAP_PMTILES", "https://tiles.example.org/city.pmtiles"),
    ],
)
def test_only_the_chosen_base_map_is_let_in(
    city: City, settings: Any, name: str, address: str
) -> None:
    ours = Client().get("/en/method")["Content-Security-Policy"]
    assert "http" not in ours
    setattr(settings, name, address)
    settings.BASEMAP_HOSTS = ["https://letters.example.org"]
    others = "https://tiles.example.org https://letters.example.org"
    policy = Client().get("/en/method")["Content-Security-Policy"]
    assert f"img-src 'self' data: {others};" in policy
    assert f"connect-src 'self' {others};" in policy
    assert policy.count("tiles.example.org") == 2
    assert "that company sees" in Client().get("/en/safety").content.decode()


def test_a_base_map_of_our_own_lets_nobody_in(settings: Any) -> None:
    settings.BASEMAP_PMTILES = "/static/city.pmtiles"
    assert basemap_hosts(settings) == []


def named_files(html: str) -> set[str]:
    """Return the files of ours that a page loads before a map, scripts with what they import.

    What a module imports only when it is needed (`import(…)`) is not among them, nor is
    the sheet for paper.
    """
    found = set(
        re.findall(r'<link rel="stylesheet" href="/static/web/([\w.-]+)">', html)
    )
    found |= set(re.findall(r'<script type="module" src="/static/web/([\w.-]+)"', html))
    found |= {"icons.svg", "icon.svg"}
    waiting = [name for name in found if name.endswith(".js")]
    while waiting:
        source = (STATIC / waiting.pop()).read_text(encoding="utf-8")
        for name in re.findall(r'^import .* from "web/([\w-]+\.js)"', source, re.M):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def test_a_page_before_its_map_is_light(city: City) -> None:
    """HTML, sheets, signs and every script that loads before MapLibre, compressed."""
    for path in ("", "committees/health"):
        answer = Client().get(f"/el/{path}", headers={"accept-encoding": "gzip"})
        assert answer["Content-Encoding"] == "gzip"
        files = named_files(gzip.decompress(answer.content).decode())
        assert len(files) > 8
        own = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in files)
        assert (len(answer.content) + own) / 1024 <= LIMIT_KB, sorted(files)


def test_an_address_that_leads_nowhere_answers_in_its_language(city: City) -> None:
    answer = Client().get("/en/nowhere")
    assert answer.status_code == 404
    assert "<h1>There is no such page</h1>" in answer.content.decode()
    answer = Client().get("/nowhere", headers={"accept-language": "ar"})
    assert answer.status_code == 404
    assert '<html lang="ar" dir="rtl">' in answer.content.decode()


def test_a_fault_of_ours_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_slug: str) -> None:
        raise AssertionError("asked the database")

    monkeypatch.setattr(pages, "municipality", away)
    answer = errors.server_error(RequestFactory().get("/en/"))
    assert answer.status_code == 500
    assert "<h1>Something broke</h1>" in answer.content.decode()


def test_a_database_that_is_away_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_slug: str) -> Any:
        raise Unavailable("away")

    monkeypatch.setattr(pages, "municipality", away)
    answer = Client().get("/en/")
    assert answer.status_code == 503
    assert "<h1>Not available now</h1>" in answer.content.decode()


def test_language_links_stay_on_the_page(city: City) -> None:
    page = Client().get("/en/committees/health?threshold_min=20").content.decode()
    assert (
        'href="/el/committees/health?threshold_min=20" hreflang="el" lang="el"' in page
    )


@pytest.mark.parametrize(
    "path", ["/EL/", "/de/", "/el/committees/health/", "/el/method/"]
)
def test_addresses_are_exact(city: City, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_the_icon_is_found_where_browsers_look() -> None:
    answer = Client().get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")
