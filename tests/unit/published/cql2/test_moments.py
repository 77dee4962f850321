"""Dates and timestamps of RFC 3339, and nothing else."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from layers.errors import InvalidParameter
from layers.published.cql2.moments import day, moment


def test_a_date_is_a_day() -> None:
    assert day("2024-02-29") == date(2024, 2, 29)
    assert day("0001-01-01") == date.min


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T18:30:00Z", datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
        ("2026-11-21T18:30:00z", datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
        ("2026-11-21T18:30:00+02:00", datetime(2026, 11, 21, 16, 30, tzinfo=UTC)),
        ("2026-11-21T18:30:00.5Z", datetime(2026, 11, 21, 18, 30, 0, 500000, UTC)),
        ("2026-11-21T18:30:00.123456789Z", datetime(2026, 11, 21, 18, 30, 0, 123456, UTC)),
    ],
)  # fmt: skip
def test_a_timestamp_is_a_moment_in_utc(text: str, expected: datetime) -> None:
    assert moment(text) == expected
    assert moment(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2026-13-01", "2026-1-1", "26-01-01", "0000-01-01", "20260101",
     "2026-01-01Z", "٢٠٢٦-٠١-٠١", "", " 2026-01-01", "..", None, 20260101],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: Any) -> None:
    with pytest.raises(InvalidParameter, match="2026-11-21"):
        day(text)


@pytest.mark.parametrize(
    "text",
    ["2026-11-21", "2026-11-21T18:30:00", "2026-11-21T18:30Z", "2026-11-21T24:00:00Z",
     "2026-11-21T18:30:61Z", "2026-11-21T18:30:00+24:00", "0001-01-01T00:00:00+02:00",
     "9999-12-31T23:59:59-01:00", "now", "", None, 0],
)  # fmt: skip
def test_what_is_no_timestamp_is_refused(text: Any) -> None:
    with pytest.raises(InvalidParameter, match="2026-11-21T18:30:00Z"):
        moment(text)
