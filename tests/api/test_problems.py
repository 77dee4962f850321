"""Every error has one shape, whatever went wrong and wherever."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from layers.api.urls import urlpatterns
from layers.errors import Unavailable
from layers.params.reading import MOST_FIELDS
from tests.api.world import World

pytestmark = pytest.mark.django_db

MEMBERS = {"type", "title", "status", "detail", "instance"}
MORE = {"parameter", "errors"}

ADDRESSES = (
    "", "service-points", "service-points/x", "nearest", "districts", "districts/x",
    "districts/x/y", "organizations", "organizations/x", "services", "services/x",
    "locations", "locations/x", "taxonomies", "taxonomies/x", "committees",
    "committees/x", "coverage", "gaps", "profiles", "runs", "runs/x", "runs/x/change", "jobs", "jobs/x",
    "scenarios", "scenarios/compare", "scenarios/x", "scenarios/x/result", "critical-services", "siting", "feedback", "service-requests", "activities", "open-calls", "exports", "exports/x.csv",
    "schema", "docs", "nothing/here",
)  # fmt: skip

HOSTILE_QUERIES = (
    "%", "%zz=1", "%00=%00", "a=%00", "q=%c3%28", "q=" + "%F0%9F%98%80" * 200, "lang=%0d%0aX: y",
    "limit=1e400", "limit=0x10", "limit=１", "limit=+5", "limit=--5", "bbox=,,,", "bbox=1;2;3;4",
    "lon=NaN&lat=Infinity", "lon=1e308&lat=1e-308", "lon=" + "9" * 5000, "cursor=//8=",
    "cursor=WzEsMiwzXQ", "cursor=bnVsbA", "q=" + "a " * 50, "q=%25%25%25a", "q=%27%22%3B--a",
    "open_at=now&open_at=now", "open_at=2026-11-21T24:00:00Z", "open_at=2026-11-21T10:00:60Z",
    "category=" + ",".join(["hospital"] * 500), "category=hospital%00", "f=../../etc/passwd",
    "facets=" + "category," * 50, "simplify=-0", "simplify=1e-320", "age=.5.", "age=%D9%A3",
    "&" * 2000, "=", "=&=&=", "q=%E2%80%AE%D9%87a", "q=e%CC%81" + "%CC%81" * 90,
    "&".join(f"x{n}=1" for n in range(MOST_FIELDS + 1)),
)  # fmt: skip


def shape(answer: object) -> None:
    """Check that an answer is a problem, complete and safe."""
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "no-store"
    said = answer.json()
    assert set(said) >= MEMBERS
    assert set(said) <= MEMBERS | MORE
    assert said["status"] == answer.status_code
    assert said["type"].startswith("/api/v1/docs#")
    assert "?" not in said["instance"]
    assert len(said["detail"]) < 4000
    assert "Traceback" not in said["detail"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_query_breaks_an_endpoint(
    world: World, client: Client, address: str
) -> None:
    for query in HOSTILE_QUERIES:
        answer = client.get(
            f"/api/v1/{address}",
            QUERY_STRING=query.encode().decode("latin-1"),
        )
        assert answer.status_code < 500, (address, query)
        if answer.status_code >= 400:
            shape(answer)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"])
def test_no_method_breaks_an_endpoint(
    world: World, client: Client, address: str, method: str
) -> None:
    answer = client.generic(method, f"/api/v1/{address}", b"{}", "application/json")
    assert 400 <= answer.status_code < 500
    shape(answer)
    if answer.status_code == 405:
        assert {"GET", "POST"} & set(answer["Allow"].split(", "))


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "\x00"},
        {"accept": "a/b;q=x, ;;;,"},
        {"accept": "," * 5000},
        {"accept-language": "x" * 600},
        {"accept-language": "el;q=2, *;q=-1,, \xff"},
        {"accept-language": "en;q=0"},
        {"accept-encoding": "gzip;q=;;,\x00"},
        {"if-none-match": '"' * 500},
        {"if-none-match": 'W/"\xff'},
        {"if-none-match": "*"},
        {"range": "bytes=0-1"},
        {"if-modified-since": "yesterday"},
        {"x-http-method-override": "DELETE"},
        {"content-length": "9" * 30},
    ],
    ids=lambda h: next(iter(h)),
)
def test_no_header_breaks_an_endpoint(
    world: World, client: Client, headers: dict[str, str]
) -> None:
    answer = client.get("/api/v1/service-points", headers=headers)
    assert answer.status_code in (200, 304, 406)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1/service-points/",
        "/api/v1/service-points/a/b/c",
        "/api/v1/../../etc/passwd",
        "/api/v1/%00",
        "/api/v1/%0a",
        "/api/v1/%ff%fe",
        "/api/v1/" + "x" * 5000,
        "/api/v1/Κυψέλη",
        "/api/v1//",
    ],
)
def test_an_address_that_is_none_says_so_in_the_same_shape(
    world: World, client: Client, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    shape(answer)


@pytest.mark.parametrize(
    "fault", [Unavailable("busy"), OperationalError("secret host and password")]
)
def test_a_database_that_is_away_says_when_to_come_back(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def away(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("layers.published.service_points.read_one", away)
    answer = client.get("/api/v1/service-points")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    shape(answer)
    assert b"secret" not in answer.content


def test_a_mistake_of_ours_has_the_same_shape_and_tells_nothing(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("layers.api.service_points.service_points.page", broken)
    client.raise_request_exception = False
    answer = client.get("/api/v1/service-points")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith("#internal-error")
    assert b"secret" not in answer.content


def test_a_host_that_is_not_ours_is_refused_in_the_same_shape(client: Client) -> None:
    answer = client.get("/api/v1/service-points", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("#bad-request")


def test_a_real_statement_timeout_is_a_503(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "layers.published.service_points._page_sql",
        lambda *_, **__: "SELECT pg_sleep(5)",
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        answer = client.get("/api/v1/service-points")
        cursor.execute("SET LOCAL statement_timeout = 0")
    assert answer.status_code == 503
    shape(answer)
    assert "too long" in answer.json()["detail"]


def test_every_route_of_the_api_was_asked() -> None:
    assert len(urlpatterns) == len(ADDRESSES)
