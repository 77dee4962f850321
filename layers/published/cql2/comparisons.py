"""Comparisons: =, <>, <, >, <=, >=, LIKE, BETWEEN, IN, IS NULL, and AND, OR, NOT.

Texts are compared by code point, numbers as numbers, timestamps as moments; a timestamp
beside a date is compared by its day in UTC, and a text literal beside either is what it
says. Nothing else is cast to another type.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from layers.published.cql2.expressions import (
    INSTANTS,
    Compiler,
    Expression,
    Operator,
    Type,
    count_arguments,
)
from layers.published.cql2.moments import instant_literal
from layers.published.cql2.refusals import refused
from layers.published.cql2.texts import pattern

_EXACT_WHOLE = 2**53
"""The largest number up to which the text parser tells whole numbers apart."""

_SIGNS = ("=", "<>", "<", ">", "<=", ">=")


def truth(sql: str) -> Expression:
    """Return a predicate."""
    return Expression(Type.BOOLEAN, f"({sql})", "boolean")


def compare(compiler: Compiler, sign: str, left: Expression, right: Expression) -> str:
    """Return the SQL of a comparison of two expressions of the same type.

    Raises
    ------
    InvalidParameter
        Their types differ, or have no order.
    """
    left, right = _in_time(left, right), _in_time(right, left)
    kinds = (left.type, right.type)
    if kinds == (Type.NUMBER, Type.NUMBER):
        return (
            f"{_number(compiler, left, right)} {sign} {_number(compiler, right, left)}"
        )
    if kinds == (Type.STRING, Type.STRING):
        return _compare_texts(compiler, sign, left, right)
    if kinds == (Type.BOOLEAN, Type.BOOLEAN):
        return f"{compiler.sql(left)} {sign} {compiler.sql(right)}"
    if left.type in INSTANTS and right.type in INSTANTS:
        by_day = Type.DATE in kinds
        ends = (instant(compiler, side, by_day=by_day) for side in (left, right))
        return f" {sign} ".join(ends)
    raise refused(_shown(left, right), _advice(left, right))


def _in_time(side: Expression, other: Expression) -> Expression:
    """Return a side; a text beside a date or timestamp as what it says (RFC 3339)."""
    if side.type is not Type.STRING or other.type not in INSTANTS:
        return side
    if not side.is_literal:
        raise refused(_shown(side, other), _advice(side, other))
    return instant_literal(side.value)


def _shown(left: Expression, right: Expression) -> str:
    return f"{left.type} compared with {right.type}"


def _advice(left: Expression, right: Expression) -> str:
    kinds = {left.type, right.type}
    if Type.STRING in kinds and kinds & set(INSTANTS):
        return "a date is DATE('2026-11-21'), or TIMESTAMP('2026-11-21T18:30:00Z')"
    if Type.GEOMETRY in kinds:
        return "geometries are compared by S_EQUALS, S_INTERSECTS and the like"
    if Type.INTERVAL in kinds:
        return "intervals are compared by T_EQUALS, T_INTERSECTS and the like"
    if Type.ARRAY in kinds:
        return "arrays are compared by A_EQUALS, A_CONTAINS and the like"
    return "both sides are texts, numbers, truth values, dates or timestamps"


def instant(compiler: Compiler, side: Expression, *, by_day: bool) -> str:
    """Return the SQL of a date or timestamp, as a day of UTC or as a moment."""
    is_moment = side.type is Type.TIMESTAMP
    if side.is_literal:
        value = side.value.date() if is_moment and by_day else side.value
        return compiler.bind(value, "date" if by_day else "timestamptz")
    if by_day and is_moment:
        return f"({side.sql} AT TIME ZONE 'UTC')::date"
    return side.sql


def _number(compiler: Compiler, side: Expression, other: Expression) -> str:
    """Return the SQL of a number beside another: a literal is bound as the other is."""
    if not side.is_literal:
        return side.sql
    value, sql_type = _as_beside(side.value, other)
    return compiler.bind(value, sql_type)


def _as_beside(value: float, other: Expression) -> tuple[int | float | Decimal, str]:
    """Return a literal and its SQL type: exact beside what is exact, so that 0.1 is 0.1."""
    is_exact = other.sql_type in ("smallint", "integer", "bigint", "numeric")
    if isinstance(value, float):
        if is_exact and value.is_integer() and _EXACT_WHOLE < abs(value) < 2**63:
            raise refused(
                value, "whole numbers beyond 2^53 are exact in cql2-json only"
            )
        if value.is_integer() and abs(value) <= _EXACT_WHOLE:
            value = int(value)
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value, "bigint"
    return (Decimal(repr(value)), "numeric") if is_exact else (float(value), "float8")


def _in_numbers(compiler: Compiler, left: Expression, items: list[Expression]) -> str:
    """Return the SQL of a number in a list of literals: one bound array."""
    bound = [_as_beside(item.value, left) for item in items]
    types = {sql_type for _, sql_type in bound}
    widest = types.pop() if len(types) == 1 else (types - {"bigint"}).pop()
    cast = {"bigint": int, "float8": float, "numeric": Decimal}[widest]
    listed = compiler.bind([cast(value) for value, _ in bound], f"{widest}[]")
    return f"{_number(compiler, left, items[0])} = ANY({listed})"


def _compare_texts(
    compiler: Compiler, sign: str, left: Expression, right: Expression
) -> str:
    if sign in ("=", "<>"):
        for column, literal in ((left, right), (right, left)):
            if column.sql_type == "uuid" and literal.is_literal:
                return (
                    f"{column.sql} {sign} {compiler.bind(_uuid(literal.value), 'uuid')}"
                )
        if left.is_literal != right.is_literal:  # an index of any collation serves
            return f"{compiler.text(left)} {sign} {compiler.text(right)}"
    return f'{compiler.text(left)} COLLATE "C" {sign} {compiler.text(right)}'


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise refused(
            text, "a UUID like 7c9e6679-7425-40de-944b-e07fc1f90ae7"
        ) from None


def _binary(compiler: Compiler, sign: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(sign, arguments, 2)
    left, right = (compiler.expression(node) for node in arguments)
    return truth(compare(compiler, sign, left, right))


def _joined(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    if len(arguments) < 2:
        raise refused({"op": name, "args": arguments}, f"{name} joins two or more")
    return truth(f" {name.upper()} ".join(map(compiler.predicate, arguments)))


def _not(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 1)
    return truth(f"NOT {compiler.predicate(arguments[0])}")


def _like(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 2)
    text = compiler.text(compiler.typed(arguments[0], Type.STRING))
    return truth(f'{text} COLLATE "C" LIKE {pattern(compiler, arguments[1])}')


def _between(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 3)
    middle, low, high = (compiler.expression(node) for node in arguments)
    if middle.type is Type.BOOLEAN:
        raise refused("a truth value BETWEEN", "numbers, texts, dates or timestamps")
    above = compare(compiler, ">=", middle, low)
    return truth(f"{above} AND {compare(compiler, '<=', middle, high)}")


def _in(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 2)
    listed = arguments[1]
    if not isinstance(listed, list) or not listed:
        raise refused(listed, "IN has a list of one or more")
    left = compiler.expression(arguments[0])
    items = [compiler.expression(item) for item in listed]
    if left.type is Type.STRING and not left.is_literal:
        return truth(_in_texts(compiler, left, items))
    if left.type is Type.NUMBER and all(isinstance(i, int | float) for i in listed):
        return truth(_in_numbers(compiler, left, items))
    return truth(" OR ".join(compare(compiler, "=", left, item) for item in items))


def _in_texts(compiler: Compiler, left: Expression, items: list[Expression]) -> str:
    """Return the SQL of a text in a list: one bound array where all are literals."""
    wrong = next((item for item in items if item.type is not Type.STRING), None)
    if wrong is not None:
        raise refused(_shown(left, wrong), _advice(left, wrong))
    if all(item.is_literal for item in items):
        values = [item.value for item in items]
        if left.sql_type == "uuid":
            listed = compiler.bind([_uuid(value) for value in values], "uuid[]")
        else:
            listed = compiler.bind(values, "text[]")
        return f"{left.sql} = ANY({listed})"
    texts = ", ".join(compiler.text(item) for item in items)
    return f'{compiler.text(left)} COLLATE "C" IN ({texts})'


def _is_null(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments("IS NULL", arguments, 1)
    found = compiler.expression(arguments[0])
    if found.type is Type.INTERVAL or found.items is not None:
        raise refused(
            arguments[0], f"{name} asks of a property or an expression of one"
        )
    if found.is_literal:
        return truth("false")
    return truth(f"{found.sql} IS NULL")


OPERATORS: Mapping[str, Operator] = {
    **dict.fromkeys(_SIGNS, _binary),
    "and": _joined,
    "or": _joined,
    "not": _not,
    "like": _like,
    "between": _between,
    "in": _in,
    "isnull": _is_null,
}
