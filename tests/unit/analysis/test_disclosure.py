"""What a run withholds: proven by rank over everything that is published beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.analysis.coverage import compute
from layers.analysis.group_questions import check_group_question
from layers.analysis.parameters import CoverageParameters
from layers.analysis.travel_cost import travel_cost
from layers.errors import InvalidParameter
from layers.measures.suppression import SMALL_COUNT
from layers.selectors.demand import Partition
from layers.selectors.supply import Term
from tests.unit.analysis.worlds import NOVEMBER, demand, sites, supply

# A point: metres east, people, neighbourhood 0-2 (3: none), community 0-1 (2: none).
POINTS = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.integers(0, 60),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=20,
)
PLACES = st.lists(st.integers(0, 3000), max_size=3)
LEVELS = {"neighbourhood": 2, "municipal_community": 3}


def published(points, places, level, *, group=None, minutes=10.0):
    """Return the rows of a run at one level, as compute gives them."""
    people = demand(
        *[(p[0], p[1], p[LEVELS[level]]) for p in points],
        codes=("A", "B", "C") if level == "neighbourhood" else ("X", "Y"),
    )
    partitions = (
        Partition("municipal_community", 2, np.array([p[3] for p in points])),
        Partition("neighbourhood", 3, np.array([p[2] for p in points])),
    )
    parameters = CoverageParameters(
        "athens", level=level, threshold_min=minutes, detour=1, group=group
    )
    return compute(
        parameters,
        people,
        supply({"clinic": sites(*places)}),
        (Term("clinic"),),
        travel_cost(parameters),
        as_of=NOVEMBER,
        levels=partitions,
    )


def cells_of(points):
    """Return every cell as a sum of points: (level, code) -> 0/1 over points."""
    found = {}
    for level, column in LEVELS.items():
        codes = "ABC" if level == "neighbourhood" else "XY"
        for n, code in enumerate([*codes, ""]):
            found[level, code] = np.array([p[column] == n for p in points])
    found["total", ""] = np.ones(len(points), dtype=bool)
    return found


def known(points, places):
    """Return which cells' served people are published in any of the runs."""
    shown = {}
    for level in LEVELS:
        for row in published(points, places, level):
            key = ("total", "") if row.is_total else (level, row.district_code)
            is_shown = row.residents_served is not None
            assert shown.setdefault(key, is_shown) == is_shown
    return shown


@given(points=POINTS, places=PLACES)
def test_no_small_count_follows_from_what_all_levels_publish(points, places):
    cells, shown = cells_of(points), known(points, places)
    people = np.array([p[1] for p in points], dtype=float)
    served = np.array(
        [any(abs(p[0] - place) <= 750 for place in places) for p in points]
    )
    # What no published border divides is one unknown: points alike in both levels.
    alike = {(p[2], p[3]) for p in points}
    atoms = np.array([[(p[2], p[3]) == a for a in sorted(alike)] for p in points])
    table = {key: cell @ atoms > 0 for key, cell in cells.items()}
    for side in (people * served, people * ~served, people):
        # Where a side is nobody a reader may know it, so it hides nobody else.
        is_anybody = side @ atoms > 0
        basis = np.array(
            [table[key] & is_anybody for key, is_shown in shown.items() if is_shown]
            or [[0] * len(alike)],
            dtype=float,
        )
        rank = np.linalg.matrix_rank(basis)
        for key, cell in cells.items():
            if 0 < side @ cell < SMALL_COUNT:
                assert not shown.get(key, False), key
                more = (table[key] & is_anybody).astype(float)
                stacked = np.vstack([basis, more])
                assert np.linalg.matrix_rank(stacked) == rank + 1, key


@given(points=POINTS, places=PLACES)
def test_an_interval_holds_the_central_figure(points, places):
    for row in published(points, places, "neighbourhood"):
        if row.interval:
            low, high = row.interval["residents_unserved"]
            assert low - 1e-6 <= row.residents_unserved <= high + 1e-6
            low, high = row.interval["share_served"]
            assert low - 1e-6 <= row.share_served <= high + 1e-6
        if row.rank and "rank" in row.interval:
            assert row.interval["rank"][0] <= row.interval["rank"][1]


@given(points=POINTS, places=PLACES)
def test_what_is_withheld_has_no_interval(points, places):
    for row in published(points, places, "municipal_community"):
        assert not (row.is_suppressed and row.interval)


def test_an_interval_is_the_lowest_and_highest_of_the_runs():
    # 10 minutes at 4.5 km/h are 750 m; the nearest run reaches 750 x 8/9 x 0.8 = 533 m
    # without a detour of 1.3 to doubt... with one: / (14/13) = 495 m; the farthest
    # 750 x 10/9 x 1.2 / (12/13) = 1083 m. People at 400, 600, 1000 and 2000 m.
    points = [(x, 100, 0, 0) for x in (400, 600, 1000, 2000)]
    (row,) = (
        r for r in published(points, [0], "neighbourhood") if r.district_code == "A"
    )
    assert (row.residents_served, row.residents_unserved) == (200, 200)
    assert row.interval["residents_unserved"] == [100, 300]
    assert row.interval["share_served"] == [0.25, 0.75]
    assert row.interval["n_runs"] == 27


def test_counts_of_a_group_are_rounded_and_add_up_within_it():
    points = [(100, 42, 0, 0), (2000, 33, 0, 0)]
    (row,) = (
        r
        for r in published(points, [0], "neighbourhood", group="women")
        if r.district_code == "A"
    )
    assert (row.residents, row.residents_served, row.residents_unserved) == (75, 40, 35)
    assert row.share_served == pytest.approx(40 / 75, abs=1e-6)


def test_a_few_people_between_two_thresholds_of_a_group_are_withheld():
    # 4 people live between 10 (750 m) and 15 minutes (1125 m): whoever had both counts
    # would see them.
    points = [(100, 50, 0, 0), (900, 4, 0, 0), (3000, 50, 0, 0), (100, 90, 1, 1)]
    rows = published(points, [0], "neighbourhood", group="women")
    assert next(r for r in rows if r.district_code == "A").is_suppressed
    # Of everybody each question stands for itself.
    rows = published(points, [0], "neighbourhood")
    assert not next(r for r in rows if r.district_code == "A").is_suppressed


@pytest.mark.parametrize(
    "asked",
    [{"threshold_min": 14}, {"threshold_min": 10.001}, {"walk_kmh": 4.4}],
)
def test_the_public_cannot_choose_thresholds_for_a_group(asked):
    with pytest.raises(InvalidParameter, match="with `group`"):
        check_group_question(CoverageParameters("athens", group="women", **asked))
    check_group_question(CoverageParameters("athens", **asked))
    check_group_question(
        CoverageParameters("athens", group="women", supply="all", **asked)
    )
