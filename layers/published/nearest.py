"""The nearest services to a spot, by one statement.

Candidates come in the order of the metric column through its GiST index, more than are
asked for and with all that tie; the ellipsoid's metres then decide, ids break ties. A
service without a place cannot be near: those that serve the spot are listed apart.
"""

from dataclasses import dataclass
from typing import Any

from layers.published.clocks import open_at
from layers.published.connection import read_one
from layers.published.filters import Conditions, conditions
from layers.published.json_text import joined, without_last
from layers.published.nearest_candidates import candidates_sql
from layers.published.nearest_question import (
    DISTANCE,
    SPOT,
    NearestQuestion,
    values_of,
)
from layers.published.reasons import reasons_sql
from layers.published.service_points import TEXT_JOIN
from layers.published.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Nearest:
    """The answer.

    Attributes
    ----------
    features, n
        GeoJSON features by distance, as text, and how many.
    without_place, has_more_without_place
        Features without geometry that serve the spot, by id, and whether `limit` cut off
        some.
    districts : list of dict
        The spot's district of each level: municipality, level, code, name, name_lang.
    municipalities : list of str
        Slugs of the municipalities that the spot lies in; empty outside of all.
    """

    features: bytes
    n: int
    without_place: bytes
    has_more_without_place: bool
    districts: list[dict[str, Any]]
    municipalities: list[str]


def nearest(question: NearestQuestion) -> Nearest:
    """Return what is nearest to the spot; one statement.

    Raises
    ------
    InvalidParameter
        A code of the filters that does not exist.
    """
    question.filters.check()
    row = read_one(*statement(question), binary=True)
    assert row is not None  # noqa: S101 (aggregates always have a row)
    features, n, without, n_without, districts, slugs = row
    more = n_without > question.limit
    if more:
        without = without_last(without)
    return Nearest(features or b"", n, without or b"", more, districts or [], slugs)


def statement(question: NearestQuestion) -> tuple[str, dict[str, Any]]:
    """Return the statement behind `nearest` and its values."""
    asked = conditions(question.filters)
    clock = open_at(question.now, vocabulary().municipalities, "now")
    return (
        _statement(question, asked, clock.sql),
        {**asked.values, **clock.values, **values_of(question)},
    )


def _statement(question: NearestQuestion, asked: Conditions, open_now: str) -> str:
    # With a few filters below 4,096 characters: longer texts psycopg parses every time.
    why = reasons_sql(question.filters)
    within = (
        "" if question.max_distance_m is None else "WHERE r.distance_m <= %(max_m)s"
    )
    return f"""
WITH near AS ({candidates_sql(question, asked)}),
ranked AS (
 SELECT r.* FROM (SELECT p.*, {DISTANCE} AS distance_m FROM near p) r {within}
 ORDER BY r.distance_m, r.id LIMIT {int(question.limit)}
), district AS (
 SELECT DISTINCT ON (d.municipality_slug, d.level) d.municipality_slug AS municipality,
  d.level, d.code, layers_text(d.names, %(lang)s) AS name,
  layers_text_lang(d.names, %(lang)s) AS name_lang
 FROM published.district d WHERE ST_Intersects(d.boundary, {SPOT})
 ORDER BY d.municipality_slug, d.level, d.code
), town AS (
 SELECT ARRAY(SELECT municipality FROM district UNION
  SELECT slug FROM published.municipality WHERE ST_Intersects(boundary, {SPOT})
  ORDER BY 1)::text[] AS slugs
), placeless AS ({_placeless(asked, question.limit)})
SELECT f.features, f.n, w.features, w.n,
 (SELECT json_agg(d) FROM district d), (SELECT slugs FROM town)
FROM (
 SELECT {joined(_feature(_PLACED, open_now, why), "p.distance_m, p.id")}
  AS features, count(*) AS n FROM ranked p {TEXT_JOIN}
) f, (
 SELECT {joined(_feature(_PLACELESS, open_now, why), "p.id")}
  AS features, count(*) AS n FROM placeless p {TEXT_JOIN}
) w
"""


_PLACED = (
    "'\"distance_m\":' || round(p.distance_m::numeric, 1) || ',\"walk_min\":' || "
    "round((p.distance_m * %(min_per_m)s)::numeric, 1)"
)
_PLACELESS = '\'"distance_m":null,"walk_min":null\''


def _feature(distance: str, open_now: str, why: str) -> str:
    """Return SQL for the text of a feature of `p` and `t`; only for those shown."""
    return (
        """'{"type":"Feature","id":"' || p.id || '","geometry":' || p.geometry_json || """
        f"""',"properties":{{' || {distance} || ',"open_now":' || """
        f"""coalesce(({open_now})::text, 'null') || ',"why":' || {why} || ',' || """
        """t.properties || ',' || p.properties || '}}'"""
    )


def _placeless(asked: Conditions, limit: int) -> str:
    """Return SELECT of rows `p` without a point that serve the spot; one too many."""
    by_category = asked.sql.get("category", "true")
    return f"""SELECT p.* FROM (
  SELECT p.id FROM published.service_point p
  WHERE p.point IS NULL AND {by_category} ORDER BY p.id
 ) k CROSS JOIN LATERAL (
  SELECT p.* FROM published.service_point p
  WHERE p.id = k.id AND {asked.where(without=("category",))} AND {_serves_spot()} OFFSET 0
 ) p LIMIT {int(limit) + 1}"""


def _serves_spot() -> str:
    # A service without a service area serves where it is; of a protected place only the
    # municipality is used, as nobody can be told how far it is.
    return f"""((p.municipality_slug = ANY((SELECT slugs FROM town)::text[])
   AND (p.serves_everywhere OR (p.serves_codes = '{{}}' AND p.serves_extent IS NULL)))
  OR p.serves_codes && ARRAY(SELECT d.code::text FROM district d)
  OR ST_Intersects(p.serves_extent, {SPOT}))"""
