"""Hours of a week as slots, and how much of the week something in reach is open."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.opening_shares import open_shares
from layers.measures.week_slots import (
    EVERY_SLOT,
    N_SLOTS,
    PARTS,
    keys_of,
    slots_of,
    week_words,
    words_of,
)

DAY = 2880  # keys of one weekday: its own minutes and those of the night after


def open_slots(pattern):
    words = week_words(pattern)
    return [n for n in EVERY_SLOT if int(words[n // 64]) >> n % 64 & 1]


def test_the_parts_make_a_week_and_share_no_hour():
    listed = [slot for part in PARTS.values() for slot in part]

    assert sorted(listed) == list(range(N_SLOTS))


@pytest.mark.parametrize(
    ("part", "hours"),
    [
        ("weekday_morning", 5 * 4),
        ("weekday_afternoon", 5 * 5),
        ("weekday_evening", 5 * 4),
        ("weekend_morning", 2 * 4),
        ("weekend_afternoon", 2 * 5),
        ("weekend_evening", 2 * 4),
        ("night", 7 * 11),
    ],
)
def test_parts_have_the_hours_that_their_names_say(part, hours):
    assert len(slots_of([part])) == hours


def test_without_parts_the_whole_week_is_asked_about():
    assert slots_of([]) == EVERY_SLOT


def test_a_part_that_there_is_not_is_refused():
    with pytest.raises(InvalidParameter, match="open_slots"):
        slots_of(["siesta"])


def test_a_place_is_open_in_a_slot_if_it_is_when_the_slot_begins():
    # 08:30 to 14:30 on a Monday: 9, 10, 11, 12, 13 and 14 o'clock.
    assert open_slots([(510, 870)]) == [9, 10, 11, 12, 13, 14]


def test_opening_counts_and_closing_does_not():
    assert open_slots([(9 * 60, 10 * 60)]) == [9]


def test_hours_past_midnight_are_open_on_the_next_day():
    # Sunday 22:00 to 02:00: 22 and 23 o'clock, and Monday 0 and 1.
    sunday = 6 * DAY
    assert open_slots([(sunday + 22 * 60, sunday + 26 * 60)]) == [0, 1, 166, 167]


def test_keys_are_those_of_the_day_and_of_the_eve():
    # Tuesday 01:00 is minute 60 of Tuesday, or minute 1500 of Monday's night.
    assert keys_of([25]) == ([DAY + 60], [1500])


def reach(*pairs, n, m):
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    return csr_array((np.zeros(len(rows)), (rows, columns)), shape=(n, m))


def test_a_point_has_the_hours_of_whatever_it_reaches():
    weeks = np.array([words_of(range(10)), words_of(range(5, 20))])
    shares = open_shares(
        reach((0, 0), (1, 0), (1, 1), n=3, m=2), weeks, slots=EVERY_SLOT
    )

    # 10 hours; 20 hours, those that both are open once; nothing.
    assert shares.tolist() == [10 / 168, 20 / 168, 0.0]


def test_only_the_slots_asked_about_count():
    weeks = np.array([words_of([3, 4, 100])])

    assert open_shares(reach((0, 0), n=1, m=1), weeks, slots=[3, 5]).tolist() == [0.5]


def test_nothing_is_asked_of_no_slots():
    with pytest.raises(InvalidArray, match="slots"):
        open_shares(reach(n=1, m=0), np.zeros((0, 3), dtype=np.uint64), slots=[])


@pytest.mark.parametrize(
    "weeks",
    [
        np.zeros((1, 3)),
        np.zeros((2, 3), dtype=np.uint64),
        np.zeros((1, 2), dtype=np.uint64),
    ],
)
def test_weeks_that_do_not_fit_are_refused(weeks):
    with pytest.raises(InvalidArray, match="weeks"):
        open_shares(reach((0, 0), n=1, m=1), weeks, slots=[0])


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), unique=True),
    st.lists(st.sets(st.integers(0, N_SLOTS - 1), max_size=30), min_size=4, max_size=4),
)
def test_shares_are_those_of_a_slow_second_way(pairs, open_at):
    weeks = np.array([words_of(slots) for slots in open_at])
    shares = open_shares(reach(*pairs, n=5, m=4), weeks, slots=EVERY_SLOT)
    slow = [
        len(set().union(*(open_at[place] for point, place in pairs if point == n)))
        / N_SLOTS
        for n in range(5)
    ]
    assert shares.tolist() == slow
