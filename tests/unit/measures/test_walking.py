"""Minutes and metres."""

import math

import numpy as np
import pytest

from layers.errors import InvalidParameter
from layers.measures.walking import (
    metres_per_minute,
    metres_to_minutes,
    minutes_to_metres,
    straight_line_reach_m,
)


def test_a_quarter_of_an_hour_is_1125_metres():
    # 4.5 km/h = 75 m/min, x 15
    assert minutes_to_metres(15) == 1125.0


def test_the_speed_of_older_people_is_two_point_nine():
    assert metres_per_minute(2.9) == pytest.approx(48.33, abs=0.01)


def test_a_detour_shortens_the_reach_as_the_crow_flies():
    # 1125 m / 1.3
    assert straight_line_reach_m(15) == pytest.approx(865.38, abs=0.01)


def test_there_and_back_is_where_it_began():
    assert metres_to_minutes(minutes_to_metres(20, 4.8), 4.8) == pytest.approx(20)


def test_arrays_keep_their_shape_and_the_unreachable_stays_so():
    got = metres_to_minutes(np.array([0.0, 75.0, math.inf]))

    assert got.tolist() == [0.0, 1.0, math.inf]


@pytest.mark.parametrize("speed", [0, -4.5, math.nan, math.inf])
def test_a_speed_at_which_nobody_walks_is_refused(speed):
    with pytest.raises(InvalidParameter, match="walk_kmh"):
        minutes_to_metres(15, speed)


@pytest.mark.parametrize("minutes", [-1, math.nan])
def test_minutes_that_are_none_are_refused(minutes):
    with pytest.raises(InvalidParameter, match="minutes"):
        minutes_to_metres(minutes)


@pytest.mark.parametrize("detour", [0.99, 0, math.nan, math.inf])
def test_a_walk_shorter_than_the_straight_line_is_refused(detour):
    with pytest.raises(InvalidParameter, match="detour"):
        straight_line_reach_m(15, detour=detour)
