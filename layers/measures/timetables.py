"""Opening rules and exceptions become a timetable; `opening_hours` asks it.

The read model stores the parts of a `Timetable` and its SQL evaluates the same rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from layers.errors import InvalidParameter
from layers.measures.recurrence import ONE_DAY, Recurrence

DAY_MIN = 1440
"""Minutes of a day."""

KEY_MIN = 2 * DAY_MIN
"""Room of a weekday in a pattern: its own minutes and those past its midnight."""

HOLIDAY_AWARE_DAYS = 7
"""An exception up to this long is taken to have public holidays in mind.

"24 to 26 December 10:00-13:00" says that the place opens on Christmas Day; "June to
August 08:00-13:00" does not say that it opens on 15 August.
"""

Interval = tuple[int, int]
Pattern = tuple[Interval, ...]
"""Disjoint sorted half-open ranges of `weekday * 2880 + minute`, Monday 0."""


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """Opening hours that come back.

    Attributes
    ----------
    opens_min, closes_min : int
        Minutes since midnight of the day it opens; 0 to 1439, and up to 2880.
    byday, freq, interval, bymonthday, valid_from, valid_to
        The dates, see `Recurrence`.
    by_appointment : bool
        True: nobody can just walk in, so the rule opens nothing.
    """

    opens_min: int
    closes_min: int
    byday: tuple[str, ...] = ()
    freq: str = "WEEKLY"
    interval: int = 1
    bymonthday: tuple[int, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    by_appointment: bool = False

    def __post_init__(self) -> None:
        """Refuse hours or dates that make no sense."""
        _check_hours(self.opens_min, self.closes_min)
        _ = self.recurrence

    @property
    def recurrence(self) -> Recurrence:
        """The dates on which the rule opens."""
        return Recurrence(
            freq=self.freq,
            byday=self.byday,
            interval=self.interval,
            bymonthday=self.bymonthday,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


@dataclass(frozen=True, slots=True)
class OpeningException:
    """Dates, both ends included, on which the rules do not hold.

    Closed all day, or open at `opens_min` to `closes_min` instead.
    """

    start: date
    end: date
    closed: bool
    opens_min: int | None = None
    closes_min: int | None = None

    def __post_init__(self) -> None:
        """Refuse an exception that says nothing or contradicts itself."""
        if self.end < self.start:
            raise InvalidParameter("end", self.end, f"not before start {self.start}")
        if self.closed:
            if self.opens_min is not None or self.closes_min is not None:
                raise InvalidParameter(
                    "closed", self.closed, "a closed exception has no hours"
                )
        elif self.opens_min is None or self.closes_min is None:
            raise InvalidParameter("opens_min", None, "needed where it is not closed")
        else:
            _check_hours(self.opens_min, self.closes_min)

    @property
    def n_days(self) -> int:
        """How many dates it covers."""
        return (self.end - self.start).days + 1

    @property
    def hours(self) -> Interval | None:
        """The special hours in minutes, None when closed."""
        if self.opens_min is None or self.closes_min is None:
            return None
        return (self.opens_min, self.closes_min)


class Segment(NamedTuple):
    """Dates from `start` to before `end` on which `pattern` holds, not the base.

    `explicit`: somebody set hours for just these dates, so that a public holiday
    among them changes nothing.
    """

    start: date
    end: date
    pattern: Pattern
    explicit: bool


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a place is open.

    Attributes
    ----------
    base : Pattern
        The ordinary week: what holds from the start of the horizon on without an end,
        on every date outside the segments.
    segments : tuple of Segment
        Sorted and disjoint.
    known : bool
        False: no walk-in hours are on record, every question is answered None.
    by_appointment : bool
        Some hours are by appointment; those are not in the patterns.
    """

    base: Pattern
    segments: tuple[Segment, ...]
    known: bool
    by_appointment: bool

    def segment_on(self, day: date) -> Segment | None:
        """Return the segment that holds on `day`, None where the base does."""
        return next((s for s in self.segments if s.start <= day < s.end), None)


def opening_minutes(opens: time, closes: time) -> Interval:
    """Return stored times as minutes since midnight of the opening day.

    A closing time not after the opening time is on the next day; the same time
    twice is 24 hours.

    Examples
    --------
    >>> opening_minutes(time(9), time(17)), opening_minutes(time(22), time(2))
    ((540, 1020), (1320, 1560))
    >>> opening_minutes(time(0), time(0))
    (0, 1440)
    """
    start = opens.hour * 60 + opens.minute
    end = closes.hour * 60 + closes.minute
    return (start, end if end > start else end + DAY_MIN)


def timetable(
    rules: Sequence[OpeningRule],
    exceptions: Sequence[OpeningException] = (),
    *,
    horizon: tuple[date, date],
) -> Timetable:
    """Return the timetable that rules and exceptions make together.

    Parameters
    ----------
    rules : sequence of OpeningRule
        Hours that hold together; overlapping ones join.
    exceptions : sequence of OpeningException
        They replace the rules on their dates. Where several cover a date the
        shortest decides; of equally short ones a closed one; special hours of the
        same length join.
    horizon : (date, date)
        First and last date of interest, both included. Nothing before the first is
        kept, so begin a day early to answer the small hours of the first night.
        Monthly and every-n-th-week rules are written out up to the last; validity
        and exceptions reach to their own ends.

    Notes
    -----
    Rules that ended before the horizon are dropped: they do not tell that the place
    is shut now, only that nobody said what came after. A place with such rules
    only has unknown hours.

    Examples
    --------
    >>> weekdays = OpeningRule(540, 1020, ("MO", "TU", "WE", "TH", "FR"))
    >>> year = (date(2026, 1, 1), date(2026, 12, 31))
    >>> august = OpeningException(date(2026, 8, 1), date(2026, 8, 31), closed=True)
    >>> table = timetable([weekdays], [august], horizon=year)
    >>> table.base[0], table.base[1]
    ((540, 1020), (3420, 3900))
    >>> [(s.start.day, s.end.isoformat(), s.pattern) for s in table.segments]
    [(1, '2026-09-01', ())]
    """
    first, last = horizon
    if last < first:
        raise InvalidParameter("horizon", last, f"not before its first date {first}")
    current = [r for r in rules if r.valid_to is None or r.valid_to >= first]
    walk_in = [r for r in current if not r.by_appointment]
    coming = [e for e in exceptions if e.end >= first]
    base = _weekly_pattern(r for r in walk_in if _is_ordinary(r, first))
    return Timetable(
        base=base,
        segments=_segments(base, walk_in, coming, horizon) if walk_in else (),
        known=bool(walk_in),
        by_appointment=len(walk_in) < len(current),
    )


def _is_ordinary(rule: OpeningRule, first: date) -> bool:
    """Return whether a rule holds every week from the first date on, without an end."""
    has_begun = rule.valid_from is None or rule.valid_from <= first
    return rule.recurrence.is_every_week and has_begun and rule.valid_to is None


def _segments(
    base: Pattern,
    rules: Sequence[OpeningRule],
    exceptions: Sequence[OpeningException],
    horizon: tuple[date, date],
) -> tuple[Segment, ...]:
    """Cut time where anything changes, and keep the pieces that differ from base."""
    first, last = horizon
    counted = {
        rule: frozenset(rule.recurrence.dates(first, last))
        for rule in rules
        if not rule.recurrence.is_every_week
    }
    weekly = [rule for rule in rules if rule not in counted]
    cuts = {first}
    for days in counted.values():
        cuts.update(*((day, day + ONE_DAY) for day in days))
    for rule in weekly:
        cuts.update(_ends(rule.valid_from, rule.valid_to))
    for exception in exceptions:
        cuts.update(_ends(exception.start, exception.end))
    ordered = sorted(cut for cut in cuts if cut >= first)
    pieces = []
    for start, end in zip(ordered, [*ordered[1:], date.max], strict=True):
        deciding = _deciding(exceptions, start)
        if deciding:
            pattern = _exception_pattern(deciding)
            explicit = deciding[0].n_days <= HOLIDAY_AWARE_DAYS
        else:
            pattern = _weekly_pattern(
                rule
                for rule in rules
                if (start in counted[rule] if rule in counted else _holds(rule, start))
            )
            explicit = False
        pieces.append(Segment(start, end, pattern, explicit))
    return tuple(_joined(p for p in pieces if p.explicit or p.pattern != base))


def _ends(first: date | None, last: date | None) -> Iterator[date]:
    if first is not None:
        yield first
    if last is not None and last < date.max:
        yield last + ONE_DAY


def _holds(rule: OpeningRule, day: date) -> bool:
    return rule.recurrence.is_valid_on(day)


def _joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Join neighbours that say the same."""
    held: Segment | None = None
    for segment in segments:
        if held and held.end == segment.start and held[2:] == segment[2:]:
            held = held._replace(end=segment.end)
            continue
        if held:
            yield held
        held = segment
    if held:
        yield held


def _deciding(
    exceptions: Sequence[OpeningException], day: date
) -> list[OpeningException]:
    covering = [e for e in exceptions if e.start <= day <= e.end]
    shortest = min((e.n_days for e in covering), default=0)
    covering = [e for e in covering if e.n_days == shortest]
    return [e for e in covering if e.closed] or covering


def _exception_pattern(deciding: Sequence[OpeningException]) -> Pattern:
    hours = [e.hours for e in deciding if e.hours is not None]
    return joined_intervals(
        (weekday * KEY_MIN + opens, weekday * KEY_MIN + closes)
        for weekday in range(7)
        for opens, closes in hours
    )


def _weekly_pattern(rules: Iterable[OpeningRule]) -> Pattern:
    """Return the week of rules that hold; a rule without weekdays fits any."""
    return joined_intervals(
        (weekday * KEY_MIN + rule.opens_min, weekday * KEY_MIN + rule.closes_min)
        for rule in rules
        for weekday in rule.recurrence.weekdays or range(7)
    )


def joined_intervals(intervals: Iterable[Interval]) -> Pattern:
    """Return intervals sorted, with those that touch or overlap joined."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _check_hours(opens_min: int, closes_min: int) -> None:
    if not 0 <= opens_min < DAY_MIN:
        raise InvalidParameter("opens_min", opens_min, "0 to 1439")
    if not opens_min < closes_min <= KEY_MIN:
        raise InvalidParameter("closes_min", closes_min, "after opens_min, up to 2880")
