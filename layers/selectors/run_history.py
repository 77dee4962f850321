"""Which run was in force on a day, and what is different between two of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from layers.models import AnalysisRun, Municipality, RunInForce

LAST_DAY = date(9000, 1, 1)
"""Later days are as this one: the calendar of Python ends soon after."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A run, and the moment from which on it was the answer to its question."""

    run: AnalysisRun
    since: datetime


def run_in_force(
    municipality: str,
    day: date,
    *,
    by: str,
    level: str,
    group: str | None = None,
    threshold_min: float = 15.0,
) -> InForce | None:
    """Return the run that answered a standing question at the end of a day.

    Parameters
    ----------
    municipality : str
        Slug; the day is that of its timezone.
    day : date
        The last moment of it counts, so of several runs of one day the last is meant.
    by, level : str
        Kind of term and district level.
    group : str, optional
        Slug of the population group; None is everybody.
    threshold_min : float
        Longest walk in minutes that counts.

    Returns
    -------
    InForce or None
        None before the first run of the question. Of days long ago only the first run
        of each month is kept, and is in force until the next one that is kept.

    Notes
    -----
    Two queries.
    """
    zone = (
        Municipality.objects.filter(slug=municipality)
        .values_list("timezone", flat=True)
        .first()
    )
    if zone is None:
        return None
    next_day = min(day, LAST_DAY) + timedelta(days=1)
    after = datetime.combine(next_day, time(), tzinfo=ZoneInfo(zone))
    found = (
        RunInForce.objects.filter(
            municipality__slug=municipality,
            term_kind=by,
            level=level,
            group=group or "",
            threshold_min=threshold_min,
            since__lt=after,
            run__is_restricted=False,
        )
        .select_related("run")
        .order_by("-since")
        .first()
    )
    return None if found is None else InForce(found.run, found.since)


def in_force_since(run: AnalysisRun) -> datetime | None:
    """Return from when on a run was last in force, None where it never was; one query."""
    moments = RunInForce.objects.filter(run=run).order_by("-since")
    return moments.values_list("since", flat=True).first()


@dataclass(frozen=True, slots=True)
class CellFigures:
    """What one run says of one cell; None is unknown, undefined or withheld.

    `share_served_interval` is [low, high], None where the run gives none.
    """

    residents: float | None
    residents_unserved: float | None
    share_served: float | None
    share_served_interval: tuple[float, float] | None
    n_located: int | None
    n_serving: int | None
    is_suppressed: bool


@dataclass(frozen=True, slots=True)
class CellPair:
    """One cell (district, outside or all; one term) in two runs; None: not in that run."""

    term: str
    district_code: str
    is_total: bool
    names: dict[str, str] | None
    before: CellFigures | None
    after: CellFigures | None


_SIDE = """json_build_array({0}.residents, {0}.residents_unserved, {0}.share_served,
    {0}.interval -> 'share_served', {0}.n_located, {0}.n_serving, {0}.is_suppressed)::text"""

_PAIRS = """
WITH cell AS (
    SELECT * FROM layers_resultrow
    WHERE run_id IN (%(before)s, %(after)s)
      AND (%(terms)s::text[] IS NULL OR term = ANY(%(terms)s::text[]))
)
SELECT coalesce(a.term, b.term), coalesce(a.district_code, b.district_code),
       coalesce(a.is_total, b.is_total), d.names::text,
       CASE WHEN b.run_id IS NOT NULL THEN {before} END,
       CASE WHEN a.run_id IS NOT NULL THEN {after} END
FROM (SELECT * FROM cell WHERE run_id = %(after)s) a
FULL JOIN (SELECT * FROM cell WHERE run_id = %(before)s) b
  ON b.term = a.term AND b.is_total = a.is_total AND b.district_code = a.district_code
LEFT JOIN layers_district d
  ON d.municipality_id = %(municipality)s AND d.level = coalesce(a.level, b.level)
 AND d.code = coalesce(a.district_code, b.district_code) AND d.valid_to IS NULL
 AND NOT coalesce(a.is_total, b.is_total)
ORDER BY 1, 3, coalesce(a.district_code, b.district_code) = '', 2
""".replace("{before}", _SIDE.format("b")).replace("{after}", _SIDE.format("a"))


def cell_pairs(
    before: AnalysisRun, after: AnalysisRun, *, terms: tuple[str, ...] = ()
) -> list[CellPair]:
    """Return every cell of two runs side by side; one query.

    Parameters
    ----------
    before, after : AnalysisRun
        Runs of one question.
    terms : tuple of str
        Only these categories or committees; all without any.

    Returns
    -------
    list of CellPair
        By term: districts by code, people in no district, the municipality.
    """
    values = {
        "before": before.pk,
        "after": after.pk,
        "municipality": after.municipality_id,
        "terms": list(terms) or None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, values)
        return [_pair(row) for row in cursor.fetchall()]


def _pair(row: tuple[Any, ...]) -> CellPair:
    term, code, is_total, names, before, after = row
    return CellPair(
        term,
        code,
        is_total,
        None if names is None else json.loads(names),
        None if before is None else _figures(json.loads(before)),
        None if after is None else _figures(json.loads(after)),
    )


def _figures(values: list[Any]) -> CellFigures:
    residents, unserved, share, interval, n_located, n_serving, is_suppressed = values
    spread = None if interval is None else (float(interval[0]), float(interval[1]))
    return CellFigures(
        residents, unserved, share, spread, n_located, n_serving, is_suppressed
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """A public service point that is listed otherwise at one of two moments.

    `was` and `is_now` say at which; `terms` are its categories or committees, `districts`
    maps levels to codes.
    """

    service_point_id: UUID
    service_id: UUID
    terms: frozenset[str]
    districts: Mapping[str, str]
    was: bool
    is_now: bool


_LISTINGS = """
SELECT service_point_id, service_id,
       CASE WHEN %(by)s = 'category' THEN categories ELSE committees END,
       districts::text, was, is_now
FROM (
    SELECT *, listed_from <= %(before)s
              AND coalesce(listed_until > %(before)s, true) AS was,
           listed_from <= %(after)s
              AND coalesce(listed_until > %(after)s, true) AS is_now
    FROM layers_listedplace
    WHERE municipality_id = %(municipality)s
      AND coalesce(listed_until > %(before)s, true) AND listed_from <= %(after)s
) l
WHERE was <> is_now ORDER BY service_point_id, listed_from
"""


def listings_changed(
    municipality_id: UUID, before: datetime, after: datetime, *, by: str
) -> list[Listing] | None:
    """Return the service points listed at one of two moments only, or otherwise.

    None where nobody kept a list at the first moment. Two queries.
    """
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "before": before,
        "after": after,
        "by": by,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM layers_listedplace WHERE"
            " municipality_id = %(municipality)s AND listed_from <= %(before)s)",
            values,
        )
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(_LISTINGS, values)
        return [
            Listing(
                point, service, frozenset(terms), json.loads(districts), was, is_now
            )
            for point, service, terms, districts, was, is_now in cursor.fetchall()
        ]
