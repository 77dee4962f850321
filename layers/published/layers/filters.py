"""Which features of a layer are asked for, as one SQL condition with bound values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from layers.geo import WGS84
from layers.published.layers.layer import (
    ROW,
    Column,
    Condition,
    Geometry,
    GeometryKind,
    Kind,
    Layer,
    quoted,
)

Bound = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Box:
    """A box in a reference system, edges included, x (east, lon) before y.

    `west > east` in degrees means that it crosses the antimeridian. Heights count only
    for layers that have some.
    """

    west: float
    south: float
    east: float
    north: float
    srid: int = WGS84
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, both ends included; None is open."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFilters:
    """What is asked of a layer; everything given must hold.

    Attributes
    ----------
    box : Box or None
        Features that intersect it. One without a geometry lies in every box (OGC API -
        Features 7.15.3).
    span : Span or None
        Features whose time intersects it. One without a time always does (7.15.4).
    terms : tuple of str
        Text search: one of them occurs in a text column, whatever its accents or case.
    conditions : tuple of Condition
        Properties and CQL2, compiled; the names of their values are their own.
    """

    box: Box | None = None
    span: Span | None = None
    terms: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def asks_nothing(self) -> bool:
        """Whether every feature passes."""
        return self == LayerFilters()


def condition(layer: Layer, filters: LayerFilters) -> Condition:
    """Return the condition on a row `r` of the layer; `true` where all rows pass.

    Notes
    -----
    The text depends on what is asked and never on a value, so that a server that has
    prepared one statement can use it for the next reader.
    """
    parts = list(_parts(layer, filters))
    values: dict[str, Any] = {}
    for _, bound in parts:
        values.update(bound)
    return Condition(" AND ".join(sql for sql, _ in parts) or "true", values)


def _parts(layer: Layer, filters: LayerFilters) -> Iterator[Bound]:
    if filters.box is not None and layer.geometry is not None:
        yield _in_box(layer.geometry, filters.box)
    if filters.span is not None:
        yield from _in_span(layer, filters.span)
    if filters.terms:
        yield _with_terms(layer, filters.terms)
    for given in filters.conditions:
        yield f"({given.sql})", dict(given.values)


def _in_box(geometry: Geometry, box: Box) -> Bound:
    edges = [(box.west, box.east)]
    if box.west > box.east and box.srid == WGS84:
        edges = [(box.west, 180.0), (-180.0, box.east)]
    values: dict[str, Any] = {"south": box.south, "north": box.north}
    parts = []
    for n, (west, east) in enumerate(edges):
        values |= {f"west{n}": west, f"east{n}": east}
        parts.append(_inside(geometry, box.srid, n))
    sql = " OR ".join(parts)
    if box.low is not None and box.high is not None and geometry.dimensions > 2:
        values |= {"low": box.low, "high": box.high}
        sql = (
            f"({sql}) AND ST_ZMin({geometry.sql}) <= %(high)s "
            f"AND ST_ZMax({geometry.sql}) >= %(low)s"
        )
    if geometry.is_nullable:
        sql = f"{geometry.sql} IS NULL OR ({sql})"
    return f"({sql})", values


def _inside(geometry: Geometry, srid: int, n: int) -> str:
    # && compares boxes rounded to float32 and lets too much through: it picks the rows
    # by index, the second test decides.
    column = geometry.sql
    corners = f"%(west{n})s, %(south)s, %(east{n})s, %(north)s"
    envelope = f"ST_MakeEnvelope({corners}, {srid})"
    if srid != geometry.srid:
        # Straight edges bend when reprojected: rows are picked by the bent box and
        # judged in the system that the box was given in.
        shape = f"ST_Transform(ST_Segmentize({envelope}, {_step(n)}), {geometry.srid})"
        picked = f"{column} && {shape}"
        column = f"ST_Transform({column}, {srid})"
    else:
        picked = f"{column} && {envelope}"
    if geometry.kind is GeometryKind.POINT:
        # As a comparison it would be guessed to pass one row in 40,000, and a page of a
        # large box would sort all of its rows instead of reading the first by their key:
        # the outcome of a function is guessed to be true for half of the rows.
        return (
            f"({picked} AND coalesce(ST_X({column}) BETWEEN %(west{n})s AND %(east{n})s "
            f"AND ST_Y({column}) BETWEEN %(south)s AND %(north)s, false))"
        )
    return f"({picked} AND ST_Intersects({column}, {envelope}))"


def _step(n: int) -> str:
    """Return a sixteenth of the longer side, and never nothing."""
    return (
        f"greatest(%(east{n})s::float8 - %(west{n})s::float8, "
        "%(north)s::float8 - %(south)s::float8, 1e-9) / 16"
    )


def _in_span(layer: Layer, span: Span) -> Iterator[Bound]:
    columns = layer.interval or (
        (layer.instant, layer.instant) if layer.instant else ()
    )
    if not columns:
        return
    first, last = (layer_column(layer, name) for name in columns)
    values: dict[str, Any] = {}
    parts = []
    if span.end is not None:
        parts.append(f"{_moment(first, 'span_end', '<=')}")
        values["span_end"] = span.end
    if span.start is not None:
        parts.append(f"{_moment(last, 'span_start', '>=')}")
        values["span_start"] = span.start
    if parts:
        yield f"({' AND '.join(parts)})", values


def _moment(column: Column, name: str, sign: str) -> str:
    # A day is compared as a day of UTC: its every moment belongs to it.
    cast = "timestamptz AT TIME ZONE 'UTC'"
    value = f"%({name})s::{cast}"
    if column.kind is Kind.DATE:
        value = f"({value})::date"
    elif "without time zone" not in column.sql_type:
        value = f"%({name})s::timestamptz"
    return f"({column.sql} IS NULL OR {column.sql} {sign} {value})"


def layer_column(layer: Layer, name: str) -> Column:
    """Return a column that the layer's description names, hidden or not."""
    found = layer.column(name)
    if found is None:  # the comment names a column that is not there: a mistake of ours
        raise LookupError(f"layer {layer.id} has no column {name}")
    return found


def _with_terms(layer: Layer, terms: tuple[str, ...]) -> Bound:
    text = _searched(layer)
    if text is None:
        return "false", {}
    values = {f"term{n}": term for n, term in enumerate(terms)}
    found = (_found(f"layers_fold(%({name})s::text)", text) for name in values)
    return f"({' OR '.join(found)})", values


def _found(term: str, text: str) -> str:
    # A term of signs alone folds to nothing, and nothing is part of every text.
    return f"({term} <> '' AND position({term} IN {text}) > 0)"


def _searched(layer: Layer) -> str | None:
    if layer.search_text:
        return f"{ROW}.{quoted(layer.search_text)}"
    texts = [
        f"array_to_string({c.sql}, ' ')" if c.kind is Kind.STRINGS else f"{c.sql}::text"
        for c in layer.columns
        if c.kind in (Kind.STRING, Kind.STRINGS)
    ]
    # Joined by || and not by concat_ws: a file may have more than 100 text columns.
    joined = " || ' ' || ".join(f"coalesce({text}, '')" for text in texts)
    return f"layers_fold({joined})" if texts else None
