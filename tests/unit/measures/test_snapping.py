"""The nearest point on a street, on drawings small enough to see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures import snapping
from layers.measures.snapping import LineIndex
from tests.reference.street_oracle import nearest_on_lines

METRES = st.floats(-2000, 2000, allow_nan=False).map(lambda x: round(x, 2))
POINT = st.tuples(METRES, METRES)
LINES = st.lists(st.lists(POINT, min_size=2, max_size=5), min_size=1, max_size=6)


def index_of(*lines):
    first = np.cumsum([0, *map(len, lines)])
    return LineIndex(np.array([p for line in lines for p in line], float), first)


def test_a_place_meets_the_street_at_a_right_angle_not_at_its_ends():
    # 40 m off a street of 100 m, beside its thirtieth metre. The next junction is
    # sqrt(30^2 + 40^2) = 50 m away: snapping to junctions would make it longer.
    found = index_of([(0, 0), (100, 0)]).snap([(30, 40)], 250)

    assert (found.line[0], found.fraction[0], found.away_m[0]) == (0, 0.3, 40.0)


def test_a_fraction_counts_along_the_bends():
    # 60 m east, then 40 m north; at (60, 20) 80 of 100 m are done.
    found = index_of([(0, 0), (60, 0), (60, 40)]).snap([(70, 20)], 250)

    assert (found.fraction[0], found.away_m[0]) == (0.8, 10.0)


def test_the_limit_is_within_and_a_hair_more_is_not():
    street = index_of([(0, 0), (100, 0)])

    found = street.snap([(50, 250), (50, 250.001)], 250)

    assert found.line.tolist() == [0, -1]
    assert found.away_m.tolist() == [250.0, np.inf]


def test_a_street_of_no_length_is_a_point():
    found = index_of([(5, 5), (5, 5)]).snap([(5, 8)], 10)

    assert (found.line[0], found.fraction[0], found.away_m[0]) == (0, 0.0, 3.0)


def test_a_long_street_far_off_is_not_overlooked_for_many_short_ones_near():
    # A hundred kerbs 30 to 40 m north of the place, and one motorway of 4 km 20 m south.
    kerbs = [[(x / 10, 30 + x / 10), (x / 10 + 0.1, 30 + x / 10)] for x in range(100)]

    found = index_of(*kerbs, [(-2000, -20), (2000, -20)]).snap([(0, 0)], 250)

    assert (found.line[0], found.away_m[0]) == (100, 20.0)


def test_nobody_and_no_street_are_no_fault():
    assert len(index_of([(0, 0), (1, 0)]).snap([], 10).line) == 0
    assert LineIndex([], [0]).snap([(0, 0)], 10).line.tolist() == [-1]


@pytest.mark.parametrize(
    ("vertices", "first"),
    [
        ([(0, 0), (1, 1)], [0, 1, 2]),  # a line of one vertex
        ([(0, 0), (1, 1)], [0, 3]),
        ([(0, 0), (1, 1)], [1, 2]),
        ([(0, 0), (np.nan, 1)], [0, 2]),
        ([(0, 0), (1, 1)], []),
    ],
)
def test_what_is_no_line_is_refused(vertices, first):
    with pytest.raises(InvalidArray):
        LineIndex(vertices, first)


@pytest.mark.parametrize("limit_m", [-1, np.nan, np.inf])
def test_a_limit_is_a_distance(limit_m):
    with pytest.raises(InvalidArray, match="limit_m"):
        index_of([(0, 0), (1, 0)]).snap([(0, 0)], limit_m)


@given(LINES, st.lists(POINT, max_size=8))
def test_it_finds_what_looking_at_every_street_finds(lines, points):
    found = index_of(*lines).snap(points, 600)

    for at, point in enumerate(points):
        _, metres = nearest_on_lines(lines, point)
        if found.line[at] < 0:
            assert metres > 600 - 1e-6
        else:
            assert found.away_m[at] == pytest.approx(metres, abs=1e-6)


def test_where_it_stops_looking_changes_nothing(monkeypatch):
    rng = np.random.default_rng(7)
    starts = rng.uniform(0, 3000, (400, 2))
    lines = np.stack([starts, starts + rng.normal(0, 90, (400, 2))], axis=1)
    points = rng.uniform(-200, 3200, (500, 2))
    whole = index_of(*lines).snap(points, 250)

    monkeypatch.setattr(snapping, "FIRST_TRIED", 1)
    monkeypatch.setattr(snapping, "PIECE_M", 500.0)
    monkeypatch.setattr(snapping, "MOST_AT_ONCE", 64)
    again = index_of(*lines).snap(points, 250)

    assert np.allclose(whole.away_m, again.away_m)
    assert (whole.line == again.line).all()
