"""Why nothing is near: which filter empties the answer."""

from collections.abc import Mapping

from layers.published.connection import read_one
from layers.published.filters import conditions
from layers.published.nearest_question import DISTANCE, NearestQuestion, values_of


def emptied_by(question: NearestQuestion) -> Mapping[str, int]:
    """Return which filter empties an answer: by filter, how many match without it.

    One statement that looks at every service with a place; for empty answers only. All
    zero means that it takes more than one filter to be dropped.
    """
    asked = conditions(question.filters)
    sql = {**asked.sql, **asked.placed}
    if question.max_distance_m is not None:
        sql["max_distance_m"] = f"{DISTANCE} <= %(max_m)s"
    if not sql:
        return {}
    columns = ", ".join(f"({text}) IS TRUE AS is_{name}" for name, text in sql.items())
    counts = ", ".join(f"count(*) FILTER (WHERE {_all_but(name, sql)})" for name in sql)
    row = read_one(
        f"WITH b AS MATERIALIZED (SELECT {columns} FROM published.service_point p "
        f"WHERE p.point IS NOT NULL) SELECT {counts} FROM b",
        {**asked.values, **values_of(question)},
    )
    assert row is not None  # noqa: S101 (an aggregate always has a row)
    return dict(zip(sql, row, strict=True))


def _all_but(name: str, sql: Mapping[str, str]) -> str:
    return " AND ".join(f"is_{other}" for other in sql if other != name) or "true"
