"""The list of the finder page: one statement for its entries and their counts.

Entries stand in the order of their names, and a page begins after the last entry of the
one before (keyset), so that paging neither skips nor repeats when the directory changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from layers.published.clocks import DAY, open_at
from layers.published.connection import read
from layers.published.facets import facets_sql
from layers.published.filters import ServicePointFilters, conditions
from layers.published.kept_counts import COUNTERS, keep, kept, key_of
from layers.published.pages import Text, text_columns, texts_of
from layers.published.versions import version_sql
from layers.published.vocabulary import vocabulary

FACETS_SHOWN = ("category", "committee", "district", "language", "group", "audience")

WORD_LENGTH = 60
"""Characters of a name that the order looks at; a link to the next page holds them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A service at a place, or without one, as a list shows it.

    `is_open` is None where hours are not known; `hours` are the stretches of today, in
    minutes of the day, past 1440 where they run into tomorrow. `lon` and `lat` are None
    where the place is protected, not located, or none. `kind` is the slug of its top
    category.
    """

    id: UUID
    service_id: UUID
    name: Text
    organization: Text
    category: Text
    address: Text
    district: Text
    lon: float | None
    lat: float | None
    is_protected: bool
    is_open: bool | None
    hours: tuple[tuple[int, int], ...]
    by_appointment: bool
    languages: tuple[str, ...]
    phones: tuple[str, ...]
    status: str
    serves_everywhere: bool
    verified_on: date | None
    is_demo: bool
    kind: str

    @property
    def as_after(self) -> "After":
        """The position in the list that this entry is."""
        return After(self.name.value[:WORD_LENGTH], self.id)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries match: with a place, on the map, protected, and without a place."""

    placed: int
    mapped: int
    protected: int
    placeless: int


@dataclass(frozen=True, slots=True)
class After:
    """The last entry of a page; the next page begins behind it.

    `name` is what it is sorted by: the first WORD_LENGTH characters of its name.
    """

    name: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """A page of each list, the counts of both, and those of the facets.

    `facets` holds, by facet, how many would match with one value chosen in it.
    """

    counts: Counts
    facets: Mapping[str, Mapping[str, int]]
    placed: list[Entry]
    placeless: list[Entry]


def find(
    filters: ServicePointFilters,
    lang: str,
    *,
    now: datetime,
    placed: "Slice",
    placeless: "Slice",
) -> Found:
    """Return the entries that match, with a place and without one.

    Parameters
    ----------
    filters : ServicePointFilters
        What is asked for.
    lang : str
        Language of texts and of the order.
    now : datetime
        With time zone; the moment that "open now" means.
    placed, placeless : Slice
        How many entries of each list, and after which.

    Raises
    ------
    InvalidParameter
        A code of the filters that does not exist.
    """
    filters.check()
    matching = conditions(filters)
    clock = open_at(now, vocabulary().municipalities, "now")
    facets, facet_values = facets_sql(FACETS_SHOWN, matching)
    key = key_of(matching)
    known = kept(key)
    rows = read(
        _FIND.format(
            where=sql.SQL(matching.where()),
            facets=sql.SQL(facets),
            version=sql.SQL(version_sql(COUNTERS)),
            texts=_TEXTS,
            is_open=sql.SQL(clock.sql),
            hours=sql.SQL(clock.hours),
        ),
        {
            **matching.values,
            **clock.values,
            **facet_values,
            "lang": lang,
            "word_length": WORD_LENGTH,
            "known_version": known[0] if known else None,
            **placed.values("placed"),
            **placeless.values("placeless"),
        },
    )
    entries = [row[6:] for row in rows if row[7] is not None]
    *counts, version, counted = rows[0][:6]
    if counted is None and known:
        counted = known[1]
    keep(key, version, counted)
    return Found(
        Counts(*counts),
        counted,
        [_entry(row[1:]) for row in entries if row[0]],
        [_entry(row[1:]) for row in entries if not row[0]],
    )


@dataclass(frozen=True, slots=True)
class Slice:
    """At most `limit` entries of a list, after one of them or from the beginning."""

    limit: int
    after: After | None = None

    def values(self, prefix: str) -> dict[str, Any]:
        """Return the values of the statement's parameters with a prefix."""
        return {
            f"{prefix}_limit": self.limit,
            f"{prefix}_name": self.after.name if self.after else None,
            f"{prefix}_id": self.after.id if self.after else None,
        }


_TEXTS = text_columns(
    "p.names", "p.organization_names", "t.names", "l.address", "d.names"
)

# A row of counts stands in front, so that they are there when no entry is. Most names are
# there in the language asked for: looking there first spares the fallback for every row.
# Facets are counted only where nobody kept them from the same version of the data.
_FIND = sql.SQL(
    """
WITH state(version, changed_at) AS MATERIALIZED (SELECT {version}), matching AS MATERIALIZED (
    SELECT p.id, p.point IS NOT NULL AS is_mapped,
           p.visibility = 'district_only' AS is_protected,
           p.point IS NOT NULL OR p.visibility = 'district_only' AS is_placed,
           left(coalesce(p.names ->> %(lang)s, layers_text(p.names, %(lang)s)),
                %(word_length)s) COLLATE "und-x-icu" AS name
    FROM published.service_point p WHERE {where}
), counts AS (
    SELECT count(*) FILTER (WHERE is_placed) AS placed,
           count(*) FILTER (WHERE is_mapped) AS mapped,
           count(*) FILTER (WHERE is_protected) AS protected,
           count(*) FILTER (WHERE NOT is_placed) AS placeless
    FROM matching
), page AS (
    (SELECT * FROM matching WHERE is_placed
       AND (%(placed_id)s::uuid IS NULL OR (name, id) > (%(placed_name)s, %(placed_id)s))
     ORDER BY name, id LIMIT %(placed_limit)s)
    UNION ALL
    (SELECT * FROM matching WHERE NOT is_placed
       AND (%(placeless_id)s::uuid IS NULL
            OR (name, id) > (%(placeless_name)s, %(placeless_id)s))
     ORDER BY name, id LIMIT %(placeless_limit)s)
)
SELECT c.placed, c.mapped, c.protected, c.placeless, state.version,
       CASE WHEN state.version = %(known_version)s THEN NULL ELSE {facets} END,
       page.is_placed, p.id,
       p.service_id, {texts}, ST_X(p.point), ST_Y(p.point), page.is_protected, {is_open}, {hours},
       p.by_appointment, p.languages,
       ('{{' || p.properties || '}}')::jsonb -> 'phones', p.status, p.serves_everywhere,
       p.assured_date, p.is_demo, coalesce(t.parent, t.slug, '')
FROM counts c CROSS JOIN state
LEFT JOIN page ON true
LEFT JOIN published.service_point p ON p.id = page.id
LEFT JOIN published.taxonomy_term t ON t.taxonomy = 'category' AND t.slug = p.category
LEFT JOIN published.location l ON l.id = p.location_id
LEFT JOIN published.district d
  ON d.municipality_slug = p.municipality_slug AND d.level = 'neighbourhood'
 AND d.code = p.neighbourhood_code
ORDER BY page.is_placed DESC, page.name, page.id
"""
)


def _entry(row: Sequence[Any]) -> Entry:
    id_, service_id, *rest = row
    lon, lat, is_protected, is_open, hours, by_appointment = rest[10:16]
    languages, phones, *last = rest[16:]
    place = [lon, lat, is_protected, is_open, _minutes(hours), by_appointment]
    values: list[Any] = [id_, service_id, *texts_of(rest[:10]), *place]
    values += [tuple(languages), tuple(phones or ()), *last]
    return Entry(*values)


def _minutes(hours: Iterable[Any] | None) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a day of the week in minutes of that day."""
    return tuple(
        (each.lower % DAY, each.upper - each.lower // DAY * DAY) for each in hours or ()
    )
