"""The rows that a committee's page and its report are made of.

Everything here is what anybody may see: nothing outside schema `published` is read, and
what a run withholds is null in its rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import sql

from layers.published.connection import read
from layers.published.pages import Text, text_columns, text_of


@dataclass(frozen=True, slots=True)
class CoverageRowOfArea:
    """What a run found for one area; None is unknown or withheld, as `flags` say.

    `code` is empty for people in no district and for the whole municipality, which
    `is_total` tells apart. `figures` holds the smaller figures of the row by name.
    """

    code: str
    name: Text
    is_total: bool
    residents: float | None
    unserved: float | None
    share_served: float | None
    median_walk_m: float | None
    n_located: int | None
    n_serving: int | None
    priority_class: int | None
    rank: int | None
    flags: tuple[str, ...]
    is_suppressed: bool
    interval: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unserved_between(self) -> tuple[float, float] | None:
        """Fewest and most people not served, as speed, detour and threshold vary."""
        found = self.interval.get("residents_unserved")
        return None if found is None else (found[0], found[1])

    @property
    def rank_between(self) -> tuple[int, int] | None:
        """Best and worst rank in nine of ten runs; rank 1 has the most people."""
        found = self.interval.get("rank")
        return None if found is None else (found[0], found[1])

    @property
    def share_unserved(self) -> float | None:
        """The share of residents not served, 0 to 1."""
        return None if self.share_served is None else 1 - self.share_served

    @property
    def share_unserved_between(self) -> tuple[float, float] | None:
        """The least and the largest share not served, as the assumptions vary."""
        found = self.interval.get("share_served")
        return None if found is None else (1 - found[1], 1 - found[0])


_COLUMNS = """w.is_total, w.residents, w.residents_unserved, w.share_served,
       w.median_walk_m, w.n_located, w.n_serving, w.priority_class, w.rank, w.flags,
       w.is_suppressed, w.interval, w.figures || (
           SELECT coalesce(jsonb_object_agg(m.key, m.value), jsonb_build_object())
           FROM jsonb_each(to_jsonb(w)) m WHERE m.key = ANY (%(more)s))"""

MORE = (
    "residents_with_capacity",
    "residents_without_capacity",
    "access_per_1000",
    "need_index",
    "gap_depth",
    "need_weighted_gap",
    "shortage_places",
)
"""Columns of a row that are shown where there are any; in `figures` by these names."""


def coverage_rows(
    run_id: UUID, wanted: Sequence[str], lang: str
) -> dict[str, list[CoverageRowOfArea]]:
    """Return a run's rows for some categories or committees, by slug.

    Each list holds the most unserved people first; a term that the run does not know
    has an empty one. One statement.
    """
    rows = read(
        sql.SQL(
            f"""SELECT w.term, w.district_code, {{texts}}, {_COLUMNS}
               FROM published.run r
               JOIN published.result_row w ON w.run_id = r.id
               LEFT JOIN published.district d
                 ON d.municipality_slug = r.municipality_slug
                AND d.level = w.level AND d.code = w.district_code
               WHERE r.id = %(run)s AND w.term = ANY (%(terms)s)
               ORDER BY w.residents_unserved DESC NULLS LAST, w.district_code"""
        ).format(texts=text_columns("d.names")),
        {"run": run_id, "terms": list(wanted), "lang": lang, "more": list(MORE)},
    )
    found: dict[str, list[CoverageRowOfArea]] = {term: [] for term in wanted}
    for term, *row in rows:
        found[term].append(_row(row))
    return found


def coverage_totals(run_id: UUID) -> dict[str, CoverageRowOfArea]:
    """Return a run's rows of the whole municipality, by category or committee."""
    rows = read(
        f"""SELECT w.term, w.district_code, '', '', {_COLUMNS}
           FROM published.result_row w
           WHERE w.run_id = %(run)s AND w.is_total""",
        {"run": run_id, "more": list(MORE)},
    )
    return {term: _row(row) for term, *row in rows}


def _row(row: Sequence[Any]) -> CoverageRowOfArea:
    code, name, name_lang, *figures, flags, is_suppressed, interval, more = row
    values: list[Any] = [code, text_of(name, name_lang), *figures, tuple(flags)]
    values += [is_suppressed, interval or {}, more or {}]
    return CoverageRowOfArea(*values)


@dataclass(frozen=True, slots=True)
class DirectoryCounts:
    """How much the directory knows of a committee's services; service points, counted.

    Attributes
    ----------
    n_services, n_points
        Services, and where they are offered; one without a place counts once.
    n_without_place, n_district_only
        Points on no map: by phone or outreach, and protected ones whose district alone
        is public.
    n_not_operating
        Not `active`; counted in no figure of coverage.
    n_unverified, n_hours_unknown, n_approximate, n_languages_unknown
        Of the operating ones: not verified since `since`, without hours on record,
        located no better than by district, naming no language.
    n_demo
        Invented for the demonstration.
    updated_at
        Last change of any of them; None where there is none.
    """

    n_services: int
    n_points: int
    n_without_place: int
    n_district_only: int
    n_not_operating: int
    n_unverified: int
    n_hours_unknown: int
    n_approximate: int
    n_languages_unknown: int
    n_demo: int
    updated_at: Any


_OF_TERM = """FROM published.service_point p
WHERE p.municipality_slug = %(municipality)s
  AND CASE WHEN %(kind)s = 'committee' THEN %(term)s = ANY (p.committees)
           ELSE %(term)s = ANY (p.categories) END"""


def directory_counts(
    municipality: str, kind: str, term: str, *, since: date
) -> DirectoryCounts:
    """Return what is known of the services of a category or committee; one statement.

    Parameters
    ----------
    kind : str
        `category` or `committee`.
    since : date
        Services verified on that day or later count as verified.
    """
    ((*counts,),) = read(
        f"""SELECT count(DISTINCT p.service_id), count(*),
                  count(*) FILTER (WHERE p.location_id IS NULL),
                  count(*) FILTER (WHERE p.visibility = 'district_only'),
                  count(*) FILTER (WHERE p.status <> 'active'),
                  count(*) FILTER (WHERE p.status = 'active'
                      AND (p.assured_date IS NULL OR p.assured_date < %(since)s)),
                  count(*) FILTER (WHERE p.status = 'active' AND NOT p.hours_known),
                  count(*) FILTER (WHERE p.status = 'active' AND p.point IS NOT NULL
                      AND p.precision IN ('district', 'unknown')),
                  count(*) FILTER (WHERE p.status = 'active' AND p.languages = '{{}}'),
                  count(*) FILTER (WHERE p.is_demo), max(p.updated_at)
           {_OF_TERM}""",
        {"municipality": municipality, "kind": kind, "term": term, "since": since},
    )
    return DirectoryCounts(*counts)


@dataclass(frozen=True, slots=True)
class ServiceToVerify:
    """An operating service that nobody has verified lately, or ever (`assured_date`)."""

    service_id: UUID
    name: Text
    organization: Text
    assured_date: date | None


def services_to_verify(
    municipality: str, kind: str, term: str, lang: str, *, since: date, limit: int = 50
) -> list[ServiceToVerify]:
    """Return operating services not verified since a day; never verified ones first.

    Parameters are those of `directory_counts`. One statement.
    """
    rows = read(
        sql.SQL(
            f"""SELECT DISTINCT ON (p.assured_date IS NOT NULL, p.assured_date,
                      layers_text(p.names, %(lang)s), p.service_id)
                      p.service_id, {{texts}}, p.assured_date
               {_OF_TERM} AND p.status = 'active'
               AND (p.assured_date IS NULL OR p.assured_date < %(since)s)
               ORDER BY p.assured_date IS NOT NULL, p.assured_date,
                        layers_text(p.names, %(lang)s), p.service_id
               LIMIT %(limit)s"""
        ).format(texts=text_columns("p.names", "p.organization_names")),
        {
            "municipality": municipality,
            "kind": kind,
            "term": term,
            "lang": lang,
            "since": since,
            "limit": limit,
        },
    )
    return [
        ServiceToVerify(id_, text_of(name, a), text_of(organization, b), assured)
        for id_, name, a, organization, b, assured in rows
    ]


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """A public service point with a place; `lon` and `lat` in degrees."""

    id: UUID
    service_id: UUID
    name: Text
    organization: Text
    category: str
    district_code: str
    lon: float
    lat: float


def public_points(ids: Sequence[UUID], level: str, lang: str) -> list[PublicPoint]:
    """Return service points by name, each with its district of a level; one statement.

    Those that are no more, or have no public place, are left out.
    """
    rows = read(
        sql.SQL(
            """SELECT p.id, p.service_id, {texts}, p.category,
                      coalesce(CASE %(level)s
                          WHEN 'neighbourhood' THEN p.neighbourhood_code
                          WHEN 'municipal_community' THEN p.municipal_community_code
                          ELSE p.municipality_code END, ''),
                      ST_X(p.point), ST_Y(p.point)
               FROM published.service_point p
               WHERE p.id = ANY (%(ids)s) AND p.point IS NOT NULL
               ORDER BY layers_text(p.names, %(lang)s) COLLATE "und-x-icu", p.id"""
        ).format(texts=text_columns("p.names", "p.organization_names")),
        {"ids": list(ids), "level": level, "lang": lang},
    )
    return [
        PublicPoint(id_, service_id, text_of(name, a), text_of(organization, b), *place)
        for id_, service_id, name, a, organization, b, *place in rows
    ]


@dataclass(frozen=True, slots=True)
class LabelledDistrict:
    """A district with the spot of its name on a map, in degrees; None without one."""

    code: str
    name: Text
    lon: float | None
    lat: float | None


def labelled_districts(
    municipality: str, level: str, lang: str
) -> list[LabelledDistrict]:
    """Return the districts of a level by name; one statement."""
    rows = read(
        sql.SQL(
            """SELECT code, {texts}, ST_X(label_point), ST_Y(label_point)
               FROM published.district
               WHERE municipality_slug = %(municipality)s AND level = %(level)s
               ORDER BY layers_text(names, %(lang)s) COLLATE "und-x-icu", code"""
        ).format(texts=text_columns("names")),
        {"municipality": municipality, "level": level, "lang": lang},
    )
    return [
        LabelledDistrict(code, text_of(name, a), lon, lat)
        for code, name, a, lon, lat in rows
    ]
