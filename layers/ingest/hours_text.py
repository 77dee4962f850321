"""Reads a text of opening hours from left to right, rule by rule.

What the rules mean together is said in `hours`; here is only how they are written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import NoReturn

from layers.errors import InvalidRecord
from layers.ingest import hours_words as words
from layers.measures.opening_hours import DAY_MIN

FIELD = "hours"

_DASH = re.compile(r"\s*[-–—−‐]\s*")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d{1,2}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?!\d)", re.ASCII)
_ORDINALS = re.compile(r"\[\s*(-?[1-5](?:\s*,\s*-?[1-5])*)\s*\]", re.ASCII)

Times = tuple[time, time]
Season = tuple[int, int | None, int, int | None]
"""First month and day, last month and day; a day of None is the month's end of it."""


@dataclass(slots=True)
class Rule:
    """One rule as written, between two semicolons."""

    at: int
    seasons: list[Season] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    monthly: list[str] = field(default_factory=list)
    holidays: bool = False
    times: list[Times] = field(default_factory=list)
    closed: bool = False
    opened: bool = False
    appointment: bool = False

    @property
    def names_days(self) -> bool:
        """Whether it says on which days of the week or month it holds."""
        return bool(self.days or self.monthly)


class Reader:
    """Reads rules from left to right and knows where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = words.folded(text)
        self.at = 0

    def rules(self) -> Iterator[Rule]:
        """Yield the rules in the order in which they are written.

        Raises
        ------
        InvalidRecord
            At the position where the text stops making sense.
        """
        while True:
            self._space()
            yield self._rule()
            self._space()
            separated = False
            while self._literal(";") or self._literal(","):
                separated = True
                self._space()
            if self.at == len(self.plain):
                return
            if not separated:
                self._fail("';' or the end")

    def _rule(self) -> Rule:
        rule = Rule(at=self.at)
        if self._literal("24/7"):
            rule.days = list(words.WEEKDAYS)
            rule.times = [(time(0), time(0))]
            return rule
        self._seasons(rule)
        self._days(rule)
        self._space()
        self._what(rule)
        self._check(rule)
        return rule

    def _what(self, rule: Rule) -> None:
        """Read what holds on the days: times, closed, open, by appointment."""
        if self._phrase():
            rule.appointment = True
            return
        word = self._peek_word()
        if word in words.CLOSED or word in words.OPEN:
            self.at += len(word)
            rule.closed = word in words.CLOSED
            rule.opened = not rule.closed
            return
        rule.times = [self._times()]
        while self._more_times():
            rule.times.append(self._times())
        self._space()
        rule.appointment = self._phrase()
        if not rule.names_days and not rule.holidays:
            rule.days = list(words.WEEKDAYS)

    def _check(self, rule: Rule) -> None:
        """Refuse what reads well but cannot be stored as it is meant."""
        at = rule.at
        if rule.seasons and (not rule.closed or rule.names_days or rule.holidays):
            self._fail("'off' after months; hours of a season cannot be stored", at)
        if rule.holidays and rule.times and not rule.names_days:
            self._fail("'PH off' or 'PH open'; own hours cannot be stored", at)
        if rule.closed and not (rule.seasons or rule.days or rule.holidays):
            self._fail("days or months before 'off'", at)
        if rule.opened and not rule.holidays:
            self._fail("times such as 09:00-17:00, 'open' only after PH", at)

    def _seasons(self, rule: Rule) -> None:
        while (month := words.MONTHS.get(self._peek_word())) is not None:
            rule.seasons.append(self._season(month))
            self._space()
            if not self._literal(","):
                return
            self._space()

    def _season(self, month: int) -> Season:
        self.at += len(self._peek_word())
        self._space()
        first = self._day_of_month()
        last_month, last = month, first
        if self._dash():
            named = words.MONTHS.get(self._peek_word())
            if named is not None:
                self.at += len(self._peek_word())
                self._space()
                last_month = named
                last = self._day_of_month()
            elif (last := self._day_of_month()) is None:
                self._fail("a month or a day of it")
        return month, first, last_month, last

    def _day_of_month(self) -> int | None:
        found = _NUMBER.match(self.plain, self.at)
        if found is None or self.plain[found.end() : found.end() + 1] in (":", "."):
            return None
        number = int(found[0])
        if not 1 <= number <= 31:
            self._fail("a day from 1 to 31")
        self.at = found.end()
        return number

    def _days(self, rule: Rule) -> None:
        while True:
            word = self._peek_word()
            if word in words.HOLIDAYS:
                self.at += len(word)
                rule.holidays = True
            elif word in words.DAYS:
                self._day_range(rule)
            else:
                return
            mark = self.at
            self._space()
            if not self._literal(","):
                self.at = mark
                return
            self._space()
            if self._peek_word() not in words.DAYS.keys() | words.HOLIDAYS:
                self._fail("a weekday")

    def _day_range(self, rule: Rule) -> None:
        first = self._weekday()
        if found := _ORDINALS.match(self.plain, self.at):
            self.at = found.end()
            rule.monthly += [f"{n.strip()}{first}" for n in found[1].split(",")]
            return
        mark = self.at
        if not self._dash():
            rule.days.append(first)
            return
        if self._peek_word() not in words.DAYS:
            self.at = mark
            self._fail("a weekday after the dash")
        start = words.WEEKDAYS.index(first)
        length = (words.WEEKDAYS.index(self._weekday()) - start) % 7 + 1
        rule.days += [words.WEEKDAYS[(start + n) % 7] for n in range(length)]

    def _weekday(self) -> str:
        word = self._peek_word()
        self.at += len(word)
        self._literal(".")
        return words.DAYS[word]

    def _more_times(self) -> bool:
        """Read a comma that further times follow; one before days ends the rule."""
        mark = self.at
        if self._literal(","):
            self._space()
            if _CLOCK.match(self.plain, self.at):
                return True
        self.at = mark
        return False

    def _times(self) -> Times:
        self._space()
        at = self.at
        opens = self._clock(24)
        if not self._dash():
            self._fail("'-' and a closing time")
        closes = self._clock(30)
        if opens == closes and opens != 0:
            self._fail("two different times, or 00:00-24:00", at)
        if opens == DAY_MIN or closes - opens > DAY_MIN:
            self._fail("an opening before 24:00 and at most 24 hours", at)
        return _clock(opens), _clock(closes)

    def _clock(self, last_hour: int) -> int:
        found = _CLOCK.match(self.plain, self.at)
        if found is None:
            self._fail("a weekday, a time such as 09:00, 'off' or 'by appointment'")
        hour, minute = int(found[1]), int(found[2] or 0)
        if minute > 59 or hour * 60 + minute > last_hour * 60:
            self._fail(f"a time from 00:00 to {last_hour}:00")
        self.at = found.end()
        return hour * 60 + minute

    def _phrase(self) -> bool:
        return any(self._literal(p) for p in words.APPOINTMENT)

    def _dash(self) -> bool:
        """Read a dash, or a word for it, with the spaces around."""
        found = _DASH.match(self.plain, self.at)
        if found:
            self.at = found.end()
            return True
        mark = self.at
        self._space()
        word = self._peek_word()
        if word in words.TO:
            self.at += len(word)
            self._space()
            return True
        self.at = mark
        return False

    def _space(self) -> None:
        found = _SPACE.match(self.plain, self.at)
        self.at = found.end() if found else self.at

    def _literal(self, text: str) -> bool:
        if self.plain.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def _peek_word(self) -> str:
        found = _WORD.match(self.plain, self.at)
        return found[0] if found else ""

    def _fail(self, expected: str, at: int | None = None) -> NoReturn:
        position = (self.at if at is None else at) + 1
        raise InvalidRecord(
            FIELD, self.text, f"position {position}: expected {expected}"
        )


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
