"""The published layers against their peers: one run, in turn, over one database."""

import sys
from collections.abc import Callable, Collection
from contextlib import ExitStack

from tests.bench.figures import Result
from tests.bench.published.growth import pages
from tests.bench.published.items import PYGEOAPI, TIPG, Servers, item, items
from tests.bench.published.peer_packages import peer_versions
from tests.bench.published.peer_servers import pygeoapi, tipg
from tests.bench.published.tiles import tile
from tests.bench.published.whole import files, pull, whole
from tests.bench.published.worlds import Layers, layers_world
from tests.bench.server import serving
from tests.bench.turns import Plan

Scenario = Callable[[Plan, Layers, Servers, Result], None]

SCENARIOS: dict[str, Scenario] = {
    "items": items,
    "item": item,
    "pages": pages,
    "tile": tile,
    "files": files,
    "pull": pull,
    "whole": whole,
}


def published(
    plan: Plan, wanted: Collection[str], result: Result, *, with_peers: bool
) -> None:
    """Measure the scenarios that are wanted."""
    place = layers_world(plan.points, plan.seed)
    with ExitStack() as stack:
        start = stack.enter_context
        peers = {}
        if with_peers:
            peers = {TIPG: start(tipg(place)), PYGEOAPI: start(pygeoapi(place))}
            result.conditions |= peer_versions()
        servers = Servers(start(serving(place.url)), peers)
        for name, scenario in SCENARIOS.items():
            if name in wanted:
                sys.stderr.write(f"  measuring {name}\n")
                scenario(plan, place, servers, result)
