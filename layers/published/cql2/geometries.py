"""Geometry literals of a filter, checked and brought to where the layer keeps its own.

The literal is transformed, never the column, so that the layer's index serves. Across the
antimeridian a literal may go on beyond 180 degrees; what lies there is moved to the other
side, as layers are kept.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import affinity
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter
from layers.geo import WGS84, transformer
from layers.published.cql2.refusals import refused

FARTHEST_LONGITUDE = 360.0
"""How far east or west a literal may go on, in degrees."""

MARGIN_DEGREES = 10.0
"""How far beyond its area of use a projected system is trusted."""

_PARTS_PER_EDGE = 16
"""Straight edges of a box bend when it is transformed: each gets as many parts."""

_DEPTHS: Mapping[str, int] = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}

_COLLECTION = "GeometryCollection"

_WORLD = (-180.0, -90.0, 180.0, 90.0)


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
    is_box = "bbox" in node
    made = _box(node, flip=flip) if is_box else _geometry(node, flip=flip)
    if is_geographic(srid):
        _check_globe(node, made, is_box=is_box)
        made = _wrapped(node, made)
    elif is_box:
        _check_corners(node, flip=flip)
    if srid != target:
        made = transformed(made, srid, target, has_straight_edges=is_box)
    return shapely.set_srid(made, target)


@lru_cache(maxsize=256)
def is_geographic(srid: int) -> bool:
    """Tell whether the coordinates of EPSG:`srid` are degrees of longitude, latitude."""
    try:
        return bool(CRS.from_epsg(srid).is_geographic)
    except CRSError:
        raise InvalidParameter("filter-crs", srid, "a system that EPSG knows") from None


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
    return [float(item) for item in value]


def _is_number(item: object) -> bool:
    # Beyond 1e30 nothing is a place, and computing with it overflows.
    is_number = isinstance(item, int | float) and not isinstance(item, bool)
    return is_number and math.isfinite(item) and abs(item) <= 1e30


def _corners(node: Mapping[str, Any], *, flip: bool) -> tuple[float, ...]:
    found = numbers(node["bbox"], 4, 6)
    if len(found) == 6:
        if found[2] > found[5]:
            raise refused(node, "the lowest height before the highest")
        found = [*found[:2], *found[3:5]]
    first, second, third, fourth = found
    return (second, first, fourth, third) if flip else tuple(found)


def _check_corners(node: Mapping[str, Any], *, flip: bool) -> None:
    west, _, east, _ = _corners(node, flip=flip)
    if west > east:
        raise refused(node, "the lower corner before the upper one")


def _box(node: Mapping[str, Any], *, flip: bool) -> BaseGeometry:
    """Return a box; one whose west lies east of its east goes on beyond 180 degrees."""
    if set(node) != {"bbox"}:
        raise refused(node, "a box has `bbox` and nothing else")
    west, south, east, north = _corners(node, flip=flip)
    if south > north:
        raise refused(node, "the lower corner before the upper one")
    if west > east:
        east += 360.0
    if west < east and south < north:
        return shapely.box(west, south, east, north)
    line = shapely.LineString([(west, south), (east, north)])
    return line if line.length else shapely.Point(west, south)


def _check_globe(node: Mapping[str, Any], made: BaseGeometry, *, is_box: bool) -> None:
    west, south, east, north = made.bounds if not made.is_empty else _WORLD
    widest = 360.0 if is_box else 2 * FARTHEST_LONGITUDE
    is_far = max(-west, east) > FARTHEST_LONGITUDE + (180.0 if is_box else 0.0)
    if south < -90 or north > 90 or is_far or east - west > widest:
        raise refused(node, "longitudes from -180 to 180, latitudes from -90 to 90")


def _wrapped(node: Mapping[str, Any], made: BaseGeometry) -> BaseGeometry:
    """Return the geometry with what lies beyond the antimeridian moved by 360 degrees."""
    west, _, east, _ = made.bounds if not made.is_empty else _WORLD
    if west >= -180.0 and east <= 180.0:
        return made
    parts = []
    for turn in range(-2, 3):
        lap = shapely.box(turn * 360.0 - 180.0, -90.0, turn * 360.0 + 180.0, 90.0)
        part = shapely.intersection(made, lap)
        if not part.is_empty:
            parts.append(affinity.translate(part, -360.0 * turn))
    whole = shapely.union_all(parts)
    if not shapely.is_valid(whole):
        raise refused(node, "a geometry that can be cut at the antimeridian")
    return whole


def transformed(
    made: BaseGeometry, srid: int, target: int, *, has_straight_edges: bool
) -> BaseGeometry:
    """Return a geometry in another system, less what has no coordinates there.

    Raises
    ------
    InvalidParameter
        Some of it has none and cannot be cut off.
    """
    if is_geographic(srid):
        made = _within_use(made, target)
    if has_straight_edges and not made.is_empty:
        made = _with_parted_edges(made)

    def moved(positions: Any) -> Any:
        x, y = transformer(srid, target).transform(positions[:, 0], positions[:, 1])
        return np.column_stack((x, y))

    result = shapely.transform(made, moved)
    if not np.isfinite(shapely.get_coordinates(result)).all():
        raise refused(
            shapely.to_wkt(made)[:80], f"coordinates that EPSG:{target} can express"
        )
    return result if shapely.is_valid(result) else shapely.make_valid(result)


def _with_parted_edges(made: BaseGeometry) -> BaseGeometry:
    west, south, east, north = made.bounds
    longest = max(east - west, north - south)
    return shapely.segmentize(made, longest / _PARTS_PER_EDGE) if longest else made


def _within_use(made: BaseGeometry, target: int) -> BaseGeometry:
    """Cut off what lies far from where a projected system holds.

    Far from it coordinates are infinite, or fold over each other.
    """
    area = use_of(target)
    if area is None or shapely.covers(area, made):
        return made
    return shapely.intersection(made, area)


@lru_cache(maxsize=256)
def use_of(srid: int) -> BaseGeometry | None:
    """Return the area, in degrees, in which a projected system can be trusted.

    It is the area of use that EPSG names and some degrees around it; None for systems of
    degrees, and for those of which nothing is known.
    """
    system = CRS.from_epsg(srid)
    area = system.area_of_use
    if system.is_geographic or area is None:
        return None
    west, south, east, north = area.bounds
    if east - west >= 360.0:  # of the whole globe: nothing around it
        return shapely.box(west, south, east, north)
    if west > east:
        east += 360.0
    box = shapely.box(
        west - MARGIN_DEGREES,
        max(south - MARGIN_DEGREES, -90.0),
        east + MARGIN_DEGREES,
        min(north + MARGIN_DEGREES, 90.0),
    )
    return _wrapped({}, box)


def in_degrees(made: BaseGeometry, srid: int) -> BaseGeometry:
    """Return a literal, made by `geometry_literal`, as longitudes and latitudes."""
    if srid == WGS84:
        return made
    return transformed(made, srid, WGS84, has_straight_edges=False)
