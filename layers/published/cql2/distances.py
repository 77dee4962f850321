"""Which features may lie within a distance, so that the layer's index finds them."""

import math
from collections.abc import Sequence

import shapely

from layers.geo import WGS84
from layers.published.cql2.expressions import Compiler, Expression, Type
from layers.published.cql2.geometries import geometry_literal
from layers.published.cql2.placing import in_degrees
from layers.published.cql2.spatial import shape

_METRES_PER_DEGREE = 110_000.0
"""Of a meridian, at least: 110,574 at the equator, 111,694 at the poles."""

_HALF_EARTH_M = 20_004_000.0


def is_near(compiler: Compiler, found: Sequence[Expression], sql: str) -> str:
    """Return `sql`, behind a box that the index knows where there can be one.

    Parameters
    ----------
    compiler : Compiler
        Of the filter.
    found : sequence of Expression
        The two geometries and the distance in metres.
    sql : str
        What decides, on the ellipsoid.
    """
    one, other, metres = found
    fixed = one if one.is_literal else other
    moving = other if one.is_literal else one
    if moving.is_literal or not (fixed.is_literal and metres.is_literal):
        return sql
    box = _surroundings(compiler, fixed, float(metres.value))
    if box is None:
        return sql
    around = shape(compiler, Expression(Type.GEOMETRY, value=box))
    return f"({shape(compiler, moving)} && {around} AND {sql})"


def _surroundings(
    compiler: Compiler, fixed: Expression, metres: float
) -> shapely.Geometry | None:
    """Return a box around a literal that holds all within the distance; None: the globe."""
    if metres < 0 or fixed.value.is_empty:
        return None
    west, south, east, north = in_degrees(fixed.value, compiler.srid).bounds
    up = metres / _METRES_PER_DEGREE
    farthest = max(abs(south - up), abs(north + up))
    if metres >= _HALF_EARTH_M / 2 or farthest >= 89.0:
        return None
    aside = up / math.cos(math.radians(farthest))
    west, east = west - aside, east + aside
    if east - west >= 360.0:
        return None
    edges = [
        (west + 180.0) % 360.0 - 180.0,
        south - up,
        (east + 180.0) % 360.0 - 180.0,
        north + up,
    ]
    return geometry_literal({"bbox": edges}, WGS84, compiler.srid, flip=False)
