"""What is computed: coverage against SciPy alone, and the writing of the read model."""

import json
import subprocess
import sys
from statistics import median
from typing import Any

from tests.bench.databases import REPOSITORY
from tests.bench.figures import Figure, Promise, Result, ratio
from tests.bench.server import environment
from tests.bench.turns import Plan
from tests.bench.world import world

COVERAGE_TIMEOUT_S = 600


def coverage(plan: Plan, result: Result) -> None:
    """Measure coverage of all categories against the bare k-d trees."""
    place = world(plan.points, plan.demand, plan.seed)
    found: dict[str, list[dict[str, Any]]] = {"engine": [], "bare": []}
    for turn in range(plan.rounds):
        for way in ("engine", "bare") if turn % 2 == 0 else ("bare", "engine"):
            found[way].append(_coverage_run(way, place.url))
    _check_same(found["engine"][0]["served"], found["bare"][0]["served"])
    seconds = {way: [run["seconds"] for run in runs] for way, runs in found.items()}
    cpu = {way: [run["cpu"] for run in runs] for way, runs in found.items()}
    peak_mb = median(run["peak_mb"] for run in found["engine"])
    result.figures += [
        Figure(
            "coverage, all categories / SciPy",
            median(seconds["engine"]),
            median(seconds["bare"]),
            "s",
            ratio(seconds["engine"], seconds["bare"]),
            Promise(2.0, at_least=False),
            cpu_ratio=ratio(cpu["engine"], cpu["bare"]),
        ),
        Figure(
            "coverage, peak memory",
            peak_mb,
            median(run["peak_mb"] for run in found["bare"]),
            "MB",
            peak_mb,
            Promise(600, at_least=False),
        ),
    ]


def _coverage_run(way: str, database_url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.coverage", way],
        cwd=REPOSITORY,
        env=environment(database_url),
        stdout=subprocess.PIPE,
        timeout=COVERAGE_TIMEOUT_S,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _check_same(engine: dict[str, float | None], bare: dict[str, float]) -> None:
    """Refuse to compare times of two ways that do not find the same people."""
    for term, served_ in bare.items():
        said = engine.get(term)
        if said is not None and abs(said - served_) > 1e-3:
            raise RuntimeError(f"{term}: the engine serves {said}, SciPy {served_}")


def rebuild(plan: Plan, result: Result) -> None:
    """Say how long the read model took when the world was made: elapsed, and processor."""
    place = world(plan.points, plan.demand, plan.seed)
    result.figures.append(
        Figure(
            "rebuild of the read model, time / CPU",
            place.seconds["rebuild"],
            place.seconds["rebuild_cpu"],
            "s",
            place.seconds["rebuild"] / place.seconds["rebuild_cpu"],
        )
    )
