"""Inequality: known cases, slow second versions, and what must not change a figure."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.inequality import (
    concentration_index,
    erreygers_index,
    gini_index,
    theil_t,
)
from layers.measures.palma import palma_ratio

VALUES = st.integers(0, 50).map(lambda v: v / 4)
PEOPLE = st.integers(0, 20).map(float)
POINTS = st.lists(st.tuples(VALUES, PEOPLE, st.integers(0, 5)), min_size=1, max_size=8)
SINGLE = [
    gini_index,
    lambda x, w: concentration_index(x, w, x),
    lambda x, w: theil_t(x, w).total,
]


def columns(points):
    x, w, r = (np.array(c, dtype=float) for c in zip(*points, strict=True))
    assume((x * w).sum() > 0)
    return x, w, r


def slow_gini(x, w):
    """Return half the relative mean difference over all pairs of people."""
    total, mean = w.sum(), (x * w).sum() / w.sum()
    gaps = sum(
        a * b * abs(c - d)
        for a, c in zip(w, x, strict=True)
        for b, d in zip(w, x, strict=True)
    )
    return gaps / (2 * mean * total**2)


@pytest.mark.parametrize("measure", SINGLE[:3])
def test_all_alike_is_no_inequality(measure):
    assert measure([3, 3, 3], [1, 2, 5]) == pytest.approx(0, abs=1e-12)


def test_one_of_four_has_everything():
    # Gini 1 - 1/n; Theil ln n; the poorest have nothing: Palma is infinite.
    assert gini_index([0, 0, 0, 8], [1] * 4) == pytest.approx(0.75)
    assert theil_t([0, 0, 0, 8], [1] * 4).total == pytest.approx(math.log(4))
    assert palma_ratio([0, 0, 0, 8], [1] * 4) == math.inf


@pytest.mark.parametrize("measure", SINGLE)
@pytest.mark.parametrize(
    ("values", "weights"), [([], []), ([1, 2], [0, 0]), ([0, 0], [1, 2])]
)
def test_nobody_and_nothing_have_no_figure(measure, values, weights):
    assert math.isnan(measure(values, weights))


@pytest.mark.parametrize("measure", SINGLE)
@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ([1, -1], [1, 1], "values: value 1"),
        ([1, np.nan], [1, 1], "values: value 1"),
        ([1, np.inf], [1, 1], "values: value 1"),
        ([1, 2], [1, -1], "weights: value 1"),
        ([1, 2], [1], "weights: 1 values where 2 belong"),
    ],
)
def test_what_is_no_access_is_refused(measure, values, weights, message):
    with pytest.raises(InvalidArray, match=message):
        measure(values, weights)


@given(points=POINTS)
def test_gini_agrees_with_the_mean_difference_of_all_pairs(points):
    x, w, _ = columns(points)

    assert gini_index(x, w) == pytest.approx(slow_gini(x, w), abs=1e-12)


@given(points=POINTS)
def test_ranked_by_itself_concentration_is_gini(points):
    x, w, _ = columns(points)

    assert concentration_index(x, w, x) == pytest.approx(gini_index(x, w), abs=1e-12)


@given(points=POINTS)
def test_concentration_agrees_with_ranking_every_person(points):
    x, w, r = columns(points)
    people = [
        (rank, v) for v, n, rank in zip(x, w, r, strict=True) for _ in range(int(n))
    ]
    n, mean = len(people), np.mean([v for _, v in people])
    slow = 0.0
    for rank, value in people:
        below = sum(other < rank for other, _ in people)
        equal = sum(other == rank for other, _ in people)
        slow += 2 / (n * mean) * (value - mean) * ((below + equal / 2) / n - 0.5)

    assert concentration_index(x, w, r) == pytest.approx(slow, abs=1e-9)


@given(points=POINTS)
def test_turning_the_ranks_around_turns_the_sign(points):
    x, w, r = columns(points)

    up, down = concentration_index(x, w, r), concentration_index(x, w, -r)

    assert up == pytest.approx(-down, abs=1e-12)
    assert -1 <= up <= 1


def test_erreygers_scales_by_the_bounds():
    # Half have 0, the better-off half 1: CI = 0.5, mu = 0.5, 4 * 0.5 / 1 * 0.5 = 1.
    assert erreygers_index([0, 1], [1, 1], [1, 2]) == 1
    assert erreygers_index([0, 1], [1, 1], [1, 2], bounds=(0, 2)) == 0.5
    assert math.isnan(erreygers_index([3, 3], [1, 1], [1, 2]))
    assert math.isnan(erreygers_index([3, 3], [0, 0], [1, 2]))


@pytest.mark.parametrize("bounds", [(0, 0.5), (0.5, 2), (2, 1), (1, 1)])
def test_bounds_that_do_not_hold_are_refused(bounds):
    with pytest.raises(InvalidArray, match=r"bounds|outside"):
        erreygers_index([0, 1], [1, 1], [1, 2], bounds=bounds)


@pytest.mark.parametrize("rank", [[1], [1, np.nan], [1, np.inf], [[1, 2]]])
def test_a_rank_for_each_point_is_needed(rank):
    with pytest.raises(InvalidArray, match="rank"):
        concentration_index([0, 1], [1, 1], rank)


@given(points=POINTS)
def test_theil_agrees_with_its_definition_and_adds_up(points):
    x, w, groups = columns(points)
    share, mean = w / w.sum(), (x * w).sum() / w.sum()
    slow = sum(
        p * v / mean * math.log(v / mean)
        for p, v in zip(share, x, strict=True)
        if v > 0
    )

    found = theil_t(x, w, groups)

    assert found.total == pytest.approx(max(slow, 0), abs=1e-9)
    assert found.total == found.between + found.within
    assert min(found.between, found.within) >= 0


def test_between_and_within_by_hand():
    # Groups a (1, 1) and b (3, 3): all of it lies between. Mixed: all of it within.
    apart = theil_t([1, 1, 3, 3], [1] * 4, ["a", "a", "b", "b"])
    mixed = theil_t([1, 3, 1, 3], [1] * 4, ["a", "a", "b", "b"])

    # 1/2 (0.5 ln 0.5 + 1.5 ln 1.5)
    expected = 0.5 * (0.5 * math.log(0.5) + 1.5 * math.log(1.5))
    assert (apart.between, apart.within) == (pytest.approx(expected), 0)
    assert (mixed.between, mixed.within) == (0, pytest.approx(expected))


def test_a_group_without_people_or_access_changes_nothing():
    plain = theil_t([1, 3], [1, 1], ["a", "b"])

    assert theil_t([1, 3, 9], [1, 1, 0], ["a", "b", "c"]).total == pytest.approx(
        plain.total
    )
    assert math.isfinite(theil_t([1, 3, 0], [1, 1, 1], ["a", "b", "c"]).total)


def test_groups_for_each_point_are_needed():
    with pytest.raises(InvalidArray, match="groups"):
        theil_t([1, 3], [1, 1], ["a"])


def test_the_palma_ratio_splits_the_point_on_the_border():
    # Two points of five people, 1 and 3. The poorest 40 % are four of the first: 1.
    # The richest 10 % is one of the second: 3.
    assert palma_ratio([1, 3], [5, 5]) == pytest.approx(3)
    # Three of ten have 1, seven 2: the poorest four have (3*1 + 1*2)/4 = 1.25.
    assert palma_ratio([1, 2], [3, 7]) == pytest.approx(2 / 1.25)


def test_the_palma_ratio_by_another_standing():
    # The poorest by income have most access: below 1.
    assert palma_ratio([4, 1], [5, 5], rank=[10, 20]) == pytest.approx(0.25)


def test_points_of_equal_standing_are_one():
    ranked = palma_ratio([1, 3, 8], [5, 5, 10], rank=[1, 1, 2])

    # The poorest 8 of 20 come from the first ten, who have 2 on average.
    assert ranked == pytest.approx(8 / 2)


@given(points=POINTS, part=st.sampled_from([0.25, 0.5, 1.0]))
def test_cutting_a_point_in_two_changes_nothing(points, part):
    x, w, r = columns(points)
    x2, r2 = np.append(x, x[0]), np.append(r, r[0])
    w2 = np.append(w, w[0] * part)
    w2[0] *= 1 - part

    for measure in SINGLE:
        assert measure(x2, w2) == pytest.approx(measure(x, w), abs=1e-9)
    assert concentration_index(x2, w2, r2) == pytest.approx(
        concentration_index(x, w, r), abs=1e-9
    )
    assert palma_ratio(x2, w2, r2) == pytest.approx(
        palma_ratio(x, w, r), abs=1e-9, nan_ok=True
    )


@given(points=POINTS, seed=st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(points, seed):
    x, w, r = columns(points)
    order = list(range(len(x)))
    seed.shuffle(order)

    for measure in SINGLE:
        assert measure(x[order], w[order]) == pytest.approx(measure(x, w), abs=1e-9)
    assert concentration_index(x[order], w[order], r[order]) == pytest.approx(
        concentration_index(x, w, r), abs=1e-9
    )


@given(points=POINTS, factor=st.sampled_from([0.5, 2, 1000]))
def test_other_units_change_nothing(points, factor):
    x, w, _ = columns(points)

    for measure in SINGLE:
        assert measure(x * factor, w) == pytest.approx(measure(x, w), abs=1e-9)
        assert measure(x, w * factor) == pytest.approx(measure(x, w), abs=1e-9)
