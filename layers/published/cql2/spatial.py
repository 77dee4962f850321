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

_RELATIONS: Mapping[str, str] = {
    "s_intersects": "intersects",
    "s_equals": "equals",
    "s_touches": "touches",
    "s_crosses": "crosses",
    "s_within": "within",
    "s_contains": "contains",
    "s_overlaps": "overlaps",
}


def geometry(compiler: Compiler, node: Any) -> str:
    """Return the SQL of a geometry, a literal bound as it is stored."""
    return shape(compiler, compiler.typed(node, Type.GEOMETRY))


def shape(compiler: Compiler, found: Expression) -> str:
    """Return the SQL of a geometry expression."""
    if not found.is_literal:
        return found.sql
    text = shapely.to_wkb(found.value, hex=True, include_srid=True)
    return compiler.bind(text, "geometry")


def _related(compiler: Compiler, name: str, arguments: Sequence[Any]) -> Expression:
    count_arguments(name, arguments, 2)
    one, other = (geometry(compiler, node) for node in arguments)
    if name == "s_disjoint":
        return truth(f"NOT ({_meet(one, other, 'intersects')})")
    return truth(_meet(one, other, _RELATIONS[name]))


def _meet(one: str, other: str, relation: str) -> str:
    return f"{one} && {other} AND layers_related('{relation}', {one}, {other})"


OPERATORS: Mapping[str, Operator] = dict.fromkeys((*_RELATIONS, "s_disjoint"), _related)
