"""The way out is on every page of the public, quick, and not undone by "back"."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ELSEWHERE = "https://elsewhere.test/"


def answer_elsewhere(page: Page) -> None:
    page.route(
        ELSEWHERE, lambda route: route.fulfill(body="<title>News</title>nothing here")
    )


def left(seen: Any) -> None:
    seen.page.wait_for_url(ELSEWHERE)
    assert seen.strangers == [ELSEWHERE]
    seen.strangers.clear()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_press_leaves(visit: Open, settings: Any, scripts: bool) -> None:
    settings.QUICK_EXIT_URL = ELSEWHERE
    seen = visit(size=PHONE, java_script_enabled=scripts)
    answer_elsewhere(seen.page)
    seen.go("/en/method")
    page = seen.go("/en/?category=health")
    page.get_by_role("link", name="Leave this site").click()
    left(seen)
    if scripts:
        page.go_back()
        assert page.url.endswith("/en/method")  # the list is gone from behind


def test_three_presses_of_shift_leave(visit: Open, settings: Any) -> None:
    settings.QUICK_EXIT_URL = ELSEWHERE
    seen = visit()
    answer_elsewhere(seen.page)
    page = seen.go("/en/")
    page.keyboard.press("Shift")
    page.keyboard.press("a")  # in between: no three in a row
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert "/en/" in page.url
    page.keyboard.press("Shift")
    left(seen)


def test_the_way_out_stays_in_sight(visit: Open) -> None:
    page = visit(size=PHONE).go("/el/")
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(200)
    expect(page.locator(".exit a")).to_be_in_viewport(ratio=1)


def test_the_foot_says_whom_to_call(visit: Open) -> None:
    page = visit(size=PHONE).go("/en/")
    call = page.locator("footer .emergency a").first
    expect(call).to_have_attribute("href", "tel:112")
    page.get_by_role("link", name="Using these pages safely").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Using these pages safely"
    )
    expect(page.locator("main")).to_contain_text("no other company is told")
