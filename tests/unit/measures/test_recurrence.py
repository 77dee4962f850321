"""Dates on which a rule applies; the calendar of November 2026 starts on a Sunday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.measures.recurrence import WEEKDAYS, Recurrence

NOVEMBER = [date(2026, 11, day) for day in range(1, 31)]


def days(**rule):
    recurrence = Recurrence(**rule)
    return [day.day for day in NOVEMBER if recurrence.happens_on(day)]


def test_a_weekly_rule_names_its_weekdays():
    assert days(freq="WEEKLY", byday=("MO", "SU")) == [
        1,
        2,
        8,
        9,
        15,
        16,
        22,
        23,
        29,
        30,
    ]


def test_both_ends_of_the_validity_are_inside():
    rule = {
        "freq": "WEEKLY",
        "byday": ("MO",),
        "valid_from": date(2026, 11, 9),
        "valid_to": date(2026, 11, 23),
    }

    assert days(**rule) == [9, 16, 23]


def test_every_second_week_counts_from_the_week_that_holds_valid_from():
    # 4 November is a Wednesday; its week began on Monday the 2nd, before the validity.
    rule = {"interval": 2, "valid_from": date(2026, 11, 4)}

    assert days(freq="WEEKLY", byday=("MO", "FR"), **rule) == [6, 16, 20, 30]


def test_every_second_month_counts_from_the_month_of_valid_from():
    rule = Recurrence(
        "MONTHLY", interval=2, bymonthday=(15,), valid_from=date(2026, 9, 20)
    )

    assert rule.dates(date(2026, 9, 1), date(2027, 3, 31)) == [
        date(2026, 11, 15),
        date(2027, 1, 15),
        date(2027, 3, 15),
    ]


@pytest.mark.parametrize(
    ("byday", "expected"),
    [
        (("1MO",), [2]),
        (("+1MO",), [2]),
        (("-1FR",), [27]),
        (("5SU",), [29]),
        (("5TU",), []),
        (("-5SU",), [1]),
        (("MO",), [2, 9, 16, 23, 30]),
        (("1MO", "3MO"), [2, 16]),
    ],
)
def test_a_monthly_rule_counts_weekdays_from_either_end(byday, expected):
    assert days(freq="MONTHLY", byday=byday) == expected


@pytest.mark.parametrize(
    ("bymonthday", "expected"),
    [((1, 30), [1, 30]), ((-1,), [30]), ((31,), []), ((-30,), [1])],
)
def test_a_monthly_rule_counts_days_from_either_end(bymonthday, expected):
    assert days(freq="MONTHLY", bymonthday=bymonthday) == expected


def test_weekday_and_day_of_month_must_both_hold():
    # Friday the 13th
    assert days(freq="MONTHLY", byday=("FR",), bymonthday=(13,)) == [13]
    assert days(freq="MONTHLY", byday=("MO",), bymonthday=(13,)) == []


def test_the_last_day_of_february_follows_leap_years():
    last = Recurrence("MONTHLY", bymonthday=(-1,))

    assert last.happens_on(date(2028, 2, 29))
    assert not last.happens_on(date(2028, 2, 28))
    assert last.happens_on(date(2027, 2, 28))


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"freq": "DAILY", "byday": ("MO",)}, "freq"),
        ({"freq": "WEEKLY"}, "byday"),
        ({"freq": "WEEKLY", "byday": ("Monday",)}, "byday"),
        ({"freq": "WEEKLY", "byday": ("mo",)}, "byday"),
        ({"freq": "WEEKLY", "byday": ("1MO",)}, "byday"),
        ({"freq": "MONTHLY", "byday": ("6MO",)}, "byday"),
        ({"freq": "MONTHLY", "byday": ("0MO",)}, "byday"),
        ({"freq": "WEEKLY", "byday": ("MO",), "bymonthday": (1,)}, "bymonthday"),
        ({"freq": "MONTHLY", "bymonthday": (0,)}, "bymonthday"),
        ({"freq": "MONTHLY", "bymonthday": (32,)}, "bymonthday"),
        ({"freq": "WEEKLY", "byday": ("MO",), "interval": 0}, "interval"),
        ({"freq": "WEEKLY", "byday": ("MO",), "interval": 2}, "interval"),
        (
            {
                "freq": "WEEKLY",
                "byday": ("MO",),
                "valid_from": date(2026, 2, 1),
                "valid_to": date(2026, 1, 1),
            },
            "valid_to",
        ),
    ],
)
def test_a_rule_whose_dates_would_be_guessed_is_refused_by_name(rule, named):
    with pytest.raises(InvalidParameter) as caught:
        Recurrence(**rule)

    assert caught.value.name == named


@given(
    start=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    length=st.integers(0, 200),
    byday=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    interval=st.integers(1, 4),
)
def test_dates_are_the_days_that_happen(start, length, byday, interval):
    rule = Recurrence("WEEKLY", tuple(byday), interval, valid_from=date(2025, 6, 11))
    window = [start + timedelta(days=n) for n in range(length + 1)]

    found = rule.dates(window[0], window[-1])

    assert found == [day for day in window if rule.happens_on(day)]


def test_the_first_days_of_the_calendar_have_a_week_too():
    rule = Recurrence("WEEKLY", ("TU",), 2, valid_from=date.min)

    assert rule.happens_on(date(1, 1, 2))
