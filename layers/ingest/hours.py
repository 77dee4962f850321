"""Opening hours as people write them become schedules and closures.

The grammar is the part of OpenStreetMap's `opening_hours` that a directory needs, in
Greek or English words (docs/reference/service-columns.md). As there, a later rule
replaces an earlier one on the days that both name.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from layers.directory.service_record import ClosureRecord, ScheduleRecord
from layers.ingest.hours_text import Reader, Rule, Season, Times
from layers.ingest.hours_words import WEEKDAYS

RECURRENCES = 3
"""How many years a closure that comes back is written out for."""


@dataclass(frozen=True, slots=True)
class OpeningText:
    """What a text of opening hours says."""

    schedules: tuple[ScheduleRecord, ...]
    closures: tuple[ClosureRecord, ...]
    open_on_holidays: bool


def parse_hours(text: str, *, today: date) -> OpeningText:
    """Return the schedules and closures that a text of opening hours means.

    Parameters
    ----------
    text : str
        `Mo-Fr 08:00-15:00; Sa 10:00-14:00`, `24/7`, `by appointment`,
        `Mo-Fr 08:00-12:00,16:00-20:00`, `Fr 20:00-02:00` (past midnight),
        `Mo[1] 10:00-12:00` (first Monday of the month), `PH off`, `PH open`, `Aug off`,
        `Dec 24-Jan 6 off`.
    today : date
        Closures that come back every year are written out for the next
        `RECURRENCES` years in which they do not lie behind this day.

    Raises
    ------
    InvalidRecord
        With the position (the first character is 1) and what could stand there.
    """
    rules = list(Reader(text).rules())
    weekly: dict[str, list[Times]] = {}
    appointments: set[tuple[str, Times | None]] = set()
    monthly: list[ScheduleRecord] = []
    seasons: list[Season] = []
    open_on_holidays = False
    for rule in rules:
        if rule.holidays:
            open_on_holidays = not rule.closed
        seasons += rule.seasons
        monthly += _monthly(rule)
        _apply_weekly(rule, weekly, appointments)
    return OpeningText(
        schedules=tuple(
            sorted({*_grouped(weekly), *_asked(appointments), *monthly}, key=_order)
        ),
        closures=tuple(sorted({c for s in seasons for c in _closures(s, today)})),
        open_on_holidays=open_on_holidays,
    )


def _apply_weekly(
    rule: Rule,
    weekly: dict[str, list[Times]],
    appointments: set[tuple[str, Times | None]],
) -> None:
    """Put the days of a rule into the week, over what earlier rules said of them."""
    if rule.seasons or rule.monthly:
        return
    if rule.appointment:
        hours: list[Times | None] = [*rule.times] or [None]
        for day in rule.days or WEEKDAYS:
            appointments.update((day, h) for h in hours)
        return
    for day in rule.days:
        weekly[day] = list(rule.times)


def _monthly(rule: Rule) -> Iterator[ScheduleRecord]:
    for opens, closes in rule.times if rule.monthly else ():
        yield ScheduleRecord(
            tuple(rule.monthly), opens, closes, "MONTHLY", rule.appointment
        )


def _grouped(weekly: dict[str, list[Times]]) -> Iterator[ScheduleRecord]:
    """Yield one schedule per stretch of hours, with all the days that have it."""
    days: dict[Times, list[str]] = {}
    for day in WEEKDAYS:
        for hours in dict.fromkeys(weekly.get(day, ())):
            days.setdefault(hours, []).append(day)
    for (opens, closes), byday in days.items():
        yield ScheduleRecord(tuple(byday), opens, closes)


def _asked(appointments: set[tuple[str, Times | None]]) -> Iterator[ScheduleRecord]:
    for hours in dict.fromkeys(hours for _, hours in appointments):
        byday = tuple(d for d in WEEKDAYS if (d, hours) in appointments)
        opens, closes = hours or (None, None)
        yield ScheduleRecord(byday, opens, closes, by_appointment=True)


def _order(row: ScheduleRecord) -> tuple[bool, str, int, time]:
    first = WEEKDAYS.index(row.byday[0][-2:])
    return row.by_appointment, row.freq, first, row.opens_at or time()


def _closures(season: Season, today: date) -> Iterator[ClosureRecord]:
    first_month, first_day, last_month, last_day = season
    wraps = (first_month, first_day or 1) > (last_month, last_day or 31)
    years = range(today.year - 1, today.year + RECURRENCES + 1)
    coming = []
    for year in years:
        start = _dated(year, first_month, first_day or 1)
        end = _dated(year + wraps, last_month, last_day or 31)
        if end >= today:
            coming.append(ClosureRecord(start, end))
    yield from coming[:RECURRENCES]


def _dated(year: int, month: int, day: int) -> date:
    """Return the date; the 29th to 31st of a shorter month are its last day."""
    return date(year, month, min(day, monthrange(year, month)[1]))
