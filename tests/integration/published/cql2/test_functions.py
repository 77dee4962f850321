"""Every function of filters, with the rows that it should find.

Metres: geodesics on WGS 84 by pyproj.Geod, to the centimetre: from 23.73 37.98 to 23.75
37.99 2078.24, from 179.5 -17 to -179.5 -17 106485.72; along the line of shape 5 445210.57;
around the square degree of shape 7 440149.20 and its area 12108467312.58 m2; the square
of a kilometre of EPSG:2100 has 1000777.04 m2, for that grid is 0.04 % too small in Athens.
"""

import pytest

from layers.published.cql2.functions import FUNCTIONS, described
from layers.published.layers.layer import Layer
from tests.integration.published.cql2.conftest import Found

PLACES = {
    "lower(name) = 'zürich'": [8],
    "lower(name) = 'αθήνα'": [1],
    "upper(name) = 'ΑΘΉΝΑ'": [1],
    "upper(name) = 'STRASSE'": [3, 4],
    "trim('  x ') = 'x' AND id = 1": [1],
    "trim(code) = 'ab'": [1],
    "concat(name, code) = 'Αθήναab'": [1],
    "length(name) = 6": [3, 8],
    "LENGTH(name) = 9": [6, 7],
    "length(name) * 2 = 14": [4],
    "abs(population) = 5": [4],
    "ceil(price) = 6": [6],
    "floor(price) = 5": [6],
    "floor(0 - price) = -6": [6],
    "round(price) = 6": [6],
    "round(price) = 10": [1],
    "round(0 - price) = -6": [6],
    "sqrt(population) = 10": [7],
    "sqrt(population) IS NULL": [4, 5],
    "power(population, 2) = 49": [8],
    "power(population, -1) IS NULL": [3, 5],
    "year(founded) = 2001": [2, 8],
    "year(seen) = 2025": [6],
    "month(seen) = 6": [8],
    "month(founded) = 9": [1],
    "day(founded) = 29": [3],
    "day(seen) = 2": [3],
    "day(noted) = 2": [3],
    "hour(seen) = 23": [2, 6],
    "hour(founded) = 0": [1, 2, 3, 6, 7, 8],
    # 2026-03-01 was a Sunday, 2026-06-01 a Monday, 2020-02-29 a Saturday
    "weekday(seen) = 7": [1, 2, 7],
    "weekday(seen) = 1": [3, 8],
    "weekday(founded) = 6": [3],
    "year(DATE('2020-01-01')) = 2020 AND id = 1": [1],
    "array_length(tags) = 0": [4],
    "array_length(tags) = 3": [7, 8],
    "array_length(counts) > 1": [1, 3, 7],
    "distance_m(geom, POINT(23.73 37.98)) = 0": [1],
    "distance_m(geom, POINT(23.73 37.98)) BETWEEN 2078.2 AND 2078.3": [2],
    "distance_m(geom, POINT(179.5 -17)) BETWEEN 106485.7 AND 106485.8": [8],
    "within_distance_m(geom, POINT(23.73 37.98), 2078.2)": [1],
    "within_distance_m(geom, POINT(23.73 37.98), 2078.3)": [1, 2],
    "within_distance_m(geom, POINT(23.73 37.98), 20100000)": [1, 2, 3, 5, 6, 7, 8],
    "within_distance_m(geom, POINT(23.73 37.98), population)": [1],
    "within_distance_m(geom, POINT(23.73 37.98), -1)": [],
    "NOT within_distance_m(geom, POINT(23.73 37.98), 5000)": [3, 5, 6, 7, 8],
    "within_distance_m(geom, geom, 0)": [1, 2, 3, 5, 6, 7, 8],
    "S_EQUALS(centroid(geom), POINT(0 0))": [5],
}

SHAPES = {
    "area_m2(geom) BETWEEN 12108467312 AND 12108467313": [7],
    "area_m2(geom) = 0": [5, 6, 10, 11],
    "area_m2(geom) IS NULL": [8],
    "length_m(geom) BETWEEN 445210.5 AND 445210.6": [5],
    "length_m(geom) = 0": [1, 2, 3, 4, 6, 7, 9, 10, 11],
    "perimeter_m(geom) BETWEEN 440149.1 AND 440149.3": [7],
    "perimeter_m(geom) = 0": [5, 6, 11],
}


@pytest.mark.parametrize("text", PLACES)
def test_a_function_finds_the_places_counted_by_hand(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == PLACES[text]


@pytest.mark.parametrize("text", SHAPES)
def test_a_function_finds_the_shapes_counted_by_hand(
    shapes: Layer, found: Found, text: str
) -> None:
    assert found(shapes, text) == SHAPES[text]


def test_metres_are_metres_of_the_ellipsoid_in_a_projected_layer(
    squares: Layer, found: Found
) -> None:
    assert found(squares, "area_m2(geom) BETWEEN 1000777.0 AND 1000777.1") == [1]
    # Square 2 begins 500 m east of the middle of square 1, square 3 1,500 m.
    near = "within_distance_m(geom, POINT(23.734110 37.981429), {})"
    assert found(squares, near.format(499)) == [1]
    assert found(squares, near.format(501)) == [1, 2]
    assert found(squares, near.format(1502)) == [1, 2, 3]


def test_every_function_has_a_golden_case() -> None:
    texts = "\n".join((*PLACES, *SHAPES)).lower()
    assert [f.name for f in FUNCTIONS if f"{f.name}(" not in texts] == []


def test_functions_are_described_as_the_standard_lists_them() -> None:
    by_name = {row["name"]: row for row in described()}
    assert by_name["distance_m"]["arguments"] == [
        {"title": "geometry", "type": ["geometry"]},
        {"title": "other", "type": ["geometry"]},
    ]
    assert by_name["distance_m"]["returns"] == ["number"]
    assert by_name["year"]["arguments"][0]["type"] == ["date", "timestamp"]
    assert all(row["description"].endswith(".") for row in described())
