"""What the page of one service says: the service, and each of its places that may be shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from layers.errors import Gone, NotFound
from layers.published.connection import read, read_one
from layers.published.pages import Text, text_columns, text_of, texts_of
from layers.published.service_details import ServiceExtras, is_gone
from layers.published.service_hours import COLUMNS, N_COLUMNS, Hours, hours_around
from layers.published.vocabulary import MunicipalityFacts, vocabulary


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
    referral_method: tuple[str, ...]
    email: str
    url: str
    organization_url: str
    organization_phone: str
    organization_email: str
    assured_date: date | None
    updated_at: datetime
    source: str
    licence: str
    is_demo: bool


def service(service_id: UUID, municipality_slug: str, lang: str) -> ServiceRow:
    """Return a service.

    Raises
    ------
    Gone
        It could be seen once and was taken back.
    NotFound
        None of that id that may be seen, in this municipality.
    """
    row = read_one(
        sql.SQL(
            """SELECT {texts}, s.status, s.minimum_age::float8, s.maximum_age::float8,
                      s.audience, s.delivery_mode, s.gender, s.step_free,
                      s.referral_required, s.referral_method, s.email, s.url, o.url,
                      o.phone, o.email, s.assured_date, s.updated_at, s.source, s.licence, s.is_demo
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
        gone = is_gone(service_id, municipality_slug)
        raise (Gone if gone else NotFound)("service", service_id)
    values: list[Any] = [service_id, *texts_of(row[:14]), *row[14:22]]
    values += [tuple(row[22]), *row[23:]]
    return ServiceRow(*values)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A service at one place, or the service itself where it has none to show.

    `lon`, `lat` and `location_id` are None for protected places and for services without
    a place. `language_modes` says who speaks a language: staff, interpreter, on_request.
    """

    id: UUID
    name: Text
    address: Text
    city: Text
    transportation: Text
    district: Text
    postal_code: str
    location_id: UUID | None
    precision: str
    lon: float | None
    lat: float | None
    is_protected: bool
    phones: tuple[str, ...]
    by_appointment: bool
    hours: Hours
    categories: tuple[str, ...]
    groups: tuple[str, ...]
    languages: tuple[str, ...]
    language_modes: dict[str, str]
    serves_everywhere: bool
    serves_codes: tuple[str, ...]

    @property
    def has_place(self) -> bool:
        """Whether it can be gone to, even if not everybody may know where."""
        return self.is_protected or self.lon is not None or bool(self.address)


def places(
    service_id: UUID,
    municipality_slug: str,
    lang: str,
    *,
    at: datetime,
    extras: ServiceExtras | None = None,
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
        With time zone; the moment that "open now" means, and the first day of the week.
    extras : ServiceExtras, optional
        Says why days have other hours than usual.
    """
    facts = vocabulary().municipalities[municipality_slug]
    rows = read(_PLACES, {"id": service_id, "lang": lang})
    return [
        _place(row, at, facts, extras.notes(row[0]) if extras else {}) for row in rows
    ]


_PLACES = sql.SQL(
    """
SELECT p.id, {texts}, coalesce(l.postal_code, ''), p.location_id,
       coalesce(p.precision, 'unknown'), ST_X(p.point), ST_Y(p.point),
       p.visibility = 'district_only',
       ('{{' || p.properties || '}}')::jsonb -> 'phones', {hours},
       p.categories, p.groups, p.languages, p.language_modes, p.serves_everywhere,
       p.serves_codes
FROM published.service_point p
LEFT JOIN published.location l ON l.id = p.location_id
LEFT JOIN published.district d
  ON d.municipality_slug = p.municipality_slug AND d.level = 'neighbourhood'
 AND d.code = p.neighbourhood_code
WHERE p.service_id = %(id)s
ORDER BY p.neighbourhood_code NULLS LAST, layers_text(l.names, %(lang)s), p.id
"""
).format(
    texts=text_columns("l.names", "l.address", "l.city", "l.transportation", "d.names"),
    hours=sql.SQL(COLUMNS),
)
_HOURS_AT = 18
"""Position of the first column of hours."""


def _place(
    row: tuple[Any, ...],
    at: datetime,
    facts: MunicipalityFacts,
    notes: dict[date, Text],
) -> PlaceRow:
    before, hours = row[:_HOURS_AT], row[_HOURS_AT : _HOURS_AT + N_COLUMNS]
    categories, groups, languages, modes, everywhere, codes = row[
        _HOURS_AT + N_COLUMNS :
    ]
    id_, *rest = before
    values: list[Any] = [id_, *texts_of(rest[:10]), *rest[10:-1]]
    values += [tuple(rest[-1] or ()), hours[1], hours_around(hours, at, facts, notes)]
    values += [tuple(categories), tuple(groups), tuple(languages), modes]
    values += [everywhere, tuple(codes)]
    return PlaceRow(*values)


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
