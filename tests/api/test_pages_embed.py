"""Frames, the list on one page, and the worker of the offline copy, without a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.web.service import offline
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def get(path: str, status: int = 200) -> Any:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer


def ancestors(answer: Any) -> str:
    policy = answer["Content-Security-Policy"]
    (found,) = (p for p in policy.split("; ") if p.startswith("frame-ancestors"))
    return str(found.removeprefix("frame-ancestors "))


def test_only_our_own_pages_may_frame_by_default(city: City, settings: Any) -> None:
    settings.EMBED_ON = []
    answer = get("/en/embed/")
    assert ancestors(answer) == "'self'"
    assert "X-Frame-Options" not in answer


def test_the_sites_of_the_setting_may_frame(city: City, settings: Any) -> None:
    settings.EMBED_ON = ["https://accmr.gr", "https://*.cityofathens.gr"]
    assert ancestors(get("/en/embed/")) == (
        "'self' https://accmr.gr https://*.cityofathens.gr"
    )


def test_no_other_page_may_be_framed(city: City, settings: Any) -> None:
    settings.EMBED_ON = ["*"]
    for path in (
        "/en/", "/en/embed/code", "/en/request", f"/en/service/{city.clinic.pk}",
        f"/en/service/{city.clinic.pk}/report", "/en/list", "/en/embed/?x=1",
    ):  # fmt: skip
        answer = Client().get(path)
        assert ancestors(answer) == "'none'", path
        assert answer["X-Frame-Options"] == "DENY", path


def test_a_frame_has_scripts_by_nonce_only_and_no_cookie(city: City) -> None:
    answer = get("/en/embed/")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_a_frame_shows_what_the_finder_finds(city: City) -> None:
    page = get("/en/embed/?category=health").content.decode()
    assert "Omonia clinic" in page
    assert "Helpline" not in page
    assert 'href="/en/?category=health"' in page
    for secret in ("Secret shelter", "Street of Women", "23.713"):
        assert secret not in get("/en/embed/").content.decode()


@pytest.mark.parametrize("query", ["category=cakes", "nonsense=1", "lon=23.7&lat=37.9"])
def test_a_frame_refuses_what_the_finder_refuses(city: City, query: str) -> None:
    get(f"/en/embed/?{query}", 400)


@pytest.mark.parametrize(
    "query",
    ["height=299", "height=2001", "height=tall", "category=cakes", "district=D99",
     "q=x", "height=500&height=600"],
)  # fmt: skip
def test_the_code_page_refuses_what_cannot_be_shown(city: City, query: str) -> None:
    get(f"/en/embed/code?{query}", 400)


def test_the_code_is_shown_as_text(city: City) -> None:
    page = get("/el/embed/code?category=health&language=fa").content.decode()
    assert (
        "&lt;iframe src=&quot;http://testserver/el/embed/"
        "?category=health&amp;amp;language=fa&quot;" in page
    )


def test_the_code_page_says_whether_other_sites_may(city: City, settings: Any) -> None:
    settings.EMBED_ON = []
    assert "No other site may show it yet" in get("/en/embed/code").content.decode()
    settings.EMBED_ON = ["https://accmr.gr"]
    assert "https://accmr.gr" in get("/en/embed/code").content.decode()


def test_the_list_holds_all_that_may_be_seen(city: City) -> None:
    page = get("/en/list").content.decode()
    assert page.count('class="one-line"') == 5
    assert "Mon–Sun 00:00–24:00" in page
    assert 'href="tel:1555"' in page
    assert "protected place" in page
    for secret in ("Secret shelter", "Street of Women", "23.713"):
        assert secret not in page


def test_the_list_claims_nothing_of_now(city: City) -> None:
    page = get("/en/list").content.decode()
    assert "Open now" not in page
    assert "Closed now" not in page


def test_the_list_takes_the_finders_filters(city: City) -> None:
    page = get("/en/list?category=health&district=D1").content.decode()
    assert page.count('class="one-line"') == 1
    get("/en/list?category=cakes", 400)
    get("/en/list?nonsense=1", 400)


def test_an_empty_list_says_so(city: City) -> None:
    assert 'class="empty"' in get("/en/list?category=disability").content.decode()


def test_the_worker_reaches_its_language_and_is_asked_for_anew(city: City) -> None:
    answer = get("/fa/offline-worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer  # no wider than /fa/
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert Client().post("/fa/offline-worker.js").status_code == 405
    get("/xx/offline-worker.js", 404)


def test_examples_in_docstrings_hold() -> None:
    import doctest

    assert doctest.testmod(offline).failed == 0
