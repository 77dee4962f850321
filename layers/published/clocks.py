"""What the clock on the wall says where a service is, and whether it is a public holiday."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

from layers.published.vocabulary import MunicipalityFacts

_IS_OPEN = (
    "layers_is_open(p.hours_known, p.base_hours, p.segment_days, p.segment_hours, "
    "p.segment_explicit, p.open_on_holidays, {local}, {today}, {yesterday})"
)

_HOURS = (
    "CASE WHEN p.hours_known THEN layers_day_hours(p.base_hours, p.segment_days, "
    "p.segment_hours, p.segment_explicit, p.open_on_holidays, {today}, ({local})::date) END"
)

DAY = 2880
"""Minutes between the beginnings of two days of a week in stored hours (two days: a
stretch past midnight belongs to the day on which it opened)."""


@dataclass(frozen=True, slots=True)
class OpenAt:
    """SQL that tells whether service point `p` is open at a moment; null where unknown.

    Attributes
    ----------
    sql : str
        A boolean expression.
    hours : str
        The hours of that day as an int4multirange, in minutes of the week with DAY
        between its days; null where unknown.
    values : Mapping
        Its parameters; their names begin with the prefix asked for.
    """

    sql: str
    hours: str
    values: Mapping[str, Any]


def open_at(
    moment: datetime, places: Mapping[str, MunicipalityFacts], prefix: str = "clock"
) -> OpenAt:
    """Return the expression for one moment.

    Parameters
    ----------
    moment : datetime
        With its time zone.
    places : Mapping
        The municipalities by slug: each has its own clock and its own holidays.
    prefix : str
        Keeps the parameters of two moments in one statement apart.
    """
    clocks = {
        slug: _clock(moment, facts.timezone, facts.country)
        for slug, facts in places.items()
    }
    local, today, yesterday = f"{prefix}_local", f"{prefix}_today", f"{prefix}_eve"
    different = set(clocks.values())
    if len(different) <= 1:
        only = different.pop() if different else _clock(moment, "UTC", "")
        named = {
            "local": f"%({local})s::timestamp",
            "today": f"%({today})s::boolean",
            "yesterday": f"%({yesterday})s::boolean",
        }
        return OpenAt(
            _IS_OPEN.format(**named),
            _HOURS.format(**named),
            dict(zip((local, today, yesterday), only, strict=True)),
        )
    here = f"array_position(%({prefix}_places)s::text[], p.municipality_slug)"
    named = {
        "local": f"(%({local})s::timestamp[])[{here}]",
        "today": f"(%({today})s::boolean[])[{here}]",
        "yesterday": f"(%({yesterday})s::boolean[])[{here}]",
    }
    return OpenAt(
        _IS_OPEN.format(**named),
        _HOURS.format(**named),
        {
            f"{prefix}_places": list(clocks),
            local: [clock[0] for clock in clocks.values()],
            today: [clock[1] for clock in clocks.values()],
            yesterday: [clock[2] for clock in clocks.values()],
        },
    )


def _clock(
    moment: datetime, timezone: str, country: str
) -> tuple[datetime, bool, bool]:
    """Return the local time, and whether that day and the day before are holidays."""
    local = moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    day = local.date()
    return (
        local,
        is_holiday(country, day),
        is_holiday(country, day - timedelta(days=1)),
    )


def is_holiday(country: str, day: date) -> bool:
    """Tell whether the day is a public holiday of the country (ISO 3166-1 alpha-2).

    A country that the `holidays` library does not know has none.
    """
    return day in _holidays(country, day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
