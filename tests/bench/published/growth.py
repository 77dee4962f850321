"""What does not grow: a page over a hundred times the rows, and the last page of all."""

from collections.abc import Mapping
from contextlib import ExitStack
from statistics import median

import orjson

from tests.bench.client import fetched, over_http
from tests.bench.contenders import contender
from tests.bench.figures import Figure, Promise, Result, ratio
from tests.bench.published.items import Servers
from tests.bench.published.requests import boxes, gets, our_items, places_of
from tests.bench.published.worlds import Layers
from tests.bench.server import Server
from tests.bench.turns import Plan, Turns

LIMIT = 100
DEEP_LIMIT = 1_000
STRIDE = 10_000
PROMISE = Promise(1.3, at_least=False)


def pages(plan: Plan, place: Layers, servers: Servers, result: Result) -> None:
    """Measure pages over more rows, and deep ones."""
    sizes = place.sizes()
    small, large = place.tenth, place.tenfold
    what = f"{sizes[large]:,} / {sizes[small]:,} rows"
    first = {
        layer: [f"/ogc/collections/{layer}/items?limit={LIMIT}"]
        for layer in (small, large)
    }
    in_box = {
        # Boxes of as many rows: what is not asked for is what grows.
        layer: our_items(
            layer,
            boxes(places_of(sizes[layer], plan.seed), 2 * LIMIT, plan.seed),
            LIMIT,
        )
        for layer in (small, large)
    }
    wide = {
        layer: our_items(
            layer,
            boxes(places_of(sizes[layer], plan.seed), sizes[layer] // 2, plan.seed),
            LIMIT,
        )
        for layer in (small, large)
    }
    result.figures += [
        _figure(f"page, {what}", plan, place, servers, first, large, small),
        _figure(f"page in a box, {what}", plan, place, servers, in_box, large, small),
        _figure(f"page in a box of half, {what}", plan, place, servers, wide, large, small),
    ]  # fmt: skip
    deep = {
        "first": [f"/ogc/collections/{large}/items?limit={DEEP_LIMIT}"],
        "deep": [_deep_page(servers.ours, large, sizes[large])],
    }
    what = f"page behind 90 % of {sizes[large]:,} rows / first"
    compared = _figure(what, plan, place, servers, deep, "deep", "first")
    result.figures.append(compared)


def _deep_page(server: Server, layer: str, n: int) -> str:
    """Return the page behind nine tenths of a layer, found by following `next`."""
    stride = min(STRIDE, max(1, n // 10))
    path = f"/ogc/collections/{layer}/items?limit={stride}"
    for _ in range(n * 9 // 10 // stride):
        links = orjson.loads(fetched(server.port, path))["links"]
        (after,) = (link["href"] for link in links if link["rel"] == "next")
        path = after[after.index("/ogc/") :]
    return path.replace(f"limit={stride}", f"limit={min(DEEP_LIMIT, stride)}")


def _figure(
    name: str,
    plan: Plan,
    place: Layers,
    servers: Servers,
    paths: Mapping[str, list[str]],
    over: str,
    under: str,
) -> Figure:
    turns = Turns(servers.ours, place.url)
    with ExitStack() as stack:
        contenders = [
            stack.enter_context(
                contender(key, over_http, servers.ours.port, gets(asked))
            )
            for key, asked in paths.items()
        ]
        turns.take(contenders, plan)
    a, b = turns.p50_ms(over), turns.p50_ms(under)
    return Figure(name, median(a), median(b), "ms p50", ratio(a, b), PROMISE)
