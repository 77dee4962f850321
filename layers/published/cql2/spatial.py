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

_SURE = frozenset({"Point", "MultiPoint", "Polygon", "MultiPolygon"})


def shape(compiler: Compiler, found: Expression) -> str:
    """Return the SQL of a geometry expression, a literal bound as the layer stores its own."""
    if not found.is_literal:
        return found.sql
    text = shapely.to_wkb(found.value, hex=True, include_srid=True)
    return compiler.bind(text, "geometry")


def _related(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 2)
    sides = [compiler.typed(node, Type.GEOMETRY) for node in arguments]
    is_sure = all(_is_sure(compiler, side) for side in sides)
    one, other = (shape(compiler, side) for side in sides)
    relation = _RELATIONS.get(name, "intersects")
    if relation == "intersects" and is_sure:
        met = f"{one} && {other} AND ST_Intersects({one}, {other})"
    else:
        met = f"{one} && {other} AND layers_related('{relation}', {one}, {other})"
    return truth(f"NOT ({met})" if name == "s_disjoint" else met)


def _is_sure(compiler: Compiler, side: Expression) -> bool:
    """Tell whether PostGIS decides by points in polygons, for which nothing can raise.

    The guard of `layers_related` costs half as much again as such a decision.
    """
    if side.is_literal:
        return side.value.geom_type in _SURE
    column = compiler.layer.geometry
    if column is None or side.sql != column.sql:
        return False
    return column.kind is GeometryKind.POINT


OPERATORS: Mapping[str, Operator] = dict.fromkeys((*_RELATIONS, "s_disjoint"), _related)
