"""The detour of a town, where anybody can work it out."""

import numpy as np
import pytest

from layers.analysis import calibration
from layers.analysis.calibration import city_detour, local_detours
from layers.analysis.street_graphs import PreparedStreets
from layers.errors import InvalidParameter
from tests.unit.analysis.streets import CANAL, points, town

NOBODY = (points(), np.empty(0))


def measured(found, homes=NOBODY, **given):
    options = {"pairs": 400, "seed": 1, **given}
    return city_detour(PreparedStreets(found), *homes, **options)


def straight_road(n=30, step=100.0):
    return town([(step * i, 0) for i in range(n)], *((i, i + 1) for i in range(n - 1)))


def grid(n=15, step=100.0):
    nodes = [(x * step, y * step) for y in range(n) for x in range(n)]
    east = [(i, i + 1) for i in range(n * n) if i % n < n - 1]
    north = [(i, i + n) for i in range(n * (n - 1))]
    return town(nodes, *east, *north)


def local(found):
    values = np.full(len(found.xy), np.nan)
    for junctions, detours in local_detours(PreparedStreets(found)):
        values[junctions] = detours
    return values


def test_along_one_straight_road_nothing_is_longer():
    found = measured(straight_road())

    assert (found.detour, found.p10, found.p90) == (1.0, 1.0, 1.0)
    assert (found.share_without_way, found.by_people) == (0.0, False)


def test_a_grid_is_as_long_as_its_two_sides():
    # Walks in a grid are |dx| + |dy|. Over all directions the mean of |cos| + |sin| is
    # 4 / pi = 1.273; its median over directions is sin + cos of 22.5 degrees = 1.307.
    found = measured(grid(40, 60.0), pairs=3000)

    assert found.detour == pytest.approx(1.307, abs=0.02)
    assert 1.0 <= found.p10 < found.detour < found.p90 <= 1.415  # at most sqrt(2)


def test_walks_begin_where_people_live():
    # Everybody lives 100 m off the road at x = 1000: the leg there counts as walked.
    homes = (points((1000, 100)), np.array([50.0]))

    found = measured(straight_road(), homes)

    # To x = 1000 +- d: (100 + d) / sqrt(100^2 + d^2), more than 1 and the same each side.
    assert found.by_people
    assert 1.05 < found.detour < 1.4


def test_homes_without_people_or_far_from_streets_start_no_walk():
    homes = (points((1000, 0), (1000, 9000)), np.array([0.0, 10.0]))

    assert not measured(straight_road(), homes).by_people


def test_the_same_seed_has_the_same_walks_and_another_has_others():
    city = grid(30, 70.0)

    assert measured(city) == measured(city)
    assert measured(city, seed=2).seed == 2
    assert measured(city, pairs=50, seed=2) != measured(city, pairs=50)


def test_a_town_without_two_junctions_far_enough_apart_has_no_detour():
    with pytest.raises(InvalidParameter, match="pairs"):
        measured(town([(0, 0), (100, 0)], (0, 1)))


def test_a_town_in_pieces_has_no_detour():
    # Thirty streets of 5 m, side by side, 100 m apart: no way from one to another.
    ends = [xy for i in range(30) for xy in ((100.0 * i, 0), (100.0 * i, 5))]

    with pytest.raises(InvalidParameter, match="streets"):
        measured(town(ends, *((2 * i, 2 * i + 1) for i in range(30))))


def test_a_canal_makes_walks_long_on_its_banks_and_not_elsewhere():
    # Two parallel roads 260 m apart, junctions each 50 m, joined at the far west only.
    south = [(50.0 * i, 0) for i in range(80)]
    north = [(50.0 * i, 260) for i in range(80)]
    roads = [(i, i + 1) for i in range(79)] + [(80 + i, 81 + i) for i in range(79)]
    ratios = local(town([*south, *north], *roads, (0, 80)))

    # At the bridge the ring is reached by it; far east most of the other bank is not,
    # within three times the straight line: half of the ring or more counts as 3.
    assert ratios[0] < 1.6
    assert ratios[70] > 1.6
    assert ratios[np.isfinite(ratios)].min() >= 1.0
    assert ratios[np.isfinite(ratios)].max() <= calibration.LOCAL_MOST


def test_a_grid_has_no_local_trouble():
    ratios = local(grid())

    assert np.nanmax(ratios) <= np.sqrt(2) + 1e-9
    assert not np.isnan(ratios).any()


def test_a_junction_with_few_around_it_has_no_detour_of_its_own():
    assert np.isnan(local(CANAL)).all()


def test_tiles_change_nothing(monkeypatch):
    city = grid(20, 90.0)
    whole = local(city)

    monkeypatch.setattr(calibration, "TILE_M", 137.0)

    assert np.allclose(local(city), whole)


def test_no_streets_have_no_detours():
    assert len(local(town([]))) == 0
