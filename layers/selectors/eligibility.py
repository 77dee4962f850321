"""May this person use that service? Asked before any distance, in three answers.

Yes, no, or not known. A service of which it is not known is no place for the central
figure: sending somebody there may be in vain. Intervals count it both ways.
"""

import math
import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from layers.errors import InvalidParameter

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GENDERS = ("women", "men")
MOST_LANGUAGES = 10

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
        One of them is spoken by staff or an interpreter. Unknown where a service names
        no language at all.
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

    @property
    def asks_nothing(self) -> bool:
        """Whether everybody is eligible everywhere."""
        return self == Eligibility()

    def as_dict(self) -> dict[str, Any]:
        """Return what is asked as plain values; what is not asked is left out."""
        given = {name: value for name, value in asdict(self).items() if value}
        if self.age is not None:
            given["age"] = self.age  # also of a newborn
        if self.languages:
            given["languages"] = list(self.languages)
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
            parts.append(
                "CASE p.step_free WHEN 'yes' THEN true WHEN 'no' THEN false END"
            )
        if self.no_referral:
            parts.append("NOT p.referral_required")
        if self.at is not None:
            parts.append(_OPEN_SQL)
            values |= _minutes(self.at)
        if self.verified_months is not None:
            parts.append("coalesce(p.assured_date >= %(eligible_since)s, false)")
            values["eligible_since"] = months_before(as_of, self.verified_months)
        joined = " AND ".join(f"({part})" for part in parts)
        return joined or "true", values


_LANGUAGES_SQL = (
    "CASE WHEN p.languages <> '{}' THEN EXISTS (SELECT FROM "
    "unnest(%(eligible_languages)s::text[]) AS l(code) "
    "WHERE p.language_modes ->> l.code IN ('staff', 'interpreter')) END"
)
_OPEN_SQL = (
    "CASE WHEN p.hours_known THEN p.base_hours @> %(eligible_minute)s::integer "
    "OR p.base_hours @> %(eligible_minute_of_eve)s::integer END"
)


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
