"""Stored analyses: which data they stand on, and their rows with names."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import connection

from layers.models import AnalysisRun
from layers.models.run import RunKind

VERSIONED = ("service_points", "districts", "demand", "taxonomy", "streets")
"""Data versions that an analysis depends on."""

# The counters are raised by whoever writes through `directory` and `ingest`. What was
# changed past them (by hand, by a restore) still changes these fingerprints; both
# together take a few milliseconds.
_VERSIONS = """
SELECT jsonb_build_object(
    'counters', (SELECT jsonb_object_agg(name, version) FROM layers_dataversion
                 WHERE name = ANY(%(versioned)s)),
    'districts', (SELECT md5(string_agg(concat_ws(' ', level, code,
                      md5(ST_AsBinary(boundary))), ';' ORDER BY level, code))
                  FROM layers_district
                  WHERE municipality_id = %(municipality)s AND valid_to IS NULL),
    'border', (SELECT md5(string_agg(ST_AsBinary(boundary), ''::bytea ORDER BY id))
               FROM layers_municipality),
    'demand', (SELECT concat_ws(' ', count(*), max(id), sum((population * 1000000)::bigint))
               FROM layers_demandpoint WHERE municipality_id = %(municipality)s),
    'streets', (SELECT concat_ws(' ', digest, detour) FROM layers_streetnetwork
                WHERE municipality_id = %(municipality)s),
    'terms', (SELECT md5(string_agg(concat_ws(' ', id, slug, path), ';' ORDER BY id))
              FROM layers_taxonomyterm),
    'standards', (SELECT md5(string_agg(concat_ws(' ', category_id, groups, max_walk_min,
                      target_per_1000, target_unit), ';' ORDER BY category_id, groups))
                  FROM layers_servicestandard WHERE municipality_id = %(municipality)s),
    'need', (SELECT md5(concat_ws(';',
                 (SELECT settings ->> 'need_indicators' FROM layers_municipality
                  WHERE id = %(municipality)s),
                 (SELECT string_agg(concat_ws(' ', d.level, d.code, i.name, i.year, i.source,
                                              i.value), ';'
                                    ORDER BY d.level, d.code, i.name, i.year, i.source)
                  FROM layers_districtindicator i JOIN layers_district d ON d.id = i.district_id
                  WHERE d.municipality_id = %(municipality)s AND d.valid_to IS NULL)))),
    'neighbours', (SELECT concat_ws(' ', count(*), max(id), sum((population * 1000000)::bigint))
                   FROM layers_demandpoint
                   WHERE municipality_id <> %(municipality)s OR NOT is_resident),
    'links', (SELECT md5(string_agg(concat_ws(' ', term_id, other_id), ';'
                         ORDER BY term_id, other_id)) FROM layers_termlink)
)::text
"""


def data_versions(municipality_id: UUID) -> dict[str, Any]:
    """Return what identifies the data of an analysis; equal data, equal value."""
    with connection.cursor() as cursor:
        cursor.execute(
            _VERSIONS,
            {"versioned": list(VERSIONED), "municipality": municipality_id},
        )
        versions: dict[str, Any] = json.loads(cursor.fetchone()[0])
    return versions


def latest_default_run(municipality: str, *, by: str, level: str) -> AnalysisRun | None:
    """Return the run that pages and layers show for a level, None before the first."""
    return (
        AnalysisRun.objects.filter(
            municipality__slug=municipality,
            kind=RunKind.COVERAGE,
            is_default=True,
            is_restricted=False,
            parameters__by=by,
            parameters__level=level,
        )
        .order_by("-finished_at")
        .first()
    )


@dataclass(frozen=True, slots=True)
class CoverageResultRow:
    """One stored row, with the names of its district; see `analysis.rows.CoverageRow`.

    `names` is a language map, None for the whole municipality and for people who live
    in no district. `boundary` is GeoJSON text in EPSG:4326 where it was asked for.
    """

    level: str
    district_code: str
    is_total: bool
    names: dict[str, str] | None
    term_kind: str
    term: str
    group: str
    residents: float | None
    residents_served: float | None
    residents_unserved: float | None
    share_served: float | None
    mean_walk_m: float | None
    median_walk_m: float | None
    n_located: int | None
    n_serving: int | None
    priority_class: int | None
    rank: int | None
    figures: dict[str, Any]
    flags: list[str]
    is_suppressed: bool
    boundary: str | None


_ROWS = """
SELECT w.level, w.district_code, w.is_total, d.names::text, w.term_kind, w.term, w."group",
       w.residents, w.residents_served, w.residents_unserved, w.share_served,
       w.mean_walk_m, w.median_walk_m, w.n_located, w.n_serving, w.priority_class, w.rank,
       w.figures::text, w.flags, w.is_suppressed,
       CASE WHEN %(boundaries)s THEN ST_AsGeoJSON(d.boundary, 6) END
FROM layers_resultrow w
JOIN layers_analysisrun r ON r.id = w.run_id
LEFT JOIN layers_district d
  ON d.municipality_id = r.municipality_id AND d.level = w.level
 AND d.code = w.district_code AND d.valid_to IS NULL AND w.district_code <> ''
WHERE w.run_id = %(run)s AND r.finished_at IS NOT NULL
  AND (%(restricted)s OR NOT r.is_restricted)
  AND (%(terms)s::text[] IS NULL OR w.term = ANY(%(terms)s::text[]))
  AND (%(districts)s::text[] IS NULL
       OR (NOT w.is_total AND w.district_code = ANY(%(districts)s::text[])))
  AND (NOT %(gaps)s OR (w.rank IS NOT NULL AND w.residents_unserved > 0))
ORDER BY w.term, CASE WHEN %(gaps)s THEN w.rank END, w.is_total,
         w.district_code = '', w.district_code
"""


def coverage_rows(
    run_id: UUID,
    *,
    terms: Sequence[str] | None = None,
    districts: Sequence[str] | None = None,
    boundaries: bool = False,
    restricted: bool = False,
) -> list[CoverageResultRow]:
    """Return the rows of a run: per term its districts, the outside, the municipality.

    Parameters
    ----------
    run_id : UUID
        A finished run; any other has no rows.
    terms : sequence of str, optional
        Only these categories or committees.
    districts : sequence of str, optional
        Only districts of these codes; without the municipality's row.
    boundaries : bool
        With the districts' boundaries.
    restricted : bool
        Also the rows of a restricted run: only for readers who may see every place.

    Notes
    -----
    One query.
    """
    return _rows(
        run_id,
        terms=terms,
        districts=districts,
        boundaries=boundaries,
        restricted=restricted,
        gaps=False,
    )


def gap_rows(
    run_id: UUID,
    *,
    terms: Sequence[str] | None = None,
    boundaries: bool = False,
    restricted: bool = False,
) -> list[CoverageResultRow]:
    """Return the districts with unserved people, per term by rank; one query.

    Parameters are those of `coverage_rows`. Withheld rows have no rank and are absent.
    """
    return _rows(
        run_id,
        terms=terms,
        districts=None,
        boundaries=boundaries,
        restricted=restricted,
        gaps=True,
    )


def _rows(
    run_id: UUID,
    *,
    terms: Sequence[str] | None,
    districts: Sequence[str] | None,
    **choices: bool,
) -> list[CoverageResultRow]:
    values = {
        "run": run_id,
        "terms": None if terms is None else list(terms),
        "districts": None if districts is None else list(districts),
        **choices,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, values)
        return [_row(row) for row in cursor.fetchall()]


def _row(row: tuple[Any, ...]) -> CoverageResultRow:
    values = dict(zip((f.name for f in fields(CoverageResultRow)), row, strict=True))
    # Django hands out jsonb of plain statements as text.
    values["names"] = None if values["names"] is None else json.loads(values["names"])
    values["figures"] = json.loads(values["figures"])
    return CoverageResultRow(**values)
