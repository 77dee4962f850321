"""Each model is as good as trying every set of sites, on worlds where one can."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.measures.location_models.lscp import lscp
from layers.measures.location_models.mclp import mclp
from layers.measures.location_models.p_center import p_center
from layers.measures.location_models.p_median import p_median
from layers.measures.location_models.partial_lscp import partial_lscp
from layers.measures.location_models.solution import Status
from tests.unit.measures.location_models.worlds import (
    best_covered,
    fewest_sites,
    least_cost,
    least_radius,
    nearest,
    worlds,
)

RADIUS = st.integers(0, 30)


@given(world=worlds(), radius=RADIUS)
def test_mclp_covers_as_many_as_the_best_of_all_sets(world, radius):
    costs, demand, fixed, n_new = world
    found = mclp(costs, demand, radius=radius, n_new=n_new, fixed=fixed)

    best = best_covered(costs, demand, radius, n_new, fixed)
    assert found.objective == pytest.approx(best, rel=1e-9)
    assert demand[found.covered].sum() == pytest.approx(best, rel=1e-9)
    assert_whole(found, n_new, fixed)


@given(world=worlds(), radius=RADIUS)
def test_lscp_needs_as_few_as_the_smallest_of_all_sets(world, radius):
    costs, demand, fixed, _ = world
    found = lscp(costs, demand, radius=radius, fixed=fixed)

    ones = np.ones(len(demand))
    reachable = (costs <= radius).any(axis=1)
    few = fewest_sites(costs, ones, radius, reachable.sum(), fixed)
    assert found.objective == few == len(found.chosen)
    assert found.covered.tolist() == reachable.tolist()
    assert found.uncoverable == tuple(np.flatnonzero(~reachable))
    assert_whole(found, few - len(fixed), fixed)


@given(world=worlds(), radius=RADIUS, target=st.sampled_from([0.3, 0.5, 0.9, 1.0]))
def test_partial_lscp_needs_as_few_as_the_smallest_of_all_sets(world, radius, target):
    costs, demand, fixed, _ = world
    found = partial_lscp(costs, demand, radius=radius, fixed=fixed, target=target)

    wanted = target * demand.sum()
    few = fewest_sites(costs, demand, radius, wanted, fixed)
    if few is None:
        assert found.status is Status.INFEASIBLE
        assert found.objective is None
        return
    assert found.objective == few
    assert demand[found.covered].sum() >= wanted - 1e-6
    assert_whole(found, few - len(fixed), fixed)


@given(world=worlds())
def test_p_median_costs_as_little_as_the_best_of_all_sets(world):
    costs, demand, fixed, n_new = world
    found = p_median(costs, demand, n_new=n_new, fixed=fixed)

    least = least_cost(costs, demand, n_new, fixed)
    if not np.isfinite(least):
        assert found.status is Status.INFEASIBLE
        return
    assert found.objective == pytest.approx(least, rel=1e-9)
    assert_whole(found, n_new, fixed)


@given(world=worlds())
def test_p_center_goes_as_little_far_as_the_best_of_all_sets(world):
    costs, demand, fixed, n_new = world
    found = p_center(costs, demand, n_new=n_new, fixed=fixed)

    least = least_radius(costs, n_new, fixed)
    if not np.isfinite(least):
        assert found.status is Status.INFEASIBLE
        return
    assert found.objective == least
    assert_whole(found, n_new, fixed)


def assert_whole(found, n_new, fixed):
    """Every answer is proven, counts its sites right and serves by the nearest."""
    assert found.status is Status.OPTIMAL
    assert (found.gap, found.bound) == (0.0, found.objective)
    assert len(found.new) == n_new
    assert sorted({*found.new, *fixed}) == list(found.chosen)
    assert not set(found.new) & set(fixed)


@given(world=worlds(), radius=RADIUS)
def test_an_alternative_does_what_it_says(world, radius):
    costs, demand, fixed, n_new = world
    answers = {
        "mclp": mclp(costs, demand, radius=radius, n_new=n_new, fixed=fixed),
        "lscp": lscp(costs, demand, radius=radius, fixed=fixed),
        "p_median": p_median(costs, demand, n_new=n_new, fixed=fixed),
        "p_center": p_center(costs, demand, n_new=n_new, fixed=fixed),
    }
    kept = np.isfinite(costs.min(axis=1))
    weighed = kept & (demand > 0)
    for name, found in answers.items():
        for other in found.alternatives:
            sites = sorted({*found.chosen, other.site} - {other.instead_of})
            assert other.instead_of in found.new
            assert other.site not in found.chosen
            way = nearest(costs, sites)
            value = {
                "mclp": demand[way <= radius].sum(),
                "lscp": len(sites),
                "p_median": (demand[weighed] * way[weighed]).sum(),
                "p_center": way[kept].max(initial=0.0),
            }[name]
            assert other.objective == pytest.approx(value, rel=1e-9, abs=1e-9)
            assert abs(value - found.objective) <= 0.01 * found.objective + 1e-9
