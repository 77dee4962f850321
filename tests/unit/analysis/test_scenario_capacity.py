"""Seats in a scenario: solved in parts, and equal to solving everything anew."""

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analysis.scenario_capacity import seated_states
from layers.measures.capacity import capacity_split
from layers.selectors.public_places import PublicPlaces
from tests.unit.analysis.test_scenarios import today
from tests.unit.analysis.worlds import demand

NAN = float("nan")


def places(*each, unit="places", marks=None):
    """Return clinics at x with a capacity each: (x, capacity)."""
    n = len(each)
    return PublicPlaces(
        ids=tuple(UUID(int=i) for i in range(n)),
        xy=np.array([(x, 0.0) for x, _ in each]).reshape(-1, 2),
        carried={"category": [frozenset({"clinic"})]},
        combo={"category": np.zeros(n, dtype=np.int64)},
        marks=np.zeros(n, dtype=np.int64) if marks is None else np.array(marks),
        capacity=np.array([many for _, many in each], dtype=float),
        unit=np.array([unit] * n, dtype=object),
    )


def totals(seated):
    return [round(float(count.sum()), 6) for count in seated.counts]


# 100 people at 0 m and 60 at 700 m; 300 at 5,000 m. Ten minutes are 750 m.
PEOPLE = demand((0, 100, 0), (700, 60, 0), (5000, 300, 1))


def test_more_room_serves_those_in_reach():
    world = today(PEOPLE, {"clinic": [0]})
    states, note = seated_states(world, "clinic", [places((0, 30)), places((0, 120))])

    assert [totals(one) for one in states] == [[30, 130, 300], [120, 40, 300]]
    assert (note.status, note.unit, note.n_imputed) == ("computed", "places", 0)


def test_only_the_part_that_a_change_touches_is_solved_anew():
    world = today(PEOPLE, {"clinic": [0, 5000]})
    now, then = places((0, 30), (5000, 40)), places((0, 50), (5000, 40))
    states, note = seated_states(world, "clinic", [now, then])

    assert [totals(one) for one in states] == [[70, 390, 0], [90, 370, 0]]
    # 160 of 460 people are joined to the place that changes.
    assert note.share_recomputed == round(160 / 460, 4)
    assert states[0].served[2] == states[1].served[2] == 40


def test_a_state_without_a_change_is_today():
    world = today(PEOPLE, {"clinic": [0]})
    states, note = seated_states(world, "clinic", [places((0, 30)), places((0, 30))])

    assert totals(states[0]) == totals(states[1])
    assert note.share_recomputed == 0


def test_a_place_that_says_nothing_takes_the_median_of_the_others():
    world = today(PEOPLE, {"clinic": [0]})
    now = places((0, 20), (0, 40), (0, NAN))
    states, note = seated_states(world, "clinic", [now, now])

    assert totals(states[0])[0] == 90
    assert note.n_imputed == 1


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (places((0, NAN)), "no_capacity"),
        (places(), "no_capacity"),
    ],
)
def test_without_a_capacity_on_record_nothing_is_said(now, status):
    states, note = seated_states(today(PEOPLE, {}), "clinic", [now, places((0, 10))])

    assert (states, note.status) == (None, status)


def test_beds_and_appointments_are_never_added_up():
    now = places((0, 10), (0, 20))
    now.unit[:] = ["beds", "appointments per week"]
    states, note = seated_states(today(PEOPLE, {}), "clinic", [now, now])

    assert (states, note.status) == (None, "several_units")
    assert note.unit == "appointments per week, beds"


def test_places_of_which_it_is_not_known_whether_one_may_use_them_have_no_seats():
    now = places((0, 10), (0, 20), marks=[0, 8])
    states, _ = seated_states(today(PEOPLE, {}), "clinic", [now, now])

    assert totals(states[0])[0] == 10


SITES = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(1, 80)), min_size=1, max_size=5
)
CELLS = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 60), st.integers(0, 1)),
    min_size=1,
    max_size=15,
)


@settings(max_examples=40, deadline=None)
@given(cells=CELLS, before=SITES, after=SITES)
def test_parts_solved_apart_serve_as_many_as_all_solved_together(cells, before, after):
    people = demand(*cells)
    world = today(people, {})
    states, _ = seated_states(world, "clinic", [places(*before), places(*after)])

    for sites, seated in zip((before, after), states, strict=True):
        xy = np.array([(x, 0.0) for x, _ in sites])
        pairs = world.engine.pairs_within(people.xy, xy, 750.0)
        whole = capacity_split(
            people.people, [many for _, many in sites], pairs, threshold=750.0
        )
        assert seated.served.sum() == pytest.approx(whole.served.sum(), abs=1e-6)
        assert seated.out_of_reach == pytest.approx(whole.out_of_reach)
        together = np.sum(seated.counts, axis=0)
        assert together == pytest.approx(people.people)
