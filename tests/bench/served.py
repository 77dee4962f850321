"""What is answered over HTTP, against bare statements and the DRF-GIS peer."""

from collections.abc import Collection
from contextlib import ExitStack
from statistics import median

from tests.bench.client import get, over_http
from tests.bench.contenders import contender
from tests.bench.figures import Figure, Promise, Result, ratio
from tests.bench.questions import (
    near_questions,
    near_requests,
    page_paths,
    peer_near_requests,
    peer_requests,
)
from tests.bench.server import Server, serving
from tests.bench.statements import bare_nearest, bare_pages, lean_nearest
from tests.bench.turns import Plan, Turns
from tests.bench.world import World, world

LIMIT = 1000


def served(plan: Plan, wanted: Collection[str], result: Result) -> None:
    """Measure what is answered over HTTP."""
    place = world(plan.points, plan.demand, plan.seed)
    with serving(place.url) as server:
        if "nearest" in wanted:
            _nearest(plan, place, server, result)
        if "list" in wanted:
            _list(plan, place, server, result)


def _warm_up(server: Server, plan: Plan, requests: list[bytes]) -> None:
    """Let every worker answer once before the clock runs."""
    with contender(
        "warm-up", over_http, server.port, requests, connections=plan.connections
    ) as everyone:
        everyone.run(plan.seconds)


def _nearest(plan: Plan, place: World, server: Server, result: Result) -> None:
    questions = near_questions(place.url, plan.seed)
    requests, peers = near_requests(questions), peer_near_requests(questions)
    _warm_up(server, plan, [*requests, *peers[:50]])
    turns = Turns(server, place.url)
    with ExitStack() as stack:
        start = stack.enter_context
        four = [
            start(contender("POST /api/v1/nearest", over_http, server.port, requests)),
            start(contender("bare statement", bare_nearest, place.url, questions)),
            start(contender("lean statement", lean_nearest, place.url, questions)),
            start(contender("DRF-GIS distance filter", over_http, server.port, peers)),
        ]
        turns.take(four, plan)
    served_, bare, lean, peer = (one.name for one in four)
    result.figures += [
        turns.figure("nearest / bare statement", served_, bare, Promise(0.4)),
        turns.figure("nearest / lean statement", served_, lean, None),
        turns.figure("nearest / DRF-GIS distance filter", served_, peer, Promise(25.0)),
    ]
    result.details += turns.details()
    many = Turns(server, place.url, plan.connections)
    with contender(
        served_, over_http, server.port, requests, connections=plan.connections
    ) as one:
        many.take([one], plan)
    result.details += many.details()


def _list(plan: Plan, place: World, server: Server, result: Result) -> None:
    paths = page_paths(server.port, LIMIT)
    ours, peer = f"GET service-points?limit={LIMIT}", f"DRF-GIS view, limit={LIMIT}"
    requests = {
        ours: [get(path) for path in paths],
        peer: peer_requests(LIMIT, len(paths)),
    }
    _warm_up(server, plan, [asked[0] for asked in requests.values()])
    for connections in (1, plan.connections):
        turns = Turns(server, place.url, connections)
        with ExitStack() as stack:
            contenders = [
                stack.enter_context(
                    contender(
                        name, over_http, server.port, asked, connections=connections
                    )
                )
                for name, asked in requests.items()
            ]
            if connections == 1:
                bare = contender("bare page", bare_pages, place.url, paths)
                contenders.append(stack.enter_context(bare))
            turns.take(contenders, plan)
        label = f"list of {LIMIT}, {connections} conn."
        result.figures.append(
            turns.figure(f"{label} / DRF-GIS", ours, peer, Promise(20.0))
        )
        if connections == 1:
            result.figures.append(
                turns.figure(f"{label} / bare statement", ours, "bare page", None)
            )
        result.details += turns.details()


def growth(plan: Plan, result: Result) -> None:
    """Measure how much longer an answer takes over ten times the rows."""
    places = [world(size, plan.demand, plan.seed) for size in plan.sizes]
    with ExitStack() as stack:
        start = stack.enter_context
        servers = [start(serving(place.url)) for place in places]
        for what in ("nearest", "list"):
            times: list[list[float]] = [[] for _ in places]
            contenders = [
                start(
                    contender(
                        what, over_http, server.port, _asked(what, place, server, plan)
                    )
                )
                for place, server in zip(places, servers, strict=True)
            ]
            for turn in range(plan.rounds):
                order = range(len(places))[:: 1 if turn % 2 == 0 else -1]
                for n in order:
                    times[n].append(contenders[n].run(plan.seconds).p50_ms)
            for n in range(1, len(places)):
                small, large = plan.sizes[n - 1], plan.sizes[n]
                result.figures.append(
                    Figure(
                        f"{what}, {large:,} / {small:,} rows",
                        median(times[n]),
                        median(times[n - 1]),
                        "ms p50",
                        ratio(times[n], times[n - 1]),
                        Promise(2.0, at_least=False),
                    )
                )


def _asked(what: str, place: World, server: Server, plan: Plan) -> list[bytes]:
    if what == "nearest":
        return near_requests(near_questions(place.url, plan.seed))
    return [get(path) for path in page_paths(server.port, LIMIT)]
