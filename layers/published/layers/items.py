"""Pages of a layer's features, and one of them: one statement that PostGIS answers in text.

A page costs the same wherever it begins: it goes on behind the last key of the page
before, and nothing is counted that nobody asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg

from layers.errors import InvalidParameter, NotFound
from layers.published.connection import read_one
from layers.published.json_text import without_last
from layers.published.layers import catalogue
from layers.published.layers.catalogue import CATALOGUE_VERSION_SQL
from layers.published.layers.feature_sql import Shape, feature_sql
from layers.published.layers.layer import Layer
from layers.published.layers.page_sql import (
    ItemsQuestion,
    asks_small_box,
    page_statement,
    small_box_statement,
)
from layers.published.versions import DataState, version_sql

Row = tuple[Any, ...]
T = TypeVar("T")


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
    if asks_small_box(layer, question):
        row = one_row(*small_box_statement(layer, question))
        features, fetched, held, *rest = row
        if held is not None:
            # Behind a cursor it is what is left of the box.
            matched = held if question.after is None else None
            return _page_of(question, (features, fetched, matched, *rest))
    sql, values = page_statement(layer, question)
    # Whether to read a box by its index or the layer by its key depends on how much the
    # box holds: a filter is planned for its own values.
    is_planned_once = question.filters.asks_nothing
    row = one_row(sql, values, prepare=None if is_planned_once else False)
    return _page_of(question, row)


def _page_of(question: ItemsQuestion, row: Row) -> tuple[ItemsPage, int]:
    features, fetched, matched, version, changed_at, catalogue_version, *last = row
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
