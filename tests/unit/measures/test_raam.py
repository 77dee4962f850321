"""Rational agents: worlds whose equilibrium is known, and laws that hold on the way."""

import numpy as np
import pytest
from hypothesis import given
from scipy.sparse import csr_array

from layers.errors import InvalidArray
from layers.measures.raam import raam
from tests.unit.measures.pair_world import COSTS, PEOPLE, PLACES, sparse, worlds

TWO_SITES = sparse([(0, 0, 0), (0, 1, 30)], (1, 2))


def test_one_site_costs_its_crowd_and_the_way():
    # rho = 100/50 = 2, so 100 people at 50 places are a crowd of 1; 30 of tau 60.
    costs = sparse([(0, 0, 30)], (1, 1))

    assert raam([100], [50], costs).cost == pytest.approx([1.5])


def test_people_spread_until_both_sites_cost_the_same():
    # 1000 people, 10 places each, rho = 50, tau = 60: x/500 = (1000 - x)/500 + 0.5
    # gives x = 625, and everybody pays 625/500 = 1.25.
    found = raam([1000], [10, 10], TWO_SITES, max_cycles=400)

    assert found.cost == pytest.approx([1.25], abs=0.005)
    assert found.unsettled < 0.005


def test_it_stops_where_nobody_will_move_again():
    # Were it to go on, a billion cycles would not end in a lifetime.
    few = raam([1000], [10, 10], TWO_SITES, max_cycles=1000)
    many = raam([1000], [10, 10], TWO_SITES, max_cycles=10**9)

    assert many.cost == pytest.approx(few.cost)


def test_a_far_site_is_nobodys_choice_as_long_as_the_near_one_is_not_crowded():
    # rho = 1000 makes crowds light: 1000/(10 * 1000) = 0.1 < 0.5 for the way.
    found = raam([1000], [10, 10], TWO_SITES, rho=1000)

    assert found.cost == pytest.approx([0.1])
    assert found.unsettled == 0


def test_few_people_never_move_and_that_is_said():
    # At most 0.2 of 4 people, rounded towards 0, are nobody.
    found = raam([4], [1, 1], sparse([(0, 0, 0), (0, 1, 0)], (1, 2)))

    assert found.cost == pytest.approx([2])
    assert found.unsettled > 0.4


def test_a_point_without_people_is_told_what_one_more_would_pay():
    # 100 people at one site of 50: a crowd of 1; the empty point is 60 minutes away.
    costs = sparse([(0, 0, 0), (1, 0, 60)], (2, 1))

    assert raam([100, 0], [50], costs).cost == pytest.approx([1, 2])


def test_where_nobody_can_go_it_costs_without_end():
    assert raam([9, 9], [5], sparse([(0, 0, 1)], (2, 1))).cost[1] == np.inf
    assert raam([9], [0], sparse([(0, 0, 1)], (1, 1))).cost.tolist() == [np.inf]
    assert raam([9, 0], [], csr_array((2, 0))).cost.tolist() == [np.inf, np.inf]
    assert raam([9], [5], csr_array((1, 1))).unsettled == 0


def test_a_site_without_places_is_nobodys_choice():
    costs = sparse([(0, 0, 0), (0, 1, 30)], (1, 2))

    # Only the second: 100/(50 * 2) + 30/60.
    assert raam([100], [0, 50], costs).cost == pytest.approx([1.5])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rho": 0}, "rho: 0"),
        ({"rho": np.nan}, "rho: nan"),
        ({"rho": -1}, "rho: -1"),
        ({"tau": 0}, "tau: 0"),
        ({"tau": np.inf}, "tau: inf"),
        ({"max_cycles": 0}, "max_cycles: 0"),
    ],
)
def test_parameters_out_of_range_are_refused(options, message):
    with pytest.raises(InvalidArray, match=message):
        raam(PEOPLE, PLACES, COSTS, **options)


@given(world=worlds())
def test_nobody_pays_less_than_the_way_to_the_nearest(world):
    people, places, costs = world
    found = raam(people, places, costs, tau=10, max_cycles=60)

    for i in range(len(people)):
        mine = slice(costs.indptr[i], costs.indptr[i + 1])
        ways = costs.data[mine][places[costs.indices[mine]] > 0]
        least = ways.min() / 10 if len(ways) else np.inf
        assert found.cost[i] >= least - 1e-9
    assert 0 <= found.unsettled <= 1


@given(world=worlds(whole=True))
def test_the_same_question_has_the_same_answer(world):
    np.testing.assert_array_equal(raam(*world).cost, raam(*world).cost)
