"""The four array functions on eight rows, counted by hand."""

import pytest

from layers.published.layers.layer import Layer
from tests.integration.published.cql2.conftest import Found

ALL = [1, 2, 3, 4, 5, 6, 7, 8]

# tags: red blue / blue / red / (empty) / null / green / blue red blue / red blue green
# counts: 1 2 / 2 / 1 2 3 / (empty) / null / 7 / 2 2 1 / 3
GOLDEN = {
    "A_EQUALS(tags, ('blue', 'red'))": [1, 7],
    "A_CONTAINS(tags, ('blue', 'red'))": [1, 7, 8],
    "A_CONTAINEDBY(tags, ('blue', 'red'))": [1, 2, 3, 4, 7],
    "A_OVERLAPS(tags, ('green', 'red'))": [1, 3, 6, 7, 8],
    "A_OVERLAPS(tags, ('green'))": [6, 8],
    "A_CONTAINS(('red', 'blue', 'green'), tags)": [1, 2, 3, 4, 6, 7, 8],
    "A_EQUALS(tags, tags)": [1, 2, 3, 4, 6, 7, 8],
    "A_CONTAINS(tags, (lower('RED'), 'blue'))": [1, 7, 8],
    "A_CONTAINS(tags, (name))": [],
    "NOT A_CONTAINS(tags, ('red'))": [2, 4, 6],
    "A_EQUALS(counts, (2, 1))": [1, 7],
    "A_EQUALS(counts, (2.0, 1.0))": [1, 7],
    "A_CONTAINS(counts, (2))": [1, 2, 3, 7],
    "A_CONTAINS(counts, (2.5))": [],
    "A_CONTAINS(counts, (99999999999))": [],
    "A_CONTAINEDBY(counts, (1, 2, 2.5))": [1, 2, 4, 7],
    "A_OVERLAPS(counts, (3, 7))": [3, 6, 8],
    "A_OVERLAPS(counts, (population))": [],
    "A_OVERLAPS(counts, (population, population - 3))": [],
    "A_CONTAINS(shares, (0.5))": [1],
    "A_OVERLAPS(shares, counts)": [1],
    "A_EQUALS(shares, (1))": [2],
    # what the filter says itself: any types, arrays in arrays
    "A_EQUALS(('a', true, 1.0), (1, 'a', true, 'a'))": ALL,
    "A_CONTAINS(('a', 1), ('a', 2))": [],
    "A_CONTAINEDBY((DATE('2026-01-01'), 1), (1, DATE('2026-01-01'), 2))": ALL,
    "A_OVERLAPS((POINT(1 1), 2), (3, POINT(1 1)))": ALL,
    "A_EQUALS((('a', 'b'), 1), (1, ('b', 'a')))": ALL,
    "A_OVERLAPS((INTERVAL('2026-01-01', '..')), (INTERVAL('2026-01-01', '..'), 1))": ALL,
    "A_EQUALS((TIMESTAMP('2026-01-01T00:00:00Z')), (DATE('2026-01-01')))": [],
}


@pytest.mark.parametrize("text", GOLDEN)
def test_an_array_function_finds_the_rows_counted_by_hand(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == GOLDEN[text]
