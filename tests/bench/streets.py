"""Walks along streets against SciPy's search alone: `python -m tests.bench.streets`.

An invented city of 20 x 25 km: a bent grid of streets, 10,000 sites in 50 categories,
100,000 demand points. `engine` is the project's: each category from points to walking
metres of every demand point and the index of its site, the demand points placed on
the streets once a round, exactly. `bare` is `scipy.sparse.csgraph.dijkstra` with
`min_only` and nothing else: one call a category, from junctions that somebody has found
before the clock starts, to junctions, where nobody lives. No database is needed.

With `--ten-times` ten times the people and sites walk the same streets.
"""

import argparse
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.figures import Figure, Promise, Result, figure_table, ratio

WIDE_M, HIGH_M = 20_000.0, 25_000.0
SHARE_OF_STREETS = 0.9
BEND_M = 8.0
CATEGORIES = 50
CHECKED = 1_000
"""Origins whose walks are compared with a search of the bare matrix."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, and return 1 where a promise is missed."""
    asked = _parser().parse_args(arguments)
    import django

    django.setup()
    result = Result(_conditions(asked))
    city = City(asked.junctions, asked.demand, asked.sites, asked.seed)
    streets(city, asked.rounds, result)
    if asked.ten_times:
        _growth(asked, result)
    result.conditions["load_after"] = round(os.getloadavg()[0], 2)
    facts = ", ".join(f"{name} {value}" for name, value in result.conditions.items())
    sys.stdout.write(f"\n{facts}\n\n{figure_table(result.figures)}\n")
    if asked.json:
        asked.json.write_text(json.dumps(result.as_dict(), indent=1) + "\n")
    return 1 if result.missed() and not asked.never_fail else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--junctions", type=int, default=100_000)
    add("--demand", type=int, default=100_000)
    add("--sites", type=int, default=10_000)
    add("--seed", type=int, default=1)
    add("--rounds", type=int, default=5)
    add("--ten-times", action="store_true", help="also ten times the people and sites")
    add("--json", type=Path, metavar="FILE")
    add("--never-fail", action="store_true")
    return parser


def _conditions(asked: argparse.Namespace) -> dict[str, Any]:
    import scipy

    return {
        "junctions": asked.junctions,
        "demand": asked.demand,
        "sites": asked.sites,
        "categories": CATEGORIES,
        "rounds": asked.rounds,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "scipy": scipy.__version__,
        "load_before": round(os.getloadavg()[0], 2),
    }


class City:
    """Streets, people and sites, invented from a seed."""

    def __init__(self, junctions: int, demand: int, sites: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.streets = _streets(junctions, rng)
        size = np.array([WIDE_M, HIGH_M])
        self.homes = rng.uniform(0, 1, (demand, 2)) * size
        places = rng.uniform(0, 1, (sites, 2)) * size
        self.sites = np.array_split(places, CATEGORIES)


def _streets(junctions: int, rng: np.random.Generator) -> Any:
    """Return a bent grid, a tenth of its streets missing, each drawn with three bends."""
    from layers.selectors.streets import Streets

    columns = round((junctions * WIDE_M / HIGH_M) ** 0.5)
    rows = round(junctions / columns)
    step = np.array([WIDE_M / (columns - 1), HIGH_M / (rows - 1)])
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1)
    xy = grid.reshape(-1, 2) * step + rng.uniform(-0.3, 0.3, (rows * columns, 2)) * step
    number = np.arange(rows * columns).reshape(rows, columns)
    pairs = np.concatenate(
        [
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
            np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
        ]
    )
    pairs = pairs[rng.random(len(pairs)) < SHARE_OF_STREETS]
    share = np.linspace(0, 1, 5)[None, :, None]
    lines = xy[pairs[:, 0]][:, None] * (1 - share) + xy[pairs[:, 1]][:, None] * share
    lines[:, 1:-1] += rng.normal(0, BEND_M, lines[:, 1:-1].shape)
    length_m = np.hypot(*np.moveaxis(np.diff(lines, axis=1), 2, 0)).sum(axis=1)
    nothing = np.full(len(xy), np.nan)
    return Streets(
        node_ids=np.arange(len(xy)),
        xy=xy,
        elevation_m=nothing,
        local_detour=nothing,
        start=pairs[:, 0],
        end=pairs[:, 1],
        length_m=length_m,
        vertices=lines.reshape(-1, 2),
        first=np.arange(len(pairs) + 1) * 5,
    )


def streets(city: City, rounds: int, result: Result) -> None:
    """Measure nearest sites of every category, in turn, and what comes with them."""
    from layers.analysis.street_graphs import PreparedStreets
    from layers.analysis.street_network import StreetNetwork

    prepared, prepare_s = _timed(lambda: PreparedStreets(city.streets))
    engine = StreetNetwork(prepared)
    matrix = prepared.graph.matrix()
    starts = [_junctions(prepared, places) for places in city.sites]
    _check(engine, city)
    ours, bare, ours_cpu, bare_cpu, placed = [], [], [], [], []
    for turn in range(rounds):
        for way in ("engine", "bare") if turn % 2 == 0 else ("bare", "engine"):
            cpu = time.process_time()
            if way == "engine":
                prepared._placed.clear()
                _, place_s = _timed(lambda: engine.marks(city.homes))
                _, seconds = _timed(lambda: _all_categories(engine, city))
                placed.append(place_s)
                ours.append(seconds + place_s)
                ours_cpu.append(time.process_time() - cpu)
            else:
                _, seconds = _timed(lambda: _all_bare(matrix, starts))
                bare.append(seconds)
                bare_cpu.append(time.process_time() - cpu)
    result.figures += [
        Figure(
            "nearest on streets, a category / bare dijkstra",
            float(np.median(ours)) / CATEGORIES * 1000,
            float(np.median(bare)) / CATEGORIES * 1000,
            "ms",
            ratio(ours, bare),
            Promise(2.0, at_least=False),
            cpu_ratio=ratio(ours_cpu, bare_cpu),
        ),
        _alone("of that, placing people, once a round", float(np.median(placed)), "s"),
        _alone("preparing the streets, once a process", prepare_s, "s"),
    ]
    result.figures.append(_alone("peak memory until here", _peak_mb(), "MB"))
    _k_and_pairs(engine, city, result)
    result.figures.append(_alone("peak memory with all pairs", _peak_mb(), "MB"))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _k_and_pairs(engine: Any, city: City, result: Result) -> None:
    one = city.sites[0]
    for k in (1, 2, 3):
        _, seconds = _timed(lambda k=k: engine.k_closest(city.homes, one, k))  # type: ignore[misc]
        result.figures.append(_alone(f"{k} nearest, a category", seconds * 1000, "ms"))
    whole = np.concatenate(city.sites)
    found, seconds = _timed(lambda: engine.pairs_within(city.homes, whole, 1125.0))
    name = f"all {found.nnz:,} pairs within 1,125 m"
    result.figures.append(_alone(name, seconds, "s"))


def _growth(asked: argparse.Namespace, result: Result) -> None:
    """Compare ten times the people and sites with once, on the same streets."""
    from layers.analysis.street_graphs import PreparedStreets
    from layers.analysis.street_network import StreetNetwork

    seconds, cpu_s = [], []
    for times in (1, 10):
        city = City(
            asked.junctions, asked.demand * times, asked.sites * times, asked.seed
        )
        engine = StreetNetwork(PreparedStreets(city.streets))
        cpu = time.process_time()
        started = time.perf_counter()
        _all_categories(engine, city)
        seconds.append(time.perf_counter() - started)
        cpu_s.append(time.process_time() - cpu)
    (small, large), (small_cpu, large_cpu) = seconds, cpu_s
    result.figures.append(
        Figure(
            "ten times the people and sites / once",
            large,
            small,
            "s",
            large / small,
            Promise(12.0, at_least=False),
            cpu_ratio=large_cpu / small_cpu,
        )
    )


def _all_categories(engine: Any, city: City) -> None:
    for places in city.sites:
        engine.to_closest(city.homes, places)


def _all_bare(matrix: Any, starts: list[Any]) -> None:
    from scipy.sparse.csgraph import dijkstra

    for junctions in starts:
        dijkstra(matrix, indices=junctions, min_only=True)


def _junctions(prepared: Any, places: Any) -> Any:
    from scipy.spatial import cKDTree

    return np.unique(cKDTree(prepared.xy).query(places)[1])


def _check(engine: Any, city: City) -> None:
    """Refuse to time an engine that does not agree with itself place by place."""
    homes, places = city.homes[:CHECKED], city.sites[0]
    walk_m, index = engine.to_closest(homes, places)
    straight_m = np.hypot(*(homes - places[index]).T)
    reached = np.isfinite(walk_m)
    if not (walk_m[reached] >= straight_m[reached] - 1e-6).all():
        raise RuntimeError("a walk is shorter than the straight line")
    pairs = engine.pairs_within(homes, places, 2000.0)
    nearest = np.full(len(homes), np.inf)
    row = np.repeat(np.arange(len(homes)), np.diff(pairs.indptr))
    np.minimum.at(nearest, row, pairs.data)
    within = walk_m <= 2000.0
    if not np.allclose(nearest[within], walk_m[within]):
        raise RuntimeError("the nearest of all pairs is not the nearest")


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


def _alone(name: str, value: float, unit: str) -> Figure:
    """Return a figure that is compared with nothing."""
    return Figure(name, value, None, unit, float("nan"))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
    sys.exit(main())
