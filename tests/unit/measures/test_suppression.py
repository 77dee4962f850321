"""Counts too small to publish."""

import math

import pytest

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.suppression import gives_away_small_count, is_small


def test_small_is_above_none_and_below_ten():
    assert is_small([0, 1, 9, 9.99, 10, 1e6]).tolist() == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_fraction_of_a_person_is_small_even_for_one():
    assert is_small([0.4, 1], k=1).tolist() == [True, False]


@pytest.mark.parametrize(
    ("residents", "served", "expected"),
    [
        (0, 0, False),
        (100, 0, False),
        (100, 100, False),
        (100, 50, False),
        (100, 4, True),
        (100, 96, True),
        (7, 0, True),
        (7, 7, True),
    ],
)
def test_a_small_number_on_either_side_gives_away_the_other(
    residents, served, expected
):
    assert gives_away_small_count([residents], [served]).tolist() == [expected]


@pytest.mark.parametrize("counts", [[-1], [math.nan], [math.inf]])
def test_counts_that_are_none_are_refused(counts):
    with pytest.raises(InvalidArray, match="counts"):
        is_small(counts)


def test_a_limit_below_one_person_is_refused():
    with pytest.raises(InvalidParameter, match="k"):
        is_small([1], k=0)
