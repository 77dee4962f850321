"""May this person use that service? Asked before any distance, in three answers.

Yes, no, or not known. A service of which it is not known is no place for the central
figure: sending somebody there may be in vain. Intervals count it both ways.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from layers.errors import InvalidParameter
from layers.measures.week_slots import PARTS, keys_of, slots_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GENDERS = ("women", "men")
MOST_LANGUAGES = 10

LANGUAGE_MODES = ("staff", "interpreter", "on_request")
"""Who speaks a language; `on_request` may be a matter of days."""

AT_ONCE = ("staff", "interpreter")
"""Whom a person who says nothing else can speak with."""

_AT = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ([01][0-9]|2[0-3]):([0-5][0-9])")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DAY_MIN, _NEXT_DAY_MIN = 2880, 1440
"""A weekday's hours may run to the end of the next day, so each has room for two."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a person needs of a service; everything given must hold.

    Attributes
    ----------
    languages : tuple of str
        One of them is spoken, by any of `language_modes`. Unknown where a service names
        no language at all.
    language_modes : tuple of str
        Who speaks it, of `LANGUAGE_MODES`; staff or an interpreter where none is given.
    gender : str or None
        `women` or `men`: the service admits them.
    age : float or None
        Years; a service that names no age admits every one.
    step_free : bool
        The way in has no step; `partial` and `unknown` are not known.
    no_referral : bool
        Open without a referral.
    at : str or None
        `mon 18:00`: open then in an ordinary week, also across midnight; without hours
        on record it is not known.
    open_slots : tuple of str
        Open at some time in these parts of an ordinary week (`week_slots.PARTS`).
    min_open_share : float or None
        Above 0 to 1: open in at least this share of their hours, of the whole week's
        without any; without hours on record it is not known.
    verified_months : int or None
        Verified within so many months; never verified is no.

    Raises
    ------
    InvalidParameter
        A value out of its range, by name.
    """

    languages: tuple[str, ...] = ()
    gender: str | None = None
    age: float | None = None
    step_free: bool = False
    no_referral: bool = False
    at: str | None = None
    verified_months: int | None = None
    language_modes: tuple[str, ...] = ()
    open_slots: tuple[str, ...] = ()
    min_open_share: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be asked; bring languages into one order."""
        languages = tuple(sorted(set(self.languages)))
        if len(languages) > MOST_LANGUAGES or not all(
            map(_LANGUAGE.fullmatch, languages)
        ):
            raise InvalidParameter(
                "language", languages, f"at most {MOST_LANGUAGES} codes like `fa`"
            )
        object.__setattr__(self, "languages", languages)
        self._check_choices()
        if self.gender is not None and self.gender not in GENDERS:
            raise InvalidParameter("gender", self.gender, " or ".join(GENDERS))
        if self.age is not None and not (
            math.isfinite(self.age) and 0 <= self.age <= 120
        ):
            raise InvalidParameter("age", self.age, "a number from 0 to 120")
        if self.at is not None and not _AT.fullmatch(self.at):
            raise InvalidParameter("at", self.at, "a weekday and a time like mon 18:00")
        months = self.verified_months
        if months is not None and not 1 <= months <= 120:
            raise InvalidParameter("verified_within_months", months, "from 1 to 120")

    def _check_choices(self) -> None:
        """Refuse codes that there are not; bring the others into one order."""
        for name, at, known in (
            ("language_mode", "language_modes", LANGUAGE_MODES),
            ("open_slots", "open_slots", tuple(PARTS)),
        ):
            given = getattr(self, at)
            for value in given:
                if value not in known:
                    raise InvalidParameter(name, value, f"one of {', '.join(known)}")
            in_order = tuple(value for value in known if value in given)
            object.__setattr__(self, at, in_order)
        if self.language_modes and not self.languages:
            raise InvalidParameter(
                "language_mode", self.language_modes, "only beside language"
            )
        if set(self.language_modes) == set(AT_ONCE):
            object.__setattr__(self, "language_modes", ())  # as without them
        share = self.min_open_share
        if share is not None and not (math.isfinite(share) and 0 < share <= 1):
            raise InvalidParameter("min_open_share", share, "above 0 to 1")

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return what `as_dict` gave."""
        listed = {
            name: tuple(values.get(name, ()))
            for name in ("languages", "language_modes", "open_slots")
        }
        return cls(**{**values, **listed})

    @property
    def slots(self) -> tuple[int, ...]:
        """The hours of the week that shares of opening are out of."""
        return slots_of(self.open_slots)

    @property
    def asks_nothing(self) -> bool:
        """Whether everybody is eligible everywhere."""
        return self == Eligibility()

    def as_dict(self) -> dict[str, Any]:
        """Return what is asked as plain values; what is not asked is left out."""
        given = {name: value for name, value in asdict(self).items() if value}
        if self.age is not None:
            given["age"] = self.age  # also of a newborn
        for name in ("languages", "language_modes", "open_slots"):
            if name in given:
                given[name] = list(given[name])
        return given

    def condition(self, as_of: date) -> tuple[str, dict[str, Any]]:
        """Return an SQL expression on a service point `p` and its values.

        True, false, or null where it is not known; false where any part is false.
        """
        parts: list[str] = []
        values: dict[str, Any] = {}
        if self.languages:
            parts.append(_LANGUAGES_SQL)
            values["eligible_languages"] = list(self.languages)
            values["eligible_modes"] = list(self.language_modes or AT_ONCE)
        if self.gender is not None:
            parts.append("p.gender IN (%(eligible_gender)s, 'any')")
            values["eligible_gender"] = self.gender
        if self.age is not None:
            parts.append(
                "coalesce(p.minimum_age <= %(eligible_age)s, true) AND "
                "coalesce(p.maximum_age >= %(eligible_age)s, true)"
            )
            values["eligible_age"] = self.age
        if self.step_free:
            parts.append(_STEP_FREE_SQL)
        if self.no_referral:
            parts.append("NOT p.referral_required")
        self._add_times(as_of, parts, values)
        joined = " AND ".join(f"({part})" for part in parts)
        return joined or "true", values

    def _add_times(self, as_of: date, parts: list[str], values: dict[str, Any]) -> None:
        """Add what is asked of opening hours, and of when it was verified."""
        if self.at is not None:
            parts.append(_OPEN_SQL)
            values |= _minutes(self.at)
        if self.open_slots or self.min_open_share is not None:
            parts.append(_OPEN_SLOTS_SQL)
            values |= self._open_slots()
        if self.verified_months is not None:
            parts.append("coalesce(p.assured_date >= %(eligible_since)s, false)")
            values["eligible_since"] = months_before(as_of, self.verified_months)

    def _open_slots(self) -> dict[str, Any]:
        own, eve = keys_of(self.slots)
        least = math.ceil((self.min_open_share or 0) * len(own) - SLACK)
        return {
            "eligible_slots": own,
            "eligible_slots_of_eve": eve,
            "eligible_least": max(least, 1),
        }


_LANGUAGES_SQL = (
    "CASE WHEN p.languages <> '{}' THEN EXISTS (SELECT FROM "
    "unnest(%(eligible_languages)s::text[]) AS l(code) "
    "WHERE p.language_modes ->> l.code = ANY(%(eligible_modes)s::text[])) END"
)
_STEP_FREE_SQL = "CASE p.step_free WHEN 'yes' THEN true WHEN 'no' THEN false END"
_OPEN_SQL = (
    "CASE WHEN p.hours_known THEN p.base_hours @> %(eligible_minute)s::integer "
    "OR p.base_hours @> %(eligible_minute_of_eve)s::integer END"
)
_OPEN_SLOTS_SQL = (
    "CASE WHEN p.hours_known THEN (SELECT count(*) FROM "
    "unnest(%(eligible_slots)s::integer[], %(eligible_slots_of_eve)s::integer[]) "
    "AS s(own, eve) WHERE p.base_hours @> s.own OR p.base_hours @> s.eve) "
    ">= %(eligible_least)s END"
)

SLACK = 1e-9
"""Keeps a share of exactly n slots from asking for one more by rounding."""


def _minutes(at: str) -> dict[str, int]:
    """Return the minute in the pattern of its day, and in that of the day before."""
    day, _, time = at.partition(" ")
    weekday, minute = DAYS.index(day), int(time[:2]) * 60 + int(time[3:])
    eve = (weekday - 1) % len(DAYS)
    return {
        "eligible_minute": weekday * _DAY_MIN + minute,
        "eligible_minute_of_eve": eve * _DAY_MIN + minute + _NEXT_DAY_MIN,
    }


def months_before(day: date, months: int) -> date:
    """Return the day so many months before; the last of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("unreachable")  # pragma: no cover
