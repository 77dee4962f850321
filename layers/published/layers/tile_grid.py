"""Points of a layer gathered into the cells of a grid, for tiles of low zooms.

A tile of a city's whole map would hold every point: megabytes that nobody can see apart.
Instead each tile shows at most 64 x 64 cells with their counts. All zooms are gathered
from the finest one, once for each state of the data; a tile then costs the same whether
the layer has a thousand points or a million.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CELLS = 64
"""Cells along the side of a tile."""

EXTENT = 4096
"""Units along the side of a tile (Mapbox Vector Tile 2.1)."""

DEEPEST = 16
"""At this zoom and above points are never gathered."""

OVERVIEW = 12
"""To this zoom a tile is a view of the whole city."""


def crowded(z: int) -> int | None:
    """Return from how many points on those of a tile are gathered; None for never.

    An overview stays under 100 kB; nearer, as many are shown as a phone can draw.
    """
    if z >= DEEPEST:
        return None
    return 200 if z <= OVERVIEW else 5_000


_LAT_LIMIT = math.degrees(math.atan(math.sinh(math.pi)))
_BITS = 32

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of one zoom or of one tile, sorted by column and row.

    Attributes
    ----------
    code : ndarray of int64, (n,)
        Column in the upper, row in the lower half, counted from the north-west of the
        world.
    n_points : ndarray of int64, (n,)
        Points in the cell, 1 or more.
    x, y : ndarray, (n,)
        Their mean, as a share of the world's width from the west and from the north.
    first : ndarray of int64, (n,)
        Index of the cell's first point.
    """

    code: Integers
    n_points: Integers
    x: Floats
    y: Floats
    first: Integers

    def coarser(self) -> "Cells":
        """Return the cells of the next zoom out: four become one."""
        column, row = (self.code >> _BITS) >> 1, (self.code & _ROW) >> 1
        code = column << _BITS | row
        return _gathered(code, self.n_points, self.x, self.y, self.first)

    def of_tile(self, x: int, y: int) -> "Cells":
        """Return the cells of a tile of the zoom that the cells belong to."""
        columns = np.arange(x * CELLS, (x + 1) * CELLS, dtype=np.int64) << _BITS
        low = np.searchsorted(self.code, columns + y * CELLS)
        high = np.searchsorted(self.code, columns + (y + 1) * CELLS)
        wanted = np.concatenate(
            [np.arange(a, b) for a, b in zip(low, high, strict=True)]
        )
        return Cells(*(getattr(self, name)[wanted] for name in _FIELDS))

    def busiest_tile(self) -> int:
        """Return how many points the fullest tile of the zoom holds."""
        if not len(self.code):
            return 0
        tile = (self.code >> _BITS) // CELLS << _BITS | (self.code & _ROW) // CELLS
        _, place = np.unique(tile, return_inverse=True)
        return int(np.bincount(place, weights=self.n_points).max())


_ROW = (1 << _BITS) - 1
_FIELDS = ("code", "n_points", "x", "y", "first")


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The cells of every zoom at which points may be gathered.

    Attributes
    ----------
    by_zoom : tuple of Cells
        From zoom 0 up, as far as some tile is crowded and at least to OVERVIEW.
    keys : ndarray
        Key of every point.
    """

    by_zoom: tuple[Cells, ...]
    keys: NDArray[Any]


def pyramid(lon: Floats, lat: Floats, keys: NDArray[Any]) -> Pyramid:
    """Return the cells of points at all zooms where a tile may be crowded.

    Parameters
    ----------
    lon, lat : ndarray, (n,)
        Degrees. Points beyond 85.05 degrees north or south are on no tile and left out.
    keys : ndarray, (n,)
        Of the features.
    """
    on_map = np.abs(lat) <= _LAT_LIMIT
    lon, lat, keys = lon[on_map], lat[on_map], keys[on_map]
    x = (lon + 180.0) / 360.0
    y = 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * math.pi)
    side = CELLS << DEEPEST
    column = np.clip((x * side).astype(np.int64), 0, side - 1)
    row = np.clip((y * side).astype(np.int64), 0, side - 1)
    each = np.arange(len(x), dtype=np.int64)
    cells = _gathered(column << _BITS | row, np.ones_like(each), x, y, each)
    levels: list[Cells] = []
    for zoom in range(DEEPEST - 1, -1, -1):
        cells = cells.coarser()
        most = crowded(zoom)
        if zoom <= OVERVIEW or levels or cells.busiest_tile() > (most or 0):
            levels.append(cells)
    return Pyramid(tuple(reversed(levels)), keys)


def _gathered(
    code: Integers, n_points: Integers, x: Floats, y: Floats, first: Integers
) -> Cells:
    """Return points, or finer cells, as one cell for each code."""
    if not len(code):
        return Cells(code, n_points, x, y, first)
    order = np.argsort(code, kind="stable")
    sorted_code, weight = code[order], n_points[order]
    starts = np.flatnonzero(np.r_[True, sorted_code[1:] != sorted_code[:-1]])
    n = np.add.reduceat(weight, starts)
    return Cells(
        sorted_code[starts],
        n,
        np.add.reduceat(x[order] * weight, starts) / n,
        np.add.reduceat(y[order] * weight, starts) / n,
        np.minimum.reduceat(first[order], starts),
    )
