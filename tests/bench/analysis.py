"""What the figures beside the walks cost: `python -m tests.bench.analysis`.

A city of 20 x 25 km, 100,000 points where people live, 10,000 places in 50 categories; 45
districts and 7 that cut across them. Times are processor seconds, so that a busy machine
moves them little. No database is needed.

`envelope` is one run with the intervals of 27 beside one run without. `access` is the
enhanced two-step FCA of 50 categories on given pairs beside the two sparse products of
each that nothing does without. `whole` is a run with everything a row says. With
`--ten-times` it is measured at a tenth of the points, too, each in a process of its own.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
django.setup()

from scipy.sparse import csr_array  # noqa: E402

from layers.analysis.access import decay_of  # noqa: E402
from layers.analysis.coverage import compute  # noqa: E402
from layers.analysis.disclosure import Disclosure  # noqa: E402
from layers.analysis.figures import figures_of  # noqa: E402
from layers.analysis.intervals import intervals  # noqa: E402
from layers.analysis.reach import reaches  # noqa: E402
from layers.analysis.travel_cost import travel_cost  # noqa: E402
from layers.analysis.zones import Zones  # noqa: E402
from layers.measures.floating_catchment import enhanced_two_step_fca  # noqa: E402
from layers.measures.pairs import with_data  # noqa: E402
from layers.measures.week_slots import week_words  # noqa: E402
from layers.measures.within import pairs_within  # noqa: E402
from layers.selectors.supply import Supply, Term  # noqa: E402
from layers.selectors.supply_arrays import Sites  # noqa: E402
from layers.selectors.supply_places import Places  # noqa: E402
from tests.bench import scenarios as city  # noqa: E402
from tests.bench.figures import Figure, Promise, figure_table  # noqa: E402

ROUNDS = 3
OFFICE = [(day * 2880 + 540, day * 2880 + 1020) for day in range(5)]


def main(arguments: list[str] | None = None) -> int:
    """Measure and write the table; 1 where a promise is missed."""
    asked = _parser().parse_args(arguments)
    if asked.points:
        sys.stdout.write(json.dumps(_whole(asked.points)) + "\n")
        return 0
    found = [_envelope(), _access()]
    sizes = (city.POINTS // 10, city.POINTS) if asked.ten_times else (city.POINTS,)
    runs = [_in_a_process(n) for n in sizes]
    seconds, peak = runs[-1]["seconds"], runs[-1]["peak_mb"]
    found.append(_alone("whole run, every figure", seconds, "s"))
    found.append(
        _alone("whole run, peak memory", peak, "MB", Promise(2000, at_least=False))
    )
    if asked.ten_times:
        found += [
            _of(name, unit, runs[1][key], runs[0][key], limit)
            for name, key, unit, limit in (
                ("10x the points, time", "seconds", "s", 12.0),
                ("10x the points, memory", "peak_mb", "MB", 10.0),
            )
        ]
    sys.stdout.write(figure_table(found) + "\n")
    return int(any(one.verdict == "MISSED" for one in found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.bench.analysis", description=__doc__)
    parser.add_argument("--ten-times", action="store_true")
    parser.add_argument("--points", type=int, default=0, help=argparse.SUPPRESS)
    return parser


def _supplied(chance: np.random.Generator) -> tuple[list[Term], Supply]:
    tree = [Term(f"c{n:02}") for n in range(city.CATEGORIES)]
    each = city.PLACES // city.CATEGORIES
    xy = chance.uniform(0, (city.WIDTH_M, city.HEIGHT_M), (city.PLACES, 2))
    xy = np.unique(xy, axis=0)
    shuffled = chance.permutation(len(xy))
    of_term = {
        term.slug: np.sort(shuffled[n * each : (n + 1) * each])
        for n, term in enumerate(tree)
    }
    n = len(xy)
    places = Places(
        xy=xy,
        point=np.arange(n),
        capacity=chance.integers(5, 60, n).astype(float),
        unit=np.full(n, "places"),
        months=chance.uniform(0, 40, n),
        is_for_all=np.ones(n, dtype=bool),
        week=np.tile(week_words(OFFICE), (n, 1)),
        has_hours=chance.random(n) < 0.9,
        of_term=of_term,
    )
    quality = np.zeros(n, dtype=np.uint8)
    sites = {slug: Sites(xy[rows], quality[rows]) for slug, rows in of_term.items()}
    offered = Supply(sites, {}, {}, {}, Counter(), Counter(), set(), places)
    return tree, offered


def _envelope() -> Figure:
    chance = np.random.default_rng(1)
    homes, levels = city.people(chance)
    tree, offered = _supplied(chance)
    engine = travel_cost(city.ASKED)
    zones = Zones.of(homes, city.ASKED, engine.flags, as_of=city.NOVEMBER)
    disclosure = Disclosure(city.ASKED, homes.people, levels)

    def run(*, with_intervals: bool) -> None:
        for _, reach in reaches(tree, offered.sites, homes.xy, engine):
            figures_of(reach, zones)
            withheld = disclosure.of_term(reach.walk_m)
            if with_intervals:
                intervals(reach, zones, withheld)

    of_27 = _seconds(lambda: run(with_intervals=True))
    one = _seconds(lambda: run(with_intervals=False))
    return _of("envelope of 27 runs / one run", "s", of_27, one, 12.0)


def _access() -> Figure:
    chance = np.random.default_rng(1)
    homes, _ = city.people(chance)
    _, offered = _supplied(chance)
    assert offered.places is not None
    decay = decay_of(city.ASKED)
    given = []
    for rows in offered.places.of_term.values():
        walks = pairs_within(homes.xy, offered.places.xy[rows], 865.0)
        given.append((with_data(walks, walks.data * 1.3 / 75), rows))
    room = offered.places.capacity
    weighted = [(with_data(p, decay(p.data)), room[rows]) for p, rows in given]

    def bare(weights: csr_array, places: Any) -> Any:
        return weights @ (places / np.maximum(weights.T @ homes.people, 1e-9))

    ours = _seconds(
        lambda: [
            enhanced_two_step_fca(homes.people, room[rows], pairs, decay=decay)
            for pairs, rows in given
        ]
    )
    theirs = _seconds(lambda: [bare(*one) for one in weighted])
    return _of("enhanced two-step FCA / sparse products", "s", ours, theirs, 3.0)


def _whole(points: int) -> dict[str, float]:
    chance = np.random.default_rng(1)
    homes, levels = city.people(chance)
    keep = slice(0, points)
    homes = replace(
        homes,
        **{
            name: getattr(homes, name)[keep]
            for name in (
                "xy",
                "people",
                "zone",
                "is_modelled",
                "is_near_border",
                "vintage",
            )
        },
    )
    levels = tuple(replace(level, zone=level.zone[keep]) for level in levels)
    tree, offered = _supplied(chance)
    engine = travel_cost(city.ASKED)
    begun = process_time()
    compute(
        city.ASKED, homes, offered, tree, engine, as_of=city.NOVEMBER, levels=levels
    )
    seconds = process_time() - begun
    return {"seconds": seconds, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    # What getrusage says begins with the peak of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _in_a_process(points: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.analysis", "--points", str(points)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=900,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = process_time()
        work()
        times.append(process_time() - begun)
    return median(times)


def _of(name: str, unit: str, ours: float, theirs: float, limit: float) -> Figure:
    return Figure(
        name, ours, theirs, unit, ours / theirs, Promise(limit, at_least=False)
    )


def _alone(
    name: str, value: float, unit: str, promise: Promise | None = None
) -> Figure:
    return Figure(name, value, None, unit, value, promise)


if __name__ == "__main__":
    sys.exit(main())
