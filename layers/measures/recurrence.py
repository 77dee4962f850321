"""On which dates a rule applies: the part of iCalendar's RRULE that HSDS uses.

Pure functions; nothing here knows hours, places or tables.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from layers.errors import InvalidParameter

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""Weekday codes of iCalendar; their position is Python's `date.weekday()`."""

ONE_DAY = timedelta(days=1)

_DAY_CODE = re.compile(rf"([+-]?[1-5])?({'|'.join(WEEKDAYS)})")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The dates on which something happens.

    Attributes
    ----------
    freq : str
        `WEEKLY` or `MONTHLY`.
    byday : tuple of str
        `MO` ... `SU`. Under `MONTHLY` a code may carry the position in its month:
        `1MO` is the first Monday, `-1FR` the last Friday, `MO` every Monday.
    interval : int
        Every n-th week (Monday to Sunday) or month, counted from the one that
        holds `valid_from`, which an interval above 1 therefore needs.
    bymonthday : tuple of int
        Days of the month, `MONTHLY` only; -1 is the last day. Together with `byday`
        both must hold (RFC 5545).
    valid_from, valid_to : date or None
        First and last date, both included; None is open.

    Raises
    ------
    InvalidParameter
        When no date, or a guessed one, would follow: no day at all, an ordinal
        under `WEEKLY`, an interval without the date it is counted from.

    References
    ----------
    RFC 5545, section 3.3.10 (Recurrence Rule).
    """

    freq: str
    byday: tuple[str, ...] = ()
    interval: int = 1
    bymonthday: tuple[int, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Refuse a rule whose dates would have to be guessed."""
        if self.freq not in ("WEEKLY", "MONTHLY"):
            raise InvalidParameter("freq", self.freq, "WEEKLY or MONTHLY")
        for code in self.byday:
            if not _DAY_CODE.fullmatch(code):
                raise InvalidParameter("byday", code, f"one of {', '.join(WEEKDAYS)}")
        for day in self.bymonthday:
            if day == 0 or abs(day) > 31:
                raise InvalidParameter("bymonthday", day, "1 to 31, or -1 to -31")
        self._check_freq()
        self._check_interval()

    def _check_freq(self) -> None:
        if not self.byday and not self.bymonthday:
            raise InvalidParameter("byday", self.byday, "a rule names at least one day")
        if self.freq == "WEEKLY" and any(len(code) > 2 for code in self.byday):
            raise InvalidParameter("byday", self.byday, "only MONTHLY rules count days")
        if self.freq == "WEEKLY" and self.bymonthday:
            raise InvalidParameter(
                "bymonthday",
                self.bymonthday,
                "only MONTHLY rules have days of the month",
            )

    def _check_interval(self) -> None:
        if self.interval < 1:
            raise InvalidParameter("interval", self.interval, "1 or more")
        if self.interval > 1 and self.valid_from is None:
            raise InvalidParameter(
                "interval", self.interval, "above 1 it needs valid_from to count from"
            )
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise InvalidParameter(
                "valid_to", self.valid_to, f"not before valid_from {self.valid_from}"
            )

    @property
    def is_every_week(self) -> bool:
        """Whether each week inside the validity is the same as the next."""
        return self.freq == "WEEKLY" and self.interval == 1

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays named, Monday 0; empty when only days of the month are."""
        return frozenset(WEEKDAYS.index(code[-2:]) for code in self.byday)

    def is_valid_on(self, day: date) -> bool:
        """Return whether `day` lies inside the validity, both ends included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def happens_on(self, day: date) -> bool:
        """Return whether the rule names `day`.

        Examples
        --------
        The last Friday of a month; every second week from the first of them:

        >>> Recurrence("MONTHLY", ("-1FR",)).happens_on(date(2026, 11, 27))
        True
        >>> fortnightly = Recurrence("WEEKLY", ("MO",), 2, (), date(2026, 11, 4))
        >>> [fortnightly.happens_on(date(2026, 11, d)) for d in (2, 9, 16)]
        [False, False, True]
        """
        if not self.is_valid_on(day) or not self._in_interval(day):
            return False
        if self.freq == "WEEKLY":
            return day.weekday() in self.weekdays
        return self._names_day_of_month(day)

    def _in_interval(self, day: date) -> bool:
        if self.interval == 1 or self.valid_from is None:
            return True
        if self.freq == "MONTHLY":
            start = self.valid_from
            passed = (day.year - start.year) * 12 + day.month - start.month
        else:
            passed = (_monday(day) - _monday(self.valid_from)).days // 7
        return passed % self.interval == 0

    def _names_day_of_month(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        if self.bymonthday and not {day.day, day.day - last - 1} & set(self.bymonthday):
            return False
        code = WEEKDAYS[day.weekday()]
        from_start = (day.day - 1) // 7 + 1
        from_end = (last - day.day) // 7 + 1
        names = {
            code,
            f"{from_start}{code}",
            f"+{from_start}{code}",
            f"-{from_end}{code}",
        }
        return not self.byday or not names.isdisjoint(self.byday)

    def dates(self, first: date, last: date) -> list[date]:
        """Return the dates from `first` to `last`, both included, in order."""
        start = max(first, self.valid_from or first)
        end = min(last, self.valid_to or last)
        days = (start + ONE_DAY * n for n in range((end - start).days + 1))
        return [day for day in days if self.happens_on(day)]


def _monday(day: date) -> date:
    return day - ONE_DAY * day.weekday()
