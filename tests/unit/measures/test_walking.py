"""Minutes and metres."""

import math

import numpy as np
import pytest

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.walking import (
    group_walk_kmh,
    metres_per_minute,
    metres_to_minutes,
    minutes_to_metres,
    slope_factor,
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


@pytest.mark.parametrize(
    ("path", "kmh"),
    [
        ((), 4.5),
        (("women",), 4.5),
        (("women", "pregnant-women-new-mothers"), 2.9),  # with small children
        (("children-youth",), 4.5),
        (("children-youth", "small-children"), 2.9),
        (("older-people",), 2.9),
        (("people-with-disabilities", "blind-low-vision"), 2.9),
        (("people-with-disabilities", "deaf-hard-of-hearing"), 4.5),
        (("no-such-group",), 4.5),
    ],
)
def test_a_group_walks_at_its_own_speed_or_that_of_the_group_above(path, kmh):
    assert group_walk_kmh(path) == kmh


def test_a_level_street_takes_no_longer():
    assert slope_factor([0.0], [80.0]).tolist() == [1.0]


def test_a_slope_of_ten_percent_takes_its_time_up_and_down():
    # Up: 3.5 x (0.15 - 0.05) = 0.35, e^0.35 = 1.41907. Down: |-0.1 + 0.05| = 0.05, so
    # e^0 = 1. Mean 1.20953.
    assert slope_factor([10.0], [100.0])[0] == pytest.approx(1.209534, abs=1e-6)


def test_going_and_coming_back_is_never_quicker_than_on_the_level():
    rise = np.linspace(-200, 200, 2001)

    factor = slope_factor(rise, np.full(len(rise), 100.0))

    assert factor.min() == 1.0
    assert np.allclose(factor, factor[::-1])  # which end is higher does not matter
    assert (np.diff(factor[1000:]) >= 0).all()  # steeper is never quicker


def test_unknown_heights_and_streets_of_no_length_are_level():
    assert slope_factor([np.nan, 5.0], [100.0, 0.0]).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("rise", "length"),
    [([1.0], [1.0, 2.0]), ([1.0], [-1.0]), ([1.0], [np.inf]), ([[1.0]], [[1.0]])],
)
def test_slopes_of_what_is_no_street_are_refused(rise, length):
    with pytest.raises(InvalidArray):
        slope_factor(rise, length)
