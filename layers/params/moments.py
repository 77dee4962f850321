"""Moments and boxes of requests: when, and between which edges."""

import re
from datetime import UTC, datetime, timedelta, timezone

from django.utils.timezone import now

from layers.errors import InvalidParameter
from layers.geo import BBox
from layers.params.kinds import Kind, is_number

FIRST_YEAR, LAST_YEAR = 1970, 2100

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<time>\d\d:\d\d)(?::[0-5]\d(?:\.\d{1,9})?)?"
    r"(?:(?P<utc>[Zz])|(?P<sign>[+ -])(?P<hours>0\d|1[0-4]):(?P<minutes>[0-5]\d))",
    re.ASCII,
)


class Moment(Kind):
    """A moment: RFC 3339 with its offset, or `now`.

    Seconds are cut off: opening hours know minutes, and an answer stays the same within
    its minute.
    """

    def __init__(self) -> None:
        """Describe the moment."""
        super().__init__(
            "now, or an RFC 3339 time with its offset like 2026-11-21T18:30:00+02:00, "
            f"from {FIRST_YEAR} to {LAST_YEAR}",
            {"type": "string", "example": "2026-11-21T18:30:00+02:00"},
        )

    def from_text(self, name: str, raw: str) -> datetime:
        """Return the moment in UTC, at the beginning of its minute.

        An unescaped + of a query arrives as a blank and is read as the + it was.
        """
        if raw == "now":
            return now().astimezone(UTC).replace(second=0, microsecond=0)
        found = _MOMENT.fullmatch(raw)
        try:
            moment = _moment(found) if found else None
        except ValueError:
            moment = None
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise InvalidParameter(name, raw, self.allowed)
        return moment


def _moment(found: re.Match[str]) -> datetime:
    """Return the matched moment in UTC; ValueError for the 31st of June and the like."""
    local = datetime.fromisoformat(f"{found['day']}T{found['time']}")
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise ValueError(local.year)  # the ends of the calendar have no offset
    offset = timedelta()
    if found["sign"]:
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
        offset = -offset if found["sign"] == "-" else offset
    return local.replace(tzinfo=timezone(offset)).astimezone(UTC)


class Box(Kind):
    """A lon/lat box: west, south, east, north; west > east crosses the antimeridian.

    Six numbers are west, south, lowest, east, north, highest; the heights are ignored,
    since no place here has one.
    """

    def __init__(self) -> None:
        """Describe the box."""
        super().__init__(
            "west,south,east,north in degrees, longitude first",
            {
                "type": "array",
                "minItems": 4,
                "maxItems": 6,
                "items": {"type": "number"},
            },
        )

    def from_text(self, name: str, raw: str) -> BBox:
        """Return the box of comma-separated numbers."""
        parts = raw.split(",")
        if not all(is_number(part) for part in parts):
            raise InvalidParameter(name, raw, self.allowed)
        return self._box(name, raw, [float(part) for part in parts])

    def from_json(self, name: str, raw: object) -> BBox:
        """Return the box of an array of numbers."""
        if not isinstance(raw, list) or not all(
            isinstance(part, int | float) and not isinstance(part, bool) for part in raw
        ):
            raise InvalidParameter(name, raw, f"an array: {self.allowed}")
        return self._box(name, raw, [float(part) for part in raw])

    def _box(self, name: str, raw: object, edges: list[float]) -> BBox:
        if len(edges) == 6:
            edges = [edges[0], edges[1], edges[3], edges[4]]
        if len(edges) != 4:
            raise InvalidParameter(name, raw, self.allowed)
        try:
            return BBox(*edges)
        except InvalidParameter as fault:
            raise InvalidParameter(name, raw, fault.allowed) from None


class WeekTime(Kind):
    """A weekday and a time of day, in any week."""

    def __init__(self) -> None:
        """Describe the time."""
        super().__init__(
            "a weekday and a time like mon 18:00",
            {"type": "string", "pattern": f"^{_WEEK_TIME.pattern}$"},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the time as `mon 18:00`."""
        if not _WEEK_TIME.fullmatch(raw):
            raise InvalidParameter(name, raw, self.allowed)
        return raw


_WEEK_TIME = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun) (?:[01][0-9]|2[0-3]):[0-5][0-9]"
)
