"""Groups that share places: capacity is given out once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.decay import Exponential
from layers.measures.floating_catchment import enhanced_two_step_fca
from layers.measures.group_demand import group_two_step_fca
from tests.unit.measures.pair_world import COSTS, PLACES, sparse, worlds


def test_two_languages_and_three_sites_by_hand():
    # One point with 60 Farsi and 40 Arabic speakers; sites for Farsi (6), Arabic (4),
    # both (10). R: 6/60 = 0.1, 4/40 = 0.1, 10/100 = 0.1. Each group: its own + both.
    costs = sparse([(0, 0, 1), (0, 1, 1), (0, 2, 1)], (1, 3))
    serves = [[True, False], [False, True], [True, True]]

    found = group_two_step_fca([[60, 40]], [6, 4, 10], serves, costs)

    assert found == pytest.approx(np.array([[0.2, 0.2]]))


def test_one_run_per_group_would_give_the_same_places_twice():
    costs = sparse([(0, 0, 1)], (1, 1))

    together = group_two_step_fca([[50, 50]], [10], [[True, True]], costs)
    apart = [
        enhanced_two_step_fca([50], [10], costs, decay=Exponential(1e-9)) for _ in "ab"
    ]

    assert (together * 50).sum() == pytest.approx(10)
    assert sum((a * 50).sum() for a in apart) == pytest.approx(20)


def test_a_group_that_no_site_serves_gets_nothing_and_asks_for_nothing():
    costs = sparse([(0, 0, 1)], (1, 1))

    found = group_two_step_fca([[50, 70]], [10], [[True, False]], costs)

    assert found.tolist() == [[0.2, 0]]


@given(world=worlds(), data=st.data())
def test_places_that_somebody_may_have_are_given_out_once(world, data):
    people, places, costs = world
    split = np.array([data.draw(st.floats(0, 1)) for _ in people])
    demand = np.stack([people * split, people * (1 - split)], axis=1)
    serves = np.array([[data.draw(st.booleans()) for _ in range(2)] for _ in places])
    reach = np.zeros((len(people), len(places)))
    rows = np.repeat(range(len(people)), np.diff(costs.indptr))
    reach[rows, costs.indices] = 1
    asked = (reach.T @ demand * serves).sum(axis=1)

    found = group_two_step_fca(demand, places, serves, costs)

    assert (found * demand).sum() == pytest.approx(places[asked > 1e-150].sum())


@given(world=worlds())
def test_one_group_that_all_sites_serve_is_the_enhanced_measure(world):
    people, places, costs = world
    serves = np.ones((len(places), 1), dtype=bool)
    decay = Exponential(0.2)

    found = group_two_step_fca(people[:, None], places, serves, costs, decay=decay)

    expected = enhanced_two_step_fca(people, places, costs, decay=decay)
    np.testing.assert_allclose(found[:, 0], expected)


@pytest.mark.parametrize(
    ("demand", "serves", "message"),
    [
        ([1, 2, 3], np.ones((2, 1), dtype=bool), "not .n, groups."),
        ([[1], [2], [-3]], np.ones((2, 1), dtype=bool), "demand: value 2"),
        ([[1], [2], [3]], np.ones((2, 2), dtype=bool), "serves: bool of shape"),
        ([[1], [2], [3]], np.ones((2, 1)), "serves: float64"),
        ([[1], [2]], np.ones((2, 1), dtype=bool), "costs: shape"),
    ],
)
def test_what_does_not_fit_is_refused(demand, serves, message):
    with pytest.raises(InvalidArray, match=message):
        group_two_step_fca(demand, PLACES, serves, COSTS)
