"""What is in reach, where pairs are given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.decay import Exponential, Stepped
from layers.measures.gravity import cumulative_cutoff, gravity
from tests.unit.measures.pair_world import COSTS, PLACES, dense, sparse, worlds

THRESHOLD = st.sampled_from([0, 3, 8, 15, np.inf])


def test_places_within_a_threshold_by_hand():
    # Within 8: A reaches s and t, B both, C (10) none.
    assert cumulative_cutoff(PLACES, COSTS, threshold=8).tolist() == [44, 44, 0]
    assert cumulative_cutoff(PLACES, COSTS, threshold=7.9).tolist() == [30, 44, 0]


def test_sites_are_counted_where_each_is_one():
    assert cumulative_cutoff([1, 1], COSTS, threshold=5).tolist() == [1, 2, 0]


def test_gravity_by_hand():
    # A: 30 at weight 1, 14 at 0.5.
    steps = Stepped((5, 8), (1, 0.5))

    assert gravity(PLACES, COSTS, decay=steps).tolist() == [37, 44, 0]


def test_the_threshold_cuts_a_decay_without_an_end():
    found = gravity(PLACES, COSTS, decay=Exponential(1), threshold=2)

    assert found == pytest.approx([30 * np.exp(-2), 0, 0])


def test_the_door_counts_in_full():
    costs = sparse([(0, 0, 0)], (1, 1))

    assert gravity([7], costs, decay=Exponential(1)).tolist() == [7]
    assert cumulative_cutoff([7], costs, threshold=0).tolist() == [7]


@pytest.mark.parametrize(
    ("places", "costs", "message"),
    [
        ([-1, 1], COSTS, "supply: value 0"),
        ([1], COSTS, r"shape \(3, 2\) where \(3, 1\)"),
        ([1], np.zeros((1, 1)), "not a sparse matrix"),
        ([1], None, "not a sparse matrix"),
    ],
)
def test_what_does_not_fit_is_refused(places, costs, message):
    with pytest.raises(InvalidArray, match=message):
        gravity(places, costs, decay=Exponential(1))


@given(world=worlds(), threshold=THRESHOLD)
def test_more_reach_never_takes_places_away(world, threshold):
    _, places, costs = world

    near = cumulative_cutoff(places, costs, threshold=threshold)
    far = cumulative_cutoff(places, costs, threshold=threshold + 2)

    assert (near <= far).all()


@given(world=worlds(), threshold=THRESHOLD)
def test_gravity_agrees_with_a_sum_over_all(world, threshold):
    _, places, costs = world
    full = dense(costs)
    slow = [
        sum(
            s * np.exp(-0.3 * d)
            for s, d in zip(places, row, strict=True)
            if np.isfinite(d) and d <= threshold
        )
        for row in full
    ]

    found = gravity(places, costs, decay=Exponential(0.3), threshold=threshold)

    np.testing.assert_allclose(found, slow, rtol=1e-12)
