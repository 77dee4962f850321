"""Where no map can be drawn, the list stays and says so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import FLAGS, Open, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Start a Chromium without WebGL."""
    yield from running(chromium_path, *FLAGS, "--disable-3d-apis")


@pytest.mark.parametrize(
    ("path", "kept"), [("/en/", ".entry"), ("/en/committees/health", "#ranking tr")]
)
def test_without_webgl_the_words_stay(visit: Open, path: str, kept: str) -> None:
    seen = visit()
    page = seen.go(path)
    seen.await_map("failed")
    expect(page.locator(".map-message")).to_contain_text("cannot be drawn")
    assert page.locator(kept).count() > 3
    # MapLibre says itself on the console that there is no WebGL.
    seen.errors[:] = [said for said in seen.errors if "WebGL" not in said]
