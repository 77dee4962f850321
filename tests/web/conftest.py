"""A real Chromium, a served city, and pages that keep a record of what went wrong."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from layers.published.connection import close_pool
from tests.web.city import City, build_city

# Software WebGL that draws the same on every machine; no sandbox, as tests may run as root.
FLAGS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
TIMEOUT_MS = 30_000


@dataclass
class Site:
    """A served city."""

    url: str
    host: str
    city: City


@dataclass
class Visit:
    """A page and what happened on it."""

    page: Page
    site: Site
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def await_map(self, state: str = "idle") -> None:
        """Wait until the map says that it is idle (or what else is awaited)."""
        self.page.wait_for_selector(f'#map[data-state="{state}"]', timeout=TIMEOUT_MS)

    def map(self, expression: str) -> Any:
        """Return the value of an expression about `map`, the page's map."""
        return self.page.evaluate(
            f"() => {{ const map = window.geoaccmrTest.map; return {expression}; }}"
        )


Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return where Chromium is, or skip: ./dev test installs it."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium here; ./dev test installs it, or set CHROMIUM")
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Start a browser for the tests of one module."""
    yield from running(chromium_path, *FLAGS)


def running(path: str, *flags: str) -> Iterator[Browser]:
    """Yield a browser while it runs, and with it the event loop that drives it.

    Django keeps a connection apart for code under an event loop; it has to be closed
    before the loop ends, or nobody can reach it any more.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(flags))
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Serve a city to the tests of one module, and leave an empty database behind.

    Its tests are marked `django_db`: a test database is made only for such.
    """
    assert connection.settings_dict["NAME"].startswith("test_")
    with django_db_blocker.unblock():
        city = build_city()
        server = LiveServer("127.0.0.1")
        try:
            yield Site(server.url, f"127.0.0.1:{server.thread.port}", city)
        finally:
            server.stop()
            await_late_answers()
            close_pool()
            call_command("flush", interactive=False, verbosity=0)


def await_late_answers() -> None:
    """Wait for requests that a map made while its page was being closed."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=5)


def watched(context: BrowserContext, site: Site) -> Visit:
    """Return a new page whose errors and requests are kept."""
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    visit = Visit(page, site)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on(
        "console",
        lambda said: visit.errors.append(said.text) if said.type == "error" else None,
    )
    page.on("request", lambda request: note(visit, request))
    return visit


def note(visit: Visit, request: Any) -> None:
    """Keep a request; one to another host is a fault of the page."""
    visit.requests.append(request)
    own = (f"http://{visit.site.host}/", "data:", f"blob:http://{visit.site.host}/")
    if not request.url.startswith(own):
        visit.strangers.append(request.url)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Open]:
    """Return a function that opens a page; faults on it fail the test at its end."""
    opened: list[tuple[BrowserContext, Visit]] = []

    def open_page(*, size: dict[str, int] = DESK, **options: Any) -> Visit:
        context = browser.new_context(
            viewport=size,
            timezone_id="Europe/Athens",
            reduced_motion="reduce",
            **options,
        )
        context.add_init_script("window.geoaccmrTest = {};")
        opened.append((context, watched(context, site)))
        return opened[-1][1]

    yield open_page
    for context, _ in opened:
        context.close()
    for _, kept in opened:
        assert kept.strangers == []
        assert kept.errors == []
