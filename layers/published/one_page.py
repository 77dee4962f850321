"""Every service that matches, with what one needs to get there: for paper and for offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import sql

from layers.measures.opening_hours import KEY_MIN, Interval
from layers.published.connection import read
from layers.published.filters import ServicePointFilters, conditions
from layers.published.pages import Text, text_columns, texts_of

MOST = 2_000
"""Services that one page holds at most."""


@dataclass(frozen=True, slots=True)
class OnePageRow:
    """A service at a place, or without one.

    Attributes
    ----------
    kind : Text
        Name of the top category of its first one; rows come in their order.
    week : tuple of tuple
        Hours of an ordinary Monday to Sunday in minutes; empty where not known.
    """

    service_id: UUID
    kind: Text
    name: Text
    organization: Text
    address: Text
    district: Text
    is_protected: bool
    has_place: bool
    phones: tuple[str, ...]
    languages: tuple[str, ...]
    status: str
    by_appointment: bool
    week: tuple[tuple[Interval, ...], ...]
    verified_on: date | None
    is_demo: bool


def one_page(filters: ServicePointFilters, lang: str) -> list[OnePageRow]:
    """Return the services that match, by kind and name; at most MOST.

    Raises
    ------
    InvalidParameter
        A code of the filters that does not exist.
    """
    filters.check()
    matching = conditions(filters)
    rows = read(
        _ROWS.format(where=sql.SQL(matching.where()), texts=_TEXTS),
        {**matching.values, "lang": lang, "most": MOST},
    )
    return [_row(row) for row in rows]


_TEXTS = text_columns(
    "coalesce(u.names, t.names)",
    "p.names",
    "p.organization_names",
    "l.address",
    "d.names",
)

_ROWS = sql.SQL(
    """
SELECT p.service_id, {texts}, p.visibility = 'district_only',
       p.point IS NOT NULL OR p.visibility = 'district_only' OR l.address <> '{{}}',
       ('{{' || p.properties || '}}')::jsonb -> 'phones', p.languages, p.status,
       p.by_appointment, CASE WHEN p.hours_known THEN p.base_hours END, p.assured_date,
       p.is_demo
FROM published.service_point p
LEFT JOIN published.taxonomy_term t ON t.taxonomy = 'category' AND t.slug = p.category
LEFT JOIN published.taxonomy_term u ON u.taxonomy = 'category' AND u.slug = t.parent
LEFT JOIN published.location l ON l.id = p.location_id
LEFT JOIN published.district d
  ON d.municipality_slug = p.municipality_slug AND d.level = 'neighbourhood'
 AND d.code = p.neighbourhood_code
WHERE {where}
ORDER BY coalesce(u.position, t.position), coalesce(u.slug, t.slug),
         layers_text(p.names, %(lang)s) COLLATE "und-x-icu", p.id
LIMIT %(most)s
"""
)


def _row(row: Sequence[Any]) -> OnePageRow:
    id_, *rest = row
    is_protected, has_place, phones, languages, status, appointment, base, *last = rest[
        10:
    ]
    values: list[Any] = [id_, *texts_of(rest[:10]), is_protected, bool(has_place)]
    values += [tuple(phones or ()), tuple(languages), status, appointment]
    values += [_week(base), *last]
    return OnePageRow(*values)


def _week(base: Any) -> tuple[tuple[Interval, ...], ...]:
    """Return the hours of each weekday, cut out of a pattern keyed by weekday."""
    if base is None:
        return ()
    return tuple(
        tuple(
            (max(span.lower, low) - low, min(span.upper, low + KEY_MIN) - low)
            for span in base
            if span.lower < low + KEY_MIN and span.upper > low
        )
        for low in range(0, 7 * KEY_MIN, KEY_MIN)
    )
