"""Opening hours as people write them; expected rows are read off the text by hand."""

from datetime import date, time

import pytest

from layers.directory.service_record import ClosureRecord, ScheduleRecord
from layers.errors import InvalidRecord
from layers.ingest.hours import OpeningText, parse_hours

TODAY = date(2026, 11, 21)
WORKDAYS = ("MO", "TU", "WE", "TH", "FR")
EVERY_DAY = (*WORKDAYS, "SA", "SU")


def parsed(text: str, today: date = TODAY) -> OpeningText:
    return parse_hours(text, today=today)


def rows(text: str) -> list[ScheduleRecord]:
    return list(parsed(text).schedules)


def test_weekdays_and_a_saturday_are_two_rows() -> None:
    assert rows("Mo-Fr 08:00-15:00; Sa 10:00-14:00") == [
        ScheduleRecord(WORKDAYS, time(8), time(15)),
        ScheduleRecord(("SA",), time(10), time(14)),
    ]


def test_two_stretches_of_a_day_are_two_rows() -> None:
    assert rows("Mo-Fr 08:00-12:00,16:00-20:00") == [
        ScheduleRecord(WORKDAYS, time(8), time(12)),
        ScheduleRecord(WORKDAYS, time(16), time(20)),
    ]


def test_hours_past_midnight_close_before_they_open() -> None:
    (row,) = rows("Fr 20:00-02:00")
    assert (row.opens_at, row.closes_at) == (time(20), time(2))


def test_hours_beyond_24_are_past_midnight() -> None:
    assert rows("Fr 20:00-26:00") == rows("Fr 20:00-02:00")


def test_midnight_may_be_written_24_00() -> None:
    (row,) = rows("Mo-Su 08:00-24:00")
    assert (row.opens_at, row.closes_at) == (time(8), time(0))


@pytest.mark.parametrize("text", ["24/7", "Mo-Su 00:00-24:00", "00:00-24:00"])
def test_a_whole_day_has_equal_times(text: str) -> None:
    assert rows(text) == [ScheduleRecord(EVERY_DAY, time(0), time(0))]


def test_by_appointment_has_days_and_no_times() -> None:
    assert rows("by appointment") == [ScheduleRecord(EVERY_DAY, by_appointment=True)]


def test_hours_by_appointment_are_kept_apart_from_walk_in_hours() -> None:
    assert rows("Mo-Fr 08:00-15:00; We 16:00-18:00 by appointment") == [
        ScheduleRecord(WORKDAYS, time(8), time(15)),
        ScheduleRecord(("WE",), time(16), time(18), by_appointment=True),
    ]


def test_the_first_monday_of_the_month() -> None:
    assert rows("Mo[1] 10:00-12:00") == [
        ScheduleRecord(("1MO",), time(10), time(12), "MONTHLY")
    ]


def test_the_last_friday_and_several_weeks() -> None:
    assert rows("Fr[-1] 10:00-12:00; Tu[1,3] 09:00-10:00") == [
        ScheduleRecord(("1TU", "3TU"), time(9), time(10), "MONTHLY"),
        ScheduleRecord(("-1FR",), time(10), time(12), "MONTHLY"),
    ]


def test_a_later_rule_replaces_an_earlier_one_on_its_days() -> None:
    assert rows("Mo-Fr 08:00-15:00; Tu 08:00-20:00; We off") == [
        ScheduleRecord(("MO", "TH", "FR"), time(8), time(15)),
        ScheduleRecord(("TU",), time(8), time(20)),
    ]


def test_a_range_of_days_runs_over_the_weekend() -> None:
    assert rows("Fr-Mo 10:00-12:00")[0].byday == ("MO", "FR", "SA", "SU")


@pytest.mark.parametrize(
    "text",
    [
        "Δευτέρα έως Παρασκευή 9.00 – 17.00",
        "ΔΕΥ-ΠΑΡ 9-17",
        "Monday to Friday 9:00-17:00",
        "Lundi-Vendredi 09:00-17:00",
        "Δε,Τρ,Τε,Πε,Πα 09:00 - 17:00",
        "mo-fr 09:00—17:00 ;",
    ],
)
def test_other_spellings_mean_the_same(text: str) -> None:
    assert rows(text) == [ScheduleRecord(WORKDAYS, time(9), time(17))]


def test_a_comma_before_a_day_begins_a_new_rule() -> None:
    assert rows("Mo 08:00-12:00, Sa 09:00-11:00") == rows(
        "Mo 08:00-12:00; Sa 09:00-11:00"
    )


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Mo 09:00-12:00", False),
        ("Mo 09:00-12:00; PH off", False),
        ("Mo 09:00-12:00; PH open", True),
        ("Mo 09:00-12:00; Αργίες ανοιχτά", True),
        ("Mo-Fr,PH 09:00-12:00", True),
        ("Mo 09:00-12:00; Su,PH off", False),
    ],
)
def test_public_holidays(text: str, opens: bool) -> None:
    assert parsed(text).open_on_holidays is opens


def test_a_closed_august_is_written_out_for_the_next_three() -> None:
    assert parsed("Mo 09:00-12:00; Aug off").closures == tuple(
        ClosureRecord(date(year, 8, 1), date(year, 8, 31))
        for year in (2027, 2028, 2029)
    )


def test_an_august_that_has_begun_is_the_first() -> None:
    closures = parsed("Αύγουστος κλειστά", date(2026, 8, 31)).closures
    assert closures[0] == ClosureRecord(date(2026, 8, 1), date(2026, 8, 31))


def test_a_closure_over_new_year() -> None:
    assert parsed("Dec 24-Jan 6 off", date(2027, 1, 3)).closures[0] == ClosureRecord(
        date(2026, 12, 24), date(2027, 1, 6)
    )


def test_the_29th_of_february_is_the_28th_in_other_years() -> None:
    days = [c.starts_on for c in parsed("Feb 29 off").closures]
    assert days == [date(2027, 2, 28), date(2028, 2, 29), date(2029, 2, 28)]


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("Mo-Fr", 6, "a time such as 09:00"),
        ("Mo-Fr 25:00-26:00", 7, "00:00 to 24:00"),
        ("Mo-Fr 08:61-09:00", 7, "00:00 to 24:00"),
        ("Mo-Fr 08:00", 12, "closing time"),
        ("Mo-Fr 09:00-09:00", 7, "two different times"),
        ("Mo 01:00-26:00", 4, "at most 24 hours"),
        ("Mo-Xx 09:00-10:00", 3, "weekday"),
        ("Funday 09:00-10:00", 1, "weekday"),
        ("Mo 09:00-10:00 Sa 10:00-11:00", 16, "';'"),
        ("Mo 09:00-10:00; Aug 08:00-12:00", 17, "'off' after months"),
        ("PH 10:00-12:00", 1, "PH open"),
        ("Aug Mo off", 1, "'off' after months"),
        ("Aug 32 off", 5, "a day from 1 to 31"),
        ("off", 1, "before 'off'"),
        ("open", 1, "only after PH"),
        (";;", 1, "weekday"),
        ("Mo[7] 10:00-12:00", 3, "a time such as 09:00"),
        ("Mo 9am-5pm", 5, "closing time"),
        ("٠٩:٠٠-١٧:٠٠", 1, "weekday"),
    ],
)
def test_nonsense_is_refused_at_its_position(
    text: str, position: int, expected: str
) -> None:
    with pytest.raises(InvalidRecord) as refusal:
        parsed(text)
    assert refusal.value.field == "hours"
    assert refusal.value.reason.startswith(f"position {position}: expected ")
    assert expected in refusal.value.reason
