"""What the page of one service says: the service, and each of its places that may be shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import sql

from layers.errors import NotFound
from layers.measures.opening_hours import KEY_MIN
from layers.published.clocks import is_holiday, open_at
from layers.published.connection import read, read_one
from layers.published.pages import Text, text_columns, text_of, texts_of
from layers.published.vocabulary import vocabulary

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A published service with its organization; empty texts and None were not said."""

    id: UUID
    name: Text
    description: Text
    application_process: Text
    eligibility: Text
    fees: Text
    alert: Text
    organization: Text
    status: str
    minimum_age: float | None
    maximum_age: float | None
    audience: str
    delivery_mode: str
    gender: str
    step_free: str
    referral_required: bool | None
    email: str
    url: str
    organization_url: str
    organization_phone: str
    assured_date: date | None
    source: str
    licence: str
    is_demo: bool


def service(service_id: UUID, municipality_slug: str, lang: str) -> ServiceRow:
    """Return a service.

    Raises
    ------
    NotFound
        None of that id that may be seen, in this municipality.
    """
    row = read_one(
        sql.SQL(
            """SELECT {texts}, s.status, s.minimum_age::float8, s.maximum_age::float8,
                      s.audience, s.delivery_mode, s.gender, s.step_free,
                      s.referral_required, s.email, s.url, o.url, o.phone,
                      s.assured_date, s.source, s.licence, s.is_demo
               FROM published.service s
               JOIN published.organization o ON o.id = s.organization_id
               WHERE s.id = %(id)s AND s.municipality_slug = %(municipality)s"""
        ).format(
            texts=text_columns(
                "s.names",
                "s.descriptions",
                "s.application_process",
                "s.eligibility",
                "s.fees",
                "s.alert",
                "o.names",
            )
        ),
        {"id": service_id, "municipality": municipality_slug, "lang": lang},
    )
    if row is None:
        raise NotFound("service", service_id)
    values: list[Any] = [service_id, *texts_of(row[:14]), *row[14:]]
    return ServiceRow(*values)


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hours that begin on a date: (opens, closes) in minutes of that day, end excluded."""

    day: date
    is_holiday: bool
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A service at one place, or the service itself where it has none to show.

    `lon` and `lat` are None for protected places and for services without a place.
    `is_open` is None where hours are not known; `week` then is empty.
    """

    id: UUID
    name: Text
    address: Text
    city: Text
    transportation: Text
    district: Text
    postal_code: str
    lon: float | None
    lat: float | None
    is_protected: bool
    phones: tuple[str, ...]
    by_appointment: bool
    is_open: bool | None
    week: tuple[DayHours, ...]
    categories: tuple[str, ...]
    groups: tuple[str, ...]
    languages: tuple[str, ...]
    serves_everywhere: bool
    serves_codes: tuple[str, ...]

    @property
    def has_place(self) -> bool:
        """Whether it can be gone to, even if not everybody may know where."""
        return self.is_protected or self.lon is not None or bool(self.address)


def places(
    service_id: UUID, municipality_slug: str, lang: str, *, at: datetime
) -> list[PlaceRow]:
    """Return what may be shown of a service's places, by district and name.

    Parameters
    ----------
    service_id : UUID
        Of a published service.
    municipality_slug : str
        Whose clock and public holidays count.
    lang : str
        Language of texts.
    at : datetime
        With time zone; the moment that "open now" means, and the first day of `week`.
    """
    facts = vocabulary().municipalities[municipality_slug]
    today = at.astimezone(ZoneInfo(facts.timezone)).date()
    days = [today + timedelta(days=n) for n in range(DAYS_SHOWN)]
    holidays = [is_holiday(facts.country, day) for day in days]
    clock = open_at(at, {municipality_slug: facts})
    rows = read(
        _PLACES.format(texts=_PLACE_TEXTS, is_open=sql.SQL(clock.sql)),
        {
            "id": service_id,
            "lang": lang,
            "days": days,
            "holidays": holidays,
            **clock.values,
        },
    )
    return [_place(row, list(zip(days, holidays, strict=True))) for row in rows]


_PLACE_TEXTS = text_columns(
    "l.names", "l.address", "l.city", "l.transportation", "d.names"
)


_PLACES = sql.SQL(
    """
SELECT p.id, {texts}, coalesce(l.postal_code, ''), ST_X(p.point), ST_Y(p.point),
       p.visibility = 'district_only',
       ('{{' || p.properties || '}}')::jsonb -> 'phones', p.by_appointment, {is_open},
       CASE WHEN p.hours_known THEN ARRAY(
           SELECT layers_day_hours(p.base_hours, p.segment_days, p.segment_hours,
                                   p.segment_explicit, p.open_on_holidays, is_holiday, day)
           FROM unnest(%(days)s::date[], %(holidays)s::boolean[]) AS d(day, is_holiday)
           ORDER BY day) END,
       p.categories, p.groups, p.languages, p.serves_everywhere, p.serves_codes
FROM published.service_point p
LEFT JOIN published.location l ON l.id = p.location_id
LEFT JOIN published.district d
  ON d.municipality_slug = p.municipality_slug AND d.level = 'neighbourhood'
 AND d.code = p.neighbourhood_code
WHERE p.service_id = %(id)s
ORDER BY p.neighbourhood_code NULLS LAST, layers_text(l.names, %(lang)s), p.id
"""
)


def _place(row: tuple[Any, ...], days: list[tuple[date, bool]]) -> PlaceRow:
    id_, *rest = row
    postal_code, lon, lat, is_protected, phones, by_appointment, is_open = rest[10:17]
    hours, categories, groups, languages, everywhere, codes = rest[17:]
    values: list[Any] = [id_, *texts_of(rest[:10]), postal_code, lon, lat, is_protected]
    values += [tuple(phones or ()), by_appointment, is_open, _week(hours or [], days)]
    values += [tuple(categories), tuple(groups), tuple(languages), everywhere]
    values += [tuple(codes)]
    return PlaceRow(*values)


def _week(hours: list[Any], days: list[tuple[date, bool]]) -> tuple[DayHours, ...]:
    """Return the hours of some days, cut out of patterns keyed by weekday."""
    week = []
    for (day, is_free), pattern in zip(days, hours, strict=False):  # unknown: no hours
        low = day.weekday() * KEY_MIN
        spans = (
            (max(span.lower, low) - low, min(span.upper, low + KEY_MIN) - low)
            for span in pattern
        )
        week.append(DayHours(day, is_free, tuple((a, b) for a, b in spans if a < b)))
    return tuple(week)


def names_of_districts(
    municipality_slug: str, codes: Collection[str], lang: str
) -> list[Text]:
    """Return the names of districts, in their alphabet."""
    rows = read(
        sql.SQL(
            """SELECT {texts} FROM published.district
               WHERE municipality_slug = %(municipality)s AND code = ANY (%(codes)s)
               ORDER BY layers_text(names, %(lang)s) COLLATE "und-x-icu" """
        ).format(texts=text_columns("names")),
        {"municipality": municipality_slug, "codes": sorted(codes), "lang": lang},
    )
    return [text_of(*row) for row in rows]
