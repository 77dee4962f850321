"""Rows of stored analyses: per district and term, as JSON text or as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from layers.errors import Unavailable
from layers.geo import COORDINATE_DECIMALS
from layers.published.connection import read, read_one
from layers.published.json_text import joined

_DRAWN = {
    "boundary": "ST_AsGeoJSON(ST_ForcePolygonCCW(d.boundary), {0})",
    "label": "ST_AsGeoJSON(d.label_point, {0})",
    "none": "NULL",
}

_COLUMNS = """r.municipality_slug AS municipality, w.level,
 nullif(w.district_code, '') AS code, layers_text(d.names, %(lang)s) AS name,
 layers_text_lang(d.names, %(lang)s) AS name_lang, w.is_total, w.term_kind, w.term,
 layers_text(t.names, %(lang)s) AS term_name, nullif(w."group", '') AS "group",
 w.residents, w.residents_served, w.residents_unserved, w.share_served, w.median_walk_m,
 w.mean_walk_m, w.n_located, w.n_serving, w.priority_class, w.rank,
 coalesce(w.threshold_min, (r.parameters ->> 'threshold_min')::float8) AS threshold_min,
 w.residents_with_capacity, w.residents_without_capacity, w.access_per_1000,
 w.access_per_1000_fresh, w.figures ->> 'access_unit' AS access_unit, w.need_index,
 w.n_need_flags, w.gap_depth, w.need_weighted_gap, w.shortage_places, w.standard_min,
 w.standard_per_1000, w.open_share, w.open_share_high"""

_SOURCE = """FROM published.result_row w JOIN published.run r ON r.id = w.run_id
LEFT JOIN published.district d ON d.municipality_slug = r.municipality_slug
 AND d.level = w.level AND d.code = w.district_code AND NOT w.is_total
LEFT JOIN published.taxonomy_term t ON t.taxonomy = w.term_kind AND t.slug = w.term
WHERE w.run_id = %(run)s"""

_ORDER = "ORDER BY t.position, w.term, w.is_total, {rank}w.district_code = '', w.district_code"


@dataclass(frozen=True, slots=True)
class Results:
    """Rows of a run and what they stand on.

    Attributes
    ----------
    rows, n
        JSON texts in UTF-8, separated by commas, and how many.
    municipality, parameters, data_versions, method, summary, finished_at
        Of the run.
    """

    rows: bytes
    n: int
    municipality: str
    parameters: dict[str, Any]
    data_versions: dict[str, Any]
    method: str
    summary: dict[str, Any]
    finished_at: datetime


def results(
    run_id: UUID,
    *,
    lang: str,
    terms: Sequence[str] = (),
    only_gaps: bool = False,
    geometry: str | None = None,
) -> Results:
    """Return the rows of a public run as text; one statement.

    Parameters
    ----------
    run_id : UUID
        The run.
    lang : str
        Language of the names.
    terms : sequence of str
        Only these categories or committees; all without any.
    only_gaps : bool
        Only districts with unserved people, by rank.
    geometry : str, optional
        One of `districts.GEOMETRIES`: features that are drawn so. Without it plain
        objects.

    Raises
    ------
    Unavailable
        The run was pruned meanwhile.
    """
    where, values = _chosen(terms, only_gaps=only_gaps)
    row = read_one(
        f"""SELECT (SELECT {joined("f.item", "f.n")} FROM (
  SELECT {_item(geometry)} AS item, row_number() OVER ({_order(only_gaps=only_gaps)}) AS n
  {_SOURCE}{where}) f),
 (SELECT count(*) {_SOURCE}{where}),
 r.municipality_slug, r.parameters, r.data_versions, r.code_version,
 r.summary #- '{{need,districts}}', r.finished_at FROM published.run r WHERE r.id = %(run)s""",
        {**values, "run": run_id, "lang": lang},
        binary=True,
    )
    if row is None:
        raise Unavailable("the analysis was replaced meanwhile; please ask again")
    return Results(row[0] or b"", *row[1:])


TABLE = (
    "municipality", "level", "code", "name", "name_lang", "is_total", "term_kind", "term",
    "term_name", "group", "residents", "residents_served", "residents_unserved",
    "share_served", "median_walk_m", "mean_walk_m", "n_located", "n_serving",
    "priority_class", "rank", "threshold_min", "residents_with_capacity",
    "residents_without_capacity", "access_per_1000", "access_per_1000_fresh", "access_unit",
    "need_index", "n_need_flags", "gap_depth", "need_weighted_gap", "shortage_places",
    "standard_min", "standard_per_1000", "open_share", "open_share_high", "flags", "is_suppressed",
)  # fmt: skip
"""Columns of `result_table`."""


def result_table(
    run_id: UUID, *, lang: str, terms: Sequence[str] = (), only_gaps: bool = False
) -> list[tuple[Any, ...]]:
    """Return the rows of a public run with the columns TABLE; one statement."""
    where, values = _chosen(terms, only_gaps=only_gaps)
    return read(
        f"SELECT {_COLUMNS}, array_to_string(w.flags, ' '), w.is_suppressed "
        f"{_SOURCE}{where} {_order(only_gaps=only_gaps)}",
        {**values, "run": run_id, "lang": lang},
    )


def _chosen(terms: Sequence[str], *, only_gaps: bool) -> tuple[str, dict[str, Any]]:
    where, values = "", {}
    if terms:
        where, values["terms"] = " AND w.term = ANY(%(terms)s)", list(terms)
    if only_gaps:
        where += " AND w.rank IS NOT NULL AND w.residents_unserved > 0"
    return where, values


def _order(*, only_gaps: bool) -> str:
    return _ORDER.format(rank="w.rank, " if only_gaps else "")


def _item(geometry: str | None) -> str:
    row = (
        f"(SELECT row_to_json(z)::text FROM (SELECT {_COLUMNS}, w.interval, w.figures, "
        "w.flags, w.is_suppressed) z)"
    )
    if geometry is None:
        return row
    drawn = _DRAWN[geometry].format(COORDINATE_DECIMALS)
    return (
        '\'{"type":"Feature","id":\' || to_json(concat_ws(\'/\', w.term, '
        "CASE WHEN w.is_total THEN 'all' ELSE coalesce(nullif(w.district_code, ''), "
        f"'outside') END))::text || ',\"geometry\":' || coalesce({drawn}, 'null') || "
        f"',\"properties\":' || {row} || '}}'"
    )
