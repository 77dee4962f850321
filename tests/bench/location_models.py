"""How good, how soon? Location models on an invented city: `python -m tests.bench.location_models`."""

import sys
from time import perf_counter, process_time

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from layers.measures.location_models.covering import greedy, merged_cover
from layers.measures.location_models.mclp import mclp
from layers.measures.location_models.p_center import p_center
from layers.measures.location_models.p_median import p_median
from layers.measures.location_models.question import CostTable, checked_question
from layers.measures.pairs import pairs_within

WIDTH_M, HEIGHT_M = 20_000, 25_000
REACH_M = 865  # 15 minutes at 4.5 km/h, detour 1.3
GRID_M = 100
LIMIT_S = 60.0


def city(rows: int, sites: int, *, seed: int = 1):
    """Return places of people, people, places of sites: twelve centres and a rest."""
    chance = np.random.default_rng(seed)
    size = np.array([WIDTH_M, HEIGHT_M])
    centres = chance.uniform(3_000, size - 3_000, (12, 2))

    def places(count: int):
        near = centres[chance.integers(0, 12, count)] + chance.normal(
            0, 2_000, (count, 2)
        )
        anywhere = chance.uniform(0, size, (count, 2))
        return np.where(chance.random((count, 1)) < 0.25, anywhere, near)

    homes = np.round(places(rows) / GRID_M) * GRID_M
    return homes, chance.integers(1, 200, rows).astype(float), places(sites)


def network(vertices: int, *, seed: int):
    """Return shortest ways in a random network as the p-median files of OR-Library."""
    chance = np.random.default_rng(seed)
    edges = vertices * vertices // 50
    one, other = chance.integers(0, vertices, (2, edges))
    chain = np.arange(vertices - 1)
    costs = np.full((vertices, vertices), np.inf)
    costs[chain, chain + 1] = costs[chain + 1, chain] = chance.integers(
        1, 101, len(chain)
    )
    for a, b, cost in zip(one, other, chance.integers(1, 101, edges), strict=True):
        costs[a, b] = costs[b, a] = cost
    return dijkstra(csr_array(np.where(np.isfinite(costs), costs, 0.0)), directed=False)


def tell(what: str, found, started: tuple[float, float], *more: str) -> None:
    """Write one row of the table."""
    gap = "" if found.gap is None else f"{found.gap:.3%}"
    took = f"{perf_counter() - started[0]:.1f} s"
    cpu = f"{process_time() - started[1]:.1f} s"
    cells = what, found.status.value, f"{found.objective:,.0f}", gap, took, cpu, *more
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()


def covering(rows: int, sites: int, p: int, limit_s: float) -> None:
    """Cover as many people as p sites can."""
    homes, people, places = city(rows, sites)
    pairs = CostTable.from_csr(pairs_within(homes, places, reach=REACH_M))
    cover = merged_cover(checked_question(pairs, people, ()), REACH_M, empty_rows=False)
    floor = cover.covered(greedy(cover, p))
    started = perf_counter(), process_time()
    found = mclp(pairs, people, radius=REACH_M, n_new=p, time_limit_s=limit_s)
    what = f"MCLP {len(homes):,} rows x {sites:,} sites, p = {p}, limit {limit_s:g} s"
    tell(what, found, started, f"greedy {floor / found.objective:.2%} of it")


def median_of_city(rows: int, sites: int, p: int) -> None:
    """Make the way to p sites shortest."""
    homes, people, places = city(rows, sites)
    pairs = CostTable.from_csr(pairs_within(homes, places, reach=np.inf))
    started = perf_counter(), process_time()
    found = p_median(pairs, people, n_new=p, time_limit_s=LIMIT_S)
    tell(f"p-median {len(homes):,} rows x {sites:,} sites, p = {p}", found, started, "")


def of_network(model, vertices: int, p: int) -> None:
    """Solve a p-median or p-center on a network."""
    costs = network(vertices, seed=vertices + p)
    started = perf_counter(), process_time()
    found = model(costs, np.ones(vertices), n_new=p, time_limit_s=LIMIT_S)
    tell(f"{model.__name__} on {vertices} vertices, p = {p}", found, started, "")


def main() -> None:
    """Write the table of docs/explanation/location-models.md."""
    sys.stdout.write("| what | status | objective | gap | took | CPU | |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- | --- |\n")
    for limit_s in (10.0, LIMIT_S):
        covering(8_000, 2_000, 20, limit_s)
    covering(24_000, 2_000, 20, LIMIT_S)
    for vertices, p in ((100, 5), (100, 33), (200, 10), (300, 5), (400, 40), (900, 90)):
        of_network(p_median, vertices, p)
    median_of_city(2_000, 500, 20)
    median_of_city(8_000, 2_000, 20)
    for vertices, p in ((300, 5), (900, 90)):
        of_network(p_center, vertices, p)


if __name__ == "__main__":
    main()
