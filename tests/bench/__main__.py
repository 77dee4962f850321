"""Measure speed and memory against the bare tools and the peers: `./dev bench`.

Prints a table of ratios with what was promised, and what every contender did. Times are
medians of rounds taken in turn; on a busy machine only the ratios mean anything.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Collection
from pathlib import Path

import psycopg

from tests.bench import databases
from tests.bench.computed import coverage, rebuild
from tests.bench.figures import Result, detail_table, figure_table
from tests.bench.published import scenarios
from tests.bench.served import growth, served
from tests.bench.turns import Plan

OF_SERVICES = ("nearest", "list", "coverage", "growth", "rebuild")
SCENARIOS = (*OF_SERVICES, *scenarios.SCENARIOS)
BUSY = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Run the scenarios; 1 where a promise is missed, so that a script can tell."""
    asked = _parser().parse_args(arguments)
    if asked.drop:
        for name in databases.all_of_bench():
            databases.drop(name)
            sys.stdout.write(f"dropped {name}\n")
        return 0
    plan = Plan(
        points=asked.points,
        demand=asked.demand,
        seed=asked.seed,
        rounds=asked.rounds,
        seconds=asked.seconds,
        connections=asked.connections,
        sizes=(asked.points // 10, asked.points)
        + ((asked.points * 10,) if asked.ten_times else ()),
    )
    result = Result(_conditions(plan))
    started = time.monotonic()
    try:
        _measure(
            plan, asked.only or SCENARIOS, result, with_peers=not asked.without_peers
        )
    finally:  # what was measured before a fault, or before Ctrl-C, is shown all the same
        result.conditions["load_after"] = round(os.getloadavg()[0], 2)
        result.conditions["took_s"] = round(time.monotonic() - started)
        _say(result)
        if asked.json:
            asked.json.write_text(json.dumps(result.as_dict(), indent=1) + "\n")
    return 1 if result.missed() and not asked.never_fail else 0


def _measure(
    plan: Plan, wanted: Collection[str], result: Result, *, with_peers: bool
) -> None:
    if "nearest" in wanted or "list" in wanted:
        served(plan, wanted, result)
    for scenario in (coverage, growth, rebuild):
        if scenario.__name__ in wanted:
            scenario(plan, result)
    if set(wanted) & set(scenarios.SCENARIOS):
        scenarios.published(plan, wanted, result, with_peers=with_peers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    add = parser.add_argument
    add("--points", type=_count, default=100_000, help="service points (100000)")
    add("--demand", type=_count, default=40_000, help="demand points (40000)")
    add("--seed", type=int, default=1, help="of the invented city (1)")
    add("--rounds", type=_count, default=7, help="turns of each contender (7)")
    add("--seconds", type=float, default=2.0, help="of one turn (2)")
    add("--connections", type=_count, default=16, help="where many are tried (16)")
    add("--only", nargs="+", choices=SCENARIOS, help="just these scenarios")
    add("--ten-times", action="store_true", help="growth: also ten times the points")
    add("--without-peers", action="store_true", help="no tipg, no pygeoapi")
    add("--json", type=Path, metavar="FILE", help="write all figures there, too")
    add("--never-fail", action="store_true", help="end with 0 even if one is missed")
    add("--drop", action="store_true", help="drop the bench databases and end")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return number


def _conditions(plan: Plan) -> dict[str, object]:
    with psycopg.connect(databases.base_url()) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version'), default_version"
            " FROM pg_available_extensions WHERE name = 'postgis'"
        ).fetchone()
    assert row is not None
    return {
        "points": plan.points,
        "demand": plan.demand,
        "seed": plan.seed,
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": row[0].split()[0],
        "postgis": row[1],
        "load_before": round(os.getloadavg()[0], 2),
    }


def _say(result: Result) -> None:
    facts = ", ".join(f"{name} {value}" for name, value in result.conditions.items())
    sys.stdout.write(f"\n{facts}\n")
    if float(str(result.conditions["load_before"])) > BUSY:
        sys.stdout.write(
            "The machine was busy with something else: see the ratios only.\n"
        )
    sys.stdout.write(f"\n{figure_table(result.figures)}\n")
    if result.details:
        sys.stdout.write(f"\n{detail_table(result.details)}\n")
    if missed := result.missed():
        sys.stdout.write(f"\nMissed: {'; '.join(missed)}\n")


if __name__ == "__main__":
    sys.exit(main())
