"""axe finds nothing wrong: every page, in six languages, on phones and desks, by day and night."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.web.conftest import DESK, PHONE, Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
PATHS = {
    "finder": "/{lang}/",
    "filtered": "/{lang}/?category=health&language=fa&open_at=now",
    "nothing": "/{lang}/?q=zzzzzz&category=health",
    "method": "/{lang}/method",
    "safety": "/{lang}/safety",
    "missing": "/{lang}/nowhere",
}
LANGUAGES = ("el", "en", "fr", "ar", "fa", "ur")
WITH_MAP = {("finder", "en"), ("finder", "ar"), ("filtered", "el")}
"""Where the map is waited for; elsewhere the browser says that it saves data."""
SAVES_DATA = (
    "Object.defineProperty(navigator, 'connection', {value: {saveData: true}});"
)


@pytest.fixture(scope="module")
def axe() -> str:
    path = Path(settings.NODE_MODULES) / "axe-core/axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not there; npm ci in layers/web fetches it")
    return path.read_text(encoding="utf-8")


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules},"
        " resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary']}"
        for each in found["violations"]
    ]


def assert_clean(seen: Visit, axe: str) -> None:
    """Check a page that was opened on a desk: as it is, in the dark, and both narrow."""
    for size in (DESK, PHONE):
        seen.page.set_viewport_size(size)  # type: ignore[arg-type]
        # Halfway down the exit button lies over something, as whatever stays in sight does.
        seen.page.evaluate("scrollTo(0, 0)")
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert violations(seen.page, axe) == [], (size, scheme)
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_nothing(visit: Open, axe: str, name: str, lang: str) -> None:
    seen = visit()
    with_map = (name, lang) in WITH_MAP
    if not with_map:
        seen.page.add_init_script(SAVES_DATA)
    seen.go(PATHS[name].format(lang=lang))
    if with_map:
        seen.await_map()
    assert_clean(seen, axe)
    if name == "missing":
        seen.errors.clear()  # Chromium names the 404 of the page itself


@pytest.mark.parametrize("lang", ["en", "ur"])
def test_axe_finds_nothing_in_what_presses_bring(
    visit: Open, axe: str, lang: str
) -> None:
    where = {"latitude": 37.984, "longitude": 23.707}
    seen = visit(geolocation=where, permissions=["geolocation"])
    page = seen.go(f"/{lang}/")
    seen.await_map()
    page.locator("[data-show]").first.click()
    page.locator("#map-card").wait_for()
    page.locator("summary").first.click()
    assert_clean(seen, axe)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.locator("#near-me").click()
    page.locator("#near-list .entry").first.wait_for()
    assert_clean(seen, axe)


def test_buttons_and_fields_are_large_enough_to_touch(visit: Open) -> None:
    page = visit(size=PHONE, has_touch=True, is_mobile=True).go("/en/?category=health")
    small = page.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=hidden]), summary,"
        " nav a, .links a, .chip, .tiles a, .exit a, .emergency a')].filter(e => e.offsetParent)"
        ".map(e => [e.outerHTML.slice(0, 80),"
        " (e.closest('label.check') ?? e).getBoundingClientRect().height])"
        ".filter(([, height]) => height < 44)"
    )
    assert small == []


@pytest.mark.parametrize("lang", ["el", "ur"])
def test_words_four_times_as_large_need_no_scrolling_sideways(
    visit: Open, lang: str
) -> None:
    """400 % of 1280 px are 320 px (WCAG 2.2, 1.4.10)."""
    page = visit(size={"width": 320, "height": 256}).go(f"/{lang}/?category=health")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_focused_is_never_under_the_exit_button(visit: Open) -> None:
    page = visit(size=PHONE).go("/en/?category=health")
    hidden = page.evaluate(
        """() => {
          const under = [];
          const exit = document.querySelector('.exit a');
          for (const one of document.querySelectorAll('main a, main button, main select, main input')) {
            if (!one.offsetParent) continue;
            one.focus();
            const [a, b] = [one.getBoundingClientRect(), exit.getBoundingClientRect()];
            const covered = a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
            if (covered) under.push(one.outerHTML.slice(0, 80));
          }
          return under;
        }"""
    )
    assert hidden == []
