"""The functions that a filter may call: these and no others.

Every one has a fixed number of typed arguments. Nothing is asked of the clock, so that an
answer depends on the data alone and can be kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.published.cql2.comparisons import instant
from layers.published.cql2.distances import is_near
from layers.published.cql2.expressions import (
    INSTANTS,
    Compiler,
    Expression,
    Operator,
    Type,
    count_arguments,
)
from layers.published.cql2.refusals import refused
from layers.published.cql2.spatial import shape

SQL_TYPES: Mapping[Type, str] = {
    Type.STRING: "text",
    Type.NUMBER: "float8",
    Type.BOOLEAN: "boolean",
    Type.GEOMETRY: "geometry",
}


@dataclass(frozen=True, slots=True)
class Function:
    """A function of filters.

    Attributes
    ----------
    name : str
        As it is called; case does not matter.
    sql : str
        What it is in a statement, `{0}`, `{1}` for its arguments: texts as text, numbers
        in double precision, timestamps as moments.
    arguments : tuple of (str, tuple of Type)
        Name and types of each.
    returns : Type
        What comes back; null where an argument is null or it has no result.
    description : str
        What it does, in English.
    """

    name: str
    sql: str
    arguments: tuple[tuple[str, tuple[Type, ...]], ...]
    returns: Type
    description: str


_IN_CASE = '({}({{0}} COLLATE "und-x-icu") COLLATE "C")'
"""By Unicode's rules; the result is compared by code point like every other text."""

_TEXT = ("text", (Type.STRING,))
_NUMBER = ("number", (Type.NUMBER,))
_WHEN = ("when", INSTANTS)
_GEOMETRY = ("geometry", (Type.GEOMETRY,))
_OTHER = ("other", (Type.GEOMETRY,))


def _text(name: str, sql: str, description: str) -> Function:
    return Function(name, sql, (_TEXT,), Type.STRING, description)


def _of_number(name: str, sql: str, description: str) -> Function:
    return Function(name, sql, (_NUMBER,), Type.NUMBER, description)


def _part(name: str, field: str, description: str) -> Function:
    sql = f"extract({field} FROM {{0}} AT TIME ZONE 'UTC')::float8"
    return Function(name, sql, (_WHEN,), Type.NUMBER, description)


FUNCTIONS: tuple[Function, ...] = (
    _text("lower", _IN_CASE.format("lower"), "The text in lower case."),
    _text("upper", _IN_CASE.format("upper"), "The text in upper case."),
    _text("trim", "btrim({0})", "The text without blanks at its ends."),
    Function(
        "concat",
        "({0} || {1})",
        (_TEXT, ("other", (Type.STRING,))),
        Type.STRING,
        "Two texts, one after the other.",
    ),
    Function(
        "length",
        "char_length({0})::float8",
        (_TEXT,),
        Type.NUMBER,
        "How many characters (code points) a text has.",
    ),
    _of_number("abs", "abs({0})", "The number without its sign."),
    _of_number("ceil", "ceil({0})", "The next whole number, not smaller."),
    _of_number("floor", "floor({0})", "The next whole number, not larger."),
    _of_number(
        "round",
        "round({0}::numeric)::float8",
        "The nearest whole number, halves away from zero.",
    ),
    _of_number(
        "sqrt", "layers_computed('^', {0}, 0.5)", "The square root; null below zero."
    ),
    Function(
        "power",
        "layers_computed('^', {0}, {1})",
        (("base", (Type.NUMBER,)), ("exponent", (Type.NUMBER,))),
        Type.NUMBER,
        "The base raised to the exponent.",
    ),
    _part("year", "year", "The year of a date or of a timestamp in UTC."),
    _part("month", "month", "The month, 1 to 12."),
    _part("day", "day", "The day of the month, 1 to 31."),
    _part("weekday", "isodow", "The day of the week, 1 is Monday and 7 Sunday."),
    _part("hour", "hour", "The hour in UTC, 0 to 23; 0 of a date."),
    Function(
        "array_length",
        "cardinality({0})::float8",
        (("array", (Type.ARRAY,)),),
        Type.NUMBER,
        "How many items an array has.",
    ),
    Function(
        "area_m2",
        "layers_metres('area', layers_on_earth({0}))",
        (_GEOMETRY,),
        Type.NUMBER,
        "The area in square metres on the ellipsoid; 0 of points and lines.",
    ),
    Function(
        "length_m",
        "layers_metres('length', layers_on_earth({0}))",
        (_GEOMETRY,),
        Type.NUMBER,
        "The length of lines in metres on the ellipsoid; 0 of points and polygons.",
    ),
    Function(
        "perimeter_m",
        "layers_metres('perimeter', layers_on_earth({0}))",
        (_GEOMETRY,),
        Type.NUMBER,
        "The length of the borders of polygons in metres on the ellipsoid.",
    ),
    Function(
        "distance_m",
        "layers_distance_m(layers_on_earth({0}), layers_on_earth({1}))",
        (_GEOMETRY, _OTHER),
        Type.NUMBER,
        "The shortest distance in metres on the ellipsoid.",
    ),
    Function(
        "within_distance_m",
        "layers_is_within_m(layers_on_earth({0}), layers_on_earth({1}), {2})",
        (_GEOMETRY, _OTHER, ("metres", (Type.NUMBER,))),
        Type.BOOLEAN,
        "Whether the distance is at most so many metres; quick, by the layer's index.",
    ),
    Function(
        "centroid",
        "ST_Centroid({0})",
        (_GEOMETRY,),
        Type.GEOMETRY,
        "The centre of mass, in the plane of the layer's coordinates.",
    ),
)


def described() -> list[dict[str, Any]]:
    """Return the functions as the resource `/functions` of OGC API - Features lists them."""
    return [
        {
            "name": function.name,
            "description": function.description,
            "arguments": [
                {"title": title, "type": [str(kind) for kind in kinds]}
                for title, kinds in function.arguments
            ],
            "returns": [str(function.returns)],
        }
        for function in FUNCTIONS
    ]


def _operator(function: Function) -> Operator:
    def called(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
        count_arguments(name, arguments, len(function.arguments))
        found = [
            compiler.typed(node, *kinds)
            for node, (_, kinds) in zip(arguments, function.arguments, strict=True)
        ]
        written = [_WRITERS[item.type](compiler, item) for item in found]
        sql = function.sql.format(*written)
        if function.name == "within_distance_m":
            sql = is_near(compiler, found, sql)
        return Expression(function.returns, sql, SQL_TYPES[function.returns])

    return called


def _moment(compiler: Compiler, item: Expression) -> str:
    if item.type is Type.TIMESTAMP:
        return instant(compiler, item, by_day=False)
    # A date is the first moment of its day, in the zone that it is then read in.
    return f"({instant(compiler, item, by_day=True)}::timestamp AT TIME ZONE 'UTC')"


def _array(compiler: Compiler, item: Expression) -> str:
    if item.items is not None:
        raise refused("an array literal", "a property that is an array")
    return compiler.sql(item)


_WRITERS: Mapping[Type, Callable[[Compiler, Expression], str]] = {
    Type.STRING: Compiler.text,
    Type.NUMBER: Compiler.number,
    Type.DATE: _moment,
    Type.TIMESTAMP: _moment,
    Type.GEOMETRY: shape,
    Type.ARRAY: _array,
}

OPERATORS: Mapping[str, Operator] = {
    function.name: _operator(function) for function in FUNCTIONS
}
