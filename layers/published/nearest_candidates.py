"""SQL for the service points among which the nearest are: by the index, filters applied."""

from layers.published.filters import Conditions
from layers.published.nearest_question import (
    DISTANCE,
    SPOT_M,
    NearestQuestion,
    ranks_rightly,
)

OVERFETCHED = 10
"""Candidates beyond those asked for: planar and ellipsoidal order differ in near ties."""

RARE = ("district", "organization", "q")
"""Filters that leave few service points."""


def candidates_sql(question: NearestQuestion, asked: Conditions) -> str:
    """Return SELECT of rows `p` that hold the nearest ones, ties at the end included."""
    if not ranks_rightly(question.lon, question.lat):
        # So far away the plane lies: every distance is taken, without an index.
        return (
            f"SELECT p.* FROM published.service_point p WHERE p.point IS NOT NULL "
            f"AND {asked.where_placed()} ORDER BY {DISTANCE} "
            f"{_first(question)}"
        )
    if not question.filters.category:
        return _of_all(asked.where_placed(), question)
    rest = asked.where_placed(without=("category",))
    one = _of_category("w.category", rest, question)
    if len(question.filters.category) == 1:
        return one.replace("w.category", "(%(category)s::text[])[1]")
    # Each category by itself walks its own part of the index; a service of two comes twice.
    return (
        "SELECT DISTINCT ON (n.id) n.* FROM unnest(%(category)s::text[]) AS w(category) "
        f"CROSS JOIN LATERAL ({one}) n ORDER BY n.id"
    )


def _of_all(where: str, question: NearestQuestion) -> str:
    if any(getattr(question.filters, name) for name in RARE):
        # Gathered by an index of their own, instead of met on a long walk by distance.
        return f"""SELECT p.* FROM (
  SELECT p.* FROM published.service_point p
  WHERE p.point_m IS NOT NULL AND {where}{_within("p", question)} OFFSET 0
 ) p ORDER BY p.point_m <-> {SPOT_M} {_first(question)}"""
    walk = f"""SELECT p.id, p.point_m <-> {SPOT_M} AS planar_m
  FROM published.service_point p
  WHERE p.point_m IS NOT NULL{_within("p", question)} ORDER BY planar_m"""
    return _walked(walk, where, question)


def _of_category(category: str, where: str, question: NearestQuestion) -> str:
    walk = f"""SELECT c.service_point_id AS id, c.point_m <-> {SPOT_M} AS planar_m
  FROM published.service_point_category c
  WHERE c.category = {category}{_within("c", question)} ORDER BY planar_m"""
    return _walked(walk, where, question)


def _walked(walk: str, where: str, question: NearestQuestion) -> str:
    # LATERAL with OFFSET keeps the order of the index whatever the planner thinks of the
    # filters, so that the walk ends as soon as enough have passed them.
    return f"""SELECT p.* FROM ({walk}) c CROSS JOIN LATERAL (
  SELECT p.* FROM published.service_point p WHERE p.id = c.id AND {where} OFFSET 0
 ) p ORDER BY c.planar_m {_first(question)}"""


def _first(question: NearestQuestion) -> str:
    # A number in the text, not a value: the planner takes an unknown limit for a tenth of
    # all rows, and would then plan anew for every question.
    return f"FETCH FIRST {int(question.limit) + OVERFETCHED} ROWS WITH TIES"


def _within(alias: str, question: NearestQuestion) -> str:
    if question.max_distance_m is None:
        return ""
    return f" AND ST_DWithin({alias}.point_m, {SPOT_M}, %(reach_m)s)"
