"""Pages of features in a box, one feature by its key, against the peers and PostGIS."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import orjson

from tests.bench.client import fetched, over_http
from tests.bench.contenders import contender
from tests.bench.figures import Promise, Result
from tests.bench.published.requests import (
    boxes,
    drf_items,
    gets,
    keys,
    our_items,
    places_of,
    pygeoapi_items,
    tipg_items,
)
from tests.bench.published.worlds import PEER_SCHEMA, Layers
from tests.bench.server import Server
from tests.bench.statements import bare_pages
from tests.bench.turns import Plan, Turns

OURS, TIPG, PYGEOAPI, DRF, BARE = "ours", "tipg", "pygeoapi", "DRF-GIS", "bare"
TIMES_TIPG = {10: 3.0, 100: 4.0, 1_000: 6.0, 10_000: 8.0}
SLOW_ROUNDS = 2
"""Rounds where a single answer of a peer takes seconds."""


@dataclass(frozen=True, slots=True)
class Servers:
    """What runs: the project's server, and the peers' by name where they are asked for."""

    ours: Server
    peers: Mapping[str, Server] = field(default_factory=dict)

    def of(self, name: str) -> Server:
        """Return the server that answers a contender; DRF-GIS lives in the project's."""
        return self.peers.get(name, self.ours)


def items(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure pages in boxes that hold twice a page, so that every page is full."""
    lon_lat = places_of(place.n_points, plan.seed)
    for limit in TIMES_TIPG:
        asked = boxes(lon_lat, 2 * limit, plan.seed)
        paths = {
            OURS: our_items(place.points, asked, limit),
            DRF: drf_items(asked, limit),
        }
        if servers.peers:
            paths[TIPG] = tipg_items(place.points, asked, limit)
            paths[PYGEOAPI] = pygeoapi_items(place.points, asked, limit)
        check_same(servers, paths)
        for connections in (1, plan.connections):
            _pages(plan, place, servers, result, paths, limit, connections)


def check_same(servers: Servers, paths: Mapping[str, Sequence[str]]) -> None:
    """Refuse to compare times of servers that do not find the same features."""
    found = {name: _codes(servers.of(name), asked[0]) for name, asked in paths.items()}
    for name, codes in found.items():
        if len(set(codes) ^ set(found[OURS])) > len(codes) // 1_000:
            raise RuntimeError(f"{name} finds other features than {OURS}")


def _codes(server: Server, path: str) -> list[str]:
    found = orjson.loads(fetched(server.port, path))
    features = found.get("results", found)["features"]  # DRF pages a collection
    return [feature["properties"]["code"] for feature in features]


def _pages(
    plan: Plan,
    place: Layers,
    servers: Servers,
    result: Result,
    paths: Mapping[str, Sequence[str]],
    limit: int,
    connections: int,
) -> None:
    what = f"items, limit {limit:,}, {connections} conn."
    is_slow = limit == max(TIMES_TIPG)
    rounds = min(plan.rounds, SLOW_ROUNDS) if is_slow else plan.rounds
    turns = Turns(servers.ours, place.url, connections, servers.peers)
    with ExitStack() as stack:
        start = stack.enter_context
        contenders = [
            start(
                contender(
                    name,
                    over_http,
                    servers.of(name).port,
                    gets(asked),
                    connections=connections,
                    # All but the one that would take minutes for it.
                    is_warmed_up=not (is_slow and name == DRF),
                )
            )
            for name, asked in paths.items()
        ]
        bare = contender(
            BARE, bare_pages, place.url, paths[OURS], connections=connections
        )
        contenders.append(start(bare))
        turns.take(contenders, replace(plan, rounds=rounds))
    promises = {
        TIPG: Promise(TIMES_TIPG[limit]),
        PYGEOAPI: Promise(6.0),
        DRF: Promise(15.0),
        BARE: Promise(0.8) if limit == 1_000 else None,
    }
    for name, promise in promises.items():
        if name in turns.samples:
            result.figures.append(turns.figure(f"{what} / {name}", OURS, name, promise))
    result.details += turns.details(what)


def item(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure one feature by its key."""
    asked = keys(place.n_points, plan.seed)
    paths = {
        OURS: [f"/ogc/collections/{place.points}/items/{key}" for key in asked],
        TIPG: [f"/collections/{PEER_SCHEMA}.{place.points}/items/{k}" for k in asked],
        PYGEOAPI: [f"/collections/{place.points}/items/{k}?f=json" for k in asked],
    }
    for connections in (1, plan.connections):
        turns = Turns(servers.ours, place.url, connections, servers.peers)
        with ExitStack() as stack:
            contenders = [
                stack.enter_context(
                    contender(
                        name,
                        over_http,
                        servers.of(name).port,
                        gets(paths[name]),
                        connections=connections,
                    )
                )
                for name in (OURS, *servers.peers)
            ]
            bare = contender(
                BARE, bare_pages, place.url, paths[OURS][:100], connections=connections
            )
            contenders.append(stack.enter_context(bare))
            turns.take(contenders, plan)
        what = f"one feature, {connections} conn."
        promises = {TIPG: Promise(2.5), PYGEOAPI: None, BARE: None}
        for name, promise in promises.items():
            if name in turns.samples:
                figure = turns.figure(f"{what} / {name}", OURS, name, promise)
                result.figures.append(figure)
        result.details += turns.details(what)
