"""Calendars, read back with the library's own parser."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from layers.exchange.ical import activities_calendar, calls_calendar
from layers.published.events import ActivityRow, CallRow
from layers.published.pages import Text

ATHENS = ZoneInfo("Europe/Athens")
ID = UUID("9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c")
NOTHING = Text("", "")
ROW = ActivityRow(
    id=ID,
    name=Text("Κύκλος; συζήτησης, στα ελληνικά\nκάθε Τρίτη", "el"),
    description=Text("x" * 300, "en"),
    organization=Text("Host", "en"),
    place=Text("Room 1", "en"),
    address=Text("Demo Street 1, rear", "en"),
    city=NOTHING,
    district=Text("Vathis Square", "en"),
    postal_code="",
    lon=23.72,
    lat=37.98,
    is_protected=False,
    starts_at=datetime(2026, 9, 8, 18, tzinfo=ATHENS),
    ends_at=datetime(2026, 9, 8, 19, 30, tzinfo=ATHENS),
    recurrence="FREQ=WEEKLY;BYDAY=TU",
    url="",
    registration_required=None,
    categories=("language-courses", "greek-courses"),
    is_demo=True,
    updated_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
)
CALL = CallRow(
    id=ID,
    name=Text("Room wanted", "en"),
    description=NOTHING,
    organization=NOTHING,
    committee=NOTHING,
    district=NOTHING,
    kind="need",
    opens_on=None,
    closes_on=date(2027, 5, 31),
    url="",
    is_demo=True,
    updated_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
)
ABOUT: dict[str, Any] = {
    "name": "Δράσεις",
    "host": "example.org",
    "url_of": {ID: f"https://example.org/el/activities/{ID}"},
}


def read(body: bytes) -> tuple[Calendar, list[Any]]:
    calendar = Calendar.from_ical(body)
    return calendar, list(calendar.walk("VEVENT"))


def event(row: ActivityRow) -> Any:
    (found,) = read(activities_calendar([row], **ABOUT))[1]
    return found


def test_an_activity_comes_back_as_it_went() -> None:
    found = event(ROW)
    assert str(found["SUMMARY"]) == ROW.name.value
    assert found["SUMMARY"].params["LANGUAGE"] == "el"
    assert str(found["DESCRIPTION"]) == ROW.description.value
    assert found["UID"] == f"{ID}@example.org"
    assert found["DTSTART"].dt == ROW.starts_at
    assert found["DTSTART"].params["TZID"] == "Europe/Athens"
    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(minutes=90)
    assert found["RRULE"] == {"FREQ": ["WEEKLY"], "BYDAY": ["TU"]}
    assert str(found["LOCATION"]) == "Room 1, Demo Street 1, rear"
    assert found["GEO"].to_ical() == "37.98;23.72"  # RFC 5545 3.8.1.6: latitude first
    assert found["URL"] == ABOUT["url_of"][ID]
    assert found["DTSTAMP"].dt == ROW.updated_at


def test_the_file_keeps_the_rules_of_the_format() -> None:
    body = activities_calendar([ROW], **ABOUT)
    lines = body.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert max(len(line) for line in lines) <= 75  # RFC 5545 3.1
    assert b"\n" not in body.replace(b"\r\n", b"")
    body.decode("utf-8")


def test_the_zone_is_described_inside() -> None:
    calendar, _ = read(activities_calendar([ROW], **ABOUT))
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Athens"
    assert calendar.to_ical().count(b"\r\n") < 120


def test_a_protected_activity_tells_its_district_and_no_place() -> None:
    """`published.activity` holds no place of it; the calendar makes none up either."""
    secret = replace(
        ROW, place=NOTHING, address=NOTHING, lon=None, lat=None, is_protected=True
    )
    found = event(secret)
    assert str(found["LOCATION"]) == "Vathis Square"
    assert "GEO" not in found


def test_what_nobody_said_is_left_out() -> None:
    bare = replace(
        ROW, description=NOTHING, place=NOTHING, address=NOTHING, district=NOTHING,
        lon=None, lat=None, ends_at=None, recurrence="", categories=(),
    )  # fmt: skip
    found = event(bare)
    for name in ("DESCRIPTION", "LOCATION", "GEO", "DTEND", "RRULE", "CATEGORIES"):
        assert name not in found


@pytest.mark.parametrize(
    "rule", ["nonsense", "FREQ=NEVER", ";;", "FREQ=WEEKLY;COUNT=x"]
)
def test_a_rule_that_cannot_be_read_is_left_out(rule: str) -> None:
    assert "RRULE" not in event(replace(ROW, recurrence=rule))


def test_no_text_can_add_a_property() -> None:
    evil = replace(ROW, name=Text("a\r\nATTENDEE:mailto:x@example.org", "en"))
    found = event(evil)
    assert "ATTENDEE" not in found


def test_a_call_is_the_day_on_which_it_closes() -> None:
    (found,) = read(calls_calendar([CALL], **ABOUT))[1]
    assert found["DTSTART"].dt == date(2027, 5, 31)
    assert found["DTSTART"].params["VALUE"] == "DATE"
    assert found["TRANSP"] == "TRANSPARENT"


def test_a_call_without_a_closing_day_is_in_no_calendar() -> None:
    assert read(calls_calendar([replace(CALL, closes_on=None)], **ABOUT))[1] == []


def test_an_empty_calendar_is_one() -> None:
    calendar, events = read(activities_calendar([], **ABOUT))
    assert events == []
    assert str(calendar["X-WR-CALNAME"]) == "Δράσεις"
