"""Intervals of differences: every run of the envelope asked of both states, by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.analysis.scenario_intervals import (
    Walks,
    difference_bounds,
    told_bounds,
    verdict_of,
)
from layers.analysis.zones import Zones
from layers.measures.envelope import DETOUR_RATIOS, SPEED_RATIOS, THRESHOLD_RATIOS
from tests.unit.analysis.test_scenarios import CELLS, PLACES, cell, changed, today
from tests.unit.analysis.worlds import NOVEMBER, TEN_MINUTES, demand

# 100 people of A at 0 m, 60 at 700 m; 300 of B at 2,000 m. Ten minutes are 750 m.
PEOPLE = demand((0, 100, 0), (700, 60, 0), (2000, 300, 1))


def zones_of(people):
    return Zones.of(people, TEN_MINUTES, today(people, {}).engine.flags, as_of=NOVEMBER)


def walks(walk, sure=None, possible=None):
    walk = np.asarray(walk, dtype=float)
    return Walks(
        walk,
        walk if sure is None else np.asarray(sure, dtype=float),
        walk if possible is None else np.asarray(possible, dtype=float),
    )


def test_whoever_is_in_reach_in_every_run_is_lost_in_every_run():
    found = cell(changed(today(PEOPLE, {"clinic": [2000]}), clinic=[]), "B")

    assert (found.difference, found.interval, found.verdict) == (
        300,
        (300, 300),
        "worse",
    )


def test_who_is_near_the_edge_of_reach_widens_the_interval():
    # The 60 are 700 m away. The shortest reach is 750 * 0.8 * 4.0/4.5 * 1.3/1.4 = 495 m
    # and the longest 750 * 1.2 * 5.0/4.5 * 1.3/1.2 = 1,083 m: they lose in some runs.
    found = cell(changed(today(PEOPLE, {"clinic": [0]}), clinic=[]), "A")

    assert (found.difference, found.interval, found.verdict) == (
        160,
        (100, 160),
        "worse",
    )


def test_a_change_that_some_assumptions_make_none_is_unclear():
    found = cell(changed(today(PEOPLE, {"clinic": [1400]}), clinic=[]), "A")

    assert (found.difference, found.interval) == (60, (0, 60))
    assert found.verdict == "unclear"


def test_where_nothing_moves_it_is_the_same():
    found = cell(changed(today(PEOPLE, {"clinic": [0]}), clinic=[]), "B")

    assert (found.interval, found.verdict) == ((0, 0), "same")


def test_the_interval_of_a_difference_is_not_the_difference_of_intervals():
    # Both places are on the edge of reach of the same people: whether they are reached is
    # as open as can be, and yet it is sure that a move from one to the other is none.
    people = demand((0, 100, 0))
    found = cell(changed(today(people, {"clinic": [700]}), clinic=[-700]), "A")

    assert (found.interval, found.verdict) == ((0, 0), "same")


def test_a_place_in_doubt_may_be_missed_by_nobody():
    zones = zones_of(PEOPLE)
    found = difference_bounds(
        walks([100, 100, 100], sure=[np.inf] * 3), walks([np.inf] * 3), zones
    )

    # A, B, the outside, everybody: nothing is lost where it could not be used anyway.
    assert found.low.tolist() == [0, 0, 0, 0]
    assert found.high.tolist() == [160, 300, 0, 460]
    # As it is on record the place is of use, and its closure costs all of them.
    assert found.recorded_low.tolist() == [160, 300, 0, 460]


@given(cells=CELLS, before=PLACES, after=PLACES, doubtful=st.integers(0, 6))
def test_bounds_are_those_of_all_runs_asked_one_by_one(cells, before, after, doubtful):
    people = demand(*cells)
    world = today(people, {"clinic": before})

    def distances(places):
        x, spots = people.xy[:, 0], np.array([*places, np.inf])
        return np.abs(x[:, None] - spots[None, :]).min(axis=1)

    sides = [
        walks(distances(xs), sure=distances(xs[doubtful:])) for xs in (before, after)
    ]
    bounds = difference_bounds(*sides, world.zones)

    found = []
    for speed, detour, limit in product(SPEED_RATIOS, DETOUR_RATIOS, THRESHOLD_RATIOS):
        reach_m = TEN_MINUTES.threshold_m * (speed * limit / detour)
        for reading in range(3):
            out = [side.readings[reading] > reach_m for side in sides]
            lost = people.people * (out[1].astype(float) - out[0].astype(float))
            by_zone = np.bincount(people.zone, weights=lost, minlength=3)
            found.append([*by_zone, lost.sum()])
    assert bounds.low == pytest.approx(np.min(found, axis=0))
    assert bounds.high == pytest.approx(np.max(found, axis=0))
    assert bounds.recorded_low == pytest.approx(np.min(found[::3], axis=0))
    assert bounds.recorded_high == pytest.approx(np.max(found[::3], axis=0))


@given(cells=CELLS, before=PLACES, after=PLACES)
def test_a_difference_lies_in_its_interval_and_says_no_more_than_it(
    cells, before, after
):
    for one in changed(today(demand(*cells), {"clinic": before}), clinic=after):
        if one.is_suppressed:
            assert (one.interval, one.verdict) == (None, None)
            continue
        low, high = one.interval
        recorded = one.interval_as_recorded
        assert low <= recorded[0] <= one.difference <= recorded[1] <= high
        assert (one.verdict == "worse") == (low > 0)
        assert (one.verdict == "better") == (high < 0)
        for bound in (low, high):
            assert bound == 0 or abs(bound) >= 10 or bound == one.difference


@pytest.mark.parametrize(
    ("low", "high", "base", "told"),
    [
        (-3, 4, 1, (-10, 10)),
        (3, 40, 1, (0, 40)),
        (-40, -3, 1, (-40, 0)),
        (12, 48, 5, (10, 50)),
        (-12, 0, 5, (-15, 0)),
        (1e-9, 20, 1, (0, 20)),
    ],
)
def test_bounds_that_tell_of_few_people_move_outwards(low, high, base, told):
    assert told_bounds(low, high, base) == told


def test_what_is_said_of_an_interval():
    told = [verdict_of(i) for i in ((10, 40), (-40, -10), (0, 40), (-40, 0), (0, 0))]
    assert told == ["worse", "better", "unclear", "unclear", "same"]
