"""How much sooner than a whole run is one change? `python -m tests.bench.scenarios`.

A city of 20 x 25 km, 100,000 points where people live, 10,000 places in 50 categories;
45 districts and 7 that cut across them. The whole run is `compute` for all categories,
the change is `Today.compare` for its category, on the same arrays in the same process.
"""

import os
import sys
from collections import Counter
from datetime import date
from statistics import median
from time import perf_counter

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geo_accmr.settings")
django.setup()

from layers.analysis.coverage import compute  # noqa: E402
from layers.analysis.parameters import CoverageParameters  # noqa: E402
from layers.analysis.scenario_disclosure import StatesDisclosure  # noqa: E402
from layers.analysis.today import State, Today  # noqa: E402
from layers.analysis.travel_cost import travel_cost  # noqa: E402
from layers.analysis.zones import Zones  # noqa: E402
from layers.selectors.demand import Demand, Partition  # noqa: E402
from layers.selectors.supply import Supply, Term  # noqa: E402
from layers.selectors.supply_arrays import Sites  # noqa: E402

POINTS, PLACES, CATEGORIES = 100_000, 10_000, 50
WIDTH_M, HEIGHT_M = 20_000, 25_000
NOVEMBER = date(2026, 11, 1)
ASKED = CoverageParameters("athens")
TIMES = 20


def people(chance: np.random.Generator) -> tuple[Demand, tuple[Partition, ...]]:
    """Return people, and how 5 x 9 districts and 7 belts divide them."""
    xy = chance.uniform(0, (WIDTH_M, HEIGHT_M), (POINTS, 2))
    column, row = (xy // (WIDTH_M / 5, HEIGHT_M / 9)).astype(np.int64).T
    zone = row * 5 + column
    belt = (xy[:, 1] // (HEIGHT_M / 7)).astype(np.int64)
    nobody = np.zeros(POINTS, dtype=bool)
    found = Demand(
        district_codes=tuple(f"N{n:02}" for n in range(45)),
        xy=xy,
        people=chance.integers(1, 60, POINTS).astype(float),
        zone=zone,
        is_modelled=nobody,
        is_near_border=nobody,
        vintage=np.full(POINTS, 2021),
        is_group_known=True,
    )
    levels = (
        Partition("municipal_community", 7, belt),
        Partition("neighbourhood", 45, zone),
    )
    return found, levels


def best(times: list[float]) -> str:
    """Return the median of some times in milliseconds."""
    return f"{median(times) * 1000:,.1f} ms"


def main() -> None:
    """Measure and write the table."""
    chance = np.random.default_rng(1)
    homes, levels = people(chance)
    tree = [Term(f"c{n:02}") for n in range(CATEGORIES)]
    each = PLACES // CATEGORIES
    places = {
        term.slug: np.unique(chance.uniform(0, (WIDTH_M, HEIGHT_M), (each, 2)), axis=0)
        for term in tree
    }
    sites = {
        slug: Sites(xy, np.zeros(len(xy), dtype=np.uint8))
        for slug, xy in places.items()
    }
    offered = Supply(sites, {}, {}, {}, Counter(), Counter(), set())
    engine = travel_cost(ASKED)
    whole = []
    for _ in range(3):
        begun = perf_counter()
        compute(ASKED, homes, offered, tree, engine, as_of=NOVEMBER, levels=levels)
        whole.append(perf_counter() - begun)

    def ready() -> Today:
        return Today(
            kind="category",
            tree=tree,
            now=State.certain(places),
            zones=Zones.of(homes, ASKED, engine.flags, as_of=NOVEMBER),
            origins=homes.xy,
            disclosure=StatesDisclosure(ASKED, homes.people, levels),
            engine=engine,
        )

    cold = []
    for n in range(5):
        slug = tree[n].slug
        fewer = np.delete(places[slug], n, axis=0)
        begun = perf_counter()
        ready().compare(State.certain({slug: fewer}))
        cold.append(perf_counter() - begun)
    begun = perf_counter()
    today = ready()
    for term in tree:
        today.walks(term.slug)
    prepared = perf_counter() - begun
    closing, opening = [], []
    for n in range(TIMES):
        slug = tree[n % CATEGORIES].slug
        fewer = np.delete(places[slug], n, axis=0)
        more = np.vstack([places[slug], chance.uniform(0, (WIDTH_M, HEIGHT_M), 2)])
        for change, times in ((fewer, closing), (more, opening)):
            begun = perf_counter()
            today.compare(State.certain({slug: change}))
            times.append(perf_counter() - begun)
    ratio = median(whole) / max(median(closing), median(opening))
    sys.stdout.write(
        f"| whole run, {CATEGORIES} categories | {best(whole)} |\n"
        f"| today made ready for all categories | {prepared * 1000:,.1f} ms |\n"
        f"| closing one place, nothing ready | {best(cold)} |\n"
        f"| closing one place | {best(closing)} |\n"
        f"| opening one place | {best(opening)} |\n"
        f"| whole run / the slower change | {ratio:,.0f} |\n"
        f"| whole run / closing with nothing ready | {median(whole) / median(cold):,.0f} |\n"
    )


if __name__ == "__main__":
    main()
