"""How far the nearest and the k-th nearest are, where pairs are given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from layers.errors import InvalidArray
from layers.measures.nearest_pairs import cost_to_closest_pair, is_covered
from tests.unit.measures.pair_world import COSTS, dense, sparse, worlds

THRESHOLD = st.sampled_from([0, 3, 8, 15, np.inf])


def test_somebody_at_the_door_has_no_way_and_is_covered():
    costs = sparse([(0, 0, 0)], (1, 1))

    assert cost_to_closest_pair(costs).tolist() == [0]
    assert is_covered(costs, threshold=0).tolist() == [True]


def test_the_first_second_and_third_nearest_by_hand():
    assert cost_to_closest_pair(COSTS, k=1).tolist() == [2, 5, 10]
    assert cost_to_closest_pair(COSTS, k=2).tolist() == [8, 5, np.inf]
    assert cost_to_closest_pair(COSTS, k=3).tolist() == [np.inf] * 3


def test_what_costs_more_than_the_threshold_is_no_site():
    assert cost_to_closest_pair(COSTS, threshold=5).tolist() == [2, 5, np.inf]
    assert is_covered(COSTS, threshold=5).tolist() == [True, True, False]


def test_without_sites_everything_is_infinitely_far():
    # AccessMod #219: coverage without any site started at 17 %.
    assert cost_to_closest_pair(csr_array((2, 0))).tolist() == [np.inf, np.inf]
    assert is_covered(csr_array((2, 3)), threshold=np.inf).tolist() == [False, False]


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_nearest_is_refused(k):
    with pytest.raises(InvalidArray, match="k: "):
        cost_to_closest_pair(COSTS, k=k)


@given(world=worlds(), k=st.integers(1, 4), threshold=THRESHOLD)
def test_the_kth_nearest_agrees_with_sorting_each_row(world, k, threshold):
    costs = world[2]
    slow = [
        ([*sorted(d for d in row if d <= threshold and np.isfinite(d)), *[np.inf] * k])[
            k - 1
        ]
        for row in dense(costs)
    ]

    assert cost_to_closest_pair(costs, k=k, threshold=threshold).tolist() == slow


@given(world=worlds(), threshold=THRESHOLD)
def test_more_reach_never_uncovers_anybody(world, threshold):
    near = is_covered(world[2], threshold=threshold)
    far = is_covered(world[2], threshold=threshold + 2)

    assert (near <= far).all()


@given(world=worlds(), opened=st.integers(0, 20), at=st.integers(0, 5))
def test_opening_a_site_never_makes_anybody_pay_more(world, opened, at):
    costs = world[2]
    full = np.hstack([dense(costs), np.full((costs.shape[0], 1), np.inf)])
    full[at % len(full), -1] = opened
    cells = [
        (i, j, full[i, j]) for i, j in zip(*np.nonzero(np.isfinite(full)), strict=True)
    ]

    after = cost_to_closest_pair(sparse(cells, full.shape))

    assert (after <= cost_to_closest_pair(costs)).all()
