"""Properties and literals: what a filter's tree has at its ends."""

from collections.abc import Callable, Mapping
from typing import Any

from layers.published.cql2.expressions import (
    INSTANTS,
    Compiler,
    Expression,
    Type,
)
from layers.published.cql2.geometries import geometry_literal
from layers.published.cql2.moments import day, instant_literal, moment
from layers.published.cql2.refusals import refused
from layers.published.layers.layer import Column, Kind, Layer

OPEN = ".."
"""The end of an interval that has none."""

LARGEST_NUMBER = 1e308

_TYPES: Mapping[Kind, Type] = {
    Kind.STRING: Type.STRING,
    Kind.UUID: Type.STRING,
    Kind.INTEGER: Type.NUMBER,
    Kind.NUMBER: Type.NUMBER,
    Kind.BOOLEAN: Type.BOOLEAN,
    Kind.DATE: Type.DATE,
    Kind.DATETIME: Type.TIMESTAMP,
    Kind.STRINGS: Type.ARRAY,
    Kind.INTEGERS: Type.ARRAY,
    Kind.NUMBERS: Type.ARRAY,
    Kind.JSON: Type.OTHER,
}

_ALLOWED = (
    "a literal is a text, number, true, false, DATE, TIMESTAMP, INTERVAL, BBOX, geometry "
    'or array; for null ask "IS NULL"'
)


def operand(compiler: Compiler, node: Any) -> Expression:
    """Return the expression of a property or a literal.

    Raises
    ------
    InvalidParameter
        The layer has no such property, or the literal is none of CQL2.
    """
    if isinstance(node, Mapping):
        return _named(compiler, node)
    if isinstance(node, list):
        items = tuple(compiler.expression(item) for item in node)
        return Expression(Type.ARRAY, items=items)
    return _scalar(node)


def _named(compiler: Compiler, node: Mapping[str, Any]) -> Expression:
    if "type" in node:
        return _geometry(compiler, node)
    if len(node) != 1:
        raise refused(node, _ALLOWED)
    name, value = next(iter(node.items()))
    made = _NAMED.get(name)
    if made is None:
        raise refused(node, _ALLOWED)
    return made(compiler, value)


def _scalar(node: Any) -> Expression:
    match node:
        case bool():
            return Expression(Type.BOOLEAN, value=node)
        case int() | float():
            if not abs(node) <= LARGEST_NUMBER:  # NaN is no number, either
                raise refused(
                    node, f"numbers from -{LARGEST_NUMBER} to {LARGEST_NUMBER}"
                )
            return Expression(Type.NUMBER, value=node)
        case str():
            return Expression(Type.STRING, value=_text(node))
        case _:
            raise refused(node, _ALLOWED)


def _text(value: str) -> str:
    """Return a text that PostgreSQL can hold."""
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise refused(value, "a text has neither NUL characters nor lone surrogates")
    return value


def _property(compiler: Compiler, name: Any) -> Expression:
    geometry = compiler.layer.geometry
    if geometry is not None and name == geometry.name:
        return Expression(Type.GEOMETRY, geometry.sql, "geometry")
    found = next((c for c in compiler.layer.columns if c.name == name), None)
    if found is None:
        raise refused(
            name, f"properties are {', '.join(property_names(compiler.layer))}"
        )
    return _column(found)


def property_names(layer: Layer) -> list[str]:
    """Return the names that a filter may use, the geometry's among them."""
    names = [column.name for column in layer.columns]
    return [*names, layer.geometry.name] if layer.geometry else names


def _column(column: Column) -> Expression:
    sql, sql_type = column.sql, column.sql_type.partition("(")[0]
    if column.kind is Kind.DATETIME and "without time zone" in column.sql_type:
        sql = f"({sql} AT TIME ZONE 'UTC')"
    elif column.kind is Kind.STRING and sql_type not in ("text", "character varying"):
        sql = f"{sql}::text"
    elif sql_type == "real":
        # 0.1 is kept as 0.100000001: it is compared as it is shown.
        sql, sql_type = f"{sql}::text::float8", "float8"
    if column.kind is Kind.STRING:
        sql_type = "text"
    return Expression(_TYPES[column.kind], sql, _SHORT.get(sql_type, sql_type))


_SHORT = {"double precision": "float8"}


def _date(_: Compiler, value: Any) -> Expression:
    return Expression(Type.DATE, value=day(value))


def _timestamp(_: Compiler, value: Any) -> Expression:
    return Expression(Type.TIMESTAMP, value=moment(value))


def _interval(compiler: Compiler, value: Any) -> Expression:
    if not isinstance(value, list) or len(value) != 2:
        raise refused(value, "an interval has two ends")
    start, end = (_end(compiler, item) for item in value)
    given = [e for e in (start, end) if e is not None and e.is_literal]
    if len({e.type for e in given}) > 1:
        raise refused(value, "both ends of an interval are dates or both timestamps")
    if len(given) == 2 and given[0].value > given[1].value:
        raise refused(value, "an interval ends when it starts or later")
    return Expression(Type.INTERVAL, ends=(start, end))


def _end(compiler: Compiler, node: Any) -> Expression | None:
    if node == OPEN:
        return None
    if not isinstance(node, str):
        return compiler.typed(node, *INSTANTS)
    return instant_literal(node)


def _geometry(compiler: Compiler, node: Mapping[str, Any]) -> Expression:
    shape = geometry_literal(
        node, compiler.filter_srid, compiler.srid, flip=compiler.flip
    )
    return Expression(Type.GEOMETRY, value=shape)


def _box(compiler: Compiler, value: Any) -> Expression:
    return _geometry(compiler, {"bbox": value})


_NAMED: Mapping[str, Callable[[Compiler, Any], Expression]] = {
    "property": _property,
    "date": _date,
    "timestamp": _timestamp,
    "interval": _interval,
    "bbox": _box,
}
