"""What a reader can work out by bounds, where no sum gives it away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from layers.errors import InvalidArray
from layers.measures.feasible_ranges import KnownSums


def test_of_two_districts_and_their_sum_each_may_be_all_of_it():
    known = KnownSums([[1, 1]], [7], most=100)

    found = known.range_of([1, 0])

    assert (found.low, found.high) == (0, 7)
    assert found.high_rows.tolist() == [0]


def test_sums_of_nobody_give_their_neighbours_away():
    # Of 30 with somebody else at least none, of 30 and somebody else at most 30.
    known = KnownSums([[1, 1, 0], [1, 0, 1], [0, 1, 1]], [30, 30, 0], most=100)

    found = known.range_of([1, 0, 0])

    assert (found.low, found.high) == (30, 30)


def test_what_nobody_says_may_be_anything():
    assert KnownSums(np.zeros((0, 1)), [], most=50).range_of([1]).high == 50


def test_a_difference_has_a_range_too():
    known = KnownSums([[1, 0]], [12], most=20)

    found = known.range_of([-1, 1])

    assert (found.low, found.high) == (-12, 8)


def test_sums_that_contradict_each_other_tell_everything():
    found = KnownSums([[1], [1]], [3, 8], most=20).range_of([1])

    assert np.isnan(found.low)
    assert found.low_rows.tolist() == [0, 1]


@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=5),
    st.lists(st.lists(st.booleans(), min_size=5, max_size=5), max_size=4),
)
def test_ranges_are_those_of_another_solver(counts, sums):
    true = np.array(counts, dtype=float)
    table = np.array([row[: len(true)] for row in sums], dtype=float)
    table = table.reshape(-1, len(true))
    known = KnownSums(table, table @ true, most=200)
    for count in range(len(true)):
        weights = np.eye(len(true))[count]
        found = known.range_of(weights)
        for sign, value in ((1, found.low), (-1, found.high)):
            # SciPy takes an empty system only as None.
            other = linprog(
                sign * weights,
                A_eq=table if len(table) else None,
                b_eq=table @ true if len(table) else None,
                bounds=(0, 200),
            )
            assert value == pytest.approx(sign * other.fun, abs=1e-5)
        assert found.low - 1e-5 <= true[count] <= found.high + 1e-5


@pytest.mark.parametrize(
    ("sums", "totals"), [([1, 2], [1, 2]), ([[1, 2]], [1, 2]), ([[1]], [])]
)
def test_sums_that_do_not_fit_are_refused(sums, totals):
    with pytest.raises(InvalidArray, match="sums"):
        KnownSums(sums, totals, most=1)


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArray, match="weights"):
        KnownSums([[1, 1]], [1], most=1).range_of([1])
