"""The page of a service and its forms in a browser: with keys, without scripts, on a phone."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from layers.models import Feedback, ServiceRequest
from tests.web.conftest import DESK, PHONE, Open
from tests.web.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LOOKS = [
    *((lang, "phone") for lang in ("el", "en", "fr", "ar", "fa", "ur")),
    *((lang, "desk") for lang in ("el", "ar")),
]
SIZES = {"phone": PHONE, "desk": DESK}
PATHS = {
    "service": "/{lang}/service/{clinic}",
    "protected": "/{lang}/service/{protected}",
    "report": "/{lang}/service/{clinic}/report",
    "request": "/{lang}/request",
    "thanks": "/{lang}/request/thanks",
    "activities": "/{lang}/activities",
    "calls": "/{lang}/open-calls",
    "list": "/{lang}/list",
    "offline": "/{lang}/offline",
    "embed-code": "/{lang}/embed/code",
}


@pytest.fixture(scope="module")
def axe() -> str:
    path = Path(settings.NODE_MODULES) / "axe-core/axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not there; npm ci in layers/web fetches it")
    return path.read_text(encoding="utf-8")


def path_of(seen: Any, name: str, lang: str = "en") -> str:
    city = seen.site.city
    return PATHS[name].format(
        lang=lang, clinic=city.clinic.pk, protected=city.protected.pk
    )


@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_nothing_in_six_languages(visit: Open, axe: str, name: str) -> None:
    for n, (lang, size) in enumerate(LOOKS):
        scheme = "dark" if n % 2 else "light"
        seen = visit(size=SIZES[size], color_scheme=scheme)
        page = seen.go(path_of(seen, name, lang))
        assert violations(page, axe) == [], (lang, size)
        assert overflow(page) == [], (lang, size)


def overflow(page: Any) -> list[str]:
    """Return what sticks out of the window's width."""
    found: list[str] = page.evaluate(
        "() => document.documentElement.scrollWidth <= innerWidth + 1 ? [] :"
        " [...document.querySelectorAll('main *')].filter(e => {"
        "   const box = e.getBoundingClientRect();"
        "   return box.width && (box.right > innerWidth + 1 || box.left < -1); })"
        " .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)"
    )
    return found


def test_axe_finds_nothing_where_a_form_was_refused(visit: Open, axe: str) -> None:
    seen = visit(size=PHONE)
    page = seen.go(path_of(seen, "report"))
    page.click("form.form button[type=submit]")
    page.wait_for_selector(".faults")
    assert violations(page, axe) == []
    assert page.title().startswith("Error:")
    page.click(".faults a")
    assert page.evaluate("document.activeElement.name") == "kind"
    seen.errors.clear()  # Chromium names the 400 of the page itself
    assert not Feedback.objects.filter(kind="").exists()


def test_a_report_is_sent_with_keys_alone_and_without_scripts(visit: Open) -> None:
    seen = visit(size=PHONE, java_script_enabled=False)
    page = seen.go(path_of(seen, "service"))
    page.get_by_role("link", name="Something is wrong here").press("Enter")
    page.get_by_label("The opening hours are wrong").press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("On Mondays <b>from 10</b>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/thanks")
    stored = Feedback.objects.latest("created_at")
    assert (stored.kind, stored.text, stored.language) == (
        "wrong_hours",
        "On Mondays <b>from 10</b>",
        "en",
    )


def test_a_request_is_sent_without_scripts(visit: Open) -> None:
    seen = visit(java_script_enabled=False)
    page = seen.go("/el/request")
    page.select_option("#category", "legal-aid")
    page.select_option("#district", "D2")
    page.select_option("#language", "fa")
    page.fill("#text", "το απόγευμα")
    page.click("form.form button[type=submit]")
    page.wait_for_url("**/request/thanks")
    stored = ServiceRequest.objects.latest("created_at")
    assert stored.category.slug == "legal-aid"
    assert stored.district is not None
    assert (stored.district.code, stored.language) == ("D2", "fa")
    assert stored.text == "το απόγευμα"


def test_no_cookie_is_set_before_a_form_is_opened(visit: Open) -> None:
    seen = visit()
    for name in ("service", "activities", "list", "offline"):
        seen.go(path_of(seen, name))
    assert seen.page.context.cookies() == []
    seen.go(path_of(seen, "report"))
    (cookie,) = seen.page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["expires"] == -1  # gone with the window


def test_the_trap_is_out_of_sight_and_reach(visit: Open) -> None:
    page = visit().go("/en/request")
    trap = page.locator("input[name=website]")
    assert trap.get_attribute("tabindex") == "-1"
    box = trap.locator("xpath=ancestor::div[@aria-hidden]").bounding_box()
    assert box is not None
    assert box["width"] <= 1


def test_leaving_works_from_a_service_and_from_a_form(visit: Open) -> None:
    seen = visit(size=PHONE)
    for name in ("service", "report", "activities"):
        page = seen.go(path_of(seen, name))
        leave = page.locator(".exit a")
        assert leave.is_visible()
        assert "noreferrer" in (leave.get_attribute("rel") or "")


def test_scripts_add_share_copy_and_print(visit: Open) -> None:
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    page = seen.go(path_of(seen, "service"))
    page.click("[data-copy]")
    page.wait_for_selector("text=The address was copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.locator("[data-print]").is_visible()


def test_without_scripts_no_dead_button_is_shown(visit: Open) -> None:
    seen = visit(java_script_enabled=False)
    for name in ("service", "list", "offline", "embed-code", "activities"):
        page = seen.go(path_of(seen, name))
        assert page.locator("main button[type=button]:visible").count() == 0, name


def test_the_qr_code_is_drawn_and_printed(visit: Open) -> None:
    seen = visit()
    page = seen.go(path_of(seen, "service"))
    size = page.evaluate(
        "() => { const i = document.querySelector('img.qr');"
        " return [i.complete, i.naturalWidth > 100]; }"
    )
    assert size == [True, True]
    page.emulate_media(media="print")
    assert page.locator("img.qr").is_visible()
    assert page.locator(".place-actions a[href^='tel:']").is_visible()
    assert not page.get_by_role("link", name="Something is wrong here").is_visible()


def test_targets_are_large_enough_to_touch(visit: Open) -> None:
    seen = visit(size=PHONE)
    for name in ("service", "request", "activities", "offline"):
        page = seen.go(path_of(seen, name))
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main select, main .button,"
            " main .contacts a, main .crumbs a')].filter(e => e.offsetParent)"
            ".map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
            ".filter(([, height]) => height < 44)"
        )
        assert small == [], name


def test_a_frame_lists_and_draws_and_links_outwards(visit: Open) -> None:
    seen = visit(size=DESK)
    page = seen.go("/en/embed/?category=health")
    seen.await_map()
    assert page.locator(".embed-list .entry").count() == 3
    assert seen.map(
        "map.queryRenderedFeatures({layers: ['points', 'clusters']}).length"
    )
    for link in page.locator("main a[href^='/']").all():
        assert link.get_attribute("target") == "_blank"
    assert page.context.cookies() == []


def test_axe_finds_nothing_in_a_frame(visit: Open, axe: str) -> None:
    for lang, size in (("el", PHONE), ("ar", DESK)):
        seen = visit(size=size)
        page = seen.go(f"/{lang}/embed/")
        assert violations(page, axe) == []
        assert overflow(page) == []


def test_the_code_can_be_pasted(visit: Open) -> None:
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    page = seen.go("/en/embed/code?category=health&height=500")
    page.click("[data-copy]")
    page.wait_for_selector("text=The code was copied.")
    code = page.evaluate("navigator.clipboard.readText()")
    assert code == page.input_value("#code")
    assert f'src="{seen.site.url}/en/embed/?category=health"' in code
    assert 'height="500"' in code
