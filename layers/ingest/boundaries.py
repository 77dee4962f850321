"""Polygons that can be stored: closed, valid, two-dimensional, on the globe.

Areas and distances are taken in METRIC_SRID; stored boundaries are EPSG:4326.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.conf import settings
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidRecord
from layers.geo import WGS84, transformer

MAX_AREA_CHANGE = 0.01
"""Share of its area that the repair of a boundary may add or take."""

SLIVER_M2 = 100.0
"""Overlaps and gaps smaller than this come from rounding and are not reported."""

FIELD = "geometry"


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary that can be stored.

    Attributes
    ----------
    polygon : MultiPolygon
        Valid, EPSG:4326.
    area_m2 : float
        In METRIC_SRID.
    repair : str
        What was done to make it valid; empty for nothing.
    """

    polygon: MultiPolygon
    area_m2: float
    repair: str


def in_metres(geometry: BaseGeometry) -> BaseGeometry:
    """Return an EPSG:4326 geometry in METRIC_SRID."""
    return _transformed(geometry, WGS84, settings.METRIC_SRID)


def in_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry of METRIC_SRID in EPSG:4326."""
    return _transformed(geometry, settings.METRIC_SRID, WGS84)


def checked_boundary(geometry: BaseGeometry | None) -> Boundary:
    """Return a boundary as a valid MultiPolygon, repaired where that changes little.

    Rings that cross or touch themselves are taken apart (`make_valid`); lines and
    points that this leaves over are dropped.

    Raises
    ------
    InvalidRecord
        There is no geometry, it is not polygonal, leaves the globe, or its repair
        would change the area by more than `MAX_AREA_CHANGE`.
    """
    if geometry is None or geometry.is_empty:
        raise InvalidRecord(FIELD, "", "there is no geometry")
    kind = geometry.geom_type
    if kind not in ("Polygon", "MultiPolygon", "GeometryCollection"):
        raise InvalidRecord(FIELD, kind, "not a polygon")
    geometry = shapely.force_2d(geometry)
    _check_on_globe(geometry)
    if geometry.is_valid and kind != "GeometryCollection":
        whole = as_multi(geometry)
        return Boundary(whole, _area(whole), "")
    reason = shapely.is_valid_reason(geometry).split("[")[0]
    repaired = polygonal(shapely.make_valid(geometry))
    if repaired is None:
        raise InvalidRecord(FIELD, kind, f"{reason}; nothing polygonal is left of it")
    before, after = _drawn_area(in_metres(geometry)), _area(repaired)
    change = abs(after - before) / max(after, before)
    if change > MAX_AREA_CHANGE:
        raise InvalidRecord(
            FIELD,
            kind,
            f"{reason}; its repair would change the area by {100 * change:.1f} % "
            f"(at most {100 * MAX_AREA_CHANGE:g} % are allowed); mend it in a GIS",
        )
    return Boundary(
        repaired, after, f"{reason} mended, area changed by {100 * change:.4f} %"
    )


def polygonal(geometry: BaseGeometry) -> MultiPolygon | None:
    """Return the polygons of a geometry as one MultiPolygon, None when there are none."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(geometry))
        if isinstance(part, Polygon) and part.area > 0
    ]
    if not parts:
        return None
    return as_multi(shapely.union_all(parts))


def as_multi(geometry: BaseGeometry) -> MultiPolygon:
    """Return a Polygon or MultiPolygon as a MultiPolygon."""
    if isinstance(geometry, MultiPolygon):
        return geometry
    return MultiPolygon([geometry])


def overlaps_m2(polygons: Sequence[BaseGeometry]) -> list[tuple[int, int, float]]:
    """Return which polygons overlap, and by how many square metres.

    Parameters
    ----------
    polygons : sequence of MultiPolygon, (n,)
        In METRIC_SRID.

    Returns
    -------
    list of (int, int, float)
        Indices and area of every overlap above `SLIVER_M2`, the largest first.
    """
    tree = shapely.STRtree(polygons)
    pairs = tree.query(np.asarray(polygons), predicate="intersects")
    found = []
    for a, b in pairs.T:
        if a < b:
            area = float(polygons[a].intersection(polygons[b]).area)
            if area > SLIVER_M2:
                found.append((int(a), int(b), area))
    return sorted(found, key=lambda row: -row[2])


def gaps_m2(whole: BaseGeometry, polygons: Sequence[BaseGeometry]) -> list[Polygon]:
    """Return the pieces of `whole` in none of `polygons`, largest first, metres.

    Pieces smaller than `SLIVER_M2` are left out.
    """
    left = whole.difference(shapely.union_all(list(polygons)))
    pieces = [p for p in shapely.get_parts(left) if isinstance(p, Polygon)]
    return sorted((p for p in pieces if p.area > SLIVER_M2), key=lambda p: -p.area)


def _transformed(geometry: BaseGeometry, source: int, target: int) -> BaseGeometry:
    turn = transformer(source, target)

    def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(turn.transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometry, moved)


def _check_on_globe(geometry: BaseGeometry) -> None:
    west, south, east, north = geometry.bounds
    if not all(math.isfinite(v) for v in geometry.bounds):
        raise InvalidRecord(
            FIELD, geometry.geom_type, "coordinates that are no numbers"
        )
    if west < -180 or south < -90 or east > 180 or north > 90:
        raise InvalidRecord(
            FIELD,
            f"{west:g},{south:g},{east:g},{north:g}",
            "coordinates beyond -180..180, -90..90: the file's reference system is "
            "not the one it says; save it with the right one, or give --crs",
        )


def _area(polygon: BaseGeometry) -> float:
    return float(in_metres(polygon).area)


def _drawn_area(geometry: BaseGeometry) -> float:
    """Return the area that the rings enclose as they are drawn, loops against loops."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return float(np.abs(shapely.area(parts)).sum())
