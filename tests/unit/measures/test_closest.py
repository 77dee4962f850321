"""Distances to the nearest, on worlds small enough to see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.closest import closest, cost_to_closest

METRES = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
POINTS = st.lists(st.tuples(METRES, METRES), max_size=20)


def test_the_nearest_of_three_four_five():
    # Pythagoras: (0, 0) to (3, 4) is 5 m, to (30, 40) 50 m.
    assert cost_to_closest([(0, 0)], [(30, 40), (3, 4)]).tolist() == [[5.0]]


def test_it_ascends_and_counts_one_place_as_often_as_it_is_given():
    got = cost_to_closest([(0, 0)], [(3, 4), (0, 1), (3, 4)], k=3)

    assert got.tolist() == [[1.0, 5.0, 5.0]]


def test_fewer_places_than_asked_for_are_infinitely_far():
    assert cost_to_closest([(0, 0)], [(0, 2)], k=3).tolist() == [[2.0, np.inf, np.inf]]


def test_no_place_at_all_is_infinitely_far():
    assert cost_to_closest([(0, 0), (1, 1)], [], k=2).tolist() == [[np.inf, np.inf]] * 2
    distance, index = closest([(0, 0)], [])
    assert (distance.tolist(), index.tolist()) == ([np.inf], [-1])


def test_nobody_who_asks_gets_no_answers():
    assert cost_to_closest([], [(0, 0)], k=2).shape == (0, 2)
    assert closest([], [(0, 0)])[0].shape == (0,)


def test_an_empty_table_of_pairs_is_as_good_as_an_empty_list():
    assert cost_to_closest(np.empty((0, 2)), np.empty((0, 2))).shape == (0, 1)


def test_someone_at_the_door_walks_no_metre():
    assert cost_to_closest([(7, 7)], [(7, 7)]).tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("origins", "destinations", "message"),
    [
        ([(0, np.nan)], [(0, 0)], "origins: value 0 .* not a finite coordinate"),
        ([(0, 0)], [(0, 0), (np.inf, 0)], "destinations: value 1 .* not a finite"),
        ([(0, 0, 0)], [(0, 0)], r"origins: shape \(1, 3\) is not \(n, 2\)"),
        ([0, 0], [(0, 0)], r"origins: shape \(2,\)"),
        ([("a", "b")], [(0, 0)], "origins: not an array of numbers"),
        ([(0, 0)], [[0], [0, 1]], "destinations: not an array of numbers"),
    ],
)
def test_what_is_no_place_is_refused(origins, destinations, message):
    with pytest.raises(InvalidArray, match=message):
        cost_to_closest(origins, destinations)


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_nearest_is_refused(k):
    with pytest.raises(InvalidArray, match="k: "):
        cost_to_closest([(0, 0)], [(0, 0)], k=k)


@given(origins=POINTS, destinations=POINTS, k=st.integers(1, 5))
def test_it_agrees_with_comparing_all_pairs(origins, destinations, k):
    got = cost_to_closest(origins, destinations, k=k)

    for origin, row in zip(origins, got, strict=True):
        every = sorted(np.hypot(x - origin[0], y - origin[1]) for x, y in destinations)
        expected = (every + [np.inf] * k)[:k]
        np.testing.assert_allclose(row, expected, rtol=1e-12, atol=1e-9)


@given(origins=POINTS, destinations=POINTS.filter(len))
def test_the_index_names_the_place_at_that_distance(origins, destinations):
    distance, index = closest(origins, destinations)

    for origin, d, i in zip(origins, distance, index, strict=True):
        x, y = destinations[i]
        assert np.hypot(x - origin[0], y - origin[1]) == pytest.approx(d)


@given(
    origins=POINTS, destinations=POINTS.filter(len), opened=st.tuples(METRES, METRES)
)
def test_opening_a_place_never_makes_anyone_walk_further(origins, destinations, opened):
    before = cost_to_closest(origins, destinations)
    after = cost_to_closest(origins, [*destinations, opened])

    assert (after <= before).all()


@given(origins=POINTS, destinations=POINTS.filter(len))
def test_the_order_of_places_does_not_matter(origins, destinations):
    there = cost_to_closest(origins, destinations, k=3)
    back = cost_to_closest(origins, destinations[::-1], k=3)

    np.testing.assert_array_equal(there, back)
