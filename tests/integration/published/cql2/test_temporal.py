"""The fifteen temporal functions, counted by hand.

Intervals from `starts` to `ends`, all at midnight UTC:

1  2021-01-01 .. 2021-12-31        5  neither is known
2  2020-06-01 .. 2021-06-01        6  null .. 2020-12-31, open at its start
3  2021-06-01 .. 2022-06-01        7  2021-01-01 .. 2021-06-30
4  2022-01-01 .. null, open        8  2021-03-01 .. 2021-12-31
"""

import pytest

from layers.published.layers.layer import Layer
from tests.integration.published.cql2.conftest import Found

ALL = [1, 2, 3, 4, 5, 6, 7, 8]
SPAN = "INTERVAL(starts, ends)"
YEAR = "INTERVAL('2021-01-01T00:00:00Z', '2021-12-31T00:00:00Z')"

INTERVALS = {
    f"T_AFTER({SPAN}, {YEAR})": [4],
    f"T_BEFORE({SPAN}, {YEAR})": [6],
    f"T_DISJOINT({SPAN}, {YEAR})": [4, 6],
    f"T_INTERSECTS({SPAN}, {YEAR})": [1, 2, 3, 7, 8],
    f"T_EQUALS({SPAN}, {YEAR})": [1],
    f"T_CONTAINS({SPAN}, INTERVAL('2021-02-01T00:00:00Z', '2021-03-01T00:00:00Z'))": [1, 2, 7],
    f"T_DURING({SPAN}, INTERVAL('2020-12-01T00:00:00Z', '2022-01-31T00:00:00Z'))": [1, 7, 8],
    f"T_STARTS({SPAN}, {YEAR})": [7],
    f"T_STARTEDBY({SPAN}, INTERVAL('2021-01-01T00:00:00Z', '2021-06-30T00:00:00Z'))": [1],
    f"T_FINISHES({SPAN}, {YEAR})": [8],
    f"T_FINISHEDBY({SPAN}, INTERVAL('2021-03-01T00:00:00Z', '2021-12-31T00:00:00Z'))": [1],
    f"T_MEETS({SPAN}, INTERVAL('2021-06-01T00:00:00Z', '2021-09-01T00:00:00Z'))": [2],
    f"T_METBY({SPAN}, INTERVAL('2020-09-01T00:00:00Z', '2021-06-01T00:00:00Z'))": [3],
    f"T_OVERLAPS({SPAN}, {YEAR})": [2],
    f"T_OVERLAPPEDBY({SPAN}, {YEAR})": [3],
    # the other way round
    f"T_DURING({YEAR}, INTERVAL('2020-01-01T00:00:00Z', '..'))": ALL,
    f"T_CONTAINS({YEAR}, {SPAN})": [],
    f"T_STARTEDBY({YEAR}, {SPAN})": [7],
    # open ends
    f"T_INTERSECTS({SPAN}, INTERVAL('2022-03-01T00:00:00Z', '..'))": [3, 4],
    f"T_INTERSECTS({SPAN}, INTERVAL('..', '2020-07-01T00:00:00Z'))": [2, 6],
    f"T_INTERSECTS({SPAN}, INTERVAL('..', '..'))": [1, 2, 3, 4, 6, 7, 8],
    f"T_BEFORE({SPAN}, INTERVAL('2021-07-01T00:00:00Z', '..'))": [2, 6, 7],
    f"T_AFTER({SPAN}, INTERVAL('..', '2021-01-31T00:00:00Z'))": [3, 4, 8],
    "T_AFTER(INTERVAL(starts, '..'), TIMESTAMP('2021-02-01T00:00:00Z'))": [3, 4, 8],
    "T_INTERSECTS(INTERVAL('..', ends), TIMESTAMP('2021-06-30T00:00:00Z'))": [1, 3, 7, 8],
    "T_INTERSECTS(INTERVAL('2021-01-01T00:00:00Z', ends), TIMESTAMP('2022-06-01T00:00:00Z'))": [
        3, 4, 5,
    ],
    # an interval and an instant
    f"T_INTERSECTS({SPAN}, TIMESTAMP('2021-06-01T00:00:00Z'))": [1, 2, 3, 7, 8],
    f"T_AFTER({SPAN}, TIMESTAMP('2021-06-01T00:00:00Z'))": [4],
    f"T_BEFORE({SPAN}, TIMESTAMP('2021-06-01T00:00:00.000001Z'))": [2, 6],
    # what is not known is neither in nor out
    f"NOT T_INTERSECTS({SPAN}, {YEAR})": [4, 6],
    f"NOT T_DISJOINT({SPAN}, {YEAR})": [1, 2, 3, 7, 8],
    # dates: the interval's ends are read as days
    f"T_EQUALS({SPAN}, INTERVAL('2021-01-01', '2021-12-31'))": [1],
    f"T_DURING({SPAN}, INTERVAL('2020-12-31', '2022-01-01'))": [1, 7, 8],
    f"T_INTERSECTS({SPAN}, DATE('2021-12-31'))": [1, 3, 8],
    "T_INTERSECTS(INTERVAL(starts, DATE('2021-01-15')), DATE('2021-01-10'))": [1, 2, 5, 6, 7],
    "T_CONTAINS(INTERVAL('2021-01-01', '2021-12-31'), INTERVAL('2021-02-01', '2021-03-01'))": ALL,
}  # fmt: skip

# seen: 03-01 10:00, 03-01 23:30, 03-02 00:00, null, null, 2025-12-31 23:59:59, 03-01 10:00,
# 06-01; founded: 1834, 2001-01-01, 2020-02-29, null, null, 1167-01-01, 2026-11-22, 2001-01-01
INSTANTS = {
    "T_AFTER(seen, TIMESTAMP('2026-03-01T10:00:00Z'))": [2, 3, 8],
    "T_BEFORE(seen, TIMESTAMP('2026-03-01T10:00:00Z'))": [6],
    "T_DISJOINT(seen, TIMESTAMP('2026-03-01T10:00:00Z'))": [2, 3, 6, 8],
    "T_EQUALS(seen, TIMESTAMP('2026-03-01T10:00:00Z'))": [1, 7],
    "T_INTERSECTS(seen, TIMESTAMP('2026-03-01T10:00:00Z'))": [1, 7],
    "T_EQUALS(noted, TIMESTAMP('2026-03-01T10:00:00Z'))": [1, 7],
    "T_AFTER(seen, INTERVAL('2025-01-01T00:00:00Z', '2026-03-01T23:30:00Z'))": [3, 8],
    "T_BEFORE(seen, INTERVAL('2026-01-01T00:00:00Z', '..'))": [6],
    "T_DISJOINT(seen, INTERVAL('2026-03-01T23:30:00Z', '2026-03-31T00:00:00Z'))": [1, 6, 7, 8],
    "T_INTERSECTS(seen, INTERVAL('2026-03-01T23:30:00Z', '2026-03-31T00:00:00Z'))": [2, 3],
    "T_EQUALS(seen, INTERVAL('2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z'))": [3],
    "T_AFTER(founded, DATE('2001-01-01'))": [3, 7],
    "T_BEFORE(founded, DATE('2001-01-01'))": [1, 6],
    "T_DISJOINT(founded, DATE('2001-01-01'))": [1, 3, 6, 7],
    "T_EQUALS(founded, DATE('2001-01-01'))": [2, 8],
    "T_INTERSECTS(founded, DATE('2001-01-01'))": [2, 8],
    "T_INTERSECTS(founded, INTERVAL('1800-01-01', '2001-01-01'))": [1, 2, 8],
    "T_AFTER(founded, INTERVAL('..', '2001-01-01'))": [3, 7],
    "T_EQUALS(founded, INTERVAL('2001-01-01', '2001-01-01'))": [2, 8],
    # a day beside timestamps is the whole day in UTC
    "T_EQUALS(seen, DATE('2026-03-01'))": [1, 2, 7],
    "T_AFTER(seen, DATE('2026-03-01'))": [3, 8],
    "T_BEFORE(seen, DATE('2026-03-01'))": [6],
    "T_INTERSECTS(seen, INTERVAL('2026-03-01', '2026-03-02'))": [1, 2, 3, 7],
    "T_AFTER(seen, '2026-03-01')": [3, 8],
    "T_EQUALS('2026-03-01T10:00:00Z', seen)": [1, 7],
    "T_AFTER(seen, founded)": [1, 2, 3, 6, 8],
    "NOT T_AFTER(seen, founded)": [7],
}  # fmt: skip


@pytest.mark.parametrize("text", [*INTERVALS, *INSTANTS])
def test_a_relation_in_time_finds_the_rows_counted_by_hand(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == {**INTERVALS, **INSTANTS}[text]


def test_every_temporal_function_is_in_the_golden_list() -> None:
    from layers.published.cql2 import temporal

    texts = "\n".join(INTERVALS).lower()
    assert len(temporal.OPERATORS) == 15
    assert [name for name in temporal.OPERATORS if f"{name}(" not in texts] == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_the_session_s_time_zone_does_not_matter(
    places: Layer, found: Found, zone: str
) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    assert found(places, "T_EQUALS(seen, DATE('2026-03-01'))") == [1, 2, 7]
    assert found(places, "noted = TIMESTAMP('2026-03-01T10:00:00Z')") == [1, 7]
    assert found(places, "day(seen) = 2") == [3]
