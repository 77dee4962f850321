"""Geometry literals of a filter: WKT and GeoJSON, checked before anything uses them."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from layers.published.cql2.placing import is_geographic, transformed, wrapped
from layers.published.cql2.refusals import refused

FARTHEST_LONGITUDE = 360.0
"""How far east or west a literal may go on, in degrees: over the antimeridian."""

FARTHEST_PLACE = 1e30
"""Coordinates beyond are no place, and computing with them overflows."""

NEAREST_ZERO = 1e-15
"""Coordinates closer to 0 are 0: in degrees that is less than an atom."""

_DEPTHS: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}

_COLLECTION = "GeometryCollection"

Bounds = tuple[float, float, float, float]


def geometry_literal(
    node: Mapping[str, Any], srid: int, target: int, *, flip: bool
) -> BaseGeometry:
    """Return the geometry of a GeoJSON-like node, in the target system.

    Parameters
    ----------
    node : mapping
        `{"bbox": [...]}`, or `type` and `coordinates` or `geometries`; heights are passed
        over.
    srid, target : int
        EPSG codes; coordinates are put x (east, lon) before y.
    flip : bool
        Whether the node has y first.

    Returns
    -------
    shapely geometry
        Two-dimensional and valid, with `target` as its SRID; empty where all of it lies
        where the target system has no coordinates.

    Raises
    ------
    InvalidParameter
        It is none, is not valid, or lies beyond the globe.
    """
    is_box, has_degrees = "bbox" in node, is_geographic(srid)
    if is_box:
        made = _box(node, flip=flip, has_degrees=has_degrees)
    else:
        made = _geometry(node, flip=flip)
        if has_degrees:
            _check_globe(node, made.bounds)
    if has_degrees:
        made = wrapped(made)
    if srid != target:
        made = transformed(made, srid, target, has_straight_edges=is_box)
    return shapely.set_srid(made, target)


def _geometry(node: Mapping[str, Any], *, flip: bool) -> BaseGeometry:
    kind = node.get("type")
    if kind == _COLLECTION:
        return _collection(node, flip=flip)
    if not isinstance(kind, str) or kind not in _DEPTHS:
        raise refused(node, f"geometries are {', '.join(_DEPTHS)}, GeometryCollection")
    if set(node) != {"type", "coordinates"}:
        raise refused(node, "a geometry has `type` and `coordinates`")
    found = _positions(node["coordinates"], _DEPTHS[kind], flip=flip)
    try:
        made = _made(kind, found)
    except (ShapelyError, ValueError, TypeError, IndexError):
        raise refused(node, f"a {kind} with all its points, each ring closed") from None
    if made.is_empty:
        raise refused(node, "a geometry that is not empty")
    if not shapely.is_valid(made):
        raise refused(node, f"a valid geometry: {shapely.is_valid_reason(made)}")
    return made


def _collection(node: Mapping[str, Any], *, flip: bool) -> BaseGeometry:
    parts = node.get("geometries")
    if set(node) != {"type", "geometries"} or not isinstance(parts, list) or not parts:
        raise refused(node, "a GeometryCollection has `geometries`, one or more")
    if any(not isinstance(p, dict) or p.get("type") == _COLLECTION for p in parts):
        raise refused(node, "its members are geometries and no collections")
    return shapely.GeometryCollection([_geometry(part, flip=flip) for part in parts])


def _made(kind: str, found: Any) -> BaseGeometry:
    match kind:
        case "Polygon":
            return _polygon(found)
        case "MultiPolygon":
            return shapely.MultiPolygon([_polygon(rings) for rings in found])
        case "Point":
            return shapely.Point(found)
        case "MultiPoint":
            return shapely.MultiPoint(found)
        case "LineString":
            return shapely.LineString(found)
        case _:
            return shapely.MultiLineString(found)


def _polygon(rings: Sequence[Sequence[tuple[float, float]]]) -> BaseGeometry:
    if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        raise ValueError(rings)
    return shapely.Polygon(rings[0], rings[1:])


def _positions(value: Any, depth: int, *, flip: bool) -> Any:
    if depth:
        if not isinstance(value, list):
            raise refused(value, "coordinates in lists as deep as the geometry's type")
        return [_positions(item, depth - 1, flip=flip) for item in value]
    x, y = numbers(value, 2, 3, 4)[:2]
    return (y, x) if flip else (x, y)


def numbers(value: Any, *counts: int) -> list[float]:
    """Return a list of so many finite numbers; InvalidParameter for anything else."""
    is_list = isinstance(value, list) and len(value) in counts
    if not is_list or not all(_is_number(item) for item in value):
        raise refused(value, f"{' or '.join(map(str, counts))} finite numbers")
    # GEOS cannot compute with what differs by 1e-306.
    return [0.0 if abs(item) < NEAREST_ZERO else float(item) for item in value]


def _is_number(item: Any) -> bool:
    return type(item) in (int, float) and abs(item) <= FARTHEST_PLACE


def _corners(node: Mapping[str, Any], *, flip: bool) -> Bounds:
    found = numbers(node["bbox"], 4, 6)
    if len(found) == 6:
        if found[2] > found[5]:
            raise refused(node, "the lowest height before the highest")
        found = [*found[:2], *found[3:5]]
    first, second, third, fourth = found
    return (second, first, fourth, third) if flip else (first, second, third, fourth)


def _box(node: Mapping[str, Any], *, flip: bool, has_degrees: bool) -> BaseGeometry:
    """Return a box; one whose west lies east of its east goes on beyond 180 degrees."""
    if set(node) != {"bbox"}:
        raise refused(node, "a box has `bbox` and nothing else")
    west, south, east, north = _corners(node, flip=flip)
    if south > north or (west > east and not has_degrees):
        raise refused(node, "the lower corner before the upper one")
    if has_degrees:
        _check_globe(node, (west, south, east, north))
    if west > east:
        east += 360.0
    if west < east and south < north:
        return shapely.box(west, south, east, north)
    line = shapely.LineString([(west, south), (east, north)])
    return line if line.length else shapely.Point(west, south)


def _check_globe(node: Mapping[str, Any], bounds: Bounds) -> None:
    west, south, east, north = bounds
    is_far = max(abs(west), abs(east)) > FARTHEST_LONGITUDE
    if south < -90 or north > 90 or is_far or east - west > 360.0:
        raise refused(node, "longitudes from -180 to 180, latitudes from -90 to 90")
