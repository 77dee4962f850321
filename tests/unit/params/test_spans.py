"""Moments, days and intervals of RFC 3339, as OGC API - Features 7.15.4 writes them."""

from datetime import UTC, date, datetime

import pytest

from layers.errors import InvalidParameter
from layers.params.spans import Day, Instant, Interval
from layers.published.layers.filters import Span

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-11-21T12:00:00Z", Span(NOON, NOON)),
        ("2026-11-21t12:00:00z", Span(NOON, NOON)),
        ("2026-11-21T14:00:00+02:00", Span(NOON, NOON)),
        ("2026-11-21T14:00:00 02:00", Span(NOON, NOON)),  # a + that was not escaped
        ("2026-11-21T12:00:00Z/..", Span(NOON, None)),
        ("2026-11-21T12:00:00Z/", Span(NOON, None)),
        ("../2026-11-21T12:00:00Z", Span(None, NOON)),
        ("/2026-11-21T12:00:00Z", Span(None, NOON)),
        ("2026-11-21T12:00:00Z/2026-11-21T12:00:00Z", Span(NOON, NOON)),
        (
            "2026-11-21",
            Span(
                datetime(2026, 11, 21, tzinfo=UTC),
                datetime(2026, 11, 21, 23, 59, 59, 999999, UTC),
            ),
        ),
        (  # what the OGC test suite sends
            "2026-11-21T12:00:00Z/P2D",
            Span(NOON, datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ),
        (  # the 30th of February is its last day
            "2025-12-30/P1Y2MT1H30M10S",
            Span(
                datetime(2025, 12, 30, tzinfo=UTC),
                datetime(2027, 2, 28, 1, 30, 10, tzinfo=UTC),
            ),
        ),
        (  # what QGIS sends for "from now on"
            "2026-11-21T12:00:00Z/9999-12-31T00:00:00Z",
            Span(NOON, datetime(9999, 12, 31, tzinfo=UTC)),
        ),
    ],
)
def test_an_interval_is_read(raw: str, expected: Span) -> None:
    assert Interval().from_text("datetime", raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "..",
        "../..",
        "P2D",
        "../P2D",
        "P2D/2026-11-21",
        "2026-11-21/P",
        "2026-11-21/P1DT",
        "2026-11-21/P9999Y",
        "9999-12-31/P40D",
        "/",
        "../",
        "yesterday",
        "2026",
        "2026-11",
        "2026-11-21T12:00",
        "2026-11-21T12:00:00",  # no offset
        "2026-02-30",
        "2026-11-21T24:00:00Z",
        "2026-11-21T12:00:00+24:00",
        "2026-11-22T00:00:00Z/2026-11-21T00:00:00Z",  # backwards
        "2026-11-21/2026-11-22/2026-11-23",
        "2026-11-21/x",
        "x/..",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+10:00",
        "٢٠٢٦-11-21",
        "2026-11-21T12:00:00Z\n",
    ],
)
def test_what_is_no_interval_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter, match="datetime: "):
        Interval().from_text("datetime", raw)


def test_an_instant_keeps_its_microseconds() -> None:
    read = Instant().from_text("at", "2026-11-21T12:00:00.1234567Z")
    assert read == NOON.replace(microsecond=123456)


def test_a_leap_second_is_the_last_moment_before_it() -> None:
    read = Instant().from_text("at", "2016-12-31T23:59:60Z")
    assert read == datetime(2016, 12, 31, 23, 59, 59, 999999, UTC)


@pytest.mark.parametrize("raw", ["2026-11-21", "now", "2026-11-21T12:00:00"])
def test_an_instant_has_a_time_and_an_offset(raw: str) -> None:
    with pytest.raises(InvalidParameter, match="at: "):
        Instant().from_text("at", raw)


def test_a_day_is_a_day_of_the_calendar() -> None:
    assert Day().from_text("on", "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "raw", ["2023-02-29", "2024-2-29", "20240229", "2024-02-29T00:00:00Z"]
)
def test_what_is_no_day_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter, match="on: "):
        Day().from_text("on", raw)
