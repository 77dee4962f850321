"""Schematic districts and modelled residents, for a city whose real ones are not loaded.

Both are drawings made from a few published facts (a centroid and a number of people per
neighbourhood, a coarse outline). They let everything that needs areas and people run on
a fresh machine, and are labelled schematic and modelled wherever they are shown.
Everything here is planar: coordinates are metres of one projected system.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely import MultiPoint, MultiPolygon, Point, Polygon

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.apportion import apportion
from layers.measures.arrays import FloatArray, IntArray, checked_points

GRID_M = 0.01
"""Vertices are kept to the centimetre, so that neighbours share them exactly."""


@dataclass(frozen=True, slots=True)
class ModelledResidents:
    """Where a known number of people is assumed to live.

    Attributes
    ----------
    xy : ndarray of float64, (n, 2)
        Points in metres of the cells' reference system, ordered by cell, then from
        south to north and west to east.
    people : ndarray of int64, (n,)
        People at each point, at least 1.
    cell : ndarray of int64, (n,)
        Index of the cell that each point belongs to.
    """

    xy: FloatArray
    people: IntArray
    cell: IntArray


def voronoi_districts(centroids: ArrayLike, outline: Polygon) -> list[MultiPolygon]:
    """Return one cell per centroid; together they cover the outline exactly once.

    A cell is the part of the outline nearer to its centroid than to any other. Where a
    bay of the outline cuts off a piece of a cell, the piece goes to the neighbour with
    which it shares the longest border, so that every cell is in one piece.

    Parameters
    ----------
    centroids : array_like, (n, 2)
        Distinct points inside the outline, metres.
    outline : Polygon
        A valid polygon without holes, metres.

    Returns
    -------
    list of MultiPolygon
        In the order of the centroids; a valid coverage (shared borders have the same
        vertices on both sides), vertices rounded to `GRID_M`.

    Raises
    ------
    InvalidArray
        No centroid, two equal ones, or one that is not inside the outline.
    InvalidParameter
        The outline is empty, invalid or has holes.
    """
    points = checked_points(centroids, "centroids")
    _check_outline(outline)
    _check_inside(points, outline)
    faces = _faces(points, outline)
    owner = _owners(faces, points)
    return [
        _multi(
            shapely.coverage_union_all(
                [f for f, o in zip(faces, owner, strict=True) if o == i]
            )
        )
        for i in range(len(points))
    ]


def dissolve(
    cells: Sequence[MultiPolygon], keys: Sequence[str]
) -> dict[str, MultiPolygon]:
    """Return the union of the cells of each key, ordered by key.

    The cells must be a valid coverage; the unions are one, too, and nest exactly.

    Raises
    ------
    InvalidArray
        There are not as many keys as cells.
    """
    if len(cells) != len(keys):
        raise InvalidArray(f"keys: {len(keys)} values where {len(cells)} belong")
    return {
        key: _multi(
            shapely.coverage_union_all(
                [c for c, k in zip(cells, keys, strict=True) if k == key]
            )
        )
        for key in sorted(set(keys))
    }


def modelled_residents(
    cells: Sequence[MultiPolygon], totals: Sequence[int], *, spacing_m: float
) -> ModelledResidents:
    """Return a regular grid of points that carries each cell's people exactly.

    People are spread evenly over the grid points inside their cell, whole people only
    (largest remainder). The grid is anchored at the origin of the reference system, so
    the same cells give the same points. A point on a shared border belongs to the first
    of the cells; a cell that no grid point falls into has one point of its own.

    Parameters
    ----------
    cells : sequence of MultiPolygon, (n,)
        Areas in metres that do not overlap.
    totals : sequence of int, (n,)
        People per cell, 0 or more. A cell of 0 gets no point.
    spacing_m : float
        Metres between grid points, above 0.

    Raises
    ------
    InvalidArray
        There are not as many totals as cells, or one is not a whole number >= 0.
    InvalidParameter
        The spacing is not a number above 0.
    """
    if len(totals) != len(cells):
        raise InvalidArray(f"totals: {len(totals)} values where {len(cells)} belong")
    if not math.isfinite(spacing_m) or spacing_m <= 0:
        raise InvalidParameter("spacing_m", spacing_m, "a number of metres above 0")
    grid = _grid(cells, spacing_m)
    owner = _first_cell(grid, cells)
    xy, people, cell = (
        [np.empty((0, 2))],
        [np.empty(0, np.int64)],
        [np.empty(0, np.int64)],
    )
    for index, (area, total) in enumerate(zip(cells, totals, strict=True)):
        inside = grid[owner == index]
        if not len(inside):
            inside = shapely.get_coordinates(area.representative_point())
        counts = apportion(np.ones(len(inside)), total)
        some = counts > 0
        xy.append(inside[some])
        people.append(counts[some])
        cell.append(np.full(int(some.sum()), index, dtype=np.int64))
    return ModelledResidents(
        np.concatenate(xy), np.concatenate(people), np.concatenate(cell)
    )


def _check_outline(outline: Polygon) -> None:
    reason = ""
    if not isinstance(outline, Polygon) or outline.is_empty:
        reason = "a polygon that is not empty"
    elif not outline.is_valid:
        reason = f"a valid polygon ({shapely.is_valid_reason(outline)})"
    elif outline.interiors:
        reason = "a polygon without holes"
    if reason:
        raise InvalidParameter(
            "outline", getattr(outline, "geom_type", outline), reason
        )


def _check_inside(points: FloatArray, outline: Polygon) -> None:
    if not len(points):
        raise InvalidArray("centroids: none given, at least 1 is needed")
    if len(np.unique(points, axis=0)) < len(points):
        raise InvalidArray("centroids: two of them are equal")
    outside = ~shapely.contains_xy(outline, points)
    if outside.any():
        at = int(np.argmax(outside))
        raise InvalidArray(
            f"centroids: value {at} is {points[at]}, not inside the outline"
        )


def _faces(points: FloatArray, outline: Polygon) -> list[Polygon]:
    """Return the pieces into which the Voronoi edges cut the outline, noded together."""
    lines = [outline.boundary]
    if len(points) > 1:
        lines.append(
            shapely.voronoi_polygons(
                MultiPoint(points), extend_to=outline, only_edges=True
            )
        )
    noded = shapely.union_all(lines, grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    return [f for f in faces if outline.contains(f.representative_point())]


def _owners(faces: Sequence[Polygon], points: FloatArray) -> list[int]:
    """Return the cell of each face: the one whose point it holds, else a neighbour's."""
    owner = [-1] * len(faces)
    tree = shapely.STRtree(faces)
    for index, xy in enumerate(points):
        owner[int(tree.query(Point(xy), predicate="intersects")[0])] = index
    while -1 in owner:
        border, face, best = max(
            (faces[a].intersection(faces[b]).length, -a, owner[b])
            for a in range(len(faces))
            for b in range(len(faces))
            if owner[a] < 0 <= owner[b]
        )
        if border == 0:
            raise InvalidArray("centroids: a piece of the outline touches no cell")
        owner[-face] = best
    return owner


def _multi(geometry: Polygon | MultiPolygon) -> MultiPolygon:
    return MultiPolygon([geometry]) if isinstance(geometry, Polygon) else geometry


def _grid(cells: Sequence[MultiPolygon], spacing_m: float) -> FloatArray:
    """Return the grid points in the cells' common box, (m, 2), south to north."""
    if not len(cells):
        return np.empty((0, 2))
    west, south, east, north = shapely.total_bounds(np.asarray(cells))
    steps = np.arange(math.floor(west / spacing_m), math.ceil(east / spacing_m))
    x = (steps + 0.5) * spacing_m
    y = (
        np.arange(math.floor(south / spacing_m), math.ceil(north / spacing_m)) + 0.5
    ) * spacing_m
    return np.column_stack([np.tile(x, len(y)), np.repeat(y, len(x))])


def _first_cell(grid: FloatArray, cells: Sequence[MultiPolygon]) -> IntArray:
    """Return the index of the first cell that each grid point is in or on, -1 if none."""
    owner = np.full(len(grid), -1, dtype=np.int64)
    tree = shapely.STRtree(shapely.points(grid))
    for index, cell in enumerate(cells):
        hits = tree.query(cell, predicate="intersects")
        owner[hits[owner[hits] < 0]] = index
    return owner
