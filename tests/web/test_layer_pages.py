"""The pages of `/ogc/` in a browser: maps draw, axe finds nothing, the keyboard is enough."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.web.conftest import DESK, PHONE, TIMEOUT_MS, Open
from tests.web.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PATHS = {
    "landing": "/ogc/",
    "conformance": "/ogc/conformance",
    "functions": "/ogc/functions",
    "collections": "/ogc/collections",
    "collection": "/ogc/collections/neighbourhoods",
    "schema": "/ogc/collections/neighbourhoods/schema",
    "items": "/ogc/collections/service-points/items",
    "api": "/ogc/api",
}
SIZES = {"phone": PHONE, "desk": DESK}
WITH_MAP = {"collection", "items"}
IDLE = '#layer-map[data-state="idle"]'


@pytest.fixture(scope="module")
def axe() -> str:
    path = Path(settings.NODE_MODULES) / "axe-core/axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not there; npm ci in layers/web fetches it")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_nothing(visit: Open, axe: str, name: str, width: str) -> None:
    seen = visit(size=SIZES[width])
    page = seen.go(PATHS[name])
    if name in WITH_MAP:
        page.wait_for_selector(IDLE, timeout=TIMEOUT_MS)
    assert violations(page, axe) == []
    # Tables scroll by themselves; the page does not.
    width_px = page.evaluate("document.documentElement.scrollWidth")
    assert width_px <= SIZES[width]["width"]


def test_axe_finds_nothing_in_the_dark(visit: Open, axe: str) -> None:
    seen = visit(color_scheme="dark")
    page = seen.go(PATHS["items"])
    page.wait_for_selector(IDLE, timeout=TIMEOUT_MS)
    assert violations(page, axe) == []


def test_the_keyboard_leads_from_the_landing_page_to_a_feature(visit: Open) -> None:
    page = visit().go("/ogc/")
    for name in ("Collections", "Service points"):
        page.get_by_role("link", name=name, exact=True).first.focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    page.get_by_role("link", name="features").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/items?**")
    page.locator("table tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/*")
    assert page.locator("h1").count() == 1


def test_a_page_holds_everything_without_scripts(visit: Open) -> None:
    page = visit(java_script_enabled=False).go(PATHS["items"])
    assert page.locator("table tbody tr").count() > 0
    assert not page.locator("#layer-map").is_visible()
