"""Dates and timestamps as texts of RFC 3339."""

import re
from datetime import UTC, date, datetime
from typing import Any

from layers.published.cql2.expressions import Expression, Type
from layers.published.cql2.refusals import refused

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)


def instant_literal(text: str) -> Expression:
    """Return the date or timestamp that a text says.

    Raises
    ------
    InvalidParameter
        It says neither.
    """
    if len(text) <= len("2026-11-21"):
        return Expression(Type.DATE, value=day(text))
    return Expression(Type.TIMESTAMP, value=moment(text))


def day(text: Any) -> date:
    """Return the day of a `full-date`.

    Raises
    ------
    InvalidParameter
        It is none, or there is no such day from the year 1 to 9999.
    """
    try:
        if isinstance(text, str) and _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise refused(text, "a date is like 2026-11-21")


def moment(text: Any) -> datetime:
    """Return the moment of a `date-time` in UTC, to the microsecond.

    Raises
    ------
    InvalidParameter
        It is none, has no offset, or lies outside the years 1 to 9999.
    """
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if found is not None:
        on, at, part, offset = found.groups()
        micros = (part or "0")[:6].ljust(6, "0")
        offset = "+00:00" if offset in "Zz" else offset
        try:
            return datetime.fromisoformat(f"{on}T{at}.{micros}{offset}").astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise refused(text, "a timestamp is like 2026-11-21T18:30:00Z")
