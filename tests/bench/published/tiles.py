"""Tiles: made, kept and unchanged, against the bare statement; and those of low zooms."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from statistics import median

from tests.bench.client import etag_of, fetched, get, over_http
from tests.bench.contenders import contender
from tests.bench.figures import Figure, Promise, Result, ratio
from tests.bench.published.items import BARE, OURS, TIPG, Servers
from tests.bench.published.requests import Tile, gets, places_of, tiles
from tests.bench.published.worlds import PEER_SCHEMA, Layers
from tests.bench.server import Server, serving
from tests.bench.statements import bare_pages
from tests.bench.turns import Plan, Turns

KEEPS_NONE = {"BENCH_KEEPS_NO_TILES": "1"}
"""Settings of a server that makes every tile anew; tests/bench/peers.py reads them."""

KEPT, UNCHANGED = "ours, kept", "ours, 304"
DEEP = 14
LOW = (8, 9, 10, 11, 12)
MOST_KB = 100.0
AGAIN = 10
"""How often a tile is asked for, to see that its bytes stay."""


def ours(layer: str, asked: Sequence[Tile]) -> list[str]:
    """Return paths of tiles."""
    return [f"/tiles/{layer}/{z}/{x}/{y}.mvt" for z, x, y in asked]


def tile(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure tiles of zoom 14 and below."""
    with serving(place.url, **KEEPS_NONE) as making:
        _deep(plan, place, servers, making, result)
        _low(plan, place, making, result)


def _deep(
    plan: Plan, place: Layers, servers: Servers, making: Server, result: Result
) -> None:
    asked = tiles(places_of(place.n_points, plan.seed), DEEP, plan.seed)
    paths = ours(place.points, asked)
    _check_same_bytes(making, paths)
    known = [
        get(path, if_none_match=etag_of(servers.ours.port, path)) for path in paths
    ]
    requests = {OURS: gets(paths), KEPT: gets(paths), UNCHANGED: known}
    where = f"/collections/{PEER_SCHEMA}.{place.points}/tiles/WebMercatorQuad"
    peers = {OURS: making}
    if servers.peers:
        requests[TIPG] = gets([f"{where}/{z}/{x}/{y}" for z, x, y in asked])
        peers[TIPG] = servers.of(TIPG)
    for connections in (1, plan.connections):
        turns = Turns(servers.ours, place.url, connections, peers)
        with ExitStack() as stack:
            contenders = [
                stack.enter_context(
                    contender(
                        name,
                        over_http,
                        turns.server_of(name).port,
                        asked_,
                        connections=connections,
                    )
                )
                for name, asked_ in requests.items()
            ]
            bare = contender(
                BARE, bare_tiles, place.url, paths, connections=connections
            )
            contenders.append(stack.enter_context(bare))
            turns.take(contenders, plan)
        what = f"tile z{DEEP}, {connections} conn."
        result.figures += [
            turns.figure(f"{what} / bare", OURS, BARE, Promise(0.85)),
            turns.figure(f"{what}, unchanged / bare", UNCHANGED, BARE, Promise(20.0)),
            turns.figure(f"{what}, kept / bare", KEPT, BARE, None),
        ]
        if TIPG in turns.samples:
            result.figures.append(turns.figure(f"{what} / tipg", OURS, TIPG, None))
        result.details += turns.details(what)


def bare_tiles(database_url: str, paths: Sequence[str]) -> object:
    """Return what runs the statements behind tiles that are made anew."""
    import os

    os.environ.update(KEEPS_NONE)
    return bare_pages(database_url, paths)


def _check_same_bytes(server: Server, paths: Sequence[str]) -> None:
    """Refuse a server whose tiles differ from one answer to the next."""
    for path in paths[:AGAIN]:
        bodies = {
            hashlib.sha256(fetched(server.port, path)).digest() for _ in range(AGAIN)
        }
        if len(bodies) > 1:
            raise RuntimeError(f"{path} differs from one answer to the next")


def _low(plan: Plan, place: Layers, making: Server, result: Result) -> None:
    """Measure crowded zooms over ten times the points; the first answer gathers them."""
    layers = (place.points, place.tenfold)
    asked = {
        layer: {
            zoom: ours(layer, tiles(places_of(n, plan.seed), zoom, plan.seed, n=16))
            for zoom in LOW
        }
        for layer, n in place.sizes().items()
        if layer in layers
    }
    largest_kb = 0.0
    for zooms in asked.values():
        for paths in zooms.values():
            sizes = [len(fetched(making.port, path)) / 1e3 for path in paths]
            largest_kb = max(largest_kb, *sizes)
    for zoom in LOW:
        turns = Turns(making, place.url)
        with ExitStack() as stack:
            contenders = [
                stack.enter_context(
                    contender(layer, over_http, making.port, gets(asked[layer][zoom]))
                )
                for layer in layers
            ]
            turns.take(contenders, replace(plan, seconds=plan.seconds / 2))
        small, large = (turns.p50_ms(layer) for layer in layers)
        result.figures.append(
            Figure(
                f"tile z{zoom}, {place.sizes()[place.tenfold]:,} / {place.n_points:,} points",
                median(large),
                median(small),
                "ms p50",
                ratio(large, small),
                Promise(2.0, at_least=False),
            )
        )
        result.details += turns.details(f"tile z{zoom}")
    result.figures.append(
        Figure(
            f"largest tile, z{LOW[0]} to z{LOW[-1]}",
            largest_kb,
            None,
            "kB",
            largest_kb,
            Promise(MOST_KB, at_least=False),
        )
    )
