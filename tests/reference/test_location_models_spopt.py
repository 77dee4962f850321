"""Location models against spopt 0.7 (PuLP, CBC), where both mean the same.

spopt counts predefined sites among its p, ours come on top; it refuses to solve an
LSCP with a row that nobody can cover, ours lists the row and solves the rest. Its
p-median with capacities serves every row by one site whole, as ours does.
"""

import warnings

import numpy as np
import pytest

from layers.measures.location_models.lscp import lscp
from layers.measures.location_models.mclp import mclp
from layers.measures.location_models.p_center import p_center
from layers.measures.location_models.p_median import p_median

pytestmark = pytest.mark.reference

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its dependencies, on import
    pulp = pytest.importorskip("pulp")
    locate = pytest.importorskip("spopt.locate")

AGREE = 1e-9


def town(seed, n=40, m=14):
    """Return costs and people of an invented town; costs are not round."""
    chance = np.random.default_rng(seed)
    homes, sites = chance.uniform(0, 1000, (n, 2)), chance.uniform(0, 1000, (m, 2))
    costs = np.hypot(*(homes[:, np.newaxis] - sites[np.newaxis]).transpose(2, 0, 1))
    return costs, chance.integers(1, 200, n)


def theirs(model, *data, **asked):
    """Return the objective of a solved spopt model."""
    return solved(model, *data, **asked).problem.objective.value()


def solved(model, *data, **asked):
    """Return a solved spopt model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PuLP says that CBC will move
        solver = pulp.PULP_CBC_CMD(msg=False, gapRel=0.0)
        return getattr(locate, model).from_cost_matrix(*data, **asked).solve(solver)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("p", [1, 3, 5])
def test_mclp_covers_as_many_people(seed, p):
    costs, people = town(seed)

    ours = mclp(costs, people, radius=180, n_new=p)

    assert ours.objective == pytest.approx(
        theirs("MCLP", costs, people, 180, p_facilities=p), rel=AGREE
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fixed", [[0], [2, 7]])
def test_mclp_with_fixed_sites_covers_as_many_people(seed, fixed):
    costs, people = town(seed)

    ours = mclp(costs, people, radius=180, n_new=3, fixed=fixed)

    assert ours.objective == pytest.approx(
        theirs(
            "MCLP",
            costs,
            people,
            180,
            p_facilities=3 + len(fixed),
            predefined_facilities_arr=np.array(fixed),
        ),
        rel=AGREE,
    )


@pytest.mark.parametrize("seed", range(4))
def test_lscp_opens_as_many_sites(seed):
    costs, people = town(seed)
    radius = float(costs.min(axis=1).max()) * 1.2  # so that every row can be covered

    ours = lscp(costs, people, radius=radius)

    assert ours.objective == theirs("LSCP", costs, radius)


@pytest.mark.parametrize("seed", range(4))
def test_lscp_with_fixed_sites_opens_as_many_sites(seed):
    costs, people = town(seed)
    radius = float(costs.min(axis=1).max()) * 1.2
    fixed = [1, 5]

    ours = lscp(costs, people, radius=radius, fixed=fixed)

    assert ours.objective == theirs(
        "LSCP", costs, radius, predefined_facilities_arr=np.array(fixed)
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("p", [1, 3, 6])
def test_p_median_walks_as_little(seed, p):
    costs, people = town(seed)

    ours = p_median(costs, people, n_new=p)

    assert ours.objective == pytest.approx(
        theirs("PMedian", costs, people, p_facilities=p), rel=AGREE
    )


@pytest.mark.parametrize("seed", range(3))
def test_p_median_with_fixed_sites_walks_as_little(seed):
    costs, people = town(seed)

    ours = p_median(costs, people, n_new=2, fixed=[4])

    assert ours.objective == pytest.approx(
        theirs(
            "PMedian",
            costs,
            people,
            p_facilities=3,
            predefined_facilities_arr=np.array([4]),
        ),
        rel=AGREE,
    )


@pytest.mark.parametrize("seed", range(2))
def test_p_median_with_capacities_walks_as_little(seed):
    costs, people = town(seed, n=15, m=6)
    capacity = np.full(6, int(people.sum() / 3))

    ours = p_median(costs, people, n_new=4, capacity=capacity)

    assert ours.objective == pytest.approx(
        theirs("PMedian", costs, people, p_facilities=4, facility_capacities=capacity),
        rel=AGREE,
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("p", [2, 4])
def test_p_center_goes_as_far(seed, p):
    costs, people = town(seed)

    ours = p_center(costs, people, n_new=p)
    them = solved("PCenter", costs, p_facilities=p)

    # CBC hands over its largest distance with 8 digits; its sites say it exactly.
    theirs_open = [j for j, site in enumerate(them.fac_vars) if site.value() > 0]
    assert ours.objective == pytest.approx(
        costs[:, theirs_open].min(axis=1).max(), rel=AGREE
    )
