"""A copy on the device: only if asked for, honest about its date, and gone when deleted."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.conftest import PHONE, Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def kept(visit: Open) -> Iterator[Any]:
    """A phone that keeps a copy of the whole list."""
    seen = visit(size=PHONE)
    page = seen.go("/en/offline")
    page.click("#offline-keep")
    page.wait_for_selector("text=Services on this device: 5,")
    yield seen
    page.context.set_offline(False)
    seen.errors.clear()  # Chromium names what it could not load


def stored(page: Any) -> list[str]:
    """Return the addresses of everything in the caches of the site."""
    found: list[str] = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(r => new URL(r.url).pathname))))"
        ".flat().sort()"
    )
    return found


def test_nothing_is_kept_unasked(visit: Open) -> None:
    seen = visit()
    city = seen.site.city
    for path in ("/en/", f"/en/service/{city.clinic.pk}", "/en/list", "/en/offline"):
        page = seen.go(path)
    assert stored(page) == []
    assert page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistrations()).length"
    ) == (0)


def test_the_list_opens_without_a_connection_and_says_of_when_it_is(kept: Any) -> None:
    page = kept.page
    page.context.set_offline(True)
    for path in ("/en/list", "/en/"):
        page.goto(kept.site.url + path)
        assert "You are offline. This is a copy of" in page.inner_text(".offline-note")
        assert "2026" in page.inner_text(".offline-note")
        assert page.locator(".one-line").count() == 5
        assert "Omonia clinic" in page.inner_text("main")
        assert "Open now" not in page.inner_text("body")
    page.fill("#filter", "ΙΑΤΡΕΊΟ")
    assert page.locator(".one-line:visible").count() == 0
    page.fill("#filter", "omonia CLINIC")
    assert page.locator(".one-line:visible").count() == 1


def test_a_service_that_was_looked_at_opens_and_does_not_say_open_now(
    kept: Any,
) -> None:
    page, url = kept.page, f"/en/service/{kept.site.city.clinic.pk}"
    kept.go(url)
    assert page.locator("text=Open now").is_visible()
    page.context.set_offline(True)
    page.reload()
    assert page.inner_text("h1") == "Omonia clinic"
    assert "You are offline" in page.inner_text(".offline-note")
    assert not page.locator("[data-now]:visible").count()
    assert "Today" not in page.inner_text(".hours")
    assert "00:00–24:00" in page.inner_text(".hours")


def test_a_service_that_was_not_looked_at_leads_to_the_list(kept: Any) -> None:
    page = kept.page
    page.context.set_offline(True)
    page.goto(kept.site.url + f"/en/service/{kept.site.city.helpline.pk}")
    assert "not in the copy; this is the list" in page.inner_text(".offline-note")
    assert "1555" in page.inner_text("main")


def test_searches_forms_and_answers_are_never_kept(kept: Any) -> None:
    page, clinic = kept.page, kept.site.city.clinic.pk
    kept.go("/en/?q=asylum&category=health")
    kept.go(f"/en/service/{clinic}/report")
    kept.go("/en/request")
    kept.go("/en/activities")
    page.evaluate(
        """() => fetch("/api/v1/nearest", {method: "POST", headers: {"Content-Type":
        "application/json"}, body: JSON.stringify({lon: 23.705, lat: 37.985})})"""
    )
    page.evaluate("() => fetch('/api/v1/nearest?lon=23.705&lat=37.985')")
    found = stored(page)
    assert "/en/offline/about" in found
    assert "/en/list" in found
    kinds = {path.split("/")[1] for path in found}
    assert kinds == {"en", "static"}
    assert not [p for p in found if "report" in p or "request" in p or "nearest" in p]
    assert [p for p in found if p.startswith("/en/")] == [
        "/en/list",
        "/en/offline/about",
    ]
    assert not [p for p in found if "vendor" in p]


def test_another_language_is_not_touched(kept: Any) -> None:
    page = kept.page
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(kept.site.url + "/el/")


def test_deleting_leaves_nothing(kept: Any) -> None:
    page = kept.page
    kept.go(f"/en/service/{kept.site.city.clinic.pk}")
    kept.go("/en/offline")
    page.click("#offline-forget")
    page.wait_for_selector("text=The copy was deleted from this device.")
    assert stored(page) == []
    page.reload()
    page.wait_for_selector("text=Nothing is kept on this device.")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(kept.site.url + "/en/list")


def test_a_district_alone_can_be_kept(visit: Open) -> None:
    seen = visit(size=PHONE)
    page = seen.go("/en/offline?district=D1")
    page.click("#offline-keep")
    page.wait_for_selector("text=Services on this device: 2,")
    page.context.set_offline(True)
    page.goto(seen.site.url + "/en/list?district=D1")
    assert "Omonia clinic" in page.inner_text("main")
    assert "Pharmacy" not in page.inner_text("main")
    page.context.set_offline(False)
    seen.errors.clear()


def test_a_failed_copy_says_so_and_keeps_the_old_one(kept: Any) -> None:
    page = kept.page
    kept.go("/en/offline")
    page.wait_for_selector("text=Services on this device: 5,")
    page.context.set_offline(True)
    page.click("#offline-keep")
    page.wait_for_selector("text=That did not work. Are you connected?")
    page.goto(kept.site.url + "/en/list")
    assert page.locator(".one-line").count() == 5
