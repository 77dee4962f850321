"""Times of features: a moment, a day, or from one to another.

Texts are RFC 3339, intervals as OGC API - Features Part 1, 7.15.4 writes them.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone

from layers.errors import InvalidParameter
from layers.params.kinds import Kind
from layers.published.layers.filters import Span

OPEN = ("", "..")

_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
_FULL_DATE = re.compile(_DAY, re.ASCII)
_DATE_TIME = re.compile(
    rf"{_DAY}[Tt ](?P<clock>\d\d:\d\d):(?P<second>[0-5]\d|60)(?:\.(?P<part>\d{{1,12}}))?"
    # An unescaped + of a query arrives as a blank and is read as the + it was.
    r"(?:[Zz]|(?P<sign>[+ -])(?P<hours>[01]\d|2[0-3]):(?P<minutes>[0-5]\d))",
    re.ASCII,
)


_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,5})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,6})S)?)?",
    re.ASCII,
)
"""ISO 8601; the OGC test suite sends such intervals, and expects them to be understood."""


class Instant(Kind):
    """A moment with its offset, to the microsecond."""

    def __init__(self) -> None:
        """Describe the moment."""
        super().__init__(
            "an RFC 3339 time with its offset like 2026-11-21T18:30:00Z",
            {"type": "string", "format": "date-time"},
        )

    def from_text(self, name: str, raw: str) -> datetime:
        """Return the moment in UTC."""
        moment = _moment(raw)
        if moment is None:
            raise InvalidParameter(name, raw, self.allowed)
        return moment


class Day(Kind):
    """A day of the calendar."""

    def __init__(self) -> None:
        """Describe the day."""
        super().__init__("a day like 2026-11-21", {"type": "string", "format": "date"})

    def from_text(self, name: str, raw: str) -> date:
        """Return the day."""
        day = _day(raw)
        if day is None:
            raise InvalidParameter(name, raw, self.allowed)
        return day


class Interval(Kind):
    """A moment or a day, or from one to another, or open at one end."""

    def __init__(self) -> None:
        """Describe the interval."""
        super().__init__(
            "an RFC 3339 time with its offset or a day, or two of them in order with a / "
            "between, of which one may be .. and the second a duration like P1M",
            {"type": "string", "example": "2026-01-01T00:00:00Z/.."},
        )

    def from_text(self, name: str, raw: str) -> Span:
        """Return the span, both ends included; a day lasts until its last microsecond."""
        parts = raw.split("/")
        first, last = parts[0], parts[-1]
        are_open = (first in OPEN, last in OPEN)
        if len(parts) > 2 or all(are_open):
            raise InvalidParameter(name, raw, self.allowed)
        start = None if are_open[0] else _edge(first, is_end=False)
        end = None if are_open[1] else _end(last, start)
        is_read = (start is None, end is None) == are_open
        if not is_read or (start and end and start > end):
            raise InvalidParameter(name, raw, self.allowed)
        return Span(start, end)


def _end(raw: str, start: datetime | None) -> datetime | None:
    duration = _DURATION.fullmatch(raw)
    if duration is None:
        return _edge(raw, is_end=True)
    return None if start is None else _after(start, duration)


def _after(start: datetime, duration: re.Match[str]) -> datetime | None:
    """Return the moment that ends a duration; None beyond the calendar."""
    n = {name: int(text or 0) for name, text in duration.groupdict().items()}
    months = start.year * 12 + start.month - 1 + n["years"] * 12 + n["months"]
    year, month = divmod(months, 12)
    try:
        last = monthrange(year, month + 1)[1]
        moved = start.replace(year=year, month=month + 1, day=min(start.day, last))
        return moved + timedelta(
            days=n["weeks"] * 7 + n["days"],
            hours=n["hours"],
            minutes=n["minutes"],
            seconds=n["seconds"],
        )
    except (ValueError, OverflowError):
        return None


def _edge(raw: str, *, is_end: bool) -> datetime | None:
    day = _day(raw)
    if day is not None:
        return datetime.combine(day, time.max if is_end else time.min, UTC)
    return _moment(raw)


def _day(raw: str) -> date | None:
    if not _FULL_DATE.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _moment(raw: str) -> datetime | None:
    """Return the moment in UTC; None where it is none, or beyond the years 1 to 9999."""
    found = _DATE_TIME.fullmatch(raw)
    if found is None:
        return None
    # A leap second is taken as the last microsecond before it.
    is_leap = found["second"] == "60"
    second = "59" if is_leap else found["second"]
    part = "999999" if is_leap else (found["part"] or "0")[:6].ljust(6, "0")
    try:
        local = datetime.fromisoformat(
            f"{found['day']}T{found['clock']}:{second}.{part}"
        )
        return local.replace(tzinfo=_offset(found)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(found: re.Match[str]) -> timezone:
    if not found["sign"]:
        return UTC
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    return timezone(-offset if found["sign"] == "-" else offset)
