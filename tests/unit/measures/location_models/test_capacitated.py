"""Sites that are full at some point: brute force over sites and assignments."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.location_models.mclp import mclp
from layers.measures.location_models.p_median import p_median
from layers.measures.location_models.solution import Status
from tests.unit.measures.location_models.worlds import INF, line, sets


@st.composite
def full_worlds(draw):
    n, m = draw(st.integers(1, 4)), draw(st.integers(2, 3))
    cells = draw(st.lists(st.integers(0, 9), min_size=n * m, max_size=n * m))
    costs = np.array(cells, dtype=float).reshape(n, m)
    demand = np.array(draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)), float)
    limits = draw(st.lists(st.integers(0, 15), min_size=m, max_size=m))
    fixed = draw(st.sampled_from([(), (0,)]))
    return (
        costs,
        demand,
        np.array(limits, float),
        fixed,
        draw(st.integers(1, m - len(fixed))),
    )


def every_assignment(costs, demand, limits, n_new, fixed, *, may_stay):
    """Yield the site of each row, for all ways that fit; -1 is unserved."""
    for sites in sets(costs.shape[1], n_new, fixed):
        choices = [*sites, -1] if may_stay else sites
        for served_by in product(choices, repeat=len(demand)):
            load = np.zeros(costs.shape[1])
            for people, site in zip(demand, served_by, strict=True):
                load[site] += people if site >= 0 else 0
            if (load <= limits).all():
                yield np.array(served_by)


@settings(max_examples=60)
@given(world=full_worlds(), radius=st.integers(0, 9))
def test_mclp_covers_as_many_as_any_assignment_that_fits(world, radius):
    costs, demand, limits, fixed, n_new = world
    found = mclp(
        costs, demand, radius=radius, n_new=n_new, fixed=fixed, capacity=limits
    )

    best = 0.0
    for by in every_assignment(costs, demand, limits, n_new, fixed, may_stay=True):
        near = (by >= 0) & (costs[np.arange(len(by)), by] <= radius)
        best = max(best, demand[near].sum())
    assert found.objective == pytest.approx(best)
    assert demand[found.covered].sum() == pytest.approx(best)
    assert_fits(found, demand, limits)


@settings(max_examples=60)
@given(world=full_worlds())
def test_p_median_costs_as_little_as_any_assignment_that_fits(world):
    costs, demand, limits, fixed, n_new = world
    found = p_median(costs, demand, n_new=n_new, fixed=fixed, capacity=limits)

    least = INF
    for by in every_assignment(costs, demand, limits, n_new, fixed, may_stay=False):
        least = min(least, (demand * costs[np.arange(len(by)), by]).sum())
    if least == INF:
        assert found.status is Status.INFEASIBLE
        assert "capacities cannot serve" in found.why
        return
    assert found.objective == pytest.approx(least)
    assert (demand * found.cost).sum() == pytest.approx(least)
    assert_fits(found, demand, limits)


def assert_fits(found, demand, limits):
    served = found.site >= 0
    load = np.bincount(found.site[served], demand[served], minlength=len(limits))
    assert (load <= limits + 1e-6).all()
    assert set(found.site[served].tolist()) <= set(found.chosen)


def test_whoever_finds_no_room_goes_to_the_next_site():
    # Both rows are nearest to site 0, which has room for one of them.
    found = p_median([[0, 9], [1, 2]], [1, 1], n_new=2, capacity=[1, 1])

    assert (found.site.tolist(), found.objective) == ([0, 1], 2.0)


def test_a_site_without_limit_is_as_without_capacities():
    costs, demand = line(0, 3, 7, 20), [4, 1, 2, 8]

    limited = p_median(costs, demand, n_new=2, capacity=[INF] * 4)

    assert limited.objective == p_median(costs, demand, n_new=2).objective


def test_covered_people_are_those_with_a_place_not_those_in_reach():
    # AccessMod issue 340: the catchment of 30 people was reported, not its 10 places.
    found = mclp([[1]] * 3, [10, 10, 10], radius=5, n_new=1, capacity=[10])

    assert found.objective == 10
    assert found.covered.sum() == 1


@pytest.mark.parametrize(
    ("capacity", "message"),
    [
        ([1, 2], "capacity: 2 values where 1 belong"),
        ([-1], "capacity: value 0 is -1"),
        ([np.nan], "capacity: value 0 is nan"),
    ],
)
def test_what_is_no_capacity_is_refused(capacity, message):
    with pytest.raises(InvalidArray, match=message):
        mclp([[1]], [1], radius=1, n_new=1, capacity=capacity)


def test_a_question_too_large_to_decide_is_refused():
    costs = np.zeros((2001, 100))
    with pytest.raises(InvalidArray, match=r"200,100 pairs .*\(larger cells\)"):
        mclp(costs, np.ones(2001), radius=1, n_new=1, capacity=np.ones(100))
