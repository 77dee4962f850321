"""Maximal covering: hand-made worlds, refusals, time limits."""

import numpy as np
import pytest

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.location_models.mclp import mclp
from layers.measures.location_models.question import CostTable
from layers.measures.location_models.solution import Status
from tests.unit.measures.location_models.worlds import INF, line

VILLAGES = line(0, 10, 20, 30, 40)
PEOPLE = [1, 10, 2, 10, 1]


def test_one_site_goes_where_most_people_are_near():
    # Within 10 of place 2 live 10 + 2 + 10 people; of any other fewer.
    found = mclp(VILLAGES, PEOPLE, radius=10, n_new=1)

    assert (found.chosen, found.objective) == ((2,), 22.0)
    assert found.covered.tolist() == [False, True, True, True, False]
    assert found.site.tolist() == [2, 2, 2, 2, 2]
    assert found.cost.tolist() == [20, 10, 0, 10, 20]


def test_two_sites_beat_what_greedy_would_take():
    # Greedy takes place 2 first (22 people) and then an end: 23. Without 2 all 24 are
    # reached, by 1 and 3, 0 and 3, or 1 and 4.
    found = mclp(VILLAGES, PEOPLE, radius=10, n_new=2)

    assert (found.objective, found.bound, found.gap) == (24, 24, 0)
    assert found.chosen in {(1, 3), (0, 3), (1, 4)}


def test_the_radius_is_inside():
    at_it = mclp([[5.0]], [7], radius=5.0, n_new=1)
    below = mclp([[5.0]], [7], radius=np.nextafter(5.0, 0), n_new=1)

    assert (at_it.objective, below.objective) == (7, 0)
    assert below.uncoverable == (0,)


def test_fixed_sites_keep_their_people_and_new_ones_come_on_top():
    # Place 2 is there; one more site can add only one end of the line.
    found = mclp(VILLAGES, PEOPLE, radius=10, n_new=1, fixed=[2])

    assert found.objective == 23
    assert (found.new, found.chosen) == ((0,), (0, 2))


def test_without_new_sites_the_fixed_ones_are_measured():
    found = mclp(VILLAGES, PEOPLE, radius=10, n_new=0, fixed=[2])

    assert (found.objective, found.new, found.status) == (22, (), Status.OPTIMAL)


def test_people_beyond_every_site_are_listed_and_not_served():
    found = mclp([[1, 2], [INF, INF]], [5, 9], radius=3, n_new=1)

    assert found.uncoverable == (1,)
    assert (found.objective, found.site.tolist()) == (5, [0, -1])
    assert found.cost.tolist() == [1, INF]


def test_nobody_anywhere_is_an_answer_too():
    found = mclp(VILLAGES, [0] * 5, radius=10, n_new=2)

    assert (found.objective, found.bound, found.gap) == (0, 0, 0)
    assert len(found.new) == 2


def test_no_demand_row_is_an_answer_too():
    found = mclp(np.empty((0, 3)), [], radius=10, n_new=2)

    assert (found.objective, found.chosen) == (0, (0, 1))


def test_equally_good_sites_are_taken_in_their_order():
    assert mclp(line(0, 100, 200), [3, 3, 3], radius=1, n_new=2).chosen == (0, 1)


def test_a_pair_that_is_absent_is_no_way():
    table = CostTable.from_pairs([0, 1], [0, 1], [0.0, 0.0], (2, 2))

    found = mclp(table, [1, 5], radius=np.inf, n_new=1)

    assert (found.objective, found.chosen) == (5, (1,))


def test_near_ties_name_what_takes_whose_place():
    # Places 1 and 2 are a metre apart and see the same people.
    found = mclp(line(0, 1, 50), [10, 10, 1], radius=5, n_new=1)

    assert found.chosen == (0,)
    assert [(a.instead_of, a.site, a.objective) for a in found.alternatives] == [
        (0, 1, 20)
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n_new": 6}, "n_new: '6' is not allowed; 0 to 5"),
        ({"n_new": 5, "fixed": [0]}, "n_new: '5' is not allowed; 0 to 4"),
        ({"n_new": -1}, "n_new: '-1'"),
        ({"n_new": 0}, "n_new: '0' is not allowed; at least 1 without fixed"),
        ({"radius": -1}, "radius: '-1' is not allowed; a cost of 0 or more"),
        ({"radius": np.nan}, "radius: 'nan'"),
        ({"fixed": [5]}, "fixed: '5' is not allowed; a column from 0 to 4"),
        ({"fixed": [-1]}, "fixed: '-1'"),
        ({"fixed": [1, 1]}, "fixed: .* each site once"),
        ({"time_limit_s": 0}, "time_limit_s: '0' is not allowed; seconds above 0"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(given, message):
    asked = {"radius": 10, "n_new": 1, **given}
    with pytest.raises(InvalidParameter, match=message):
        mclp(VILLAGES, PEOPLE, **asked)


@pytest.mark.parametrize(
    ("costs", "demand", "message"),
    [
        ([[1, np.nan]], [1], "costs: value 1 is nan"),
        ([[1, -2]], [1], "costs: value 1 is -2"),
        ([1, 2], [1], r"costs: shape \(2,\) is not \(n, m\)"),
        ([[1, 2]], [1, 2], "demand: 2 values where 1 belong"),
        ([[1, 2]], [-1], "demand: value 0 is -1"),
        ([[1, 2]], [np.inf], "demand: value 0 is inf"),
        ([[]], [1], "costs: there is no site to choose from"),
    ],
)
def test_what_is_no_matrix_is_refused_by_name(costs, demand, message):
    with pytest.raises(InvalidArray, match=message):
        mclp(costs, demand, radius=1, n_new=1)


@pytest.mark.parametrize(
    ("demand", "site", "cost", "message"),
    [
        ([0, 0], [1, 1], [1.0, 2.0], "the pair 0, 1 is given twice"),
        ([2], [0], [1.0], "demand: an index is not in 0..1"),
        ([0], [-1], [1.0], "site: an index is not in 0..1"),
        ([0, 1], [0], [1.0, 2.0], "site: .* is no index"),
        ([0.5], [0], [1.0], "demand: float64 .* is no index"),
        ([0], [0], [-1.0], "cost: value 0 is -1"),
    ],
)
def test_pairs_that_do_not_fit_are_refused(demand, site, cost, message):
    with pytest.raises(InvalidArray, match=message):
        CostTable.from_pairs(demand, site, cost, (2, 2))


def clusters(n, m, *, seed):
    """Return a city that greedy does not solve: costs and people, seeded."""
    chance = np.random.default_rng(seed)
    sites = chance.uniform(0, 100, (m, 2))
    homes = np.concatenate(
        [chance.normal(chance.uniform(20, 80, 2), 12, (n // 4, 2)) for _ in range(4)]
    )
    costs = np.hypot(*(homes[:, np.newaxis] - sites[np.newaxis]).transpose(2, 0, 1))
    return costs, chance.integers(1, 90, len(homes)).astype(float)


def test_the_same_question_gets_the_same_answer():
    costs, demand = clusters(400, 120, seed=3)

    one = mclp(costs, demand, radius=7, n_new=10)
    two = mclp(costs, demand, radius=7, n_new=10)

    assert (one.chosen, one.objective, one.bound) == (
        two.chosen,
        two.objective,
        two.bound,
    )
    assert one.alternatives == two.alternatives


def test_out_of_time_there_is_still_an_answer_with_a_bound():
    costs, demand = clusters(2000, 500, seed=5)

    found = mclp(costs, demand, radius=6, n_new=15, time_limit_s=1e-9)

    assert found.status is Status.TIME_LIMIT
    assert len(found.chosen) == 15
    assert 0 < found.objective <= found.bound
    assert found.gap == pytest.approx((found.bound - found.objective) / found.objective)


def test_a_time_limit_costs_quality_never_truth():
    costs, demand = clusters(400, 120, seed=3)

    hasty = mclp(costs, demand, radius=7, n_new=10, time_limit_s=1e-9)
    best = mclp(costs, demand, radius=7, n_new=10)

    assert hasty.objective <= best.objective <= hasty.bound


def test_more_sites_or_a_longer_way_never_cover_fewer():
    costs, demand = clusters(200, 40, seed=8)

    by_count = [mclp(costs, demand, radius=8, n_new=p).objective for p in range(1, 8)]
    by_radius = [mclp(costs, demand, radius=r, n_new=3).objective for r in range(2, 20)]

    assert by_count == sorted(by_count)
    assert by_radius == sorted(by_radius)


def test_rows_with_the_same_way_to_every_site_may_as_well_be_one_row():
    costs, demand = clusters(100, 30, seed=9)

    split = mclp(
        np.repeat(costs, 3, axis=0), np.repeat(demand / 3, 3), radius=8, n_new=4
    )
    whole = mclp(costs, demand, radius=8, n_new=4)

    assert split.objective == pytest.approx(whole.objective, rel=1e-9)


def test_the_order_of_rows_does_not_matter():
    costs, demand = clusters(150, 40, seed=11)
    shuffled = np.random.default_rng(0).permutation(len(demand))

    one = mclp(costs, demand, radius=8, n_new=5)
    two = mclp(costs[shuffled], demand[shuffled], radius=8, n_new=5)

    assert one.objective == two.objective
