"""Boxes and coordinates: what is refused, and what crosses the antimeridian."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.geo import (
    BBox,
    checked_lat,
    checked_lon,
    is_projected_in_metres,
    transformer,
)

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


@given(LON, LAT, LON, LAT)
def test_a_box_is_one_part_or_two_that_touch_180(
    w: float, a: float, e: float, b: float
) -> None:
    parts = BBox(w, min(a, b), e, max(a, b)).parts()
    assert len(parts) == (2 if w > e else 1)
    assert all(part.west <= part.east for part in parts)


@pytest.mark.parametrize(
    "edges",
    [
        (-181, 0, 0, 1),
        (0, -91, 1, 0),
        (0, 0, 181, 1),
        (0, 0, 1, 91),
        (0, 1, 1, 0),
        (math.nan, 0, 1, 1),
        (0, 0, math.inf, 1),
    ],
)
def test_what_is_no_box_on_the_globe_is_refused(edges: tuple[float, ...]) -> None:
    with pytest.raises(InvalidParameter, match="bbox"):
        BBox(*edges)


@pytest.mark.parametrize("value", [180.1, -200, math.nan, math.inf, -math.inf])
def test_a_longitude_off_the_globe_is_refused(value: float) -> None:
    with pytest.raises(InvalidParameter, match="lon"):
        checked_lon(value)


@pytest.mark.parametrize("value", [90.1, -91, math.nan])
def test_a_latitude_off_the_globe_is_refused(value: float) -> None:
    with pytest.raises(InvalidParameter, match="lat"):
        checked_lat(value)


def test_zero_is_a_coordinate() -> None:
    # Ohana refused a true 0 because 0.0 was its "no number" (research on predecessors).
    assert (checked_lon(0.0), checked_lat(0.0)) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("srid", "fits"),
    [(2100, True), (32634, True), (4326, False), (3857, True), (2263, False)],
)
def test_only_projected_systems_in_metres_serve_for_distances(
    srid: int, fits: bool
) -> None:
    # 2263 is New York in US survey feet.
    assert is_projected_in_metres(srid) is fits


def test_transformers_take_east_before_north() -> None:
    # Omonia in EPSG:2100; PostGIS 3.3 gives POINT(475973.085 4203808.926) for ST_Transform(ST_SetSRID(ST_MakePoint(23.7281,37.9842),4326),2100)
    x, y = transformer(4326, 2100).transform(23.7281, 37.9842)
    assert (round(x), round(y)) == (475973, 4203809)
