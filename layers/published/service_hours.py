"""The hours of a service at a place, read back from the read model, around one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from layers.measures.opening_hours import (
    SEARCH_DAYS,
    Interval,
    Segment,
    Timetable,
    closing_time,
    day_hours,
    is_open_at,
    next_opening,
)
from layers.published.clocks import is_holiday
from layers.published.pages import Text
from layers.published.vocabulary import MunicipalityFacts

DAYS_SHOWN = 7

COLUMNS = (
    "p.hours_known, p.by_appointment, p.base_hours, p.segment_days, p.segment_hours, "
    "p.segment_explicit, p.open_on_holidays"
)
"""Columns of service point `p` that `hours_around` reads, in this order."""

N_COLUMNS = 7


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hours that begin on a date: (opens, closes) in minutes of that day, end excluded.

    `note` says why the day is another than usual, where somebody said so.
    """

    day: date
    is_holiday: bool
    spans: tuple[Interval, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours around a moment.

    Attributes
    ----------
    now : datetime
        The moment on the clock of the place, without a zone.
    is_open : bool or None
        None where hours are not known; `week` then is empty.
    changes_at : datetime or None
        When it closes, or opens next; None where neither happens within two weeks.
    week : tuple of DayHours
        Of the day of the moment and the six days after it.
    """

    now: datetime
    is_open: bool | None
    changes_at: datetime | None
    week: tuple[DayHours, ...]


def hours_around(
    row: Sequence[Any], at: datetime, facts: MunicipalityFacts, notes: dict[date, Text]
) -> Hours:
    """Return the hours that the values of COLUMNS describe.

    Parameters
    ----------
    row : sequence
        The values.
    at : datetime
        With time zone.
    facts : MunicipalityFacts
        Whose clock and public holidays count.
    notes : dict
        What was said of some days.
    """
    known, by_appointment, base, days, patterns, explicit, open_on_holidays = row
    now = at.astimezone(ZoneInfo(facts.timezone)).replace(tzinfo=None)
    table = Timetable(
        base=_intervals(base),
        segments=tuple(
            Segment(span.lower, span.upper, _intervals(pattern), said)
            for span, pattern, said in zip(days, patterns, explicit, strict=True)
        ),
        known=known,
        by_appointment=by_appointment,
    )
    today = now.date()
    ahead = [today + timedelta(days=n) for n in range(-1, SEARCH_DAYS + 2)]
    free = {day for day in ahead if is_holiday(facts.country, day)}
    how: dict[str, Any] = {"holidays": free, "open_on_holidays": open_on_holidays}
    is_open = is_open_at(table, now, **how)
    changes = closing_time if is_open else next_opening
    week = tuple(
        DayHours(day, day in free, day_hours(table, day, **how), notes.get(day, _NONE))
        for day in ahead[1 : 1 + DAYS_SHOWN]
    )
    return Hours(now, is_open, changes(table, now, **how), week if known else ())


_NONE = Text("", "")


def _intervals(ranges: Any) -> tuple[Interval, ...]:
    return tuple((span.lower, span.upper) for span in ranges)
