"""Several states side by side, and questions asked one after the other, tell of nobody few."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

from layers.errors import InvalidArray
from layers.measures.joint_disclosure import patterns, people_by_pattern, spanned
from layers.measures.suppression import SMALL_COUNT
from layers.selectors.demand import Partition
from tests.unit.analysis.test_scenarios import (
    LEVELS,
    LINE,
    POINTS,
    cell,
    certain,
    today,
)
from tests.unit.analysis.worlds import TEN_MINUTES, demand

REACH_M = 750


def shown_states(points, before, *states):
    """Return of each cell of every level whether it is shown, and as a sum of points."""
    levels = tuple(
        Partition(level, len(codes), np.array([p[column] for p in points]))
        for level, (column, codes) in LEVELS.items()
    )
    shown = {}
    for level, (column, codes) in LEVELS.items():
        people = demand(*[(p[0], p[1], p[column]) for p in points], codes=tuple(codes))
        parameters = replace(TEN_MINUTES, level=level)
        world = today(people, {"clinic": before}, parameters=parameters, levels=levels)
        found = world.compare_all([certain({"clinic": after}) for after in states])
        for same in zip(*found, strict=True):
            hidden = {one.is_suppressed for one in same}
            assert len(hidden) == 1  # all states withhold the same rows
            if same[0].is_total:
                key, mask = ("total", ""), np.ones(len(points), dtype=bool)
            else:
                zone = (*codes, "").index(same[0].district_code)
                key = (level, same[0].district_code)
                mask = np.array([p[column] == zone for p in points])
            shown[key] = (not hidden.pop(), mask)
    return shown


def reached(points, places):
    return np.array([any(abs(p[0] - x) <= REACH_M for x in places) for p in points])


@settings(max_examples=60, deadline=None)
@given(points=POINTS, before=LINE, first=LINE, second=LINE)
def test_no_few_people_follow_from_today_and_two_scenarios_together(
    points, before, first, second
):
    # Unknown is how many people of each part that no border divides are reached in just
    # the same states; parts where nobody's reach changes are known to everybody.
    states = [reached(points, places) for places in (before, first, second)]
    people = np.array([p[1] for p in points], dtype=float)
    keys = [(p[2], p[3], *(bool(s[n]) for s in states)) for n, p in enumerate(points)]
    alike = sorted({key for key, many in zip(keys, people, strict=True) if many})
    moving = [key for key in alike if len(set(key[2:])) > 1]
    of = np.array([[key == a for a in moving] for key in keys], dtype=float)
    of = of.reshape(len(points), len(moving))
    bits = np.array([key[2:] for key in moving], dtype=float).reshape(-1, 3)
    shown = shown_states(points, before, first, second)

    def told(mask, n):
        return (mask @ of > 0) * (bits[:, n] - bits[:, 0])

    basis = np.array(
        [told(mask, n) for is_shown, mask in shown.values() if is_shown for n in (1, 2)]
        or [np.zeros(len(moving))]
    )
    rank = np.linalg.matrix_rank(basis) if basis.size else 0
    for is_shown, mask in shown.values():
        few = False
        for one, other in combinations(states, 2):
            gain, loss = people @ (mask & other & ~one), people @ (mask & one & ~other)
            few |= any(0 < n < SMALL_COUNT for n in (gain, loss, abs(gain - loss)))
        if not few:
            continue
        assert not is_shown
        for n in (1, 2):
            row = told(mask, n)
            if np.abs(row).max(initial=0) > 0:
                assert np.linalg.matrix_rank(np.vstack([basis, row])) == rank + 1


def test_two_closures_that_share_few_people_are_not_told_side_by_side():
    # 400 people reach only the place at 0 m, 500 only that at 1,400 m, 6 both. Each
    # closure alone costs 400 or 500, both together 906: the 6 are their difference.
    people = demand((0, 400, 0), (1400, 500, 0), (700, 6, 0), (9000, 900, 1))
    world = today(people, {"clinic": [0, 1400, 9000]})

    for states in (
        [[1400, 9000], [0, 9000], [9000]],
        [[9000]],  # also alone: the other two may be asked tomorrow
    ):
        for found in world.compare_all([certain({"clinic": left}) for left in states]):
            assert cell(found, "A").is_suppressed
            assert cell(found).is_suppressed
            assert not cell(found, "B").is_suppressed
    # One closure by itself is harmless: the 6 still have the other place.
    (alone,) = world.compare_all([certain({"clinic": [1400, 9000]})])
    assert cell(alone, "A").residents_losing == 400


@settings(max_examples=60, deadline=None)
@given(points=POINTS, before=LINE)
def test_closures_asked_one_by_one_add_up_to_nobody_few(points, before):
    # Whoever asks for every set of closures knows, for each set of places, how many reach
    # just these (inclusion and exclusion). What the shown answers say of a district must
    # leave every such count of 1 to 9 people open.
    people = np.array([p[1] for p in points], dtype=float)
    within = np.array([[abs(p[0] - x) <= REACH_M for x in before] for p in points])
    within = within.reshape(len(points), len(before))
    sets = [
        gone
        for n in range(1, len(before) + 1)
        for gone in combinations(range(len(before)), n)
    ]
    answers = {
        gone: shown_states(
            points, before, [x for n, x in enumerate(before) if n not in gone]
        )
        for gone in sets
    }
    for key in ("A", "B", "C"):
        asked = [g for g in sets if ("neighbourhood", key) in answers[g]]
        atoms = {
            gone: people
            @ (
                np.array([p[2] == "ABC".index(key) for p in points])
                & within[:, list(gone)].all(axis=1)
                & (within.sum(axis=1) == len(gone))
            )
            for gone in sets
        }
        basis = np.array(
            [
                [float(set(a) <= set(gone)) for a in sets]
                for gone in asked
                if answers[gone]["neighbourhood", key][0]
            ]
        )
        for n, gone in enumerate(sets):
            if 0 < atoms[gone] < SMALL_COUNT and len(basis):
                wanted = np.eye(len(sets))[n]
                rank = np.linalg.matrix_rank(basis)
                assert np.linalg.matrix_rank(np.vstack([basis, wanted])) == rank + 1


# --- the measures ---------------------------------------------------------------------


def test_points_that_are_alike_in_all_states_share_a_number():
    found = patterns([[1, 0, 1, 0], [0, 0, 0, 1]])

    assert found[0] == found[2]
    assert len(set(found.tolist())) == 3
    assert patterns(np.zeros((0, 3))).tolist() == [0, 0, 0]
    assert patterns(np.zeros((2, 0))).tolist() == []


def test_people_are_summed_by_atom_and_pattern():
    found = people_by_pattern([5, 7, 9], [0, 1, 1], [1, 0, 0], n_atoms=2)

    assert found.tolist() == [[0, 5], [16, 0]]


def test_a_row_is_spanned_where_it_is_a_sum_of_others():
    basis = [[1, 1, 0], [0, 0, 1]]

    assert spanned(basis, [[1, 1, 1], [1, 0, 0], [0, 0, 0]]).tolist() == [
        True, False, False,
    ]  # fmt: skip
    assert spanned(np.zeros((0, 2)), [[1, 0]]).tolist() == [False]


@pytest.mark.parametrize(
    "call",
    [
        lambda: patterns([1, 0]),
        lambda: spanned([[1, 0]], [[1, 0, 0]]),
        lambda: people_by_pattern([1], [0, 0], [0], n_atoms=1),
    ],
)
def test_arrays_that_do_not_fit_are_refused(call):
    with pytest.raises(InvalidArray):
        call()
