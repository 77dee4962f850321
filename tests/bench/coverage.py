"""Coverage of all categories at once: `python -m tests.bench.coverage WAY`.

Each run is a process of its own, so that memory can be compared; it prints one line of
JSON. `engine` is the project's analysis of walks, from the database to the rows of every
district; what rows say of room, access and opening needs all pairs and not the nearest
(`tests.bench.analysis`), and `whole` has it. `bare` is what SciPy needs for the distances and sums alone, on the same
arrays, which are read before the clock starts: a k-d tree per category, one query for
all people, one sum per district.
"""

import json
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import date
from typing import Any

import django

from tests.bench.server import cpu_s

AS_OF = date(2026, 11, 21)


def main(way: str) -> dict[str, Any]:
    """Run one way and return what it took."""
    django.setup()
    from django.db import connection

    connection.ensure_connection()
    ways = {"engine": engine, "whole": whole, "bare": bare}
    return {**ways[way](), "peak_mb": _peak_mb()}


def engine() -> dict[str, Any]:
    """Time the project's own analysis of walks."""
    from layers.analysis import coverage

    every = coverage.supply
    coverage.supply = lambda *asked, **more: replace(every(*asked, **more), places=None)
    return whole()


def whole() -> dict[str, Any]:
    """Time the project's own analysis, with all that rows say."""
    from layers.analysis.coverage import analyse

    parameters = _parameters()
    started, cpu = time.perf_counter(), _cpu_s()
    result = analyse(parameters, as_of=AS_OF)
    seconds, cpu = time.perf_counter() - started, _cpu_s() - cpu
    totals = {row.term: row.residents_served for row in result.rows if row.is_total}
    return {"seconds": seconds, "cpu": cpu, "served": totals}


def bare() -> dict[str, Any]:
    """Time the k-d trees, their queries and the sums."""
    import numpy as np
    from scipy.spatial import cKDTree

    people, sites = _arrays()
    n_zones = len(people.district_codes) + 1
    reach_m = _parameters().reach_m
    served = {}
    started, cpu = time.perf_counter(), _cpu_s()
    for term, xy in sites.items():
        distance_m, _ = cKDTree(xy).query(people.xy)
        within = people.people * (distance_m <= reach_m)
        served[term] = np.bincount(people.zone, weights=within, minlength=n_zones)
    seconds, cpu = time.perf_counter() - started, _cpu_s() - cpu
    totals = {term: round(float(zones.sum()), 6) for term, zones in served.items()}
    return {"seconds": seconds, "cpu": cpu, "served": totals}


def _parameters() -> Any:
    from layers.analysis.parameters import CoverageParameters

    return CoverageParameters(os.environ.get("DEFAULT_MUNICIPALITY", "athens"))


def _arrays() -> tuple[Any, dict[str, Any]]:
    """Return the people, and the points of every term with those of its children."""
    import numpy as np

    from layers.models import Municipality
    from layers.selectors.demand import demand
    from layers.selectors.supply import supply, terms

    parameters = _parameters()
    municipality = Municipality.objects.get(slug=parameters.municipality)
    people = demand(
        municipality.pk, parameters.level, group=None, reach_m=parameters.reach_m
    )
    tree = {term.slug: term for term in terms(parameters.by)}
    own = supply(
        municipality.pk,
        level=parameters.level,
        by=parameters.by,
        term_tree=tree.values(),
        groups=None,
        reach_m=parameters.reach_m,
        as_of=AS_OF,
    ).sites
    points = {
        slug: np.concatenate(
            [
                np.empty((0, 2)),
                *(own[s].xy for s in (slug, *term.children) if s in own),
            ]
        )
        for slug, term in tree.items()
    }
    return people, {slug: xy for slug, xy in points.items() if len(xy)}


def _cpu_s() -> float:
    """Return processor seconds of this process and of its database backend."""
    from django.db import connection

    return time.process_time() + cpu_s(connection.connection.info.backend_pid)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])) + "\n")
