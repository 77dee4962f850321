"""Pages of a layer's features, and one of them: one statement that PostGIS answers in text.

A page costs the same wherever it begins: it goes on behind the last key of the page
before, and nothing is counted that nobody asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg

from layers.errors import InvalidParameter, NotFound
from layers.published.connection import read_one
from layers.published.json_text import joined, without_last
from layers.published.layers import catalogue
from layers.published.layers.catalogue import CATALOGUE_VERSION_SQL
from layers.published.layers.feature_sql import Shape, feature_sql
from layers.published.layers.filters import LayerFilters, condition
from layers.published.layers.layer import Column, Condition, Kind, Layer
from layers.published.versions import DataState, version_sql

Row = tuple[Any, ...]
T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """A page of features.

    Attributes
    ----------
    features : bytes
        GeoJSON features in UTF-8, separated by commas; empty where there is none.
    n : int
        How many.
    next_key : tuple of (str or None), or None
        Sort values and key of the last feature, as text, where more follow.
    matched : int or None
        How many match in all, where that is known.
    state : DataState
        What the page was made from.
    """

    features: bytes
    n: int
    next_key: tuple[str | None, ...] | None
    matched: int | None
    state: DataState


def page(layer_id: str, ask: Callable[[Layer], ItemsQuestion]) -> ItemsPage:
    """Return a page; one statement.

    Parameters
    ----------
    layer_id : str
        Of a published layer.
    ask : callable
        Makes the question from the layer's description; called anew where the
        description turns out to be old.

    Raises
    ------
    NotFound
        There is no such layer.
    InvalidParameter
        The filter cannot be computed on the data, or `after` is no key of this layer.
    """
    return on_current(layer_id, lambda layer: _page(layer, ask(layer)))


def item(
    layer_id: str, fid: str, shape_of: Callable[[Layer], Shape]
) -> tuple[bytes | None, DataState]:
    """Return one feature's text by its key, None where there is none; one statement.

    Raises
    ------
    NotFound
        There is no such layer.
    """
    return on_current(layer_id, lambda layer: _item(layer, fid, shape_of(layer)))


def layer_state(layer_id: str) -> DataState:
    """Return the state of a layer's data; one cheap statement."""

    def state(layer: Layer) -> tuple[DataState, int]:
        row = one_row(
            f"SELECT {version_sql(layer.counters)}, {CATALOGUE_VERSION_SQL}", {}
        )
        return DataState(*row[:2]), row[2]

    return on_current(layer_id, state)


def on_current(layer_id: str, answer: Callable[[Layer], tuple[T, int]]) -> T:
    """Return the answer for a description that was current when it was made.

    Parameters
    ----------
    layer_id : str
        Of a published layer.
    answer : callable
        From a description to the answer and the catalogue's version while it was made.

    Raises
    ------
    NotFound
        There is no such layer.
    """
    for last_try in (False, True):
        layer = catalogue.layer(layer_id)
        try:
            found, version = answer(layer)
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
            catalogue.forget()  # removed or replaced since it was described
            if last_try:
                raise NotFound("layer", layer_id) from None
            continue
        if catalogue.is_current(version) or last_try:
            return found
    raise AssertionError("unreachable")  # pragma: no cover


def _page(layer: Layer, question: ItemsQuestion) -> tuple[ItemsPage, int]:
    sql, values = page_statement(layer, question)
    # Whether to read a box by its index or the layer by its key depends on how much the
    # box holds: a filter is planned for its own values.
    is_planned_once = question.filters.asks_nothing
    features, fetched, matched, *rest = one_row(
        sql, values, prepare=None if is_planned_once else False
    )
    version, changed_at, catalogue_version, *last = rest
    has_more = fetched > question.limit
    if has_more:
        features = without_last(features)
    elif question.after is None and (fetched or not question.offset):
        matched = question.offset + fetched
    return (
        ItemsPage(
            features=features or b"",
            n=min(fetched, question.limit),
            next_key=tuple(last) if has_more else None,
            matched=matched,
            state=DataState(version, changed_at),
        ),
        catalogue_version,
    )


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


def _item(
    layer: Layer, fid: str, shape: Shape
) -> tuple[tuple[bytes | None, DataState], int]:
    key = f"%(fid)s::{layer.key.sql_type}"
    try:
        text, version, changed_at, catalogue_version = one_row(
            f"SELECT (SELECT convert_to({feature_sql(layer, shape)}, 'UTF8') "
            f"FROM {layer.relation} WHERE {layer.key_sql} = {key}), "
            f"{version_sql(layer.counters)}, {CATALOGUE_VERSION_SQL}",
            {"fid": fid},
        )
    except InvalidParameter:
        raise NotFound("feature", fid) from None  # no value that a key could have
    return (text, DataState(version, changed_at)), catalogue_version


def one_row(sql: str, values: Mapping[str, Any], *, prepare: bool | None = None) -> Row:
    """Return the one row of a statement on a layer, sent as it is stored.

    `prepare` is that of `read`.

    Raises
    ------
    InvalidParameter
        What is compared cannot be computed on this data: 1/0, a date that is none, a
        number out of range.
    """
    try:
        row = read_one(sql, values, binary=True, prepare=prepare)
    except psycopg.DataError as fault:
        # PostgreSQL's text of such a fault names no table.
        said = fault.diag.message_primary or "a value is out of range"
        raise InvalidParameter("filter", said, "values of the columns' types") from None
    except psycopg.errors.InternalError_ as fault:
        said = fault.diag.message_primary or ""
        if not said.startswith("transform:"):
            raise
        # PROJ cannot bring the data into the system, or the box out of its own.
        raise InvalidParameter("crs", said, "a system that covers the place") from None
    assert row is not None  # noqa: S101 (no FROM, or an aggregate: always one row)
    return row
