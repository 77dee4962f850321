"""Two dates side by side show no few people, whichever districts are subtracted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.analysis.history_disclosure import withheld_changes
from layers.selectors.run_history import CellFigures, CellPair


def figures(residents, unserved, *, is_suppressed=False):
    if is_suppressed:
        unserved = None
    return CellFigures(residents, unserved, None, None, 0, 0, is_suppressed)


def pair(code, before, after, **kind):
    sides = [None if side is None else figures(*side) for side in (before, after)]
    return CellPair("clinic", code, kind.get("is_total", False), None, *sides)


def town(*districts):
    """Districts as (before, after) of (residents, unserved), with their total last."""
    cells = [pair("ABCDEF"[n], *sides) for n, sides in enumerate(districts)]
    sums = [np.sum([sides[n] for sides in districts], axis=0) for n in (0, 1)]
    return [*cells, pair("", *(tuple(map(float, s)) for s in sums), is_total=True)]


def test_four_people_who_are_reached_now_take_a_second_district_with_them():
    cells = town(((100, 60), (100, 56)), ((200, 90), (200, 70)), ((300, 90), (300, 50)))

    assert withheld_changes(cells) == [True, True, False, False]


def test_a_district_where_nothing_changed_protects_no_other_one():
    cells = town(((100, 60), (100, 56)), ((200, 90), (200, 90)), ((300, 90), (300, 50)))

    assert withheld_changes(cells) == [True, False, True, False]


def test_where_nothing_else_changed_the_city_says_nothing_either():
    cells = town(((100, 60), (100, 50)), ((200, 90), (200, 90)))
    few = town(((100, 60), (100, 56)), ((200, 90), (200, 90)))

    assert withheld_changes(cells) == [False, False, False]
    assert withheld_changes(few) == [True, False, True]


def test_three_people_who_moved_in_are_few_though_as_many_are_not_reached():
    cells = town(((100, 60), (103, 60)), ((200, 90), (230, 90)), ((300, 0), (300, 0)))

    assert withheld_changes(cells)[0]


def test_fifteen_are_few_of_a_sensitive_group():
    cells = town(((100, 60), (100, 45)), ((200, 90), (200, 50)), ((300, 90), (300, 50)))

    assert not any(withheld_changes(cells))
    assert withheld_changes(cells, k=20) == [True, True, False, False]


def test_a_district_of_one_date_only_is_compared_with_nothing():
    assert withheld_changes([pair("A", None, (100, 60))]) == [False]


def test_nothing_is_withheld_of_nothing():
    assert withheld_changes([]) == []


COUNTS = st.integers(0, 40)


@given(
    st.lists(
        st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_no_change_of_few_people_follows_from_the_others(counts):
    cells = []
    for n, (reached, missed, reached_now, missed_now, is_suppressed) in enumerate(
        counts
    ):
        cells.append(
            CellPair(
                "clinic",
                "ABCDEF"[n],
                False,
                None,
                figures(reached + missed, missed, is_suppressed=is_suppressed),
                figures(reached_now + missed_now, missed_now),
            )
        )
    numbers = np.array([c[:4] for c in counts], dtype=float)
    all_of = numbers.sum(axis=0)
    cells.append(
        CellPair(
            "clinic",
            "",
            True,
            None,
            figures(all_of[0] + all_of[1], all_of[1]),
            figures(all_of[2] + all_of[3], all_of[3]),
        )
    )
    told = ~np.array(withheld_changes(cells))
    for before, after in ((0, 2), (1, 3)):
        change = numbers[:, after] - numbers[:, before]
        # A reader knows where nobody moved, unless a figure of it is withheld.
        is_open = (change != 0) | np.array([c[4] for c in counts])
        basis = np.eye(len(counts))[told[:-1]] * is_open
        if told[-1]:
            basis = np.vstack([basis, is_open.astype(float)])
        rank = np.linalg.matrix_rank(basis) if len(basis) else 0
        for n, people in enumerate(change):
            if 0 < abs(people) < 10:
                assert not told[n]
                more = np.vstack([basis, np.eye(len(counts))[n]])
                assert np.linalg.matrix_rank(more) == rank + 1


@pytest.mark.parametrize("side", ["before", "after"])
def test_what_one_date_withholds_is_compared_with_nothing(side):
    hidden, shown = figures(100, 60, is_suppressed=True), figures(100, 60)
    sides = {"before": shown, "after": shown} | {side: hidden}

    cell = CellPair("clinic", "A", False, None, sides["before"], sides["after"])

    assert withheld_changes([cell]) == [True]
