"""Where a geometry literal lies: over the antimeridian, and in the layer's own system.

The literal is transformed, never the column, so that the layer's index serves. Vertices
are; straight edges stay straight, but those of a box, which stand for parallels and
meridians.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter
from layers.geo import WGS84, transformer
from layers.published.cql2.refusals import refused

MARGIN_DEGREES = 10.0
"""How far beyond its area of use a projected system is trusted."""

_PARTS_PER_EDGE = 16
"""Parts that the longer edge of a box gets before it is transformed."""


@lru_cache(maxsize=256)
def is_geographic(srid: int) -> bool:
    """Tell whether the coordinates of EPSG:`srid` are degrees of longitude, latitude.

    Raises
    ------
    InvalidParameter
        `filter-crs`: EPSG knows no such system.
    """
    try:
        return bool(CRS.from_epsg(srid).is_geographic)
    except CRSError:
        raise InvalidParameter("filter-crs", srid, "a system that EPSG knows") from None


def wrapped(made: BaseGeometry) -> BaseGeometry:
    """Return a geometry with what lies beyond 180 degrees moved to the other side.

    Parameters
    ----------
    made : shapely geometry
        In degrees, two-dimensional and not empty, at most two turns away.
    """
    west, _, east, _ = made.bounds
    if west >= -180.0 and east <= 180.0:
        return made
    if isinstance(made, shapely.GeometryCollection):
        return shapely.GeometryCollection([wrapped(part) for part in made.geoms])
    parts = []
    for turn in range(-2, 3):
        lap = shapely.box(turn * 360.0 - 180.0, -90.0, turn * 360.0 + 180.0, 90.0)
        part = shapely.intersection(made, lap)
        if not part.is_empty:
            parts.append(affinity.translate(part, -360.0 * turn))
    return shapely.union_all(parts)


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
    if area is None:
        return made
    if isinstance(made, shapely.GeometryCollection):
        parts = [_within_use(part, target) for part in made.geoms]
        return shapely.GeometryCollection([p for p in parts if not p.is_empty])
    return made if shapely.covers(area, made) else shapely.intersection(made, area)


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
    return wrapped(box)


def in_degrees(made: BaseGeometry, srid: int) -> BaseGeometry:
    """Return a literal that is in EPSG:`srid` as longitudes and latitudes."""
    if srid == WGS84:
        return made
    return transformed(made, srid, WGS84, has_straight_edges=False)
