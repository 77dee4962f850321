"""Pairs: stored entries exist, a stored zero is the door, the rest is unreachable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array, csc_array, csr_array, csr_matrix

from layers.errors import InvalidArray
from layers.measures import pairs as module
from layers.measures.pairs import checked_pairs, pairs_within, within
from tests.unit.measures.pair_world import COSTS, dense

METRES = st.integers(-50, 50).map(float)
POINTS = st.lists(st.tuples(METRES, METRES), max_size=12)


@pytest.mark.parametrize("form", [csr_array, csr_matrix, coo_array, csc_array])
def test_every_sparse_form_gives_the_same_pairs_zeros_included(form):
    costs = form(
        (np.array([0.0, 3.0]), (np.array([0, 1]), np.array([1, 0]))), shape=(2, 2)
    )

    found = checked_pairs(costs, n=2, m=2)

    np.testing.assert_array_equal(dense(found), [[np.inf, 0], [3, np.inf]])


def test_columns_that_are_not_sorted_are_sorted_and_the_callers_stay():
    costs = csr_array(([7.0, 2.0], [1, 0], [0, 2]), shape=(1, 2))

    found = checked_pairs(costs, n=1, m=2)

    assert (found.indices.tolist(), found.data.tolist()) == ([0, 1], [2, 7])
    assert costs.data.tolist() == [7, 2]


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        (np.zeros((1, 1)), "not a sparse matrix"),
        ([[1.0]], "not a sparse matrix"),
        (None, "not a sparse matrix"),
        (csr_array((2, 1)), r"shape \(2, 1\) where \(1, 1\)"),
        (csr_array(([-1.0], ([0], [0])), shape=(1, 1)), "-1.0, not finite"),
        (csr_array(([np.nan], ([0], [0])), shape=(1, 1)), "nan, not finite"),
        (csr_array(([np.inf], ([0], [0])), shape=(1, 1)), "inf, not finite"),
        (csr_array(([1.0, 2.0], [0, 0], [0, 2]), shape=(1, 1)), "stored twice"),
        (coo_array(([1.0, 2.0], ([0, 0], [0, 0])), shape=(1, 1)), "stored twice"),
    ],
)
def test_what_is_no_table_of_pairs_is_refused(costs, message):
    with pytest.raises(InvalidArray, match=message):
        checked_pairs(costs, n=1, m=1)


def test_the_reach_includes_its_end():
    # Pythagoras: (0, 0) to (600, 800) is 1000.
    points = [(0, 0)], [(600, 800), (600, 800.001)]

    assert pairs_within(*points, reach=1000).nnz == 1


def test_the_detour_lengthens_the_way_not_the_reach():
    found = pairs_within([(0, 0)], [(3, 4), (6, 8)], reach=10, detour=2)

    assert (found.indices.tolist(), found.data.tolist()) == ([0], [10])


def test_somebody_at_the_door_is_a_pair():
    found = pairs_within([(7, 7)], [(7, 7)], reach=0)

    assert (found.nnz, found.data.tolist()) == (1, [0])


@pytest.mark.parametrize(("origins", "destinations"), [([], [(0, 0)]), ([(0, 0)], [])])
def test_without_points_or_sites_there_are_no_pairs(origins, destinations):
    found = pairs_within(origins, destinations, reach=5)

    assert found.shape == (len(origins), len(destinations))
    assert found.nnz == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reach": -1}, "reach: -1"),
        ({"reach": np.nan}, "reach: nan"),
        ({"reach": 1, "detour": 0}, "detour: 0"),
        ({"reach": 1, "detour": -1.3}, "detour: -1.3"),
        ({"reach": 1, "detour": np.inf}, "detour: inf"),
    ],
)
def test_a_reach_that_is_no_distance_is_refused(options, message):
    with pytest.raises(InvalidArray, match=message):
        pairs_within([(0, 0)], [(0, 0)], **options)


@pytest.mark.parametrize("reach", [5, np.inf])
def test_more_pairs_than_memory_holds_are_refused_before_they_are_made(
    monkeypatch, reach
):
    monkeypatch.setattr(module, "MAX_PAIRS", 3)

    with pytest.raises(InvalidArray, match="4 pairs"):
        pairs_within([(0, 0)] * 2, [(0, 0)] * 2, reach=reach)


@given(origins=POINTS, destinations=POINTS, reach=st.sampled_from([0, 5, 20, np.inf]))
def test_it_agrees_with_comparing_all(origins, destinations, reach):
    found = pairs_within(origins, destinations, reach=reach, detour=1.5)

    slow = {
        (i, j): 1.5 * np.hypot(a - c, b - d)
        for i, (a, b) in enumerate(origins)
        for j, (c, d) in enumerate(destinations)
        if 1.5 * np.hypot(a - c, b - d) <= reach
    }
    coo = found.tocoo()
    fast = dict(zip(zip(*map(list, coo.coords), strict=True), coo.data, strict=True))
    assert fast.keys() == slow.keys()
    assert all(fast[pair] == pytest.approx(cost) for pair, cost in slow.items())
    assert found.has_canonical_format


def test_cutting_at_a_threshold_keeps_the_end_and_drops_what_is_beyond():
    assert within(COSTS, 8).data.tolist() == [2, 8, 5, 5]
    assert within(COSTS, 7.9).indptr.tolist() == [0, 1, 3, 3]
    assert within(COSTS, np.inf) is COSTS


@given(
    origins=POINTS, destinations=POINTS, reach=st.sampled_from([0, 5, 20]),
    by=st.tuples(st.integers(-10**6, 10**6), st.integers(-10**6, 10**6)),
)  # fmt: skip
def test_moving_the_whole_city_changes_nothing(origins, destinations, reach, by):
    def moved(points):
        return [(x + by[0], y + by[1]) for x, y in points]

    here = pairs_within(origins, destinations, reach=reach)
    there = pairs_within(moved(origins), moved(destinations), reach=reach)

    np.testing.assert_array_equal(here.data, there.data)
    np.testing.assert_array_equal(here.indices, there.indices)
    np.testing.assert_array_equal(here.indptr, there.indptr)
