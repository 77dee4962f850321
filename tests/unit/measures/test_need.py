"""Need by ranks, gaps weighted by it, places that are missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.need import (
    Indicator,
    need_index,
    need_weighted_gap,
    percentile_ranks,
    shortage,
)

NAN = float("nan")
RANKED = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=12)


def test_ranks_by_hand():
    # (rank - 1)/(N - 1) with N = 5: 0, 1/4, and both 30s take the lower rank, 2/4.
    assert percentile_ranks([10, 20, 30, 30, 50]).tolist() == [0, 0.25, 0.5, 0.5, 1]


def test_a_single_area_and_none_have_no_one_to_be_above():
    assert percentile_ranks([7]).tolist() == [0]
    assert percentile_ranks([]).tolist() == []


def test_what_is_not_known_is_not_ranked_nor_counted():
    np.testing.assert_array_equal(percentile_ranks([NAN, 1, 3]), [NAN, 0, 1])


@given(values=RANKED)
def test_ranks_agree_with_counting_who_is_below(values):
    n = len(values)
    slow = [sum(o < v for o in values) / max(n - 1, 1) for v in values]

    assert percentile_ranks(values).tolist() == pytest.approx(slow)


def test_an_index_of_two_themes_by_hand():
    # Ranks of 3 areas. Theme 1: poverty 0, 1/2, 1 and income reversed 0, 1/2, 1: sums
    # 0, 1, 2 -> 0, 1/2, 1. Theme 2: age 1, 1/2, 0. The sum of the sums is 1, 1.5, 2:
    # the theme of two indicators weighs more.
    found = need_index(
        [
            Indicator("poverty", "means", [5, 6, 7]),
            Indicator("income", "means", [900, 800, 700], more_is_need=False),
            Indicator("age", "household", [30, 20, 10]),
        ],
        [100, 100, 100],
    )

    assert found.themes["means"].tolist() == [0, 0.5, 1]
    assert found.themes["household"].tolist() == [1, 0.5, 0]
    assert found.overall.tolist() == [0, 0.5, 1]
    assert found.flags["poverty"].tolist() == [False, False, True]
    assert found.n_flags.tolist() == [1, 0, 2]


def test_an_area_without_people_has_no_need_and_moves_nobody():
    with_it = need_index([Indicator("a", "t", [1, 99, 2])], [10, 0, 10])
    without = need_index([Indicator("a", "t", [1, 2])], [10, 10])

    np.testing.assert_array_equal(with_it.overall, [0, NAN, 1])
    assert without.overall.tolist() == [0, 1]
    assert not with_it.flags["a"][1]


def test_a_gap_in_the_data_is_not_guessed():
    found = need_index(
        [Indicator("a", "t", [1, NAN, 2]), Indicator("b", "u", [1, 2, 3])],
        [10, 10, 10],
    )

    np.testing.assert_array_equal(np.isnan(found.overall), [False, True, False])
    assert found.themes["u"].tolist() == [0, 0.5, 1]


def test_rounding_does_not_break_a_tie():
    # 0.1 + 0.2 is not 0.3 in binary; ranks of 11 areas are tenths.
    a = [float(v) for v in range(11)]
    b = [float(v) for v in (*range(1, 11), 0)]
    found = need_index([Indicator("a", "t", a), Indicator("b", "t", b)], [1] * 11)
    sums = [round(x + y, 6) for x, y in zip(a, b, strict=True)]

    ranks = found.themes["t"]
    for i in range(11):
        for j in range(11):
            assert (ranks[i] == ranks[j]) == (sums[i] == sums[j])


@pytest.mark.parametrize(
    ("indicators", "message"),
    [
        ([], "at least one"),
        ([Indicator("a", "t", [1, 2]), Indicator("a", "u", [1, 2])], "each name once"),
        ([Indicator("a", "t", [1, 2, 3])], "a: shape"),
        ([Indicator("a", "t", [1, np.inf])], "finite numbers or NaN"),
    ],
)
def test_what_is_no_index_is_refused(indicators, message):
    with pytest.raises(InvalidArray, match=message):
        need_index(indicators, [10, 10])


@given(values=RANKED, seed=st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(values, seed):
    order = list(range(len(values)))
    seed.shuffle(order)
    people = [1] * len(values)
    values = np.array(values)

    straight = need_index([Indicator("a", "t", values)], people).overall
    turned = need_index([Indicator("a", "t", values[order])], people).overall

    np.testing.assert_array_equal(turned, straight[order])


def test_the_gap_by_hand():
    # 100 people half below, need 0.5: 50 * 1.5; 40 people a quarter below: 10.
    found = need_weighted_gap([[100], [40]], [[0.5], [0.25]], [0.5, 0])

    assert found.tolist() == [75, 10]


def test_groups_may_weigh_differently_and_need_be_left_out():
    people, gap = [[100, 10]], [[0.5, 1.0]]

    weighted = need_weighted_gap(people, gap, [1], group_weights=[1, 2])
    plain = need_weighted_gap(people, gap, [NAN], need_weight=0)

    assert (weighted.tolist(), plain.tolist()) == ([(50 + 20) * 2], [60])


def test_unknown_need_is_an_unknown_gap_but_nobody_has_none():
    found = need_weighted_gap([[100], [0]], [[0.5], [NAN]], [NAN, NAN])

    np.testing.assert_array_equal(found, [NAN, 0])


@given(
    people=st.floats(0, 1e4), gap=st.floats(0, 1), need=st.floats(0, 1),
    more=st.floats(0, 1),
)  # fmt: skip
def test_more_people_less_access_or_more_need_never_lower_it(people, gap, need, more):
    def g(p, d, n):
        return need_weighted_gap([[p]], [[d]], [n])[0]

    now = g(people, gap, need)
    assert g(people + 100 * more, gap, need) >= now
    assert g(people, gap + (1 - gap) * more, need) >= now - 1e-9
    assert g(people, gap, need + (1 - need) * more) >= now - 1e-9


@pytest.mark.parametrize(
    ("people", "gap", "need", "options", "message"),
    [
        ([1], [0.5], [0.5], {}, "people, gap, need: shapes"),
        ([[1]], [[0.5, 1]], [0.5], {}, "people, gap, need: shapes"),
        ([[1]], [[0.5]], [0.5, 1], {}, "people, gap, need: shapes"),
        ([[-1]], [[0.5]], [0.5], {}, "people: value 0"),
        ([[1]], [[1.5]], [0.5], {}, "gap: "),
        ([[1]], [[NAN]], [0.5], {}, "gap: "),
        ([[1]], [[0.5]], [2], {}, "need: "),
        ([[1]], [[0.5]], [0.5], {"group_weights": [1, 1]}, "group_weights"),
        ([[1]], [[0.5]], [0.5], {"need_weight": -1}, "need_weight"),
    ],
)
def test_what_is_no_gap_is_refused(people, gap, need, options, message):
    with pytest.raises(InvalidArray, match=message):
        need_weighted_gap(people, gap, need, **options)


def test_a_shortage_is_places_and_never_below_nothing():
    # 4 per 1,000: 2,000 people need 8 and have 3; 500 need 2 and have 9.
    assert shortage([2000, 500, 0], [3, 9, 0], per_thousand=4).tolist() == [5, 0, 0]


@pytest.mark.parametrize("standard", [-1, np.nan, np.inf])
def test_a_standard_that_is_no_number_is_refused(standard):
    with pytest.raises(InvalidArray, match="per_thousand"):
        shortage([1], [1], per_thousand=standard)
