"""Whole people from shares: nobody is lost, nobody is invented."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.apportion import apportion

WEIGHTS = st.lists(
    st.one_of(st.just(0.0), st.floats(1e-6, 1e6, allow_nan=False)),
    min_size=1,
    max_size=40,
).filter(any)


def test_the_largest_remainders_get_what_is_left():
    # Shares of 10: 4.55, 3.64, 1.82 -> 4, 3, 1 and the two left go to .82 and .64.
    assert apportion([5, 4, 2], 10).tolist() == [4, 4, 2]


def test_among_equal_remainders_the_first_comes_first():
    assert apportion([1, 1, 1, 1], 6).tolist() == [2, 2, 1, 1]


def test_a_total_of_nobody_gives_nobody_to_anybody():
    assert apportion([1, 2], 0).tolist() == [0, 0]
    assert apportion([0, 0], 0).tolist() == [0, 0]
    assert apportion([], 0).tolist() == []


def test_a_third_of_three_is_one_although_no_float_says_so():
    third = 1 / 3

    assert apportion([third, third, third], 3).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("weights", "total", "message"),
    [
        ([0, 0], 5, "weights: all are 0"),
        ([], 5, "weights: all are 0"),
        ([1], -1, "total: -1"),
        ([1], 1.5, "total: 1.5"),
        ([1], True, "total: True"),
        ([-1, 2], 5, "weights: value 0 is -1"),
        ([1, math.nan], 5, "weights: value 1 is nan"),
        ([1, math.inf], 5, "weights: value 1 is inf"),
        ([[1]], 5, "weights: shape"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(weights, total, message):
    with pytest.raises(InvalidArray, match=message):
        apportion(weights, total)


@given(weights=WEIGHTS, total=st.integers(0, 10**7))
def test_the_total_is_kept_and_everyone_is_within_one_of_the_exact_share(
    weights, total
):
    got = apportion(weights, total).tolist()
    whole = sum(map(Fraction, weights))

    assert sum(got) == total
    for weight, people in zip(weights, got, strict=True):
        exact = total * Fraction(weight) / whole
        assert people >= 0
        assert abs(people - exact) < 1
        assert weight > 0 or people == 0
