"""When is it open? The one place that answers; import everything about hours from here.

Times are wall-clock times of the place:

- A day has minutes 0 to 1440. Hours past midnight belong to the day on which they
  opened: Friday 22:00-02:00 is Friday 1320-1560.
- Opening is included, closing is not: 09:00-17:00 is shut at 17:00.
- Clocks that change are ignored, as a notice on the door does: in the night they go
  back, the hour from 03:00 to 04:00 happens twice and is answered alike both times;
  in the night they go forward, that hour is never asked for.
- On a public holiday the day opens nothing, unless the place opens on holidays or
  somebody set hours for just that date. Hours that began the evening before run on.
- Unknown is None, never "closed".
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from layers.errors import InvalidParameter
from layers.measures.recurrence import ONE_DAY
from layers.measures.timetables import (
    DAY_MIN,
    KEY_MIN,
    Interval,
    OpeningException,
    OpeningRule,
    Pattern,
    Segment,
    Timetable,
    joined_intervals,
    opening_minutes,
    timetable,
)

__all__ = [
    "DAY_MIN",
    "KEY_MIN",
    "Interval",
    "OpeningException",
    "OpeningRule",
    "Pattern",
    "Segment",
    "Timetable",
    "closing_time",
    "day_hours",
    "is_open_at",
    "next_opening",
    "opening_minutes",
    "timetable",
    "weekly_open_minutes",
]

WEEK_MIN = 7 * DAY_MIN
SEARCH_DAYS = 14
"""How far ahead an opening or closing is looked for."""


def day_hours(
    table: Timetable,
    day: date,
    *,
    holidays: Collection[date] = (),
    open_on_holidays: bool = False,
) -> tuple[Interval, ...]:
    """Return the walk-in hours that begin on `day`, in minutes since its midnight.

    Parameters
    ----------
    table : Timetable
        The hours of the place.
    day : date
        Local date.
    holidays : collection of date
        Public holidays.
    open_on_holidays : bool
        Whether the place keeps its hours on them.

    Returns
    -------
    tuple of (int, int)
        Sorted, disjoint; a closing above 1440 is on the next day. Empty when closed
        and when hours are unknown: ask `table.known`.

    Examples
    --------
    >>> table = timetable(
    ...     [OpeningRule(1320, 1560, ("FR",))],
    ...     horizon=(date(2026, 1, 1), date(2026, 12, 31)),
    ... )
    >>> day_hours(table, date(2026, 11, 27)), day_hours(table, date(2026, 11, 28))
    (((1320, 1560),), ())
    """
    segment = table.segment_on(day)
    explicit = segment is not None and segment.explicit
    if day in holidays and not open_on_holidays and not explicit:
        return ()
    pattern = table.base if segment is None else segment.pattern
    return tuple(_of_weekday(pattern, day.weekday()))


def is_open_at(
    table: Timetable,
    local: datetime,
    *,
    holidays: Collection[date] = (),
    open_on_holidays: bool = False,
) -> bool | None:
    """Return whether one can walk in at `local`; None when hours are unknown.

    Parameters
    ----------
    table : Timetable
        The hours of the place.
    local : datetime
        Wall-clock time at the place, without a time zone; seconds are cut off.
    holidays, open_on_holidays
        As in `day_hours`.

    Raises
    ------
    InvalidParameter
        When `local` carries a time zone: converting it is the caller's to do.

    Notes
    -----
    With m the minute of the day, open is: the pattern of the date contains
    weekday * 2880 + m, or the pattern of the date before contains
    its weekday * 2880 + m + 1440.

    Examples
    --------
    >>> table = timetable(
    ...     [OpeningRule(1320, 1560, ("FR",))],
    ...     horizon=(date(2026, 1, 1), date(2026, 12, 31)),
    ... )
    >>> saturday = datetime(2026, 11, 28)
    >>> [is_open_at(table, saturday.replace(hour=h)) for h in (0, 1, 2)]
    [True, True, False]
    """
    _check_naive(local)
    if not table.known:
        return None
    minute = local.hour * 60 + local.minute
    hours = _hours_of(table, holidays, open_on_holidays=open_on_holidays)
    today = local.date()
    if _contains(hours(today), minute):
        return True
    return today > date.min and _contains(hours(today - ONE_DAY), minute + DAY_MIN)


def next_opening(
    table: Timetable,
    local: datetime,
    *,
    holidays: Collection[date] = (),
    open_on_holidays: bool = False,
    within_days: int = SEARCH_DAYS,
) -> datetime | None:
    """Return the first minute from `local` on at which it is open.

    That is `local` itself (without its seconds) when it is open now, and None when
    hours are unknown or nothing opens within `within_days`.
    """
    _check_naive(local)
    now = local.replace(second=0, microsecond=0)
    hours = _hours_of(table, holidays, open_on_holidays=open_on_holidays)
    spans = _spans(hours, now.date(), within_days)
    return next((max(start, now) for start, end in spans if end > now), None)


def closing_time(
    table: Timetable,
    local: datetime,
    *,
    holidays: Collection[date] = (),
    open_on_holidays: bool = False,
    within_days: int = SEARCH_DAYS,
) -> datetime | None:
    """Return when the hours that run at `local` end.

    Hours that follow without a break count as one. None when it is not open, when
    hours are unknown, and when it does not close within `within_days`.
    """
    _check_naive(local)
    hours = _hours_of(table, holidays, open_on_holidays=open_on_holidays)
    closes: datetime | None = None
    for start, end in _spans(hours, local.date(), within_days):
        if start <= (closes or local) < end:
            closes = end
    if closes is None or (closes.date() - local.date()).days > within_days:
        return None
    return closes


def weekly_open_minutes(table: Timetable, *, on: date | None = None) -> int | None:
    """Return the minutes a week in which it is open; None when hours are unknown.

    Parameters
    ----------
    table : Timetable
        The hours of the place.
    on : date, optional
        Count the week (Monday to Sunday) of this date, with the segments in it.
        Without it the ordinary week is counted.

    Notes
    -----
    A minute that two days share (Monday 20:00-04:00, Tuesday from 02:00) counts
    once. Public holidays and changing clocks are not looked at.

    Examples
    --------
    >>> night = OpeningRule(1200, 1680, ("MO", "SU"))
    >>> table = timetable([night], horizon=(date(2026, 1, 1), date(2026, 12, 31)))
    >>> weekly_open_minutes(table)
    960
    """
    if not table.known:
        return None
    patterns = [table.base] * 7
    if on is not None:
        monday = on - ONE_DAY * on.weekday()
        week = (table.segment_on(monday + ONE_DAY * n) for n in range(7))
        patterns = [table.base if s is None else s.pattern for s in week]
    spans: list[Interval] = []
    for weekday, pattern in enumerate(patterns):
        midnight = weekday * DAY_MIN
        for opens, closes in _of_weekday(pattern, weekday):
            start, end = midnight + opens, midnight + closes
            # Sunday night belongs to Monday morning of the same, repeated week.
            spans += [(start, min(end, WEEK_MIN)), (0, max(end - WEEK_MIN, 0))]
    return sum(end - start for start, end in joined_intervals(spans))


_Hours = Callable[[date], tuple[Interval, ...]]


def _hours_of(
    table: Timetable, holidays: Collection[date], *, open_on_holidays: bool
) -> _Hours:
    """Return `day_hours` with all but the day settled; never any when unknown."""
    if not table.known:
        return lambda _: ()
    return partial(
        day_hours, table, holidays=holidays, open_on_holidays=open_on_holidays
    )


def _spans(
    hours: _Hours, day: date, within_days: int
) -> Iterator[tuple[datetime, datetime]]:
    """Yield opening and closing, in order, from the evening before `day` on."""
    # The calendar of Python ends; hours of its last days have nowhere to close.
    first = max(1, day.toordinal() - 1)
    last = min(date.max.toordinal() - 2, day.toordinal() + within_days)
    for ordinal in range(first, last + 1):
        midnight = datetime.combine(date.fromordinal(ordinal), time())
        for opens, closes in hours(midnight.date()):
            yield (
                midnight + timedelta(minutes=opens),
                midnight + timedelta(minutes=closes),
            )


def _of_weekday(pattern: Pattern, weekday: int) -> Iterator[Interval]:
    """Yield the part of a pattern that belongs to a weekday, from its midnight."""
    low, high = weekday * KEY_MIN, (weekday + 1) * KEY_MIN
    for start, end in pattern:
        # Clipped, because hours to the end of one day's room touch the next one's.
        opens, closes = max(start, low), min(end, high)
        if opens < closes:
            yield (opens - low, closes - low)


def _contains(hours: tuple[Interval, ...], minute: int) -> bool:
    return any(opens <= minute < closes for opens, closes in hours)


def _check_naive(local: datetime) -> None:
    if local.tzinfo is not None:
        raise InvalidParameter("local", local, "local time without a time zone")
