"""Pages of service points, and one of them: GeoJSON text made by PostGIS.

A page is one statement that returns one row: its features as text, where it goes on, and
what is counted along. No object is made for a feature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from layers.published.connection import read_one
from layers.published.facets import facets_sql
from layers.published.filters import (
    Conditions,
    ServicePointFilters,
    conditions,
)
from layers.published.json_text import joined, without_last
from layers.published.versions import VERSION_SQL, DataState

FEATURE_SQL = (
    """'{"type":"Feature","id":"' || p.id || '","geometry":' || p.geometry_json || """
    """',"properties":{' || t.properties || ',' || p.properties || '}}'"""
)
"""The text of a feature from `p` (service point) and `t` (its text in one language)."""

TEXT_JOIN = (
    "JOIN published.service_point_text t "
    "ON t.service_point_id = p.id AND t.lang = %(lang)s"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of features.

    Attributes
    ----------
    features : bytes
        GeoJSON features in UTF-8, separated by commas; empty where there is none.
    n : int
        How many.
    next_key : UUID or None
        The last feature's id where more follow.
    unmapped : int
        Of all that match, on any page, how many have no point to be drawn at.
    matched : int or None
        How many match in all; None where nobody asked and it is not known anyway.
    facets : dict or None
        By facet: value -> how many would match with just this value chosen.
    state : DataState
        What the page was made from.
    """

    features: bytes
    n: int
    next_key: UUID | None
    unmapped: int
    matched: int | None
    facets: dict[str, Any] | None
    state: DataState


def page(
    filters: ServicePointFilters,
    *,
    lang: str,
    limit: int,
    after: UUID | None = None,
    count: bool = False,
    facets: Sequence[str] = (),
) -> Page:
    """Return a page of service points by id; one statement.

    Parameters
    ----------
    filters : ServicePointFilters
        Which ones.
    lang : str
        Language of the texts.
    limit : int
        At most this many features, 1 or more.
    after : UUID, optional
        `next_key` of the page before.
    count : bool
        Count all that match; on a large table that costs more than the page.
    facets : sequence of str
        Facets to count, of `FACETS`.

    Raises
    ------
    InvalidParameter
        A code of the filters that does not exist.
    """
    filters.check()
    row = read_one(
        *statement(
            filters, lang=lang, limit=limit, after=after, count=count, facets=facets
        ),
        binary=True,
    )
    assert row is not None  # noqa: S101 (an aggregate always has a row)
    features, fetched, last_id, unmapped, matched, counted, *state = row
    has_more = fetched > limit
    if has_more:
        features = without_last(features)
    elif after is None:
        matched = fetched
    return Page(
        features=features or b"",
        n=min(fetched, limit),
        next_key=last_id if has_more else None,
        unmapped=unmapped,
        matched=matched,
        facets=counted,
        state=DataState(*state),
    )


def statement(
    filters: ServicePointFilters,
    *,
    lang: str,
    limit: int,
    after: UUID | None = None,
    count: bool = False,
    facets: Sequence[str] = (),
) -> tuple[str, dict[str, Any]]:
    """Return the statement behind `page` and its values; parameters as there."""
    asked = conditions(filters)
    values: dict[str, Any] = {**asked.values, "lang": lang}
    counts = "NULL"
    if facets:
        counts, counted_with = facets_sql(facets, asked)
        values.update(counted_with)
    key = ""
    if after is not None:
        key, values["after"] = " AND p.id > %(after)s", after
    return _page_sql(asked, limit, key, counts, count=count), values


def _page_sql(
    asked: Conditions, limit: int, key: str, facet_counts: str, *, count: bool
) -> str:
    where = asked.where()
    matched = f"(SELECT count(*) FROM published.service_point p WHERE {where})"
    return f"""
SELECT {joined("f.feature")}, count(*), (array_agg(f.id))[{limit}],
 (SELECT count(*) FROM published.service_point p WHERE p.point IS NULL AND {where}),
 {matched if count else "NULL"},
 {facet_counts},
 {VERSION_SQL}
FROM (SELECT p.id, {FEATURE_SQL} AS feature
 FROM (SELECT p.id, p.geometry_json, p.properties FROM published.service_point p
  WHERE {where}{key} ORDER BY p.id LIMIT {limit + 1}) p {TEXT_JOIN} ORDER BY p.id) f
"""


def feature(id_: UUID, *, lang: str) -> tuple[str | None, DataState]:
    """Return one service point as the text of a GeoJSON feature; one statement.

    None where there is no such one, or none that anybody may see.
    """
    row = read_one(
        f"SELECT (SELECT {FEATURE_SQL} FROM published.service_point p {TEXT_JOIN} "
        f"WHERE p.id = %(id)s), {VERSION_SQL}",
        {"id": id_, "lang": lang},
    )
    assert row is not None  # noqa: S101 (no FROM: always one row)
    return row[0], DataState(*row[1:])
