"""People of areas become people at points; sums are checked by hand."""

from collections import Counter

import numpy as np
import pytest
import shapely

from layers.errors import InvalidParameter
from layers.ingest.areal import PlacedPeople, cut, people_of, spread
from layers.ingest.population_input import PopulationCell

WEST, SOUTH = 23.70, 37.95
CITY = shapely.box(WEST, SOUTH, WEST + 0.04, SOUTH + 0.04)


def cell(
    row: int, west: float, count: float, size: float = 0.01, **groups: float
) -> PopulationCell:
    area = shapely.box(WEST + west, SOUTH, WEST + west + size, SOUTH + size)
    return PopulationCell(row, f"c{row}", area, count, groups)


def at(row: int, west: float, count: float) -> PopulationCell:
    point = shapely.Point(WEST + west, SOUTH + 0.01)
    return PopulationCell(row, f"p{row}", point, count)


def placed(
    cells: list[PopulationCell],
    *,
    clip: bool = True,
    total: int | None = None,
    margin_m: float = 0.0,
    spacing_m: float = 100.0,
) -> list[PlacedPeople]:
    boundary = CITY if clip else None
    pieces = cut(cells, boundary, margin_m)
    people = people_of(pieces, total)
    return list(spread(pieces, people, boundary=boundary, spacing_m=spacing_m))


def by_row(people: list[PlacedPeople]) -> dict[int, int]:
    counted: Counter[int] = Counter()
    for point in people:
        counted[point.row] += point.people
    return dict(counted)


def test_whole_cells_keep_their_people() -> None:
    assert by_row(placed([cell(1, 0, 101), cell(2, 0.01, 7)])) == {1: 101, 2: 7}


def test_a_cell_over_the_border_has_its_part_inside() -> None:
    # 0.0025 of 0.01 degrees lie inside: a quarter of 1000.
    assert by_row(placed([cell(1, -0.0075, 1000)])) == {1: 250}


def test_the_margin_keeps_those_just_outside_apart() -> None:
    people = placed([cell(1, -0.0075, 1000)], margin_m=5_000)
    assert sum(p.people for p in people if p.is_inside) == 250
    assert sum(p.people for p in people if not p.is_inside) == 750
    assert {p.source_id.split("/")[1][:3] for p in people if not p.is_inside} == {"out"}


def test_the_margin_ends() -> None:
    near, far = cell(1, -0.011, 10), cell(2, -0.2, 10)
    assert by_row(placed([near, far], margin_m=2_000)) == {1: 10}


def test_an_official_total_is_kept_exactly_inside() -> None:
    cells = [cell(1, -0.005, 333), cell(2, 0.01, 100), cell(3, 0.02, 77)]
    people = placed(cells, total=9_973, margin_m=3_000)
    assert sum(p.people for p in people if p.is_inside) == 9_973
    # Outside half of cell 1, scaled as the inside is: 166.5 x 9973 / 343.5.
    outside = sum(p.people for p in people if not p.is_inside)
    assert outside == pytest.approx(166.5 * 9_973 / 343.5, abs=1)


def test_people_are_spread_inside_their_cell_and_not_on_its_centre() -> None:
    own = cell(1, 0, 500)
    people = placed([own])
    points = shapely.points([(p.lon, p.lat) for p in people])
    # 878 m by 1110 m hold about 9 x 11 points that are 100 m apart.
    assert 80 <= len(people) <= 115
    assert shapely.covers(own.geometry, points).all()
    assert {p.people for p in people} <= {4, 5, 6}


def test_every_person_inside_is_covered_by_the_stored_boundary() -> None:
    # A border across the grid, not along it, in pieces of many kilometres.
    slanted = shapely.Polygon(
        [(23.6, 37.9), (23.9, 37.95), (23.8, 38.2), (23.55, 38.1)]
    )
    cells = [
        PopulationCell(n, str(n), shapely.box(x, y, x + 0.05, y + 0.05), 997)
        for n, (x, y) in enumerate(
            (x, y)
            for x in np.arange(23.5, 23.95, 0.05)
            for y in np.arange(37.85, 38.2, 0.05)
        )
    ]
    pieces = cut(cells, slanted, 0)
    people = list(
        spread(pieces, people_of(pieces, 10_000), boundary=slanted, spacing_m=250)
    )
    points = shapely.points([(p.lon, p.lat) for p in people])
    assert shapely.covers(slanted, points).all()
    assert sum(p.people for p in people) == 10_000


def test_a_cell_smaller_than_the_grid_has_a_point_of_its_own() -> None:
    (point,) = placed([cell(1, 0.001, 12, size=0.0001)])
    assert point.people == 12


def test_points_stay_where_they_are() -> None:
    people = placed([at(1, 0.02, 5), at(2, -0.001, 3), at(3, 0.0, 2)])
    assert [(p.row, p.lon, p.people) for p in people] == [
        (1, 23.72, 5),
        (3, 23.70, 2),  # on the border is inside
    ]


def test_nothing_is_clipped_without_a_boundary() -> None:
    assert by_row(placed([cell(1, -0.5, 3.6), cell(2, 0, 3.4)], clip=False)) == {
        1: 4,
        2: 3,
    }


def test_a_cell_of_nobody_has_no_point() -> None:
    assert placed([cell(1, 0, 0)]) == []
    assert placed([]) == []


def test_groups_are_part_of_the_people() -> None:
    people = placed([cell(1, 0, 400, elderly=100, children=400)], total=1_000)
    assert sum(p.groups["elderly"] for p in people) == 250
    assert all(p.groups["children"] == p.people for p in people)
    assert all(p.groups["elderly"] <= p.people for p in people)


def test_the_same_cells_give_the_same_points() -> None:
    cells = [cell(1, -0.005, 333), cell(2, 0.01, 100)]
    assert placed(cells) == placed(cells)


def test_a_grid_too_fine_for_its_area_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="a wider spacing"):
        placed([cell(1, 0, 10, size=2.0)], clip=False, spacing_m=5)
