"""Engines: one interface, the straight line, and room for others."""

import numpy as np
import pytest

from layers.analysis import travel_cost as engines
from layers.analysis.flags import Flag
from layers.analysis.parameters import CoverageParameters
from layers.analysis.travel_cost import StraightLine, register_engine, travel_cost
from layers.errors import InvalidParameter
from layers.measures.closest import closest
from tests.unit.analysis.worlds import demand, row, rows, sites, supply


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(engines, "_ENGINES", dict(engines._ENGINES))


def test_the_straight_line_is_stretched_by_the_detour():
    walk_m, index = StraightLine(1.3).to_closest(
        np.array([[0.0, 0.0]]), np.array([[0.0, 500.0], [300.0, 400.0]])
    )

    assert walk_m.tolist() == [650.0]
    assert index[0] in (0, 1)


def test_without_sites_nothing_is_reached():
    walk_m, index = StraightLine(1.3).to_closest(np.zeros((2, 2)), np.empty((0, 2)))

    assert walk_m.tolist() == [np.inf, np.inf]
    assert index.tolist() == [-1, -1]


def test_the_engine_takes_its_detour_from_the_parameters():
    assert travel_cost(CoverageParameters("athens", detour=1.4)).detour == 1.4


def test_an_engine_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(InvalidParameter, match="straight_line"):
        travel_cost(CoverageParameters("athens", engine="teleport"))


def test_a_code_is_given_once(registry):
    with pytest.raises(InvalidParameter, match="straight_line"):
        register_engine("straight_line", lambda _: StraightLine(1))


class Canal:
    """Streets with a canal at 500 m that nobody can cross."""

    flags = frozenset()

    def to_closest(self, origins, places):
        walk_m, index = closest(origins, places)
        if index[0] < 0:
            return walk_m, index
        crosses = (origins[:, 0] < 500) != (places[index, 0] < 500)
        return np.where(crosses, np.inf, walk_m), np.where(crosses, -1, index)

    def marks(self, _origins):
        return {}


def test_another_engine_plugs_in_and_nothing_else_changes(registry):
    register_engine("canal", lambda _: Canal())
    asked = CoverageParameters("athens", engine="canal", threshold_min=10)
    people = demand((400, 50, 0), (600, 70, 1))

    found = rows(people, supply({"clinic": sites(510)}), parameters=asked)

    assert row(found, "A").residents_served == 0
    assert row(found, "B").residents_served == 70
    assert Flag.NO_NETWORK not in row(found).flags
    # A mean over people who reach nothing does not exist; that of the others does.
    assert row(found).mean_walk_m is None
    assert row(found).figures["mean_walk_m_of_reachable"] == 90.0
