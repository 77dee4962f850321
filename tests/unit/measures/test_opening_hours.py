"""When a place is open: hand-made weeks, and a slow second opinion for the rest.

21 November 2026 is a Saturday; 15 August 2026 (a public holiday) is a Saturday, too;
28 October 2026 (a public holiday) is a Wednesday.
"""

# ruff: noqa: DTZ001 - the functions under test take wall-clock times, on purpose

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.measures.opening_hours import (
    OpeningException,
    OpeningRule,
    closing_time,
    day_hours,
    is_open_at,
    next_opening,
    opening_minutes,
    timetable,
    weekly_open_minutes,
)
from layers.measures.recurrence import WEEKDAYS

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
WORKDAYS = ("MO", "TU", "WE", "TH", "FR")
OFFICE = OpeningRule(540, 1020, WORKDAYS)
NIGHT = OpeningRule(1320, 1560, ("FR",))
OCHI_DAY = date(2026, 10, 28)


def at(day, clock):
    return datetime.combine(day, time.fromisoformat(clock))


def open_at(table, day, clock, **options):
    return is_open_at(table, at(day, clock), **options)


# --- conversion of stored times ---------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("09:00", "17:00", (540, 1020)),
        ("22:00", "02:00", (1320, 1560)),
        ("00:00", "00:00", (0, 1440)),
        ("09:00", "09:00", (540, 1980)),
        ("18:00", "00:00", (1080, 1440)),
    ],
)
def test_a_closing_time_not_after_the_opening_is_on_the_next_day(
    opens, closes, expected
):
    got = opening_minutes(time.fromisoformat(opens), time.fromisoformat(closes))

    assert got == expected


# --- the ordinary week ------------------------------------------------------------


def test_the_week_is_keyed_by_the_day_it_opens():
    table = timetable([OpeningRule(1320, 1560, ("MO", "SU"))], horizon=YEAR)

    # Monday 0 * 2880 + 1320 ..., Sunday 6 * 2880 = 17280.
    assert table.base == ((1320, 1560), (18600, 18840))
    assert table.segments == ()


def test_hours_that_overlap_or_touch_are_one():
    rules = [
        OpeningRule(540, 720, ("MO",)),
        OpeningRule(720, 800, ("MO",)),
        OpeningRule(600, 760, ("MO",)),
        OpeningRule(900, 960, ("MO",)),
    ]

    assert timetable(rules, horizon=YEAR).base == ((540, 800), (900, 960))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("08:59", False), ("09:00", True), ("16:59", True), ("17:00", False)],
)
def test_opening_is_inside_and_closing_is_not(clock, expected):
    table = timetable([OFFICE], horizon=YEAR)

    assert open_at(table, date(2026, 11, 20), clock) is expected


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (27, "21:59", False),
        (27, "22:00", True),
        (28, "00:00", True),
        (28, "01:59", True),
        (28, "02:00", False),
        (28, "22:00", False),
        (29, "01:00", False),
    ],
)
def test_a_friday_night_ends_on_saturday_morning(day, clock, expected):
    table = timetable([NIGHT], horizon=YEAR)

    assert open_at(table, date(2026, 11, day), clock) is expected


def test_a_sunday_night_ends_on_monday_morning():
    table = timetable([OpeningRule(1320, 1560, ("SU",))], horizon=YEAR)

    assert open_at(table, date(2026, 11, 23), "01:00") is True


def test_seconds_do_not_matter():
    table = timetable([OFFICE], horizon=YEAR)

    assert is_open_at(table, datetime(2026, 11, 20, 16, 59, 59)) is True


def test_a_day_that_is_open_all_round_has_no_gap_at_midnight():
    table = timetable([OpeningRule(0, 1440, WEEKDAYS)], horizon=YEAR)

    assert open_at(table, date(2026, 11, 20), "23:59") is True
    assert open_at(table, date(2026, 11, 21), "00:00") is True
    assert weekly_open_minutes(table) == 7 * 1440


# --- unknown hours ----------------------------------------------------------------


def test_without_rules_nothing_is_known():
    table = timetable([], horizon=YEAR)

    assert table.known is False
    assert open_at(table, date(2026, 11, 20), "12:00") is None
    assert weekly_open_minutes(table) is None
    assert next_opening(table, at(date(2026, 11, 20), "12:00")) is None


def test_hours_by_appointment_open_no_door():
    table = timetable(
        [OpeningRule(540, 1020, WORKDAYS, by_appointment=True)], horizon=YEAR
    )

    assert (table.known, table.by_appointment) == (False, True)
    assert open_at(table, date(2026, 11, 20), "12:00") is None


def test_walk_in_and_appointment_can_stand_side_by_side():
    afternoon = OpeningRule(1020, 1200, WORKDAYS, by_appointment=True)
    table = timetable([OFFICE, afternoon], horizon=YEAR)

    assert (table.known, table.by_appointment) == (True, True)
    assert open_at(table, date(2026, 11, 20), "18:00") is False


def test_rules_that_ended_before_the_horizon_leave_the_hours_unknown():
    table = timetable(
        [OpeningRule(540, 1020, WORKDAYS, valid_to=date(2025, 12, 31))], horizon=YEAR
    )

    assert open_at(table, date(2026, 11, 20), "12:00") is None


def test_an_exception_alone_does_not_make_hours_known():
    closed = OpeningException(date(2026, 8, 1), date(2026, 8, 31), closed=True)

    assert timetable([], [closed], horizon=YEAR).known is False


# --- seasons, months, exceptions ----------------------------------------------------


def test_a_rule_with_a_season_holds_from_its_first_to_its_last_day():
    summer = OpeningRule(
        480, 780, WORKDAYS, valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31)
    )
    table = timetable([summer], horizon=YEAR)

    assert table.base == ()
    assert [(s.start, s.end) for s in table.segments] == [
        (date(2026, 6, 1), date(2026, 9, 1))
    ]
    assert open_at(table, date(2026, 8, 31), "12:00") is True
    assert open_at(table, date(2026, 9, 1), "12:00") is False


def test_a_season_adds_to_the_ordinary_week():
    evenings = OpeningRule(
        1080, 1200, ("TH",), valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 30)
    )
    table = timetable([OFFICE, evenings], horizon=YEAR)

    assert day_hours(table, date(2026, 11, 19)) == ((540, 1020), (1080, 1200))
    assert day_hours(table, date(2026, 12, 3)) == ((540, 1020),)


def test_a_rule_that_has_begun_and_has_no_end_is_the_ordinary_week():
    table = timetable(
        [OpeningRule(540, 1020, WORKDAYS, valid_from=date(2020, 1, 1))], horizon=YEAR
    )

    assert table.segments == ()
    assert weekly_open_minutes(table) == 5 * 8 * 60
    assert open_at(table, date(2031, 11, 19), "12:00") is True


def test_an_open_ended_rule_that_begins_later_still_holds_after_the_horizon():
    table = timetable(
        [OpeningRule(540, 1020, WORKDAYS, valid_from=date(2026, 12, 1))], horizon=YEAR
    )

    assert open_at(table, date(2026, 11, 30), "12:00") is False
    assert open_at(table, date(2031, 11, 19), "12:00") is True


def test_nothing_before_the_horizon_is_kept():
    past = OpeningException(date(2024, 8, 1), date(2024, 8, 31), closed=True)
    running = OpeningException(date(2025, 12, 24), date(2026, 1, 6), closed=True)
    table = timetable([OFFICE], [past, running], horizon=YEAR)

    assert [(s.start, s.end) for s in table.segments] == [
        (date(2026, 1, 1), date(2026, 1, 7))
    ]


def test_a_monthly_rule_is_written_out_inside_the_horizon():
    first_monday = OpeningRule(600, 720, ("1MO",), freq="MONTHLY")
    table = timetable([first_monday], horizon=(date(2026, 11, 1), date(2027, 1, 31)))

    assert [s.start for s in table.segments] == [
        date(2026, 11, 2),
        date(2026, 12, 7),
        date(2027, 1, 4),
    ]
    assert open_at(table, date(2026, 12, 7), "11:00") is True
    assert open_at(table, date(2026, 12, 14), "11:00") is False


def test_a_monthly_night_runs_past_midnight():
    last_day = OpeningRule(1320, 1500, bymonthday=(-1,), freq="MONTHLY")
    table = timetable([last_day], horizon=YEAR)

    assert open_at(table, date(2026, 12, 1), "00:30") is True
    assert open_at(table, date(2026, 12, 1), "22:30") is False


def test_closed_days_replace_the_rules():
    august = OpeningException(date(2026, 8, 1), date(2026, 8, 31), closed=True)
    table = timetable([OFFICE], [august], horizon=YEAR)

    assert open_at(table, date(2026, 8, 31), "12:00") is False
    assert open_at(table, date(2026, 9, 1), "12:00") is True


def test_hours_that_began_before_a_closed_day_run_on_into_it():
    saturday_closed = OpeningException(
        date(2026, 11, 28), date(2026, 11, 28), closed=True
    )
    table = timetable([NIGHT], [saturday_closed], horizon=YEAR)

    assert open_at(table, date(2026, 11, 28), "01:00") is True


def test_special_hours_replace_the_rules_and_may_open_a_closed_weekday():
    bazaar = OpeningException(
        date(2026, 11, 21),
        date(2026, 11, 21),
        closed=False,
        opens_min=600,
        closes_min=900,
    )
    table = timetable([OFFICE], [bazaar], horizon=YEAR)

    assert day_hours(table, date(2026, 11, 21)) == ((600, 900),)


def test_the_shortest_exception_decides():
    august = OpeningException(date(2026, 8, 1), date(2026, 8, 31), closed=True)
    one_day = OpeningException(
        date(2026, 8, 20),
        date(2026, 8, 20),
        closed=False,
        opens_min=600,
        closes_min=660,
    )
    table = timetable([OFFICE], [august, one_day], horizon=YEAR)

    assert day_hours(table, date(2026, 8, 20)) == ((600, 660),)
    assert day_hours(table, date(2026, 8, 21)) == ()


def test_of_equally_short_exceptions_the_closed_one_decides():
    day = date(2026, 8, 20)
    special = OpeningException(day, day, closed=False, opens_min=600, closes_min=660)
    closed = OpeningException(day, day, closed=True)

    assert day_hours(timetable([OFFICE], [special, closed], horizon=YEAR), day) == ()


def test_special_hours_of_the_same_dates_join():
    day = date(2026, 8, 20)
    morning = OpeningException(day, day, closed=False, opens_min=600, closes_min=660)
    evening = OpeningException(day, day, closed=False, opens_min=1080, closes_min=1140)
    table = timetable([OFFICE], [morning, evening], horizon=YEAR)

    assert day_hours(table, day) == ((600, 660), (1080, 1140))


# --- public holidays ----------------------------------------------------------------


def test_a_public_holiday_opens_nothing():
    table = timetable([OFFICE], horizon=YEAR)

    assert open_at(table, OCHI_DAY, "12:00", holidays=[OCHI_DAY]) is False


def test_a_place_that_opens_on_holidays_keeps_its_hours():
    table = timetable([OFFICE], horizon=YEAR)
    options = {"holidays": [OCHI_DAY], "open_on_holidays": True}

    assert open_at(table, OCHI_DAY, "12:00", **options) is True


def test_hours_set_for_just_that_holiday_hold():
    special = OpeningException(
        OCHI_DAY, OCHI_DAY, closed=False, opens_min=600, closes_min=780
    )
    table = timetable([OFFICE], [special], horizon=YEAR)

    assert open_at(table, OCHI_DAY, "12:00", holidays=[OCHI_DAY]) is True


def test_special_hours_equal_to_the_ordinary_ones_still_say_open_on_the_holiday():
    special = OpeningException(
        OCHI_DAY, OCHI_DAY, closed=False, opens_min=540, closes_min=1020
    )
    rules = [OpeningRule(540, 1020, WEEKDAYS)]
    table = timetable(rules, [special], horizon=YEAR)

    assert open_at(table, OCHI_DAY, "12:00", holidays=[OCHI_DAY]) is True


def test_summer_hours_do_not_say_open_on_a_holiday_inside_them():
    assumption = date(2026, 8, 15)
    summer = OpeningException(
        date(2026, 6, 1), date(2026, 8, 31), closed=False, opens_min=480, closes_min=780
    )
    table = timetable([OFFICE], [summer], horizon=YEAR)

    assert open_at(table, assumption, "09:00", holidays=[assumption]) is False
    assert open_at(table, assumption, "09:00") is True


def test_the_night_before_a_holiday_runs_on_into_it():
    table = timetable([OpeningRule(1320, 1560, ("TU",))], horizon=YEAR)

    assert open_at(table, OCHI_DAY, "01:00", holidays=[OCHI_DAY]) is True


def test_the_night_of_a_holiday_does_not_open_the_day_after():
    table = timetable([OpeningRule(1320, 1560, ("WE",))], horizon=YEAR)
    after = OCHI_DAY + timedelta(days=1)

    assert open_at(table, after, "01:00", holidays=[OCHI_DAY]) is False


# --- clocks that change ---------------------------------------------------------------


def test_the_hour_that_happens_twice_is_answered_alike():
    # Greece puts its clocks back on Sunday 25 October 2026 at 04:00 summer time.
    table = timetable([OpeningRule(1320, 1680, ("SA",))], horizon=YEAR)
    first = datetime(2026, 10, 25, 3, 30, fold=0)
    second = datetime(2026, 10, 25, 3, 30, fold=1)

    assert is_open_at(table, first) is is_open_at(table, second) is True


def test_a_time_with_a_zone_is_refused():
    table = timetable([OFFICE], horizon=YEAR)

    with pytest.raises(InvalidParameter, match="local"):
        is_open_at(table, datetime(2026, 11, 20, 12, tzinfo=UTC))


# --- what comes next ------------------------------------------------------------------


def test_the_next_opening_is_now_while_it_is_open():
    table = timetable([OFFICE], horizon=YEAR)
    noon = at(date(2026, 11, 20), "12:00")

    assert next_opening(table, noon) == noon


def test_the_next_opening_after_friday_is_monday():
    table = timetable([OFFICE], horizon=YEAR)

    assert next_opening(table, at(date(2026, 11, 20), "17:00")) == at(
        date(2026, 11, 23), "09:00"
    )


def test_the_next_opening_skips_a_holiday():
    table = timetable([OFFICE], horizon=YEAR)
    tuesday_evening = at(date(2026, 10, 27), "18:00")

    assert next_opening(table, tuesday_evening, holidays=[OCHI_DAY]) == at(
        date(2026, 10, 29), "09:00"
    )


def test_nothing_opens_within_the_days_looked_at():
    closed = OpeningException(date(2026, 8, 1), date(2026, 8, 31), closed=True)
    table = timetable([OFFICE], [closed], horizon=YEAR)

    assert next_opening(table, at(date(2026, 8, 1), "09:00"), within_days=14) is None
    assert next_opening(table, at(date(2026, 8, 20), "09:00")) == at(
        date(2026, 9, 1), "09:00"
    )


def test_it_closes_when_the_last_of_the_joined_hours_ends():
    rules = [OpeningRule(1200, 1440, ("FR",)), OpeningRule(0, 120, ("SA",))]
    table = timetable(rules, horizon=YEAR)

    assert closing_time(table, at(date(2026, 11, 27), "21:00")) == at(
        date(2026, 11, 28), "02:00"
    )


def test_what_is_shut_or_never_shuts_has_no_closing_time():
    always = timetable([OpeningRule(0, 1440, WEEKDAYS)], horizon=YEAR)

    assert closing_time(always, at(date(2026, 11, 27), "21:00")) is None
    assert (
        closing_time(timetable([OFFICE], horizon=YEAR), at(date(2026, 11, 21), "12:00"))
        is None
    )


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_trap(day):
    table = timetable([OpeningRule(0, 1440, WEEKDAYS)], horizon=YEAR)
    moment = at(day, "12:00")

    assert is_open_at(table, moment) is True
    closing_time(table, moment)
    next_opening(table, moment)


# --- minutes of a week ------------------------------------------------------------------


def test_the_minutes_of_an_office_week_are_five_times_eight_hours():
    assert weekly_open_minutes(timetable([OFFICE], horizon=YEAR)) == 5 * 8 * 60


def test_a_minute_shared_by_two_days_counts_once():
    # Sunday 20:00-04:00 and Monday 02:00-06:00 share two hours: 8 + 4 - 2 = 10.
    rules = [OpeningRule(1200, 1680, ("SU",)), OpeningRule(120, 360, ("MO",))]

    assert weekly_open_minutes(timetable(rules, horizon=YEAR)) == 10 * 60


def test_the_minutes_of_a_given_week_follow_its_exceptions():
    closed = OpeningException(date(2026, 8, 19), date(2026, 8, 31), closed=True)
    table = timetable([OFFICE], [closed], horizon=YEAR)

    # Monday 17 and Tuesday 18 are open, from Wednesday 19 on it is closed.
    assert weekly_open_minutes(table, on=date(2026, 8, 20)) == 2 * 8 * 60
    assert weekly_open_minutes(table) == 5 * 8 * 60


# --- refusals ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes", "named"),
    [
        (-1, 60, "opens_min"),
        (1440, 1500, "opens_min"),
        (600, 600, "closes_min"),
        (600, 540, "closes_min"),
        (600, 2881, "closes_min"),
    ],
)
def test_hours_that_make_no_sense_are_refused(opens, closes, named):
    with pytest.raises(InvalidParameter) as caught:
        OpeningRule(opens, closes, ("MO",))

    assert caught.value.name == named


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"closed": False}, "opens_min"),
        ({"closed": False, "opens_min": 60}, "opens_min"),
        ({"closed": False, "opens_min": 60, "closes_min": 30}, "closes_min"),
        ({"closed": True, "opens_min": 60, "closes_min": 90}, "closed"),
        ({"closed": True, "end": date(2026, 1, 1)}, "end"),
    ],
)
def test_an_exception_that_contradicts_itself_is_refused(fields, named):
    with pytest.raises(InvalidParameter) as caught:
        OpeningException(
            **{"start": date(2026, 1, 2), "end": date(2026, 1, 3), **fields}
        )

    assert caught.value.name == named


def test_a_horizon_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidParameter, match="horizon"):
        timetable([OFFICE], horizon=(date(2026, 2, 1), date(2026, 1, 1)))


# --- a second opinion -------------------------------------------------------------------


def slowly_open(rules, exceptions, local, holidays, open_on_holidays):
    """Ask each rule for the day and the day before; no patterns, no segments."""
    return any(
        any(
            start <= offset * 1440 + local.hour * 60 + local.minute < end
            for start, end in slow_day(
                rules,
                exceptions,
                local.date() - timedelta(days=offset),
                holidays,
                open_on_holidays,
            )
        )
        for offset in (0, 1)
    )


def slow_day(rules, exceptions, day, holidays, open_on_holidays):
    covering = [e for e in exceptions if e.start <= day <= e.end]
    if covering:
        shortest = min(e.end - e.start for e in covering)
        covering = [e for e in covering if e.end - e.start == shortest]
    explicit = bool(covering) and (covering[0].end - covering[0].start).days < 7
    if day in holidays and not open_on_holidays and not explicit:
        return []
    if covering:
        if any(e.closed for e in covering):
            return []
        return [(e.opens_min, e.closes_min) for e in covering]
    return [(r.opens_min, r.closes_min) for r in rules if r.recurrence.happens_on(day)]


HORIZON = (date(2026, 2, 1), date(2026, 4, 30))
INSIDE = st.dates(*HORIZON)


@st.composite
def opening_rules(draw):
    opens = draw(st.integers(0, 1439))
    first, last = sorted((draw(INSIDE), draw(INSIDE)))
    monthly = draw(st.booleans())
    codes = ["1MO", "-1FR", "SU", "3WE"] if monthly else WEEKDAYS
    interval = draw(st.integers(1, 3))
    return OpeningRule(
        opens,
        draw(st.integers(opens + 1, 2880)),
        tuple(draw(st.sets(st.sampled_from(codes), min_size=1))),
        freq="MONTHLY" if monthly else "WEEKLY",
        interval=interval,
        valid_from=first if interval > 1 or draw(st.booleans()) else None,
        valid_to=last if draw(st.booleans()) else None,
    )


@st.composite
def opening_exceptions(draw):
    start = draw(INSIDE)
    end = start + timedelta(days=draw(st.integers(0, 20)))
    if draw(st.booleans()):
        return OpeningException(start, end, closed=True)
    opens = draw(st.integers(0, 1439))
    return OpeningException(
        start,
        end,
        closed=False,
        opens_min=opens,
        closes_min=draw(st.integers(opens + 1, 2880)),
    )


@given(
    rules=st.lists(opening_rules(), min_size=1, max_size=4),
    exceptions=st.lists(opening_exceptions(), max_size=3),
    # From the second day on: the evening before the horizon is not kept.
    moments=st.lists(
        st.datetimes(datetime(2026, 2, 2), datetime(2026, 4, 30, 23, 59)),
        min_size=1,
        max_size=8,
    ),
    holidays=st.sets(INSIDE, max_size=5),
    open_on_holidays=st.booleans(),
)
def test_the_timetable_agrees_with_asking_every_rule(
    rules, exceptions, moments, holidays, open_on_holidays
):
    table = timetable(rules, exceptions, horizon=HORIZON)

    for moment in moments:
        assert is_open_at(
            table, moment, holidays=holidays, open_on_holidays=open_on_holidays
        ) is slowly_open(rules, exceptions, moment, holidays, open_on_holidays)


@given(
    rules=st.lists(opening_rules(), max_size=4),
    exceptions=st.lists(opening_exceptions(), max_size=3),
)
def test_a_timetable_is_sorted_disjoint_and_says_nothing_twice(rules, exceptions):
    table = timetable(rules, exceptions, horizon=HORIZON)

    for one, other in zip(table.segments, table.segments[1:], strict=False):
        assert one.end <= other.start
        assert one.end < other.start or one[2:] != other[2:]
    for pattern in (table.base, *(s.pattern for s in table.segments)):
        flat = [edge for interval in pattern for edge in interval]
        assert flat == sorted(set(flat))
        assert all(0 <= edge <= 7 * 2880 for edge in flat)
    assert all(s.explicit or s.pattern != table.base for s in table.segments)


@given(
    rules=st.lists(opening_rules(), max_size=3),
    exceptions=st.lists(opening_exceptions(), max_size=3),
    moment=st.datetimes(datetime(2026, 2, 2), datetime(2026, 4, 30)),
)
def test_the_next_opening_is_open_and_nothing_before_it_is(rules, exceptions, moment):
    table = timetable(rules, exceptions, horizon=HORIZON)
    opening = next_opening(table, moment)

    if opening is None:
        return
    assert is_open_at(table, opening) is True
    if opening > moment:
        assert is_open_at(table, moment) is False
        assert is_open_at(table, opening - timedelta(minutes=1)) is False


@given(
    rules=st.lists(opening_rules(), min_size=1, max_size=3),
    moment=st.datetimes(datetime(2026, 2, 2), datetime(2026, 4, 30)),
)
def test_the_closing_time_is_shut_and_the_minute_before_is_not(rules, moment):
    table = timetable(rules, horizon=HORIZON)
    closing = closing_time(table, moment)

    if closing is not None:
        assert is_open_at(table, moment) is True
        assert is_open_at(table, closing) is False
        assert is_open_at(table, closing - timedelta(minutes=1)) is True
