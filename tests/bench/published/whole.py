"""A layer whole: as GeoJSON against COPY of the same text, and as files against GDAL."""

import http.client
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from statistics import median
from typing import Any

import psycopg

from tests.bench.client import downloading
from tests.bench.contenders import Maker, contender
from tests.bench.figures import Figure, Promise, Result
from tests.bench.published.items import OURS, TIPG, Servers
from tests.bench.published.programs import (
    following,
    from_api,
    from_postgis,
    paging,
    psql_copy,
    pyarrow_from_postgis,
)
from tests.bench.published.worlds import PEER_SCHEMA, Layers
from tests.bench.server import HOST, serving
from tests.bench.turns import Plan, Turns

Way = tuple[str, Maker, tuple[Any, ...]]
"""A contender: its name, what makes it, with which arguments."""

TIPG_PAGE = 10_000
GDAL_PAGES = (1_000, 10_000)
MOST_MB = 150.0
N_EXPORTS = 5
FIRST_BYTE_S = 0.5
PULL_ROUNDS = 1
LONG_ROUNDS = 3
"""Rounds where one answer takes many seconds; one where tipg takes minutes."""


def whole(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure the export of GeoJSON, of the ordinary layer and of ten times as many."""
    _memory(place, result)
    _texts(plan, place, servers, result)
    for layer in (place.points, place.tenfold):
        n = place.sizes()[layer]
        what = f"GeoJSON of {n:,} rows"
        copied = "COPY of the same text"
        ways: list[Way] = [
            (OURS, downloading, (servers.ours.port, [_export(layer, "geojson")])),
            (copied, psql_copy, (place.url, _stored_text(place.url, layer))),
        ]
        paged: list[Way] = []
        if servers.peers:
            where = f"/collections/{PEER_SCHEMA}.{layer}/items"
            port = servers.of(TIPG).port
            paged.append((TIPG, paging, (port, where, TIPG_PAGE, n)))
        is_long = layer == place.tenfold
        fewer = replace(plan, rounds=min(plan.rounds, LONG_ROUNDS))
        turns = _taken(fewer if is_long else plan, place, servers, ways)
        result.figures.append(turns.figure(f"{what} / {copied}", OURS, copied, Promise(0.9), by_cpu=False))  # fmt: skip
        result.details += turns.details(what)
        if paged:  # minutes a round where it is long: fewer of them
            once = replace(plan, rounds=1 if is_long else min(plan.rounds, LONG_ROUNDS))
            turns = _taken(once, place, servers, [ways[0], *paged])
            result.figures.append(turns.figure(f"{what} / paging through tipg", OURS, TIPG, Promise(9.0)))  # fmt: skip
            result.details += list(turns.details(f"{what}, in pages"))[1:]


def _export(layer: str, ending: str) -> str:
    return f"/api/v1/exports/{layer}.{ending}"


def _stored_text(url: str, layer: str) -> str:
    """Return the statement of the texts that our layer keeps."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT obj_description(%s::regclass, 'pg_class')::json ->> 'feature_text'",
            (f"published.{layer}",),
        ).fetchone()
    if row is None or row[0] is None:
        raise RuntimeError(f"layer {layer} keeps no texts")
    return f'SELECT "{row[0]}" FROM published.{layer}'  # noqa: S608


def _texts(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure three ways in which PostgreSQL writes the text, without any server."""
    table = f"{PEER_SCHEMA}.{place.points} t"
    feature = (
        "json_build_object('type', 'Feature', 'id', id, 'geometry',"
        " ST_AsGeoJSON(geom)::json, 'properties', to_jsonb(t) - 'geom' - 'id')"
    )
    stored, written, composed = "bare stored text", "bare ST_AsGeoJSON", "bare json_build_object"  # fmt: skip
    ways: list[Way] = [
        (stored, psql_copy, (place.url, _stored_text(place.url, place.points))),
        (written, psql_copy, (place.url, f"SELECT ST_AsGeoJSON(t) FROM {table}")),  # noqa: S608
        (composed, psql_copy, (place.url, f"SELECT {feature} FROM {table}")),  # noqa: S608
    ]
    turns = _taken(
        replace(plan, rounds=min(plan.rounds, LONG_ROUNDS)), place, servers, ways
    )
    result.figures += [
        turns.figure(
            "COPY of stored text / of ST_AsGeoJSON", stored, written, None, by_cpu=False
        ),
        turns.figure(
            "COPY of ST_AsGeoJSON / of json_build_object",
            written,
            composed,
            None,
            by_cpu=False,
        ),
    ]


def _taken(plan: Plan, place: Layers, servers: Servers, ways: Sequence[Way]) -> Turns:
    """Let each way read the whole once a round; a turn ends with the first answer."""
    turns = Turns(servers.ours, place.url, 1, servers.peers)
    with ExitStack() as stack:
        contenders = [
            stack.enter_context(contender(name, make, *arguments, is_warmed_up=False))
            for name, make, arguments in ways
        ]
        turns.take(contenders, replace(plan, seconds=0.0))
    return turns


def _memory(place: Layers, result: Result) -> None:
    """Measure the memory of a fresh server while it sends the largest layer."""
    first_s: list[float] = []
    with serving(place.url, DJANGO_SETTINGS_MODULE="geo_accmr.settings") as server:
        started_mb = server.peak_rss_mb()
        for _ in range(N_EXPORTS):
            first_s.extend(_first_bytes(server.port, _export(place.tenfold, "geojson")))
        peak_mb = server.peak_rss_mb()
    n = place.sizes()[place.tenfold]
    result.figures += [
        Figure(
            f"GeoJSON of {n:,} rows, peak memory of a worker",
            peak_mb,
            started_mb,
            "MB",
            peak_mb,
            Promise(MOST_MB, at_least=False),
        ),
        Figure(
            f"GeoJSON of {n:,} rows, first byte",
            median(first_s),
            None,
            "s",
            median(first_s),
            Promise(FIRST_BYTE_S, at_least=False),
        ),
    ]


def _first_bytes(port: int, path: str) -> Iterator[float]:
    """Yield how long the first bytes of features took; reads the answer to its end."""
    connection = http.client.HTTPConnection(HOST, port, timeout=600)
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read(1_024)
    yield time.perf_counter() - started
    room = bytearray(1 << 20)
    while answer.readinto(room):
        pass
    connection.close()


def files(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure the formats of files against the tools that write them from PostGIS."""
    layer, url = place.points, place.url
    n = place.sizes()[layer]
    against: dict[str, Way] = {
        "gpkg": ("ogr2ogr", from_postgis, (url, layer, "GPKG", "gpkg")),
        "fgb": ("ogr2ogr", from_postgis, (url, layer, "FlatGeobuf", "fgb")),
        "parquet": ("pyarrow", pyarrow_from_postgis, (url, layer)),
    }
    for ending, way in against.items():
        ours: Way = (OURS, downloading, (servers.ours.port, [_export(layer, ending)]))
        fewer = replace(plan, rounds=min(plan.rounds, 5))
        turns = _taken(fewer, place, servers, [ours, way])
        what = f".{ending} of {n:,} rows"
        # As time: 1.3 is 1.3 times as long.
        result.figures.append(
            turns.time_figure(
                f"{what} / {way[0]}", OURS, way[0], Promise(1.3, at_least=False)
            )
        )
        result.details += turns.details(what)


def pull(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure GDAL reading a collection through OGC API - Features, and what it asks.

    GDAL takes most of the time for itself: the same pages, asked for by a client that
    does not look at them, show what is the servers'.
    """
    layer = place.double
    n = place.sizes()[layer]
    peer = f"/collections/{PEER_SCHEMA}.{layer}"
    fewer = replace(plan, rounds=min(plan.rounds, PULL_ROUNDS))
    for page in GDAL_PAGES:
        here = f"/ogc/collections/{layer}"
        by_gdal: list[Way] = [(OURS, from_api, (servers.ours.port, here, page))]
        alone: list[Way] = [
            (OURS, following, (servers.ours.port, f"{here}/items?limit={page}"))
        ]
        if servers.peers:
            port = servers.of(TIPG).port
            by_gdal.append((TIPG, from_api, (port, peer, page)))
            alone.append((TIPG, paging, (port, f"{peer}/items", page, n)))
        for what, ways, promise in (
            (f"GDAL pulls {n:,} points, pages of {page:,}", by_gdal, Promise(5.0)),
            (f"the same pages of {page:,} without GDAL", alone, None),
        ):
            turns = _taken(fewer, place, servers, ways)
            if servers.peers:
                result.figures.append(turns.figure(f"{what} / tipg", OURS, TIPG, promise))  # fmt: skip
            result.details += turns.details(what)
