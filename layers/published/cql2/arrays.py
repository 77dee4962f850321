"""The four array functions: arrays as sets, whatever their order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from layers.published.cql2.comparisons import truth
from layers.published.cql2.expressions import (
    Compiler,
    Expression,
    Operator,
    Type,
    count_arguments,
)
from layers.published.cql2.refusals import refused

_SQL: Mapping[str, str] = {
    "a_equals": "{one} @> {other} AND {one} <@ {other}",
    "a_contains": "{one} @> {other}",
    "a_containedby": "{one} <@ {other}",
    "a_overlaps": "{one} && {other}",
}

_SETS: Mapping[str, Callable[[frozenset[bytes], frozenset[bytes]], bool]] = {
    "a_equals": frozenset.__eq__,
    "a_contains": frozenset.__ge__,
    "a_containedby": frozenset.__le__,
    "a_overlaps": lambda one, other: not one.isdisjoint(other),
}

_BITS = {"smallint[]": 16, "integer[]": 32, "bigint[]": 64}


def _compared(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 2)
    one, other = (_array(compiler, node) for node in arguments)
    if _is_given(one) and _is_given(other):
        is_so = _SETS[name](_members(one), _members(other))
        return truth("true" if is_so else "false")
    sql_type = _common_type(one, other)
    sides = (_sql(compiler, side, sql_type) for side in (one, other))
    return truth(_SQL[name].format(**dict(zip(("one", "other"), sides, strict=True))))


def _array(compiler: Compiler, node: Any) -> Expression:
    """Return an array; a single value is one of one, for ('a') is 'a' to the parser."""
    found = compiler.expression(node)
    if found.type is Type.ARRAY:
        return found
    return Expression(Type.ARRAY, items=(found,))


def _is_given(side: Expression) -> bool:
    """Tell whether the filter itself says all that is in an array."""
    if side.items is not None:
        return all(_is_given(item) for item in side.items)
    if side.ends is not None:
        return all(end is None or end.is_literal for end in side.ends)
    return side.is_literal


def _members(side: Expression) -> frozenset[bytes]:
    return frozenset(orjson.dumps(_canonical(item)) for item in side.items or ())


def _canonical(item: Expression) -> Any:
    """Return what two equal members have in common, whatever they are."""
    if item.items is not None:
        return [item.type, sorted(member.decode() for member in _members(item))]
    if item.ends is not None:
        return [item.type, *(end and _canonical(end) for end in item.ends)]
    if isinstance(item.value, BaseGeometry):
        return [item.type, shapely.to_wkb(shapely.normalize(item.value), hex=True)]
    if item.type is Type.NUMBER:
        return [item.type, float(item.value)]
    return [item.type, item.value]


def _common_type(one: Expression, other: Expression) -> str:
    """Return the SQL type in which two arrays are compared.

    It is the column's own where it can be, so that an index of it serves.
    """
    kinds = {_kind(side) for side in (one, other)}
    if len(kinds) != 1:
        raise refused("arrays of different types", "arrays of texts or of numbers")
    if kinds == {Type.STRING}:
        return "text[]"
    types = {side.sql_type for side in (one, other) if side.items is None}
    wanted = types.pop() if len(types) == 1 else ""
    given = [side for side in (one, other) if side.items is not None]
    if wanted and all(
        _fits(item, wanted) for side in given for item in side.items or ()
    ):
        return wanted
    return "numeric[]"


def _fits(item: Expression, sql_type: str) -> bool:
    if sql_type not in _BITS:
        return sql_type == "numeric[]"
    value = item.value
    if not item.is_literal or not float(value).is_integer():
        return False
    return bool(-(2 ** (_BITS[sql_type] - 1)) <= value < 2 ** (_BITS[sql_type] - 1))


def _kind(side: Expression) -> Type:
    if side.items is None:
        is_text = side.sql_type.startswith(("text", "character", "uuid"))
        return Type.STRING if is_text else Type.NUMBER
    kinds = {item.type for item in side.items}
    if kinds == {Type.STRING} or kinds == {Type.NUMBER}:
        return kinds.pop()
    raise refused(
        f"an array of {', '.join(sorted(kinds)) or 'nothing'}",
        "beside a property an array has texts or numbers, one or more",
    )


def _sql(compiler: Compiler, side: Expression, sql_type: str) -> str:
    if side.items is None:
        return side.sql if side.sql_type == sql_type else f"{side.sql}::{sql_type}"
    if all(item.is_literal for item in side.items):
        return compiler.bind([_bound(item, sql_type) for item in side.items], sql_type)
    if sql_type == "text[]":
        parts = [compiler.text(item) for item in side.items]
    else:
        parts = [compiler.sql(item) for item in side.items]
    return f"ARRAY[{', '.join(parts)}]::{sql_type}"


def _bound(item: Expression, sql_type: str) -> Any:
    if sql_type == "text[]":
        return item.value
    return int(item.value) if sql_type in _BITS else repr(item.value)


OPERATORS: Mapping[str, Operator] = dict.fromkeys(_SQL, _compared)
