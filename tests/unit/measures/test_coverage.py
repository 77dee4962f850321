"""Who is served: hand sums, the traps of other systems, and a slow second opinion."""

import math
from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures.coverage import cost_quantiles, mean_cost, people_served

INF = math.inf


def served(costs, people, zone, *, n_zones=1, threshold=15):
    return people_served(costs, people, zone, n_zones=n_zones, threshold=threshold)


def quantile(costs, people, zone, *, n_zones=1, q=0.5):
    return cost_quantiles(costs, people, zone, n_zones=n_zones, q=(q,))[0]


# --- people ---------------------------------------------------------------------------


def test_the_end_of_the_threshold_is_inside():
    got = served([14.999, 15, 15.001], [1, 10, 100], [0, 0, 0])

    assert got.served.tolist() == [11.0]
    assert got.unserved.tolist() == [100.0]


def test_points_are_judged_before_zones_are_summed():
    # Zone 0: 30 of 40 people; zone 1: nobody of 60.
    got = served([5, 20, 40], [30, 10, 60], [0, 0, 1], n_zones=2)

    assert got.residents.tolist() == [40.0, 60.0]
    assert got.share_served.tolist() == [0.75, 0.0]


def test_without_any_service_nobody_is_served():
    # AccessMod #219 began at 17 % covered with no facility at all.
    got = served([INF, INF], [3, 4], [0, 0])

    assert (got.served.tolist(), got.unserved.tolist()) == ([0.0], [7.0])
    assert got.share_served.tolist() == [0.0]


def test_without_any_service_not_even_an_endless_walk_serves():
    assert served([INF], [3], [0], threshold=INF).served.tolist() == [0.0]


def test_an_endless_walk_serves_whoever_reaches_anything():
    assert served([9e9, INF], [3, 4], [0, 0], threshold=INF).served.tolist() == [3.0]


def test_a_threshold_of_zero_serves_those_at_the_door():
    assert served([0, 1], [3, 4], [0, 0], threshold=0).served.tolist() == [3.0]


def test_a_zone_where_nobody_lives_has_no_share():
    # AccessMod #272 crashed on it.
    got = served([5, 5], [0, 7], [0, 1], n_zones=3)

    assert got.residents.tolist() == [0.0, 7.0, 0.0]
    assert math.isnan(got.share_served[0])
    assert math.isnan(got.share_served[2])


def test_a_city_without_points_has_zones_without_people():
    got = served([], [], [], n_zones=2)

    assert got.residents.tolist() == [0.0, 0.0]
    assert np.isnan(got.share_served).all()


def test_no_zones_at_all_is_an_empty_answer():
    assert served([], [], [], n_zones=0).residents.shape == (0,)


@pytest.mark.parametrize(
    ("costs", "people", "zone", "message"),
    [
        ([math.nan], [1], [0], "costs: value 0 is nan"),
        ([-1], [1], [0], "costs: value 0 is -1"),
        ([1], [-1], [0], "population: value 0 is -1"),
        ([1], [math.nan], [0], "population: value 0 is nan"),
        ([1], [INF], [0], "population: value 0 is inf"),
        ([1, 2], [1], [0, 0], "population: 1 values where 2 belong"),
        ([1], [1], [0, 0], "zone: 2 values where 1 belong"),
        ([1], [1], [1], r"zone: value 0 is 1, not in 0\.\.0"),
        ([1], [1], [-1], "zone: value 0 is -1"),
        ([1], [1], [0.0], "zone: float64 .* is no index"),
        ([[1]], [1], [0], r"costs: shape \(1, 1\)"),
        (["far"], [1], [0], "costs: not an array of numbers"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(costs, people, zone, message):
    with pytest.raises(InvalidArray, match=message):
        served(costs, people, zone)


@pytest.mark.parametrize("threshold", [-1, math.nan])
def test_a_threshold_that_is_no_cost_is_refused(threshold):
    with pytest.raises(InvalidArray, match="threshold"):
        served([1], [1], [0], threshold=threshold)


def test_a_negative_number_of_zones_is_refused():
    with pytest.raises(InvalidArray, match="n_zones"):
        served([], [], [], n_zones=-1)


# --- means ----------------------------------------------------------------------------


def test_the_mean_is_weighted_by_people():
    # (3 x 100 + 1 x 500) / 4 = 200
    assert mean_cost([100, 500], [3, 1], [0, 0], n_zones=1).mean.tolist() == [200.0]


def test_a_mean_over_people_who_reach_nothing_does_not_exist():
    # pysal/access leaves them out, which makes a city look nearer than it is.
    got = mean_cost([100, INF], [3, 1], [0, 0], n_zones=1)

    assert math.isnan(got.mean[0])
    assert got.mean_of_reachable.tolist() == [100.0]
    assert got.share_reachable.tolist() == [0.75]


def test_an_empty_house_that_reaches_nothing_does_not_spoil_the_mean():
    assert mean_cost([100, INF], [3, 0], [0, 0], n_zones=1).mean.tolist() == [100.0]


def test_where_nobody_lives_there_is_no_mean():
    got = mean_cost([100], [0], [0], n_zones=1)

    assert all(
        math.isnan(values[0])
        for values in (got.mean, got.mean_of_reachable, got.share_reachable)
    )


# --- quantiles ------------------------------------------------------------------------


def test_the_median_is_a_cost_that_somebody_has():
    # 4 people: half of them, 2, are reached at 100.
    assert quantile([100, 200], [2, 2], [0, 0], n_zones=1).tolist() == [100.0]
    assert quantile([100, 200], [1, 3], [0, 0], n_zones=1).tolist() == [200.0]


def test_the_ninetieth_percentile_is_the_ninth_of_ten():
    costs = np.arange(10, 0, -1)

    assert quantile(costs, [1] * 10, [0] * 10, n_zones=1, q=0.9).tolist() == [9.0]


def test_the_whole_of_the_people_is_the_farthest():
    assert quantile([1, 7, 9], [1, 1, 0], [0] * 3, n_zones=1, q=1).tolist() == [7.0]


def test_when_most_reach_nothing_the_median_is_infinite():
    assert quantile([5, INF], [1, 3], [0, 0], n_zones=1).tolist() == [INF]


def test_zones_do_not_mix_and_may_be_empty():
    got = quantile([9, 1, 5], [1, 1, 1], [3, 1, 3], n_zones=5)

    assert got[[1, 3]].tolist() == [1.0, 5.0]
    assert np.isnan(got[[0, 2, 4]]).all()


@pytest.mark.parametrize("q", [0, -0.5, 1.01, math.nan])
def test_a_share_of_people_that_is_none_is_refused(q):
    with pytest.raises(InvalidArray, match="q: "):
        quantile([1], [1], [0], n_zones=1, q=q)


# --- invariants -----------------------------------------------------------------------

COST = st.one_of(st.just(INF), st.integers(0, 40).map(float))
WORLD = st.lists(st.tuples(COST, st.integers(0, 50), st.integers(0, 3)), max_size=30)


def columns(world):
    costs, people, zone = zip(*world, strict=True) if world else ((), (), ())
    return list(costs), list(people), list(zone)


@given(world=WORLD, threshold=st.integers(0, 40))
def test_everybody_is_served_or_not_and_nobody_is_lost(world, threshold):
    costs, people, zone = columns(world)
    got = served(costs, people, zone, n_zones=4, threshold=threshold)

    assert got.residents.sum() == sum(people)
    np.testing.assert_array_equal(got.served + got.unserved, got.residents)
    assert (got.served >= 0).all()
    assert (got.unserved >= 0).all()
    within = [p for c, p, _ in world if c <= threshold]
    assert got.served.sum() == sum(within)


@given(world=WORLD, threshold=st.integers(0, 39))
def test_a_longer_walk_never_serves_fewer(world, threshold):
    costs, people, zone = columns(world)
    near = served(costs, people, zone, n_zones=4, threshold=threshold)
    far = served(costs, people, zone, n_zones=4, threshold=threshold + 1)

    assert (far.served >= near.served).all()


@given(world=WORLD, q=st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]))
def test_a_quantile_agrees_with_lining_people_up(world, q):
    costs, people, zone = columns(world)
    got = quantile(costs, people, zone, n_zones=4, q=q)

    for z in range(4):
        line = sorted(c for c, p, at in world if at == z for _ in range(p))
        if not line:
            assert math.isnan(got[z])
            continue
        needed = q * len(line) - 1e-9
        assert got[z] == line[bisect_left(range(1, len(line) + 1), needed)]


@given(world=WORLD)
def test_the_city_is_the_sum_of_people_not_the_mean_of_zones(world):
    costs, people, zone = columns(world)
    by_zone = served(costs, people, zone, n_zones=4)
    city = served(costs, people, [0] * len(zone), n_zones=1)

    assert city.served[0] == by_zone.served.sum()
    assert city.residents[0] == by_zone.residents.sum()


@given(
    people=st.lists(st.floats(0, 1e5, allow_nan=False), min_size=1, max_size=50),
)
def test_fractions_of_people_leave_no_remainder(people):
    n = len(people)
    everybody = served([1] * n, people, [0] * n)
    nobody = served([99] * n, people, [0] * n)

    assert everybody.unserved.tolist() == [0.0]
    assert nobody.served.tolist() == [0.0]
    assert not everybody.residents[0] or everybody.share_served.tolist() == [1.0]


@given(world=WORLD)
def test_zones_together_are_the_people_of_one_zone(world):
    costs, people, zone = columns(world)
    nowhere = [0] * len(zone)

    together = served(costs, people, zone, n_zones=4).together()
    one = served(costs, people, nowhere)
    np.testing.assert_array_equal(together.served, one.served)
    np.testing.assert_array_equal(together.share_served, one.share_served)

    mean = mean_cost(costs, people, zone, n_zones=4).together()
    mean_of_one = mean_cost(costs, people, nowhere, n_zones=1)
    np.testing.assert_allclose(mean.mean, mean_of_one.mean)
    np.testing.assert_allclose(mean.mean_of_reachable, mean_of_one.mean_of_reachable)
    np.testing.assert_array_equal(mean.share_reachable, mean_of_one.share_reachable)
