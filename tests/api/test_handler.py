"""The short way of published data: the same answers as by the usual one."""

import io
import sys
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import StreamingHttpResponse
from pytest_django import DjangoDbBlocker

from geo_accmr.handler import Handler, is_data
from tests.api.ogc.zoo import forget, standing_zoo
from tests.api.world import World

pytestmark = pytest.mark.django_db

Reply = tuple[str, dict[str, str], bytes]
Ask = Callable[..., Reply]

ITEMS = "/ogc/collections/service-points/items"


@pytest.fixture(scope="module")
def zoo(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing_zoo(django_db_blocker):
        yield world


@pytest.fixture(autouse=True)
def fresh(zoo: World) -> Iterator[None]:
    forget()
    yield
    forget()


def environ(path: str, query: str = "", **more: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **more,
    }


def asked(handler: WSGIHandler, given: dict[str, Any]) -> Reply:
    """Return status, headers by small name, and body of an answer."""
    said: list[tuple[str, list[tuple[str, str]]]] = []
    parts = handler(given, lambda status, headers: said.append((status, headers)))
    body = b"".join(parts)
    ((status, headers),) = said
    found = {name.lower(): value for name, value in headers}
    assert len(found) == len(headers), "a header was sent twice"
    return status, found, body


@pytest.fixture(scope="module")
def short() -> Handler:
    return Handler()


@pytest.fixture(scope="module")
def usual() -> WSGIHandler:
    return WSGIHandler()


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Let no request close the connection of the test, as Django's client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (ITEMS, "limit=3", "200 OK"),
        (ITEMS, "limit=3&bbox=23.6,37.9,23.8,38.1", "200 OK"),
        (ITEMS, "limit=nothing", "400 Bad Request"),
        (f"{ITEMS}/none-of-that-name", "", "404 Not Found"),
        ("/ogc/collections/none", "", "404 Not Found"),
        ("/ogc/collections/service-points", "", "200 OK"),
        ("/ogc/collections/service-points/queryables", "", "200 OK"),
        ("/ogc/collections/service-points/nothing/there", "", "404 Not Found"),
        ("/tiles/service-points/12/2317/1580.mvt", "", "200 OK"),
        ("/tiles/service-points/3/99/0.mvt", "", "404 Not Found"),
        ("/tiles/service-points.json", "", "200 OK"),
        ("/tiles/", "", "200 OK"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["", "br"])
def test_both_ways_say_the_same(
    short: Handler,
    usual: WSGIHandler,
    path: str,
    query: str,
    status: str,
    method: str,
    coding: str,
) -> None:
    more = {"REQUEST_METHOD": method, "HTTP_ACCEPT_ENCODING": coding}
    given = environ(path, query, **more)
    assert is_data(given)
    here = asked(short, dict(given))
    there = asked(usual, dict(given))
    assert here[0] == status
    assert _comparable(here) == _comparable(there)
    assert here[1]["content-security-policy"].startswith("default-src 'none'")


def _comparable(reply: Reply) -> object:
    status, headers, body = reply
    apart = {"content-security-policy", "etag"}
    if b"timeStamp" in body or headers.get("content-encoding"):
        body = b""  # the moment of the answer is in it
        apart.add("content-length")
    if "geo+json" in headers["content-type"]:
        apart.add("content-length")
    kept = {name: value for name, value in headers.items() if name not in apart}
    return status, kept, body


def test_what_a_reader_has_is_not_sent_again(short: Handler) -> None:
    path = "/tiles/service-points/12/2317/1580.mvt"
    _, headers, _ = asked(short, environ(path))
    status, again, body = asked(
        short, environ(path, HTTP_IF_NONE_MATCH=headers["etag"])
    )
    assert status == "304 Not Modified"
    assert again["etag"] == headers["etag"]
    assert body == b""


@pytest.mark.parametrize(
    "given",
    [
        environ(ITEMS, "f=html"),
        environ(ITEMS, HTTP_ACCEPT="text/html,*/*"),
        environ(ITEMS, REQUEST_METHOD="POST"),
        environ(ITEMS, REQUEST_METHOD="OPTIONS"),
        environ(ITEMS, SCRIPT_NAME="/below"),
        environ("/ogc/"),
        environ("/en/"),
        environ("/api/v1/exports/service-points.csv"),
        environ("/tilesomething"),
    ],
)
def test_whatever_else_goes_the_usual_way(given: dict[str, Any]) -> None:
    assert not is_data(given)


def test_a_page_of_data_has_its_nonce(short: Handler) -> None:
    status, headers, body = asked(short, environ(ITEMS, "f=html"))
    assert status == "200 OK"
    assert "'nonce-" in headers["content-security-policy"]
    assert body.startswith(b"<!doctype html>")


def test_a_strange_host_is_refused(short: Handler) -> None:
    status, _, _ = asked(short, environ(ITEMS, HTTP_HOST="elsewhere.example"))
    assert status == "400 Bad Request"


def test_plain_http_is_sent_to_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    handler = Handler()
    status, headers, _ = asked(handler, environ(ITEMS))
    assert status == "301 Moved Permanently"
    assert headers["location"].startswith("https://localhost/")
    safe = {"wsgi.url_scheme": "https"}
    status, headers, _ = asked(handler, environ(ITEMS, "limit=1", **safe))
    assert status == "200 OK"
    assert headers["strict-transport-security"] == "max-age=60"


def test_a_fault_of_ours_is_told_and_logged(
    short: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    broken = patch("layers.ogc.items.items.page", side_effect=ZeroDivisionError)
    with broken:
        status, headers, _ = asked(short, environ(ITEMS))
    assert status == "500 Internal Server Error"
    assert headers["content-type"] == "application/problem+json"
    assert any(record.exc_info for record in caplog.records)


def test_what_is_not_whole_in_memory_goes_the_usual_way(short: Handler) -> None:
    def streaming(*_: object) -> StreamingHttpResponse:
        return StreamingHttpResponse(iter([b"a", b"b"]))

    with patch("layers.answers.resource.finished", side_effect=streaming):
        _, _, body = asked(short, environ(ITEMS))
    assert body == b"ab"
