"""Covering everybody, or a share: hand-made worlds, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.measures.location_models.lscp import lscp
from layers.measures.location_models.partial_lscp import partial_lscp
from layers.measures.location_models.solution import Status
from tests.unit.measures.location_models.worlds import INF, line, worlds

ROAD = line(0, 10, 20, 30, 40, 50, 60)
ONES = [1] * 7


def test_three_sites_see_seven_places_on_a_road():
    # One site sees itself and a neighbour on either side: 7 places need 3.
    found = lscp(ROAD, ONES, radius=10)

    assert (found.objective, found.bound, found.gap) == (3, 3, 0)
    assert found.covered.all()


def test_rows_that_nobody_can_cover_are_listed_and_do_not_hinder():
    costs = np.vstack([ROAD, np.full(7, INF)])
    found = lscp(costs, [*ONES, 99], radius=10)

    assert (found.status, found.objective, found.uncoverable) == ("optimal", 3, (7,))


def test_where_nobody_can_be_covered_no_site_is_opened():
    found = lscp([[9], [9]], [1, 1], radius=1)

    assert (found.objective, found.chosen, found.status) == (0, (), Status.OPTIMAL)
    assert found.uncoverable == (0, 1)


def test_fixed_sites_count_and_what_they_cover_needs_no_other():
    found = lscp(ROAD, ONES, radius=10, fixed=[3])

    # 3 covers 2, 3, 4; one site each for 0, 1 and for 5, 6.
    assert (found.objective, len(found.new)) == (3, 2)
    assert found.covered.all()


def test_fixed_sites_that_cover_nobody_stay_open():
    # spopt issue 237: predefined sites must not push clients out of the model.
    found = lscp([[1, INF], [1, INF]], [1, 1], radius=5, fixed=[1])

    assert (found.chosen, found.new, found.objective) == ((0, 1), (0,), 2)
    assert found.covered.all()


def test_a_row_of_nobody_must_be_covered_by_lscp_but_not_by_a_share():
    costs = [[0, INF], [INF, 0]]

    assert lscp(costs, [5, 0], radius=1).objective == 2
    assert partial_lscp(costs, [5, 0], radius=1, target=1.0).objective == 1


def test_alternatives_still_cover_everybody():
    # Sites 0 and 1 both reach both rows.
    found = lscp([[1, 2], [2, 1]], [1, 1], radius=2)

    assert [(a.instead_of, a.site, a.objective) for a in found.alternatives] == [
        (0, 1, 1)
    ]


def test_out_of_time_the_bound_is_still_true():
    chance = np.random.default_rng(4)
    costs = np.hypot(
        *(
            chance.uniform(0, 100, (300, 1, 2)) - chance.uniform(0, 100, (1, 120, 2))
        ).transpose(2, 0, 1)
    )

    hasty = lscp(costs, np.ones(300), radius=15, time_limit_s=1e-9)
    whole = lscp(costs, np.ones(300), radius=15)

    assert whole.status is Status.OPTIMAL
    assert hasty.bound <= whole.objective <= hasty.objective
    assert hasty.covered.tolist() == whole.covered.tolist()


def test_ninety_percent_need_fewer_sites_than_everybody():
    people = [50, 40, 4, 3, 2, 1, 0]

    assert partial_lscp(ROAD, people, radius=0, target=0.9).chosen == (0, 1)
    assert lscp(ROAD, people, radius=0).objective == 7


def test_a_share_that_is_met_exactly_is_met():
    # 0.9 of 10 people in floating point is 9.0; of 0.1 each, 0.9000000000000001.
    assert (
        partial_lscp(
            line(*range(0, 100, 10)), [0.1] * 10, radius=0, target=0.9
        ).objective
        == 9
    )


def test_a_share_out_of_reach_says_how_far_all_sites_go():
    found = partial_lscp([[1], [INF]], [60, 40], radius=5, target=0.9)

    assert (found.status, found.chosen) == (Status.INFEASIBLE, ())
    assert found.why == "all sites together reach 60.0000% of the demand, not 90.0000%"
    assert found.uncoverable == (1,)


def test_fixed_sites_may_be_enough():
    found = partial_lscp(ROAD, ONES, radius=60, fixed=[0], target=0.9)

    assert (found.objective, found.new, found.status) == (1, (), Status.OPTIMAL)


def test_a_share_of_nobody_needs_no_site():
    found = partial_lscp(ROAD, [0] * 7, radius=10)

    assert (found.objective, found.status) == (0, Status.OPTIMAL)


@given(world=worlds(), radius=st.integers(0, 30))
def test_a_larger_share_never_needs_fewer_sites(world, radius):
    costs, demand, fixed, _ = world
    counts = [
        partial_lscp(costs, demand, radius=radius, fixed=fixed, target=t).objective
        for t in (0.2, 0.5, 0.8, 1.0)
    ]
    known = [count for count in counts if count is not None]
    assert known == sorted(known)
    assert counts[: len(known)] == known


@pytest.mark.parametrize("target", [0, -0.1, 1.1, 90, float("nan")])
def test_what_is_no_share_is_refused(target):
    with pytest.raises(InvalidParameter, match=r"target: .* a share above 0, up to 1"):
        partial_lscp(ROAD, ONES, radius=10, target=target)


@pytest.mark.parametrize("model", [lscp, partial_lscp])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"radius": -1}, "radius: '-1'"),
        ({"radius": 1, "fixed": [7]}, "fixed: '7' is not allowed"),
        ({"radius": 1, "time_limit_s": -5}, "time_limit_s: '-5'"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(model, given, message):
    with pytest.raises(InvalidParameter, match=message):
        model(ROAD, ONES, **given)
