"""Counts of areas become people at points: cut at the border, shared out, spread.

Areal weighting: people are taken to live evenly over their area, so that a part of it
has the same part of them (Goodchild and Lam 1980). Whole people only, and official
totals exactly (`measures.apportion`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter
from layers.ingest.boundaries import in_degrees, in_metres, polygonal
from layers.ingest.population_input import PopulationCell
from layers.ingest.schematic import modelled_residents
from layers.measures.apportion import apportion

DECIMALS = 7
"""Decimals of lon and lat that are kept: a centimetre."""

MAX_GRID_POINTS = 4_000_000
"""Grid points that may be looked at when cells are spread."""

STEP_DEGREES = 0.0005
"""Edges are cut to this before they are transformed, so that they stay on themselves."""

MIN_PIECE_M2 = 1.0
"""Smaller pieces of a cell at the border are left out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell, or its part inside or just outside the municipality.

    `area` is in METRIC_SRID, None for a point. `share` is the part of the cell's people
    that it has.
    """

    cell: PopulationCell
    area: MultiPolygon | None
    share: float
    is_inside: bool

    @property
    def weight(self) -> float:
        """People of the piece before totals are applied."""
        return self.cell.count * self.share


@dataclass(frozen=True, slots=True)
class PlacedPeople:
    """Whole people at a point (lon, lat in EPSG:4326)."""

    row: int
    source_id: str
    lon: float
    lat: float
    people: int
    groups: Mapping[str, int]
    is_inside: bool


def cut(
    cells: Sequence[PopulationCell],
    boundary: BaseGeometry | None,
    margin_m: float,
) -> list[Piece]:
    """Return the pieces of cells inside a boundary, and those within a margin around it.

    Parameters
    ----------
    cells : sequence of PopulationCell
    boundary : Polygon or MultiPolygon, EPSG:4326, optional
        Without it every cell is one whole piece, inside.
    margin_m : float
        0 for no margin.

    Returns
    -------
    list of Piece
        In the order of the cells; cells beyond the margin have none. A point on the
        boundary is inside.
    """
    if boundary is None:
        return [
            Piece(cell, _metric_area(cell.geometry), 1.0, is_inside=True)
            for cell in cells
        ]
    whole = in_metres(shapely.segmentize(boundary, STEP_DEGREES))
    around = (
        whole.buffer(margin_m, quad_segs=32).difference(whole) if margin_m else None
    )
    shapely.prepare(boundary)
    pieces: list[Piece] = []
    for cell in cells:
        if isinstance(cell.geometry, shapely.Point):
            pieces += _cut_point(cell, boundary, around)
        else:
            pieces += _cut_area(cell, whole, around)
    return pieces


def people_of(pieces: Sequence[Piece], total: int | None) -> NDArray[np.int64]:
    """Return whole people per piece.

    Those inside sum to `total`, or without one to what the shares make, rounded. People
    outside are scaled alike.
    """
    weights = np.array([piece.weight for piece in pieces], dtype=np.float64)
    inside = np.array([piece.is_inside for piece in pieces], dtype=bool)
    people = np.zeros(len(pieces), dtype=np.int64)
    counted = float(weights[inside].sum())
    wanted = round(counted) if total is None else total
    people[inside] = apportion(weights[inside], wanted)
    scale = wanted / counted if counted else 1.0
    beyond = weights[~inside]
    people[~inside] = apportion(beyond, round(float(beyond.sum()) * scale))
    return people


def spread(
    pieces: Sequence[Piece],
    people: NDArray[np.int64],
    *,
    boundary: BaseGeometry | None,
    spacing_m: float,
) -> Iterator[PlacedPeople]:
    """Yield the people of each piece at the points of a grid inside it.

    Points keep their place. Every point of a piece that is inside lies in `boundary`,
    whatever the transformation rounds.

    Raises
    ------
    InvalidParameter
        The grid would have more than `MAX_GRID_POINTS` points.
    """
    areas = [
        i for i, piece in enumerate(pieces) if piece.area is not None and people[i]
    ]
    cells = [area for i in areas if (area := pieces[i].area) is not None]
    _check_grid(cells, spacing_m)
    grid = modelled_residents(cells, people[areas].tolist(), spacing_m=spacing_m)
    lon_lat = _lon_lat(grid.xy)
    starts = np.searchsorted(grid.cell, np.arange(len(areas) + 1))
    of_piece = {piece: n for n, piece in enumerate(areas)}
    for index, piece in enumerate(pieces):
        if not people[index]:
            continue
        if piece.area is None:
            point = shapely.get_coordinates(piece.cell.geometry).round(DECIMALS)
            yield from _placed(piece, point, people[index : index + 1], people[index])
            continue
        n = of_piece[index]
        here = slice(starts[n], starts[n + 1])
        points = _kept_inside(lon_lat[here], piece, boundary)
        yield from _placed(piece, points, grid.people[here], people[index])


def _placed(
    piece: Piece,
    points: NDArray[np.float64],
    people: NDArray[np.int64],
    total: int,
) -> Iterator[PlacedPeople]:
    cell = piece.cell
    groups: dict[str, NDArray[np.int64]] = {}
    for slug, count in cell.groups.items():
        # Of people n the part count/cell.count; never more than there are at a point.
        wanted = round(int(total) * count / cell.count) if cell.count else 0
        groups[slug] = apportion(people, min(wanted, int(total)))
    where = "" if piece.is_inside else "out-"
    for k, (lon, lat) in enumerate(points.tolist()):
        yield PlacedPeople(
            cell.row,
            f"{cell.source_id}/{where}{k}"
            if piece.area is not None
            else cell.source_id,
            lon,
            lat,
            int(people[k]),
            {slug: int(shares[k]) for slug, shares in groups.items()},
            piece.is_inside,
        )


def _metric_area(geometry: BaseGeometry) -> MultiPolygon | None:
    if isinstance(geometry, shapely.Point):
        return None
    return polygonal(in_metres(shapely.segmentize(geometry, STEP_DEGREES)))


def _cut_point(
    cell: PopulationCell, boundary: BaseGeometry, around: BaseGeometry | None
) -> Iterator[Piece]:
    if shapely.covers(boundary, cell.geometry):
        yield Piece(cell, None, 1.0, is_inside=True)
    elif around is not None and around.intersects(in_metres(cell.geometry)):
        yield Piece(cell, None, 1.0, is_inside=False)


def _cut_area(
    cell: PopulationCell, whole: BaseGeometry, around: BaseGeometry | None
) -> Iterator[Piece]:
    own = _metric_area(cell.geometry)
    if own is None:
        return
    for part, is_inside in ((whole, True), (around, False)):
        if part is None or not own.intersects(part):
            continue
        piece = polygonal(own.intersection(part))
        if piece is not None and piece.area >= MIN_PIECE_M2:
            yield Piece(cell, piece, piece.area / own.area, is_inside)


def _check_grid(cells: Sequence[MultiPolygon], spacing_m: float) -> None:
    if not cells:
        return
    west, south, east, north = shapely.total_bounds(np.asarray(cells, dtype=object))
    points = (east - west) * (north - south) / spacing_m**2
    if points > MAX_GRID_POINTS:
        raise InvalidParameter(
            "cell-spacing-m",
            spacing_m,
            f"a wider spacing: the cells' box has {points:,.0f} grid points, at most "
            f"{MAX_GRID_POINTS:,} are looked at",
        )


def _lon_lat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(xy):
        return np.empty((0, 2))
    turned = shapely.get_coordinates(in_degrees(shapely.MultiPoint(xy)))
    rounded: NDArray[np.float64] = np.round(turned, DECIMALS)
    return rounded


def _kept_inside(
    points: NDArray[np.float64], piece: Piece, boundary: BaseGeometry | None
) -> NDArray[np.float64]:
    """Return the points, those that rounding put beyond the boundary moved back in."""
    if boundary is None or not piece.is_inside:
        return points
    astray = ~shapely.covers(boundary, shapely.points(points))
    if astray.any():
        part = polygonal(piece.cell.geometry.intersection(boundary))
        if part is not None:
            middle = shapely.get_coordinates(part.representative_point())
            points[astray] = middle.round(DECIMALS)
    return points
