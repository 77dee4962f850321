"""p-median and p-center: hand-made worlds, invariants, refusals, time limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.location_models import question as question_module
from layers.measures.location_models.p_center import p_center
from layers.measures.location_models.p_median import p_median
from layers.measures.location_models.solution import Status
from tests.unit.measures.location_models.worlds import INF, line, worlds

ROAD = line(0, 1, 2, 10, 11, 12)


def test_two_sites_stand_in_the_middle_of_two_hamlets():
    found = p_median(ROAD, [1] * 6, n_new=2)

    assert (found.chosen, found.objective, found.gap) == ((1, 4), 4, 0)
    assert found.site.tolist() == [1, 1, 1, 4, 4, 4]


def test_people_pull_the_median_and_not_the_center():
    people = [100, 1, 1, 1, 1, 1]

    assert p_median(ROAD, people, n_new=1).chosen == (0,)
    # From 2 or 10 the furthest is 10 away; the first of them is taken.
    assert p_center(ROAD, people, n_new=1).objective == 10


def test_fixed_sites_serve_and_new_ones_come_on_top():
    found = p_median(ROAD, [1] * 6, n_new=1, fixed=[0])

    # 0 serves 0, 1, 2 for 3; 4 serves its neighbours for 2.
    assert (found.new, found.chosen, found.objective) == ((4,), (0, 4), 5)


@pytest.mark.parametrize(("model", "total"), [(p_median, 36), (p_center, 12)])
def test_without_new_sites_the_fixed_ones_are_measured(model, total):
    found = model(ROAD, [1] * 6, n_new=0, fixed=[0])

    assert (found.objective, found.new, found.status) == (total, (), Status.OPTIMAL)


def test_rows_that_reach_nothing_are_listed_and_left_out():
    costs = [[1, 2], [INF, INF], [2, 1]]
    for model, objective in ((p_median, 3), (p_center, 2)):
        found = model(costs, [1, 1, 1], n_new=1)

        assert (found.objective, found.uncoverable) == (objective, (1,))
        assert found.covered.tolist() == [True, False, True]


@pytest.mark.parametrize("model", [p_median, p_center])
def test_two_islands_cannot_share_a_site(model):
    islands = [[0, INF], [INF, 0]]

    found = model(islands, [1, 1], n_new=1)

    assert found.status is Status.INFEASIBLE
    assert (found.objective, found.bound, found.gap, found.chosen) == (
        None,
        None,
        None,
        (),
    )
    assert "so few sites" in found.why
    assert model(islands, [1, 1], n_new=2).objective == 0
    assert model(islands, [1, 1], n_new=1, fixed=[1]).objective == 0


def test_a_place_where_nobody_lives_needs_no_way_in_a_median_but_in_a_center():
    islands = [[0, INF], [INF, 0]]

    assert p_median(islands, [1, 0], n_new=1).objective == 0
    assert p_center(islands, [1, 0], n_new=1).status is Status.INFEASIBLE


def test_fixed_sites_that_leave_an_island_out_are_no_answer():
    found = p_median([[0, INF], [INF, 0]], [1, 1], n_new=0, fixed=[0])

    assert (found.status, found.chosen) == (Status.INFEASIBLE, (0,))
    assert found.cost.tolist() == [0, INF]


@pytest.mark.parametrize("model", [p_median, p_center])
def test_no_demand_costs_nothing(model):
    found = model(np.empty((0, 3)), [], n_new=1)

    assert (found.objective, found.bound, found.status) == (0, 0, Status.OPTIMAL)


def random_town(n, m, *, seed):
    chance = np.random.default_rng(seed)
    homes, sites = chance.uniform(0, 100, (n, 1, 2)), chance.uniform(0, 100, (1, m, 2))
    return np.hypot(*(homes - sites).transpose(2, 0, 1)), chance.integers(1, 50, n)


@pytest.mark.parametrize("model", [p_median, p_center])
def test_more_sites_never_make_the_way_longer(model):
    costs, people = random_town(60, 25, seed=2)

    totals = [model(costs, people, n_new=p).objective for p in range(1, 10)]

    assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize("model", [p_median, p_center])
def test_the_same_question_gets_the_same_answer(model):
    costs, people = random_town(120, 40, seed=6)

    one, two = (model(costs, people, n_new=6) for _ in range(2))

    assert (one.chosen, one.objective, one.bound) == (
        two.chosen,
        two.objective,
        two.bound,
    )
    assert one.alternatives == two.alternatives


@pytest.mark.parametrize("model", [p_median, p_center])
def test_out_of_time_there_is_an_answer_with_a_true_bound(model):
    costs, people = random_town(400, 200, seed=7)

    hasty = model(costs, people, n_new=9, time_limit_s=1e-9)
    whole = model(costs, people, n_new=9)

    assert whole.status is Status.OPTIMAL
    assert hasty.status is Status.TIME_LIMIT
    assert len(hasty.chosen) == 9
    assert hasty.bound <= whole.objective <= hasty.objective
    assert hasty.gap == pytest.approx(1 - hasty.bound / hasty.objective)


@given(world=worlds(), factor=st.sampled_from([0.5, 2.0, 4.0]))
def test_minutes_or_half_minutes_is_the_same_question(world, factor):
    costs, demand, fixed, n_new = world
    one = p_median(costs, demand, n_new=n_new, fixed=fixed)
    two = p_median(costs * factor, demand, n_new=n_new, fixed=fixed)

    assert one.status == two.status
    if one.objective is not None:
        assert two.objective == pytest.approx(factor * one.objective, rel=1e-9)


@pytest.mark.parametrize("model", [p_median, p_center])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n_new": 7}, "n_new: '7' is not allowed; 0 to 6"),
        ({"n_new": 0}, "n_new: '0' is not allowed; at least 1 without fixed"),
        ({"n_new": 6, "fixed": [0]}, "n_new: '6' is not allowed; 0 to 5"),
        ({"n_new": 1, "fixed": [6]}, "fixed: '6' is not allowed"),
        ({"n_new": 1, "time_limit_s": float("nan")}, "time_limit_s: 'nan'"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(model, given, message):
    with pytest.raises(InvalidParameter, match=message):
        model(ROAD, [1] * 6, **given)


def test_a_matrix_too_large_for_memory_is_refused(monkeypatch):
    monkeypatch.setattr(question_module, "MAX_MATRIX", 10)

    with pytest.raises(
        InvalidArray, match=r"6 demand rows x 6 sites .*\(larger cells\)"
    ):
        p_median(ROAD, [1] * 6, n_new=1)
