"""Intervals over runs: by hand, against one run at a time, and never narrower than safe."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.envelope import (
    envelope,
    reach_ratios,
    unserved_by_run,
    widened,
)

WORLDS = st.lists(
    st.tuples(
        st.one_of(st.floats(0, 100), st.just(math.inf)),  # cost
        st.integers(0, 50),  # people
        st.integers(0, 3),  # zone
    ),
    max_size=30,
)
LIMITS = st.lists(st.floats(0, 100), min_size=1, max_size=6)


def test_the_runs_are_those_of_the_method() -> None:
    # speed {4, 4.5, 5} x threshold {-20, 0, +20 %} / detour {1.2, 1.3, 1.4}
    ratios = reach_ratios(has_detour=True)
    assert len(ratios) == 27
    assert ratios.min() == pytest.approx(4 / 4.5 * 0.8 / (1.4 / 1.3))
    assert ratios.max() == pytest.approx(5 / 4.5 * 1.2 / (1.2 / 1.3))
    assert 1.0 in ratios
    assert 1.0 in reach_ratios(has_detour=False)


@given(WORLDS, LIMITS)
def test_each_run_is_what_it_would_be_alone(
    world: list[tuple[float, int, int]], limits: list[float]
) -> None:
    cost = [point[0] for point in world]
    people = [point[1] for point in world]
    zone = np.array([point[2] for point in world], dtype=np.int64)
    together = unserved_by_run([cost], people, zone, n_zones=4, thresholds=limits)
    for n, limit in enumerate(limits):
        alone = [
            sum(p for c, p, z in world if z == zone_ and not c <= limit)
            for zone_ in range(4)
        ]
        assert together[n].tolist() == pytest.approx(alone)


def test_a_cost_of_exactly_the_threshold_is_within_it() -> None:
    found = unserved_by_run([[10.0, 10.1]], [3, 4], [0, 0], n_zones=1, thresholds=[10])
    assert found.tolist() == [[4.0]]


def test_readings_of_what_is_not_known_are_runs_of_their_own() -> None:
    found = unserved_by_run(
        [[5.0], [math.inf]], [7], [0], n_zones=1, thresholds=[10, 20]
    )
    assert found.tolist() == [[0.0], [0.0], [7.0], [7.0]]


def test_ranks_follow_the_order_of_each_run() -> None:
    runs = [[30, 20, 10], [30, 20, 40], [30, 20, 10]]
    found = envelope(runs, is_ranked=[True, True, True])
    # Zone 0 ranks 1, 2, 1; zone 1 ranks 2, 3, 2; zone 2 ranks 3, 1, 3.
    assert found.rank_low.tolist() == [1, 2, 1]
    assert found.rank_high.tolist() == [2, 3, 3]
    assert found.n_runs == 3


def test_equal_zones_rank_in_their_order() -> None:
    found = envelope([[5, 5]], is_ranked=[True, True])
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 2], [1, 2])


def test_zones_without_a_rank_have_none() -> None:
    found = envelope([[5, 50]], is_ranked=[True, False])
    assert found.rank_low.tolist() == [1, 0]
    nothing = envelope([[5.0]], is_ranked=[False])
    assert nothing.rank_high.tolist() == [0]


@given(
    st.integers(0, 200),
    st.integers(0, 200),
    st.integers(0, 200),
    st.sampled_from([1, 5, 10, 20]),
    st.sampled_from([1, 5]),
)
def test_a_widened_interval_holds_the_old_one_and_shows_nobody(
    one: int, other: int, more: int, k: int, base: int
) -> None:
    low, high = sorted((one, other))
    total = high + more
    (below,), (above,) = widened([low], [high], [total], k=k, base=base)
    assert 0 <= below <= low
    assert high <= above <= total
    for bound in (below, above):
        assert bound == 0 or bound >= min(k, total)
        assert total - bound == 0 or total - bound >= min(k, total)


@pytest.mark.parametrize(
    ("costs", "limits"),
    [
        ([[1.0]], [10]),
        ([[math.nan, 1.0]], [10]),
        ([[1.0, 2.0]], []),
        ([[1.0, 2.0]], [math.nan]),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    costs: list[list[float]], limits: list[float]
) -> None:
    with pytest.raises(InvalidArray):
        unserved_by_run(costs, [1, 2], [0, 0], n_zones=1, thresholds=limits)


def test_runs_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidArray):
        envelope([[1, 2]], is_ranked=[True])
    with pytest.raises(InvalidArray):
        envelope([], is_ranked=[])
    with pytest.raises(InvalidParameter):
        widened([1], [2], [3], k=0)
