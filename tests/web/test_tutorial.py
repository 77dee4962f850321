"""The two walks of docs/tutorial/find-and-report.md, and its pictures.

`DOC_PICTURES=1 ./dev test tests/web/test_tutorial.py` draws the pictures anew; without it
they go where tests keep what nobody needs.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from layers.params import moments, nearest
from layers.published.connection import close_pool
from tests.web.city import City
from tests.web.conftest import DESK, PHONE, TIMEOUT_MS, Open, Site, await_late_answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

IMAGES = Path(__file__).resolve().parents[2] / "docs/images"
MONDAY_MORNING = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("Europe/Athens"))
OMONIA = {"longitude": 23.7278, "latitude": 37.9842}


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Serve the demo city instead of the tests' own, on a Monday morning."""
    assert connection.settings_dict["NAME"].startswith("test_")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # Both ways in which the code asks: modules that were loaded before keep their own name.
        for clock in (timezone, moments, nearest):
            patch.setattr(clock, "now", lambda: MONDAY_MORNING)
        call_command("load_demo", verbosity=0)
        call_command("run_coverage", verbosity=0)
        server = LiveServer("127.0.0.1")
        try:
            host = f"127.0.0.1:{server.thread.port}"
            yield Site(server.url, host, cast("City", None))
        finally:
            server.stop()
            await_late_answers()
            close_pool()
            call_command("flush", interactive=False, verbosity=0)


def picture(page: Page, name: str, folder: Path) -> None:
    """Draw what the reader sees now."""
    where = IMAGES if os.environ.get("DOC_PICTURES") else folder
    page.screenshot(path=where / f"tutorial-{name}.png", animations="disabled")
    assert (where / f"tutorial-{name}.png").stat().st_size > 10_000


def test_the_nearest_open_service_in_farsi_on_a_phone(
    visit: Open, tmp_path: Path
) -> None:
    seen = visit(size=PHONE, geolocation=OMONIA, permissions=["geolocation"])
    page = seen.page
    seen.go("/en/")
    page.get_by_role("link", name="فارسی").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    picture(page, "phone-1-start", tmp_path)
    page.locator("#question [name=open_at]").check()
    page.locator("#question details summary").first.click()
    page.locator("#question [name=language]").select_option("fa")
    page.locator("#near-me").click()
    first = page.locator("#near-list > li").first
    expect(first).to_be_visible(timeout=TIMEOUT_MS)
    first.scroll_into_view_if_needed()
    picture(page, "phone-2-nearest", tmp_path)
    for entry in page.locator("#near-list > li").all():
        expect(entry).to_contain_text("اکنون باز است")
        expect(entry).to_contain_text("فارسی")
    assert "23.7" not in page.url
    assert "37.9" not in page.url
    first.get_by_role("link").first.click()
    expect(page.locator("h1")).to_be_visible(timeout=TIMEOUT_MS)
    picture(page, "phone-3-service", tmp_path)


def test_the_report_of_the_health_committee(visit: Open, tmp_path: Path) -> None:
    seen = visit(size=DESK)
    page = seen.go("/en/")
    page.get_by_role("link", name="Committees", exact=True).click()
    page.locator('main a[href$="/committees/health"]').click()
    seen.await_map()
    picture(page, "committee-1-page", tmp_path)
    headline = page.locator(".headline .number").first.inner_text()
    link = page.get_by_role("link", name="Report for the meeting (PDF)")
    answer = page.request.get(f"{seen.site.url}{link.get_attribute('href')}")
    report = PdfReader(BytesIO(answer.body()))
    assert 2 <= len(report.pages) <= 6
    assert headline in report.pages[0].extract_text()
