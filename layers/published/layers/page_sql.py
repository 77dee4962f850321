"""The statement of a page of features: from behind a key, in an order, within a box.

A page is read in the order of its key. In which way its rows are found best depends on how
much of the layer its box holds, so a filter is planned for its own values; but a plan takes
four times as long to make as ten features to be found in a small box. For that there is a
statement that is right for any small box, and says where a box is none.
"""

from dataclasses import dataclass, field
from typing import Any

from layers.errors import InvalidParameter
from layers.published.json_text import joined
from layers.published.layers.catalogue import CATALOGUE_VERSION_SQL
from layers.published.layers.feature_sql import Shape, feature_sql
from layers.published.layers.filters import LayerFilters, condition
from layers.published.layers.layer import (
    ROW,
    Column,
    Condition,
    Kind,
    Layer,
    quoted,
)
from layers.published.versions import version_sql

MOST_IN_BOX = 1_000
"""A box is small while it holds no more features than this, or than three pages."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to sort by."""

    column: Column
    is_descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsQuestion:
    """Which page of a layer is wanted.

    Attributes
    ----------
    filters, shape
        Which features, in which form.
    limit : int
        At most so many, 1 or more.
    after : tuple of (str or None), optional
        `next_key` of the page before.
    offset : int
        Features to leave out first, for clients that cannot follow `next`; each costs.
    sort : tuple of SortKey
        Before the key, which always decides last. Nulls come last either way.
    has_count : bool
        Count all that match; on a large layer that costs more than the page.
    """

    filters: LayerFilters = field(default_factory=LayerFilters)
    shape: Shape = field(default_factory=Shape)
    limit: int = 10
    after: tuple[str | None, ...] | None = None
    offset: int = 0
    sort: tuple[SortKey, ...] = ()
    has_count: bool = False


def page_statement(layer: Layer, question: ItemsQuestion) -> tuple[str, dict[str, Any]]:
    """Return the statement behind `page` and its values."""
    asked = condition(layer, question.filters)
    values = dict(asked.values)
    keys = [*question.sort, SortKey(layer.key)]
    where = asked.sql
    if question.after is not None:
        behind = _behind(keys, question.after)
        where, values = f"{where} AND {behind.sql}", values | dict(behind.values)
    matched = "NULL::bigint"
    if question.has_count:
        matched = f"(SELECT count(*) FROM {layer.relation} WHERE {asked.sql})"
    last = "".join(f", (array_agg(f.k{n}))[{question.limit}]" for n in range(len(keys)))
    listed = "".join(f", {_text(key.column)} AS k{n}" for n, key in enumerate(keys))
    offset = f" OFFSET {question.offset}" if question.offset else ""
    return (
        f"SELECT {joined('f.feature')}, count(*), {matched}, "
        f"{version_sql(layer.counters)}, {CATALOGUE_VERSION_SQL}{last} "
        f"FROM (SELECT {feature_sql(layer, question.shape)} AS feature{listed} "
        f"FROM {layer.relation} WHERE {where} ORDER BY {_order(keys)} "
        f"LIMIT {question.limit + 1}{offset}) f",
        values,
    )


def asks_small_box(layer: Layer, question: ItemsQuestion) -> bool:
    """Tell whether a page is worth to be looked for as one of a small box.

    That is where nothing but the box is asked for, and where a row costs little before it
    is chosen: a table of an import, or a ready-made text.
    """
    box = question.filters.box
    if box is None or layer.geometry is None or layer.geometry.is_nullable:
        return False
    is_light = layer.is_import or _is_ready_made(layer, question)
    is_plain = question.filters == LayerFilters(box=box) and not question.sort
    # Behind a cursor it holds less than matches.
    is_counted = not (question.has_count and question.after)
    is_short = question.limit <= MOST_IN_BOX and not question.offset
    return is_light and is_plain and is_counted and is_short


def _is_ready_made(layer: Layer, question: ItemsQuestion) -> bool:
    return layer.feature_text is not None and question.shape == Shape()


def small_box_statement(
    layer: Layer, question: ItemsQuestion
) -> tuple[str, dict[str, Any]]:
    """Return the statement of a page of a box that holds little, and its values.

    The columns are those of `page_statement`. Its plan is good for any small box, so it
    is made once, which for ten features saves four fifths of the time. It gathers what the
    box holds by its index, and stops where that is much: then it gives no features, and
    null for how many match.
    """
    asked = condition(layer, question.filters)
    where, values = asked.sql, dict(asked.values)
    key = SortKey(layer.key)
    if question.after is not None:
        behind = _behind([key], question.after)
        where, values = f"{where} AND {behind.sql}", values | dict(behind.values)
    most = max(MOST_IN_BOX, 3 * question.limit)
    columns = f"{ROW}.*"
    if layer.feature_text and _is_ready_made(layer, question):
        columns = f"{ROW}.{quoted(layer.feature_text)}, {layer.key_sql}"
    held = "(SELECT count(*) FROM held)"
    return (
        f"WITH held AS MATERIALIZED (SELECT {columns} FROM {layer.relation} "
        f"WHERE {where} LIMIT {most + 1}) "
        f"SELECT {joined('f.feature')}, count(*), "
        f"CASE WHEN {held} <= {most} THEN {held} END, "
        f"{version_sql(layer.counters)}, {CATALOGUE_VERSION_SQL}, "
        f"(array_agg(f.k0))[{question.limit}] "
        f"FROM (SELECT {feature_sql(layer, question.shape)} AS feature, "
        f"{_text(layer.key)} AS k0 FROM held {ROW} WHERE {held} <= {most} "
        f"ORDER BY {layer.key_sql} LIMIT {question.limit + 1}) f",
        values,
    )


def _order(keys: list[SortKey]) -> str:
    *chosen, last = keys
    parts = [
        f"{_sorted(key.column)}{' DESC' if key.is_descending else ''} NULLS LAST"
        for key in chosen
    ]
    # The key as its index has it, so that a page is read off the index.
    return ", ".join([*parts, last.column.sql])


def _sorted(column: Column) -> str:
    # Text by code point: the same order on every machine.
    return f'{column.sql} COLLATE "C"' if column.kind is Kind.STRING else column.sql


def _text(column: Column) -> str:
    return column.sql if column.kind is Kind.STRING else f"{column.sql}::text"


def _behind(keys: list[SortKey], after: tuple[str | None, ...]) -> Condition:
    """Return the condition that a row comes behind a key, nulls last."""
    if len(after) != len(keys) or after[-1] is None:
        raise InvalidParameter("cursor", list(after), "what a `next` link holds")
    values: dict[str, Any] = {}
    same: list[str] = []
    ways: list[str] = []
    for n, (key, value) in enumerate(zip(keys, after, strict=True)):
        is_last = n == len(keys) - 1
        column = key.column.sql if is_last else _sorted(key.column)
        bound = f"%(after{n})s::{key.column.sql_type}"
        if value is None:  # only other nulls come behind a null
            same.append(f"{key.column.sql} IS NULL")
            continue
        values[f"after{n}"] = value
        sign = "<" if key.is_descending else ">"
        step = f"{column} {sign} {bound}"
        if not is_last:
            step = f"({step} OR {key.column.sql} IS NULL)"
        ways.append(" AND ".join([*same, step]))
        same.append(f"{key.column.sql} = {bound}")
    return Condition(f"({' OR '.join(ways)})", values)
