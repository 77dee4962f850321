"""Points gathered into cells, against a slow second way and by hand."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.published.layers.tile_grid import CELLS, OVERVIEW, crowded, pyramid

LON = st.floats(-180, 180, allow_nan=False)
LAT = st.floats(-85, 85, allow_nan=False)


def cell(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return column and row of a point's cell, as the XYZ scheme defines them."""
    side = CELLS << z
    x = (lon + 180) / 360
    y = 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
    return min(int(x * side), side - 1), min(max(int(y * side), 0), side - 1)


def columns(points: list[tuple[float, float]]) -> tuple[np.ndarray, ...]:
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    return lon, lat, np.arange(len(lon))


@given(st.lists(st.tuples(LON, LAT), max_size=40), st.integers(0, OVERVIEW))
def test_each_point_is_counted_once_in_the_cell_it_lies_in(
    points: list[tuple[float, float]], z: int
) -> None:
    cells = pyramid(*columns(points)).by_zoom[z]
    expected = Counter(cell(lon, lat, z) for lon, lat in points)
    found = {
        (int(code >> 32), int(code & 0xFFFFFFFF)): int(n)
        for code, n in zip(cells.code, cells.n_points, strict=True)
    }
    assert sum(found.values()) == len(points)
    # A point on the line between two cells may fall to either in floating point.
    assert sum((Counter(found) - expected).values()) <= len(points) // 10 + 1


@given(st.lists(st.tuples(LON, LAT), min_size=1, max_size=30))
def test_tiles_share_the_cells_without_loss(points: list[tuple[float, float]]) -> None:
    cells = pyramid(*columns(points)).by_zoom[2]
    counted = sum(
        int(cells.of_tile(x, y).n_points.sum()) for x in range(4) for y in range(4)
    )
    assert counted == len(points)


def test_a_cell_lies_at_the_mean_of_its_points() -> None:
    lon, lat, keys = columns([(23.70, 37.98), (23.70, 37.98), (23.76, 37.98)])
    cells = pyramid(lon, lat, keys).by_zoom[0]
    assert cells.n_points.tolist() == [3]
    # (2 x 23.70 + 23.76) / 3 = 23.72
    assert cells.x[0] == pytest.approx((23.72 + 180) / 360)
    assert cells.first.tolist() == [0]


def test_no_points_make_no_cells() -> None:
    empty = pyramid(*columns([]))
    assert len(empty.by_zoom) == OVERVIEW + 1
    assert len(empty.by_zoom[5].of_tile(3, 3).code) == 0


def test_points_beyond_the_map_are_left_out() -> None:
    cells = pyramid(*columns([(0, 89.9), (0, -90), (0, 0)])).by_zoom[0]
    assert cells.n_points.tolist() == [1]


def test_nearer_zooms_are_gathered_only_where_they_are_crowded() -> None:
    rng = np.random.default_rng(7)
    n = (crowded(13) or 0) + 1
    lon = 23.73 + rng.uniform(0, 1e-4, n)
    lat = 37.98 + rng.uniform(0, 1e-4, n)
    assert len(pyramid(lon, lat, np.arange(n)).by_zoom) == 16  # zooms 0 to 15
    few = slice(0, crowded(13))
    assert len(pyramid(lon[few], lat[few], np.arange(n)[few]).by_zoom) == OVERVIEW + 1
