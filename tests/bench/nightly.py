"""How long does a night take, and how is it read back? `python -m tests.bench.nightly`.

Answers every standing question of the city in DATABASE_URL, stored, in a process of its
own, and reads one run back as the API does. With `--forget` the runs that are stored are
deleted first; without it a night that was answered before is found, and says nothing.
"""

import argparse
import os
import resource
import subprocess
import sys
from statistics import median
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from layers.models import AnalysisJob, AnalysisRun, ListedPlace, ResultRow  # noqa: E402
from layers.published import results as published  # noqa: E402
from layers.selectors.results import latest_default_run  # noqa: E402
from tests.bench.databases import REPOSITORY  # noqa: E402

TIMES = 20
MOST_MB = 2_000


def forget() -> None:
    """Delete every stored run."""
    for model in (AnalysisJob, ListedPlace, AnalysisRun):
        model.objects.all().delete()


def night(municipality: str) -> tuple[float, float]:
    """Return seconds and peak megabytes of answering the night's questions."""
    begun = perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", "run_analysis", f"--municipality={municipality}"],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return perf_counter() - begun, peak_kb / 1024


def reading(run_id: Any) -> tuple[float, int, int]:
    """Return milliseconds, statements and rows of reading a run back."""
    asked: list[tuple[str, Any]] = []
    original = published.read_one

    def counted(statement: str, values: Any, **how: Any) -> Any:
        asked.append((statement, values))
        return original(statement, values, **how)

    published.read_one = counted
    times = []
    for _ in range(TIMES):
        begun = perf_counter()
        found = published.results(run_id, lang="en", terms=("health",))
        times.append((perf_counter() - begun) * 1000)
    published.read_one = original
    explain(*asked[0])
    return median(times), len(asked) // TIMES, found.n


def explain(statement: str, values: Any) -> None:
    """Write how the database reads it, and refuse to call a whole table an index."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {statement}", values)
        plan = [line for (line,) in cursor.fetchall()]
    sys.stdout.write("\n".join(plan) + "\n\n")
    if any("Seq Scan on layers_resultrow" in line for line in plan):
        raise RuntimeError("the rows of a run are not found by an index")


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipality", default=settings.DEFAULT_MUNICIPALITY)
    parser.add_argument("--forget", action="store_true")
    given = parser.parse_args()
    if given.forget:
        forget()
    seconds, peak_mb = night(given.municipality)
    again_s, _ = night(given.municipality)
    run = latest_default_run(given.municipality, by="category", level="neighbourhood")
    assert run is not None
    read_ms, statements, n = reading(run.pk)
    said = "met" if peak_mb <= MOST_MB else "MISSED"
    sys.stdout.write(
        f"| full nightly run | {seconds / 60:.1f} min, {AnalysisRun.objects.count()} runs, "
        f"{ResultRow.objects.count():,} rows |\n"
        f"| its peak memory (promised: at most {MOST_MB:,} MB) | {peak_mb:.0f} MB, {said} |\n"
        f"| the same when nothing changed | {again_s:.1f} s |\n"
        f"| reading one category of a run back | {read_ms:.1f} ms, {statements} statement, "
        f"{n} rows |\n"
    )


if __name__ == "__main__":
    main()
