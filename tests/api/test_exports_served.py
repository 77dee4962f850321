"""Exports through the real web server: what a socket sees when something goes wrong.

The server is gunicorn with our worker, set up as `./dev run` sets it up, on the test's own database.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[2]
N = 100_000
WIDE = 1000

TABLE = f"""
DROP TABLE IF EXISTS published.wide, published.torn;
CREATE TABLE published.wide AS
 SELECT n AS id, repeat('x', {WIDE}) AS text FROM generate_series(1, {N}) n;
CREATE TABLE published.torn (id bigint PRIMARY KEY, text text);
INSERT INTO published.torn SELECT n, repeat('x', {WIDE}) FROM generate_series(1, 20000) n;
CREATE VIEW published."torn-apart" AS
 SELECT id, text, 10 / (19000 - id) AS broken FROM published.torn;
COMMENT ON TABLE published.wide IS '{{"layer": true, "counters": ["layer:wide"]}}';
COMMENT ON VIEW published."torn-apart" IS '{{"layer": true, "counters": ["layer:torn"]}}';
"""  # noqa: S608 (numbers of our own)


def database() -> dict[str, Any]:
    """Return how psycopg connects to the test's database, beside every test."""
    known = settings.DATABASES["default"]
    return {
        "dbname": connection.settings_dict["NAME"],
        "user": known["USER"],
        "password": known["PASSWORD"],
        "host": known["HOST"],
        "port": known["PORT"] or None,
    }


@pytest.fixture(scope="module")
def layers(django_db_setup: None) -> Iterator[None]:
    """A layer of 100 MB, and one whose 19,000th row cannot be computed; committed."""
    with psycopg.connect(**database(), autocommit=True) as line:
        line.execute(TABLE)
        role = settings.PUBLISHED_ROLE
        line.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA published TO "{role}"')
        yield
        line.execute('DROP VIEW published."torn-apart"')
        line.execute("DROP TABLE published.wide, published.torn")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the server puts files together."""
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def port(layers: None, folder: Path) -> Iterator[int]:
    """Return the port of a server of one process."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    known = database()
    at = known["host"] if not known["host"].startswith("/") else ""
    url = f"postgres://{known['user']}:{known['password']}@{at}"
    url += f":{known['port']}" if known["port"] else ""
    url += f"/{known['dbname']}" + ("" if at else f"?host={known['host']}")
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "EXPORT_DIR": str(folder),
        "EXPORTS_AT_ONCE": "3",
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "gunicorn", "geo_accmr.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{number}", "--workers", "1"]
    command += [
        "--worker-class",
        "geo_accmr.worker.Worker",
        "--threads",
        "4",
        "--log-level",
        "critical",
    ]
    server = subprocess.Popen(command, cwd=REPOSITORY, env=env)
    try:
        _await(number)
        yield number
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def _await(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            assert ask(port, "/healthz").status == 200
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Connection": "close", **headers})
    return line.getresponse()


def running() -> int:
    """Return how many exports the database works on."""
    with psycopg.connect(**database(), autocommit=True) as line:
        found = line.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'geoaccmr-public' AND state = 'active'"
            " AND query LIKE 'COPY%'"
        ).fetchone()
    assert found is not None
    return int(found[0])


def becomes(expected: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if running() == expected:
            return True
        time.sleep(0.05)
    return False


def request(port: int, path: str, version: str = "1.1") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.sendall(f"GET {path} HTTP/{version}\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return line


def test_an_export_that_fails_on_its_way_is_seen_to_fail(port: int) -> None:
    answer = ask(port, "/api/v1/exports/torn-apart.csv")
    assert answer.status == 200
    assert answer.getheader("Transfer-Encoding") == "chunked"
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert len(cut.value.partial) > 1_000_000


@pytest.mark.parametrize("code", ["geojson", "geojsonl", "parquet"])
def test_no_format_ends_properly_when_it_fails(port: int, code: str) -> None:
    answer = ask(port, f"/api/v1/exports/torn-apart.{code}")
    if answer.status == 200:  # something had been sent
        with pytest.raises(http.client.IncompleteRead):
            answer.read()
    else:  # not one piece was ready: an error like any other
        assert answer.status == 400


@pytest.mark.parametrize("code", ["gpkg", "fgb", "xlsx", "shp.zip"])
def test_a_file_that_cannot_be_made_is_a_problem(
    port: int, code: str, folder: Path
) -> None:
    answer = ask(port, f"/api/v1/exports/torn-apart.{code}")
    assert answer.status == 400
    assert answer.getheader("Content-Type") == "application/problem+json"
    assert b"division by zero" in answer.read()
    assert list(folder.iterdir()) == []


def test_who_speaks_http_1_0_gets_a_length_or_a_problem(port: int) -> None:
    with request(port, "/api/v1/exports/torn-apart.csv", "1.0") as line:
        said = line.makefile("rb").read()
    assert said.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    with request(port, "/api/v1/exports/torn-apart.csv?id=1", "1.0") as line:
        head, _, body = line.makefile("rb").read().partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head


def test_a_reader_who_goes_stops_the_query(port: int) -> None:
    line = request(port, "/api/v1/exports/wide.geojson")
    assert line.recv(65_536).startswith(b"HTTP/1.1 200")
    assert becomes(1)
    line.close()
    assert becomes(0)
    # Its slot and its thread are free again.
    for _ in range(4):
        gone = request(port, "/api/v1/exports/wide.csv")
        assert gone.recv(65_536).startswith(b"HTTP/1.1 200")
        gone.close()
        assert becomes(0)


def test_a_reader_who_goes_before_the_file_is_made_stops_the_query(
    port: int, folder: Path
) -> None:
    line = request(port, "/api/v1/exports/wide.gpkg")
    assert becomes(1)
    assert list(folder.iterdir()) != []
    line.close()
    assert becomes(0)
    end = time.monotonic() + 10
    while list(folder.iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


def test_the_first_bytes_do_not_wait_for_the_last(port: int) -> None:
    ask(port, "/api/v1/exports/wide.csv?id=1").read()  # everything is loaded
    began = time.monotonic()
    line = request(port, "/api/v1/exports/wide.geojson")
    line.recv(1)
    first = time.monotonic() - began
    received = 0
    while piece := line.recv(1_048_576):
        received += len(piece)
        if piece.endswith(b"0\r\n\r\n"):
            break
    line.close()
    assert received > N * WIDE
    assert first < 0.5


def test_who_comes_when_all_slots_are_taken_is_told_when_to_return(port: int) -> None:
    lines = [request(port, "/api/v1/exports/wide.geojson") for _ in range(3)]
    for line in lines:
        assert line.recv(1000).startswith(b"HTTP/1.1 200")
    answer = ask(port, "/api/v1/exports/wide.csv")
    assert answer.status == 503
    assert answer.getheader("Retry-After") == "5"
    for line in lines:
        line.close()
    assert becomes(0)


def test_a_file_comes_whole_and_leaves_nothing_behind(port: int, folder: Path) -> None:
    answer = ask(port, "/api/v1/exports/wide.fgb?properties=id")
    said: Any = answer.read()
    assert len(said) == int(answer.getheader("Content-Length") or 0)
    assert said.startswith(b"fgb")
    assert list(folder.iterdir()) == []
