"""Schematic districts and modelled residents: a coverage, and every person once."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from layers.errors import InvalidArray, InvalidParameter
from layers.ingest.schematic import (
    GRID_M,
    dissolve,
    modelled_residents,
    voronoi_districts,
)

SQUARE = box(0, 0, 1000, 1000)
# A thick U: its bay lies between x = 400 and x = 600 above y = 200.
BAY = Polygon(
    [
        (0, 0),
        (1000, 0),
        (1000, 1000),
        (600, 1000),
        (600, 200),
        (400, 200),
        (400, 1000),
        (0, 1000),
    ]
)


def test_two_points_halve_a_square() -> None:
    west, east = voronoi_districts([(250, 500), (750, 500)], SQUARE)

    assert west.equals(box(0, 0, 500, 1000))
    assert east.equals(box(500, 0, 1000, 1000))


def test_one_point_gets_the_whole_outline() -> None:
    (only,) = voronoi_districts([(1, 1)], BAY)

    assert only.equals(BAY)


def test_cells_come_in_the_order_of_their_centroids() -> None:
    centroids = [(900, 900), (100, 100), (900, 100), (100, 900)]

    cells = voronoi_districts(centroids, SQUARE)

    assert all(
        shapely.contains_xy(c, *xy) for c, xy in zip(cells, centroids, strict=True)
    )


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 39), st.integers(1, 19)),
        min_size=1,
        max_size=25,
        unique=True,
    )
)
def test_cells_cover_the_outline_exactly_once(grid: list[tuple[int, int]]) -> None:
    points = [(x * 10 + (600 if x > 20 else 0), y * 10 + 1) for x, y in grid]
    inside = [p for p in points if shapely.contains_xy(BAY, *p)]
    if not inside:
        return

    cells = voronoi_districts(inside, BAY)

    assert shapely.coverage_is_valid(np.asarray(cells))
    # Vertices are kept to GRID_M: the two outlines differ by less than that along the edge.
    union = shapely.coverage_union_all(np.asarray(cells))
    assert union.symmetric_difference(BAY).area < GRID_M * BAY.length
    assert sum(c.area for c in cells) == pytest.approx(union.area)
    assert all(len(c.geoms) == 1 and c.is_valid for c in cells)


def test_a_piece_cut_off_by_a_bay_goes_to_the_neighbour() -> None:
    # The second point's half-plane is y > 300: of the right arm, too, which it cannot
    # reach without crossing the bay. There the third point is the only neighbour.
    cells = voronoi_districts([(200, 100), (390, 500), (800, 250)], BAY)

    assert [len(c.geoms) for c in cells] == [1, 1, 1]
    assert not cells[1].intersects(box(600, 0, 1000, 1000))


@pytest.mark.parametrize(
    ("centroids", "reason"),
    [
        ([], "none given"),
        ([(1, 1), (1, 1)], "two of them are equal"),
        ([(1, 1), (2000, 1)], "value 1 is .* not inside"),
        ([(0, 500)], "value 0 is .* not inside"),  # on the border
        ([(1, np.nan)], "not a finite coordinate"),
        ([1, 2, 3], "is not \\(n, 2\\)"),
    ],
)
def test_centroids_that_make_no_cells_are_refused(
    centroids: object, reason: str
) -> None:
    with pytest.raises(InvalidArray, match=reason):
        voronoi_districts(centroids, SQUARE)


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        (Polygon(), "not empty"),
        (MultiPolygon([SQUARE]), "not empty"),
        (Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]), "Self-intersection"),
        (SQUARE.difference(box(400, 400, 600, 600)), "without holes"),
    ],
)
def test_an_outline_that_cannot_be_filled_is_refused(
    outline: Polygon, reason: str
) -> None:
    with pytest.raises(InvalidParameter, match=reason):
        voronoi_districts([(5, 1)], outline)


def test_dissolved_cells_are_a_coverage_that_nests() -> None:
    cells = voronoi_districts([(200, 200), (800, 200), (200, 800), (800, 800)], SQUARE)

    parts = dissolve(cells, ["b", "a", "b", "a"])

    assert list(parts) == ["a", "b"]
    assert shapely.coverage_is_valid(np.asarray(list(parts.values())))
    assert parts["b"].equals(shapely.union_all([cells[0], cells[2]]))


def test_dissolving_needs_one_key_per_cell() -> None:
    with pytest.raises(InvalidArray, match="1 values where 2 belong"):
        dissolve([MultiPolygon([SQUARE])] * 2, ["a"])


def test_people_are_spread_over_the_grid_inside_their_cell() -> None:
    # Spacing 500: the points of a 1,000 m square are (250, 250) .. (750, 750).
    found = modelled_residents([MultiPolygon([SQUARE])], [10], spacing_m=500)

    assert found.xy.tolist() == [[250, 250], [750, 250], [250, 750], [750, 750]]
    # 10 / 4 = 2.5 each; the first two get the two that are left.
    assert found.people.tolist() == [3, 3, 2, 2]
    assert found.cell.tolist() == [0, 0, 0, 0]


def test_a_point_on_a_shared_border_belongs_to_the_first_cell() -> None:
    halves = [
        MultiPolygon([box(0, 0, 250, 1000)]),
        MultiPolygon([box(250, 0, 1000, 1000)]),
    ]

    found = modelled_residents(halves, [2, 2], spacing_m=500)

    assert found.cell.tolist() == [0, 0, 1, 1]


def test_a_cell_between_the_grid_lines_has_a_point_of_its_own() -> None:
    small = MultiPolygon([box(10, 10, 20, 20)])

    found = modelled_residents([small], [7], spacing_m=500)

    assert found.people.tolist() == [7]
    assert shapely.contains_xy(small, *found.xy[0])


def test_an_empty_cell_has_no_point_and_few_people_leave_points_out() -> None:
    west, east = MultiPolygon([SQUARE]), MultiPolygon([box(1000, 0, 2000, 1000)])

    found = modelled_residents([west, east], [0, 3], spacing_m=100)

    assert found.people.tolist() == [1, 1, 1]
    assert found.cell.tolist() == [1, 1, 1]


def test_no_cells_are_no_people() -> None:
    found = modelled_residents([], [], spacing_m=100)

    assert found.xy.shape == (0, 2)
    assert found.people.shape == found.cell.shape == (0,)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 50_000), min_size=4, max_size=4),
    st.sampled_from([90, 125, 400]),
)
def test_the_people_of_every_cell_are_kept_exactly(
    totals: list[int], spacing_m: int
) -> None:
    cells = voronoi_districts([(200, 200), (700, 200), (200, 800), (800, 800)], SQUARE)

    found = modelled_residents(cells, totals, spacing_m=spacing_m)

    assert np.bincount(found.cell, found.people, minlength=4).tolist() == totals
    assert all(
        shapely.intersects_xy(cells[c], *xy)
        for c, xy in zip(found.cell, found.xy, strict=True)
    )


@pytest.mark.parametrize("spacing_m", [0, -1, float("nan"), float("inf")])
def test_a_spacing_that_makes_no_grid_is_refused(spacing_m: float) -> None:
    with pytest.raises(InvalidParameter, match="spacing_m"):
        modelled_residents([MultiPolygon([SQUARE])], [1], spacing_m=spacing_m)


@pytest.mark.parametrize("totals", [[], [1, 2], [-1], [1.5]])
def test_totals_that_are_not_people_per_cell_are_refused(totals: list[int]) -> None:
    with pytest.raises(InvalidArray):
        modelled_residents([MultiPolygon([SQUARE])], totals, spacing_m=100)
