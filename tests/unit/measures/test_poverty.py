"""Below the standard: how many, how deep, how severe."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.poverty import fgt, fgt_terms

POINTS = st.lists(
    st.tuples(st.floats(0, 20), st.integers(1, 9)), min_size=1, max_size=10
)


def test_exactly_at_the_standard_is_not_below_it():
    assert fgt([10, 9.999], [1, 1], standard=10, alpha=0) == 0.5


def test_who_has_nothing_lacks_all_of_it():
    assert [fgt([0, 0], [3, 1], standard=7, alpha=a) for a in (0, 1, 2)] == [1, 1, 1]


def test_what_is_above_the_standard_makes_up_for_nothing():
    assert fgt([5, 1e6], [1, 1], standard=10, alpha=1) == 0.25


def test_terms_are_those_of_the_points():
    assert fgt_terms([5, 10, 12], standard=10, alpha=2).tolist() == [0.25, 0, 0]


def test_nobody_has_no_figure():
    assert math.isnan(fgt([], [], standard=1))
    assert math.isnan(fgt([3], [0], standard=1))


@pytest.mark.parametrize(
    ("values", "weights", "options", "message"),
    [
        ([-1], [1], {"standard": 1}, "values: value 0"),
        ([np.nan], [1], {"standard": 1}, "values: value 0"),
        ([1], [-1], {"standard": 1}, "weights: value 0"),
        ([1], [1, 2], {"standard": 1}, "weights: 2 values"),
        ([1], [1], {"standard": 0}, "standard: 0"),
        ([1], [1], {"standard": np.inf}, "standard: inf"),
        ([1], [1], {"standard": 1, "alpha": -1}, "alpha: -1"),
        ([1], [1], {"standard": 1, "alpha": np.nan}, "alpha: nan"),
    ],
)
def test_what_has_no_meaning_is_refused(values, weights, options, message):
    with pytest.raises(InvalidArray, match=message):
        fgt(values, weights, **options)


@given(points=POINTS, alpha=st.sampled_from([0, 0.5, 1, 2, 3]))
def test_it_agrees_with_its_definition(points, alpha):
    z = 10.0
    slow = sum(p * ((z - a) / z) ** alpha for a, p in points if a < z)
    values, people = zip(*points, strict=True)

    found = fgt(values, people, standard=z, alpha=alpha)

    assert found == pytest.approx(slow / sum(people), abs=1e-12)
    assert 0 <= found <= 1


@given(points=POINTS, gift=st.floats(0, 5), at=st.integers(0, 9))
def test_more_access_never_raises_it(points, gift, at):
    values, people = (np.array(c, dtype=float) for c in zip(*points, strict=True))
    better = values.copy()
    better[at % len(values)] += gift

    for alpha in (0, 1, 2):
        before = fgt(values, people, standard=10, alpha=alpha)
        assert fgt(better, people, standard=10, alpha=alpha) <= before + 1e-12


@given(points=POINTS)
def test_severity_never_exceeds_depth_nor_depth_the_head_count(points):
    values, people = zip(*points, strict=True)
    heads, depth, severity = (
        fgt(values, people, standard=10, alpha=a) for a in (0, 1, 2)
    )

    assert severity <= depth + 1e-12
    assert depth <= heads + 1e-12
