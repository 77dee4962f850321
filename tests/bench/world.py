"""Worlds: bench databases of a size, made when they are not there."""

import json
import subprocess
import sys
from dataclasses import dataclass

from tests.bench import databases
from tests.bench.server import environment

FILL_TIMEOUT_S = 7_200


@dataclass(frozen=True, slots=True)
class World:
    """A filled database: its URL, its size, and how long each step of filling took."""

    url: str
    n_points: int
    n_demand: int
    seconds: dict[str, float]


def world(n_points: int, n_demand: int, seed: int) -> World:
    """Return the world of a size and a seed; minutes where it has to be made first."""
    name = databases.bench_name(n_points, n_demand, seed)
    url = databases.named(databases.base_url(), name)
    wanted = databases.expected(n_points, n_demand, seed)
    found = databases.stamp(name) or {}
    seconds = found.pop("seconds", None)
    if found != wanted or seconds is None:
        sys.stderr.write(f"Making {name} with {n_points:,} service points:\n")
        databases.create(name)
        seconds = _filled(url, n_points, n_demand, seed)
        databases.mark(name, {**wanted, "seconds": seconds})
    return World(url, n_points, n_demand, seconds)


def _filled(url: str, n_points: int, n_demand: int, seed: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.fill", str(n_points), str(n_demand), str(seed)],
        cwd=databases.REPOSITORY,
        env=environment(url),
        stdout=subprocess.PIPE,
        timeout=FILL_TIMEOUT_S,
        check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found
