"""Supply that nobody has verified for long counts less, and it is said how much."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.freshness import LEAST_WEIGHT, fresh_supply, freshness

NAN = float("nan")


def test_half_a_year_is_fresh_and_then_it_halves_every_year():
    # 18 months: a year beyond the six fresh ones; 30: two.
    assert freshness([0, 6, 18, 30]).tolist() == [1, 1, 0.5, 0.25]


def test_what_is_old_and_what_was_never_verified_still_count_a_little():
    assert freshness([1200, NAN]).tolist() == [LEAST_WEIGHT, LEAST_WEIGHT]


def test_what_is_taken_off_is_shown():
    found = fresh_supply([100, 60, 0], [3, 18, NAN])

    assert found.counted.tolist() == [100, 30, 0]
    assert found.discounted == 30
    assert found.share_discounted == pytest.approx(30 / 160)


def test_without_places_nothing_is_taken_off():
    assert math.isnan(fresh_supply([], []).share_discounted)
    assert fresh_supply([0], [99]).discounted == 0


@given(months=st.lists(st.floats(0, 500), max_size=20))
def test_older_never_counts_more(months):
    found = freshness(sorted(months))

    assert (np.diff(found) <= 0).all()
    assert ((found >= LEAST_WEIGHT) & (found <= 1)).all()


@pytest.mark.parametrize(
    ("months", "options"),
    [
        ([-1], {}),
        ([math.inf], {}),
        ([[1]], {}),
        ([1], {"half_life_months": 0}),
        ([1], {"half_life_months": NAN}),
        ([1], {"fresh_months": -1}),
        ([1], {"least": -0.1}),
        ([1], {"least": 1.1}),
    ],
)
def test_what_is_no_age_is_refused(months, options):
    with pytest.raises(InvalidArray):
        freshness(months, **options)


def test_an_age_for_each_site_is_needed():
    with pytest.raises(InvalidArray, match="months: 1 values where 2 belong"):
        fresh_supply([1, 2], [3])
