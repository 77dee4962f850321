"""Small worlds, and the obvious way: try every set of sites."""

from itertools import combinations

import numpy as np
from hypothesis import strategies as st

INF = float("inf")


def line(*places):
    """Return costs between places on a line, all of them both demand and site."""
    at = np.asarray(places, dtype=float)
    return np.abs(at[:, np.newaxis] - at[np.newaxis, :])


def nearest(costs, sites):
    """Return the least cost of each row to a set of sites."""
    return np.asarray(costs)[:, list(sites)].min(axis=1, initial=INF)


def sets(n_sites, n_new, fixed=()):
    """Yield every set of n_new new sites, the fixed ones with it."""
    rest = [j for j in range(n_sites) if j not in fixed]
    for new in combinations(rest, n_new):
        yield sorted({*fixed, *new})


def best_covered(costs, demand, radius, n_new, fixed=()):
    costs, demand = np.asarray(costs), np.asarray(demand)
    return max(
        demand[nearest(costs, sites) <= radius].sum()
        for sites in sets(costs.shape[1], n_new, fixed)
    )


def fewest_sites(costs, demand, radius, wanted, fixed=()):
    """Return how few sites cover `wanted` demand; None when none do."""
    costs, demand = np.asarray(costs), np.asarray(demand)
    for n_new in range(costs.shape[1] - len(fixed) + 1):
        for sites in sets(costs.shape[1], n_new, fixed):
            if demand[nearest(costs, sites) <= radius].sum() >= wanted - 1e-9:
                return len(sites)
    return None


def least_cost(costs, demand, n_new, fixed=()):
    """Return the least total cost over rows that some site reaches; inf: impossible."""
    costs, demand = np.asarray(costs), np.asarray(demand)
    kept = np.isfinite(costs.min(axis=1)) & (demand > 0)
    return min(
        (demand[kept] * nearest(costs[kept], sites)).sum()
        for sites in sets(costs.shape[1], n_new, fixed)
    )


def least_radius(costs, n_new, fixed=()):
    costs = np.asarray(costs)
    kept = np.isfinite(costs.min(axis=1))
    return min(
        nearest(costs[kept], sites).max(initial=0.0)
        for sites in sets(costs.shape[1], n_new, fixed)
    )


@st.composite
def worlds(draw, max_rows=9, max_sites=7):
    """Draw costs (some pairs without a way), demand, fixed sites and a number of new."""
    n, m = draw(st.integers(1, max_rows)), draw(st.integers(2, max_sites))
    some = st.one_of(st.integers(0, 30).map(float), st.just(INF))
    costs = np.array(draw(st.lists(some, min_size=n * m, max_size=n * m))).reshape(n, m)
    people = st.one_of(
        st.integers(0, 50).map(float), st.floats(0, 50).map(lambda x: round(x, 2))
    )
    demand = np.array(draw(st.lists(people, min_size=n, max_size=n)))
    fixed = sorted(draw(st.sets(st.integers(0, m - 1), max_size=2)))[: m - 1]
    n_new = draw(st.integers(1, m - len(fixed)))
    return costs, demand, tuple(fixed), n_new
