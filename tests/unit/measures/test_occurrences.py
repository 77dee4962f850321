"""When something that repeats happens next; dates are read off a calendar of 2026."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from layers.errors import InvalidParameter
from layers.measures import occurrences
from layers.measures.occurrences import next_occurrence

ATHENS = ZoneInfo("Europe/Athens")
TUESDAY = datetime(2026, 9, 8, 18, tzinfo=ATHENS)
LASTS = timedelta(minutes=90)


def next_day(rule: str, after: str) -> str:
    found = next_occurrence(
        TUESDAY, rule, datetime.fromisoformat(after).replace(tzinfo=ATHENS), lasts=LASTS
    )
    return "" if found is None else f"{found:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        ("", "2026-09-01T00:00", "2026-09-08T18:00"),
        ("", "2026-09-08T19:30", "2026-09-08T18:00"),  # it ends just now
        ("", "2026-09-08T19:31", ""),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-11-22T07:00", "2026-11-24T18:00"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-11-24T19:00", "2026-11-24T18:00"),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-11-24T19:31", "2026-12-01T18:00"),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-09-09T00:00", "2026-09-22T18:00"),
        ("FREQ=MONTHLY;BYDAY=-1SA", "2026-11-01T00:00", "2026-11-28T18:00"),
        ("FREQ=WEEKLY;COUNT=2", "2026-09-16T00:00", ""),
        ("FREQ=WEEKLY;UNTIL=20260915T150000Z", "2026-09-10T00:00", "2026-09-15T18:00"),
        ("FREQ=WEEKLY;UNTIL=20260915T145959Z", "2026-09-10T00:00", ""),
    ],
)
def test_the_next_time(rule: str, after: str, expected: str) -> None:
    assert next_day(rule, after) == expected


def test_the_clock_on_the_wall_stays_when_clocks_change() -> None:
    """18:00 in Athens is 15:00 UTC in September and 16:00 UTC from 25 October on."""
    found = next_occurrence(TUESDAY, "FREQ=WEEKLY", datetime(2026, 11, 22, tzinfo=UTC))
    assert found is not None
    assert found.astimezone(UTC).hour == 16
    assert TUESDAY.astimezone(UTC).hour == 15


@pytest.mark.parametrize(
    "rule", ["weekly", "FREQ=NEVER", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;UNTIL=soon"]
)
def test_a_rule_that_cannot_be_read_is_refused(rule: str) -> None:
    with pytest.raises(InvalidParameter):
        next_day(rule, "2026-11-22T00:00")


def test_examples_in_docstrings_hold() -> None:
    import doctest

    assert doctest.testmod(occurrences).failed == 0
