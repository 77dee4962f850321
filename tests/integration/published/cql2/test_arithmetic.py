"""Arithmetic on eight rows: population 643452, 10, 0, -5, null, 602481, 100, 7."""

import pytest

from layers.published.layers.layer import Layer
from tests.integration.published.cql2.conftest import Found

ALL = [1, 2, 3, 4, 5, 6, 7, 8]

GOLDEN = {
    "population + 5 = 0": [4],
    "population - 3 = 4": [8],
    "population * 2 = 20": [2],
    "population / 4 = 25": [7],
    "population / 4 = 2.5": [2],
    "population ^ 2 = 25": [4],
    # % has the sign of the dividend: 10 = 7 + 3, -5 = -1 * 3 - 2
    "population % 7 = 3": [2],
    "population % 3 = -2": [4],
    "area % 0.01 = 0": [1, 2, 3, 4, 6, 7, 8],
    # div drops the fraction: 10 / 3 = 3.3, -5 / 3 = -1.7, 7 / 3 = 2.3
    "population div 3 = 3": [2],
    "population div 3 = -1": [4],
    "population div 3 = 2": [8],
    "-population = 5": [4],
    # a power before a product before a sum; brackets before all
    "population = 4 + 3 * 2": [2],
    "population = (4 + 3) * 2 - 4": [2],
    "population = 2 * 5 ^ 2 * 2": [7],
    "population = 20 - 5 - 5": [2],
    "population = 2 ^ (3 ^ 1) - 1": [8],
    # Annex A.12: the same sums around 7
    "population = 17 - 2 * 5": [8],
    "population > 10 - 21 div 10": [1, 2, 6, 7],
    "population <> 9 - 2 ^ 1": [1, 2, 3, 4, 6, 7],
    "population BETWEEN 20 / 4 AND (3 * (1 + 1) + 4)": [2, 8],
    "population IN (5 + 2, 5 * 20)": [7, 8],
    "price * 10 = 101": [1],
    "population + area = 12": [2],
    # what has no result is null, and NOT of it is null as well
    "100 / population = 1": [7],
    "NOT 100 / population = 1": [1, 2, 4, 6, 8],
    "100 / population IS NULL": [3, 5],
    "100 % population IS NULL": [3, 5],
    "100 div population IS NULL": [3, 5],
    "1 / 0 = 1": [],
    "1 / 0 IS NULL": ALL,
    "population ^ 0.5 = 10": [7],
    "population ^ 0.5 IS NULL": [4, 5],
    "population ^ -1 IS NULL": [3, 5],
    # area of row 8 is 1e308
    "area * 10 > 0": [1, 2, 4, 6, 7],
    "area * 10 IS NULL": [5, 8],
    "area + area IS NULL": [5, 8],
    "area ^ 9 IS NULL": [5, 8],
    "1e-200 * 1e-200 IS NULL": ALL,
    "1e308 div 1e-300 IS NULL": ALL,
}


@pytest.mark.parametrize("text", GOLDEN)
def test_a_sum_finds_the_rows_counted_by_hand(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == GOLDEN[text]


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "%", "div", "^"])
@pytest.mark.parametrize("one", ["NaN", "Infinity", "-Infinity", "0", "-1.5"])
@pytest.mark.parametrize("other", ["NaN", "Infinity", "-Infinity", "0", "-1.5"])
def test_no_value_that_a_column_can_hold_makes_a_sum_fail(
    db: None, sign: str, one: str, other: str
) -> None:
    from layers.published.connection import read_one

    row = read_one(
        "SELECT layers_computed(%s, %s::float8, %s::float8)", (sign, one, other)
    )
    assert row is not None
    assert row[0] is None or abs(row[0]) < 10
