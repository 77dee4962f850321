"""Activities and open calls, as their pages and calendars show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import sql

from layers.errors import InvalidParameter, NotFound
from layers.measures.occurrences import next_occurrence
from layers.published.connection import read
from layers.published.pages import Text, text_columns, texts_of
from layers.published.vocabulary import check_codes, vocabulary

MOST = 500
"""Activities or calls that a page or a calendar holds at most."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity.

    Attributes
    ----------
    starts_at, ends_at : datetime
        Of the first time it happens, in the zone of the municipality.
    recurrence : str
        RRULE of iCalendar, empty where it happens once.
    next_at : datetime or None
        When it happens next, or is happening now; None where it is over.
    is_protected : bool
        It happens at a place that nobody may be told; its district may.
    lon, lat
        None without a place, and where it is protected.
    """

    id: UUID
    name: Text
    description: Text
    organization: Text
    place: Text
    address: Text
    city: Text
    district: Text
    postal_code: str
    lon: float | None
    lat: float | None
    is_protected: bool
    starts_at: datetime
    ends_at: datetime | None
    recurrence: str
    url: str
    registration_required: bool | None
    categories: tuple[str, ...]
    is_demo: bool
    updated_at: datetime
    next_at: datetime | None = None

    @property
    def lasts(self) -> timedelta:
        """How long it takes; nothing where nobody said."""
        return self.ends_at - self.starts_at if self.ends_at else timedelta()

    @property
    def next_ends_at(self) -> datetime | None:
        """When it ends the next time."""
        if self.next_at is None or self.ends_at is None:
            return None
        return self.next_at + self.lasts


@dataclass(frozen=True, slots=True)
class CallRow:
    """An offer or a need of an organization; a date that is None has no bound."""

    id: UUID
    name: Text
    description: Text
    organization: Text
    committee: Text
    district: Text
    kind: str
    opens_on: date | None
    closes_on: date | None
    url: str
    is_demo: bool
    updated_at: datetime


def activities(
    municipality_slug: str,
    lang: str,
    *,
    now: datetime,
    category: str | None = None,
    district: str | None = None,
    within_days: int | None = None,
) -> list[ActivityRow]:
    """Return activities that are not over, the next first; at most MOST.

    Parameters
    ----------
    municipality_slug, lang
        Where, and the language of texts.
    now : datetime
        With time zone.
    category, district : str, optional
        One of these, or below it.
    within_days : int, optional
        Only what happens next in so many days, the last included.

    Raises
    ------
    InvalidParameter
        A category or a district that does not exist.
    """
    asked = {"category": category, "district": district}
    check_codes({name: (code,) for name, code in asked.items() if code})
    values = {**asked, "municipality": municipality_slug, "lang": lang, "id": None}
    rows = (_with_next(row, now) for row in _activities(values, now, municipality_slug))
    coming = [row for row in rows if row.next_at is not None]
    if within_days is not None:
        last = now + timedelta(days=within_days)
        coming = [row for row in coming if row.next_at and row.next_at <= last]
    return sorted(coming, key=lambda row: (row.next_at, row.name.value))[:MOST]


def activity(
    activity_id: UUID, municipality_slug: str, lang: str, *, now: datetime
) -> ActivityRow:
    """Return one activity, also one that is over.

    Raises
    ------
    NotFound
        None of that id that may be seen.
    """
    values = {
        "municipality": municipality_slug,
        "lang": lang,
        "id": activity_id,
        "category": None,
        "district": None,
    }
    found = _activities(values, None, municipality_slug)
    if not found:
        raise NotFound("activity", activity_id)
    return _with_next(found[0], now)


def calls(
    municipality_slug: str,
    lang: str,
    *,
    today: date,
    kind: str | None = None,
    committee: str | None = None,
) -> list[CallRow]:
    """Return open calls that have not closed, those that close first in front.

    Raises
    ------
    InvalidParameter
        A committee that does not exist.
    """
    check_codes({"committee": (committee,)} if committee else {})
    values = {
        "municipality": municipality_slug,
        "lang": lang,
        "today": today,
        "kind": kind,
        "committee": committee,
        "id": None,
        "most": MOST,
    }
    return [_call(row) for row in read(_CALLS, values)]


def call(call_id: UUID, municipality_slug: str, lang: str) -> CallRow:
    """Return one open call, also one that has closed.

    Raises
    ------
    NotFound
        None of that id that may be seen.
    """
    values = {
        "municipality": municipality_slug,
        "lang": lang,
        "today": date.min,
        "kind": None,
        "committee": None,
        "id": call_id,
        "most": 1,
    }
    rows = read(_CALLS, values)
    if not rows:
        raise NotFound("open call", call_id)
    return _call(rows[0])


_ACTIVITIES = sql.SQL(
    """
SELECT a.id, {texts}, a.postal_code, ST_X(a.point), ST_Y(a.point), a.is_protected,
       a.starts_at, a.ends_at, a.recurrence, a.url, a.registration_required,
       a.categories, a.is_demo, a.updated_at
FROM published.activity a
LEFT JOIN published.district d
  ON d.municipality_slug = a.municipality_slug AND d.level = 'neighbourhood'
 AND d.code = ANY (a.district_codes)
WHERE a.municipality_slug = %(municipality)s
  AND (%(id)s::uuid IS NULL OR a.id = %(id)s)
  AND (%(category)s::text IS NULL OR %(category)s = ANY (a.categories))
  AND (%(district)s::text IS NULL OR %(district)s = ANY (a.district_codes))
  AND (%(since)s::timestamptz IS NULL OR a.recurrence <> ''
       OR coalesce(a.ends_at, a.starts_at) >= %(since)s)
ORDER BY a.starts_at, a.id
"""
).format(
    texts=text_columns(
        "a.names",
        "a.descriptions",
        "a.organization_names",
        "a.place_names",
        "a.address",
        "a.city",
        "d.names",
    )
)

_CALLS = sql.SQL(
    """
SELECT c.id, {texts}, c.kind, c.opens_on, c.closes_on, c.url, c.is_demo, c.updated_at
FROM published.open_call c
LEFT JOIN published.taxonomy_term t ON t.taxonomy = 'committee' AND t.slug = c.committee
WHERE c.municipality_slug = %(municipality)s
  AND (%(id)s::uuid IS NULL OR c.id = %(id)s)
  AND (c.closes_on IS NULL OR c.closes_on >= %(today)s)
  AND (%(kind)s::text IS NULL OR c.kind = %(kind)s)
  AND (%(committee)s::text IS NULL OR c.committee = %(committee)s)
ORDER BY c.closes_on NULLS LAST, layers_text(c.names, %(lang)s), c.id
LIMIT %(most)s
"""
).format(
    texts=text_columns(
        "c.names",
        "c.descriptions",
        "c.organization_names",
        "t.names",
        "c.district_names",
    )
)


def _activities(
    values: dict[str, Any], since: datetime | None, municipality_slug: str
) -> list[ActivityRow]:
    zone = ZoneInfo(vocabulary().municipalities[municipality_slug].timezone)
    return [
        _activity(row, zone) for row in read(_ACTIVITIES, {**values, "since": since})
    ]


def _activity(row: Sequence[Any], zone: ZoneInfo) -> ActivityRow:
    id_, *rest = row
    place, (starts_at, ends_at, *last) = rest[14:18], rest[18:]
    recurrence, url, registration, categories, is_demo, updated_at = last
    values: list[Any] = [id_, *texts_of(rest[:14]), *place, starts_at.astimezone(zone)]
    values += [ends_at.astimezone(zone) if ends_at else None, recurrence, url]
    values += [registration, tuple(categories), is_demo, updated_at]
    return ActivityRow(*values)


def _call(row: Sequence[Any]) -> CallRow:
    id_, *rest = row
    values: list[Any] = [id_, *texts_of(rest[:10]), *rest[10:]]
    return CallRow(*values)


def _with_next(row: ActivityRow, now: datetime) -> ActivityRow:
    try:
        at = next_occurrence(row.starts_at, row.recurrence, now, lasts=row.lasts)
    except InvalidParameter:
        # A rule of a partner that cannot be read: it happens at least the first time.
        at = next_occurrence(row.starts_at, "", now, lasts=row.lasts)
    return replace(row, next_at=at)
