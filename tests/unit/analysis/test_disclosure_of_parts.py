"""What is withheld of who finds a place and who reaches one that is open: proven by rank.

Every number that runs of all levels publish is a sum over groups of people whom no border
divides. A small count must not be a sum or difference of these, also for whoever knows
where a side of the count is nobody.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analysis.coverage import compute
from layers.analysis.flags import Flag
from layers.analysis.group_questions import GROUP_THRESHOLDS_MIN
from layers.analysis.measured import measured
from layers.analysis.need import Kind, computed
from layers.analysis.parameters import CoverageParameters
from layers.analysis.places_in_reach import PlacesInReach
from layers.analysis.term_standards import TermStandards
from layers.analysis.travel_cost import travel_cost
from layers.measures.suppression import SMALL_COUNT
from layers.selectors.demand import Partition
from layers.selectors.need import Measured
from layers.selectors.standards import Standard
from layers.selectors.supply import Term
from tests.unit.analysis.places_world import offered, place
from tests.unit.analysis.worlds import NOVEMBER, demand

POINTS = st.lists(
    st.tuples(
        st.integers(0, 2000),
        st.integers(0, 60),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=14,
)
PLACES = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 60), st.sampled_from(["day", None])),
    min_size=1,
    max_size=3,
)
LEVELS = {"neighbourhood": 2, "municipal_community": 3}
ONE_EACH = {"clinic": Standard(per_1000=1000.0)}  # a place does for one
DAY = [(0, 1440)]


def world(listed):
    return offered(
        *(
            place(x, capacity=room, hours=None if hours is None else DAY)
            for x, room, hours in listed
        )
    )


def people_at(points, level):
    return demand(
        *[(p[0], p[1], p[LEVELS[level]]) for p in points],
        codes=("A", "B", "C") if level == "neighbourhood" else ("X", "Y"),
    )


def asked_at(level, group=None, minutes=10.0):
    return CoverageParameters(
        "athens", level=level, threshold_min=minutes, detour=1, group=group
    )


def published(points, listed, level, need=None, **asked):
    parameters = asked_at(level, **asked)
    return compute(
        parameters,
        people_at(points, level),
        world(listed),
        (Term("clinic"),),
        travel_cost(parameters),
        as_of=NOVEMBER,
        levels=(
            Partition("municipal_community", 2, np.array([p[3] for p in points])),
            Partition("neighbourhood", 3, np.array([p[2] for p in points])),
        ),
        asked=TermStandards.of(parameters, ONE_EACH),
        need=need,
    )


def truth(points, listed):
    """Return per point: people served, with a place, and with one open at some time."""
    parameters = asked_at("neighbourhood")
    people = people_at(points, "neighbourhood")
    engine = travel_cost(parameters)
    supplied = world(listed)
    walk_m, _ = engine.to_closest(people.xy, supplied.sites["clinic"].xy)
    reached = PlacesInReach.of(supplied.places, people, None, engine, 750.0)
    found = measured("clinic", parameters, reached, ONE_EACH["clinic"], walk_m)
    served = people.people * (walk_m <= 750)
    return served, found.with_place, people.people * (found.opened > 0)


def atoms_of(points):
    return sorted({(p[2], p[3]) for p in points})


def table_of(points):
    """Return every cell over the atoms: (level, code) -> 0/1."""
    atoms = atoms_of(points)
    table = {("total", ""): np.ones(len(atoms), dtype=bool)}
    for level, column in LEVELS.items():
        codes = "ABC" if level == "neighbourhood" else "XY"
        for n, code in enumerate([*codes, ""]):
            table[level, code] = np.array([a[column - 2] == n for a in atoms])
    return table


def shown_by(points, listed, name):
    shown = {}
    for level in LEVELS:
        for row in published(points, listed, level):
            key = ("total", "") if row.is_total else (level, row.district_code)
            is_shown = getattr(row, name) is not None
            assert shown.setdefault(key, is_shown) == is_shown
    return shown


def by_atom(points, values):
    atoms = atoms_of(points)
    return np.array(
        [
            sum(v for p, v in zip(points, values, strict=True) if (p[2], p[3]) == a)
            for a in atoms
        ]
    )


@settings(max_examples=40)
@given(points=POINTS, listed=PLACES)
@pytest.mark.parametrize(
    ("name", "part"), [("residents_with_capacity", 1), ("open_share_high", 2)]
)
def test_no_small_part_follows_from_what_all_levels_publish(name, part, points, listed):
    if name == "open_share_high":
        listed = [(x, room, "day") for x, room, _ in listed]  # one figure, not two
    found = truth(points, listed)
    served, inside = by_atom(points, found[0]), by_atom(points, found[part])
    table, shown = table_of(points), shown_by(points, listed, name)
    for side in (inside, served - inside):
        is_anybody = side > 1e-6
        basis = np.array(
            [table[key] * is_anybody for key, is_shown in shown.items() if is_shown]
            or [[0] * len(side)],
            dtype=float,
        )
        rank = np.linalg.matrix_rank(basis)
        for key, cell in table.items():
            if 0 < (side * cell).sum() < SMALL_COUNT:
                assert not shown.get(key, False), key
                stacked = np.vstack([basis, (cell * is_anybody).astype(float)])
                assert np.linalg.matrix_rank(stacked) == rank + 1, key


@settings(max_examples=40)
@given(points=POINTS, listed=PLACES)
def test_a_withheld_district_leaves_no_second_equation_in_the_totals(points, listed):
    # Ranks of need are public, so a total weighted by them beside a plain one would be
    # two equations about two withheld districts.
    rent = {"rent": Measured(np.array([1.0, 2.0, 3.0]), (2021,), ("x",))}
    people = np.bincount([p[2] for p in points], [p[1] for p in points], minlength=4)
    need = computed({"rent": Kind("a")}, rent, ("A", "B", "C"), people[:3])
    rows = published(points, listed, "neighbourhood", need=need)
    districts, (total,) = rows[:-1], rows[-1:]
    if any(row.is_suppressed for row in districts):
        assert total.need_weighted_gap is None
        assert total.shortage_places is None


@settings(max_examples=40)
@given(points=POINTS, listed=PLACES)
def test_a_group_hides_alike_at_every_threshold_it_may_be_asked_at(points, listed):
    hidden = set()
    for minutes in GROUP_THRESHOLDS_MIN:
        found = published(
            points, listed, "neighbourhood", group="women", minutes=minutes
        )
        hidden.add(
            tuple(
                (row.is_suppressed, row.open_share_high is None, row.access_per_1000)
                if row.access_per_1000 is None
                else (row.is_suppressed, row.open_share_high is None, 0)
                for row in found
                if row.residents
            )
        )
    assert len(hidden) == 1


def test_a_hidden_part_says_so_in_a_row_that_is_not_withheld():
    # 104 people for 100 places: four find none.
    points = [(0, 104, 0, 0), (9000, 50, 1, 0), (0, 90, 2, 1)]
    (a, *_) = published(points, [(0, 190, "day")], "neighbourhood")

    assert a.residents_served == 104
    assert a.residents_with_capacity is None
    assert a.residents_without_capacity is None
    assert Flag.PART_SUPPRESSED in a.flags
    assert not a.is_suppressed


def test_figures_of_a_group_have_two_digits():
    points = [(0, 137, 0, 0), (400, 90, 0, 0), (1100, 211, 1, 0)]
    rows = published(points, [(0, 7, "day")], "neighbourhood", group="women")

    a = rows[0]
    # 7 places for 227 people are 30.837 per 1,000.
    assert a.access_per_1000 == 31
    assert rows[1].gap_depth == 0.47  # (1100 - 750) / 750
    assert rows[1].residents == 210
