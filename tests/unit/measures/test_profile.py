"""A profile across categories shows what a mean would hide."""

import numpy as np
import pytest

from layers.errors import InvalidArray
from layers.measures.profile import profiles

NAN = float("nan")


def test_a_missing_service_is_seen_beside_nine_good_ones():
    # The mean of these is 0.1: class 1, nothing to see.
    found = profiles([[0.0] * 9 + [1.0]])

    assert found.worst.tolist() == [5]
    assert found.n_below.tolist() == [1]
    assert found.n_by_class.tolist() == [[9, 0, 0, 0, 1]]


def test_what_is_not_known_is_neither_good_nor_bad():
    found = profiles([[NAN, 0.3], [NAN, NAN]])

    assert found.classes.tolist() == [[0, 3], [0, 0]]
    assert found.worst.tolist() == [3, 0]
    assert found.n_known.tolist() == [1, 0]
    assert found.n_below.tolist() == [1, 0]


def test_exactly_what_is_allowed_meets_the_standard():
    found = profiles([[0.2, 0.2001]], allowed=0.2)

    assert found.n_below.tolist() == [1]


@pytest.mark.parametrize("shape", [(0, 3), (2, 0)])
def test_no_areas_and_no_categories_are_no_fault(shape):
    found = profiles(np.zeros(shape))

    assert found.worst.tolist() == [0] * shape[0]
    assert found.n_by_class.shape == (shape[0], 5)


@pytest.mark.parametrize(
    ("shares", "allowed"), [([0.5], 0.1), ([[1.5]], 0.1), ([[0.5]], 2), ([[0.5]], NAN)]
)
def test_what_is_no_share_is_refused(shares, allowed):
    with pytest.raises(InvalidArray):
        profiles(shares, allowed=allowed)
