"""The eight spatial functions, in the plane of the layer's own coordinates.

Every relation but S_DISJOINT needs boxes that meet, so that `&&` finds the candidates in
the layer's index before geometries are compared.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from layers.published.cql2.comparisons import truth
from layers.published.cql2.expressions import (
    Compiler,
    Expression,
    Operator,
    Type,
    count_arguments,
)
from layers.published.layers.layer import GeometryKind

_RELATIONS: Mapping[str, str] = {
    "s_intersects": "intersects",
    "s_equals": "equals",
    "s_touches": "touches",
    "s_crosses": "crosses",
    "s_within": "within",
    "s_contains": "contains",
    "s_overlaps": "overlaps",
}


def shape(compiler: Compiler, found: Expression) -> str:
    """Return the SQL of a geometry expression, a literal bound as the layer stores its own."""
    if not found.is_literal:
        return found.sql
    text = shapely.to_wkb(found.value, hex=True, include_srid=True)
    return compiler.bind(text, "geometry")


def _related(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 2)
    sides = [compiler.typed(node, Type.GEOMETRY) for node in arguments]
    is_safe = all(_is_safe(compiler, side) for side in sides)
    one, other = (shape(compiler, side) for side in sides)
    if name == "s_disjoint":
        return truth(f"NOT ({_meet(one, other, 'intersects', is_safe=is_safe)})")
    return truth(_meet(one, other, _RELATIONS[name], is_safe=is_safe))


def _is_safe(compiler: Compiler, side: Expression) -> bool:
    """Tell whether GEOS can compare a side for sure: points, and literals of one type."""
    if side.is_literal:
        return not isinstance(side.value, shapely.GeometryCollection)
    column = compiler.layer.geometry
    if column is None or side.sql != column.sql:
        return False
    return column.kind is GeometryKind.POINT


def _meet(one: str, other: str, relation: str, *, is_safe: bool) -> str:
    if is_safe:
        test = f"ST_{relation.capitalize()}({one}, {other})"
    else:
        test = f"layers_related('{relation}', {one}, {other})"
    return f"{one} && {other} AND {test}"


OPERATORS: Mapping[str, Operator] = dict.fromkeys((*_RELATIONS, "s_disjoint"), _related)
