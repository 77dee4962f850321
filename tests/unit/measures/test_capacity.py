"""Who gets a place, who finds none left, who has none in reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from layers.errors import InvalidArray
from layers.measures.capacity import capacity_split
from layers.measures.coverage import people_served
from layers.measures.nearest_pairs import cost_to_closest_pair
from tests.unit.measures.pair_world import COSTS, PEOPLE, dense, sparse, worlds

THRESHOLD = st.sampled_from([0, 5, 12, np.inf])


def split(people, places, costs, threshold=np.inf):
    found = capacity_split(people, places, costs, threshold=threshold)
    return (
        found.served.tolist(),
        found.without_capacity.tolist(),
        found.out_of_reach.tolist(),
    )


def test_the_three_by_hand():
    # s has 30 places for A (2) and B (5), t 14 for B (5) and A (8); C is at 10.
    # All 44 places are given; A is nearer to s and fills it, t goes to B.
    served, without, out = split(PEOPLE, [30, 14], COSTS, threshold=8)

    assert (served, without, out) == ([30, 14, 0], [70, 186, 0], [0, 0, 50])


def test_most_people_come_first_and_the_shortest_way_second():
    # Both are nearer to s, only A can go to t as well: A has to give way to B.
    costs = sparse([(0, 0, 1), (0, 1, 9), (1, 0, 5)], (2, 2))

    found = capacity_split([1, 1], [1, 1], costs, threshold=np.inf)

    assert found.served.tolist() == [1, 1]
    np.testing.assert_array_equal(found.assigned.data, [0, 1, 1])
    assert found.cost == 14


def test_a_chain_of_moves_is_made_however_dear():
    # A fits 1 and 2, B 2 and 3, C 3 only and is at its door; everybody fits only if
    # A takes 1 at 100.
    cells = [(0, 0, 100), (0, 1, 1), (1, 1, 1), (1, 2, 1), (2, 2, 0)]

    assert split([1, 1, 1], [1, 1, 1], sparse(cells, (3, 3)))[0] == [1, 1, 1]


def test_without_places_those_in_reach_are_without_capacity():
    assert split([3, 4], [0], sparse([(0, 0, 1)], (2, 1))) == ([0, 0], [3, 0], [0, 4])


def test_without_sites_everybody_is_out_of_reach():
    assert split([3, 4], [], csr_array((2, 0))) == ([0, 0], [0, 0], [3, 4])


def test_where_all_fit_everybody_goes_to_the_nearest():
    found = capacity_split(PEOPLE, [1000, 1000], COSTS, threshold=np.inf)

    assert found.load.tolist() == [300, 50]
    assert found.cost == 100 * 2 + 200 * 5 + 50 * 10


def test_half_people_get_half_places():
    assert split([0.5, 0.7], [1], sparse([(0, 0, 1), (1, 0, 2)], (2, 1)))[0] == (
        pytest.approx([0.5, 0.5])
    )


@pytest.mark.parametrize(
    ("people", "places", "threshold", "message"),
    [
        ([1, 1, -1], [1, 1], 5, "demand: value 2"),
        (PEOPLE, [np.nan, 1], 5, "supply: value 0"),
        (PEOPLE, [1], 5, "costs: shape"),
        (PEOPLE, [1, 1], -5, "threshold"),
        (PEOPLE, [1, 1], np.nan, "threshold"),
    ],
)
def test_what_does_not_fit_is_refused(people, places, threshold, message):
    with pytest.raises(InvalidArray, match=message):
        capacity_split(people, places, COSTS, threshold=threshold)


def most_people(people, places, costs, threshold):
    """Return the largest flow from points to sites, by another algorithm."""
    n, m = costs.shape
    graph = np.zeros((n + m + 2, n + m + 2), dtype=np.int32)
    graph[0, 1 : n + 1] = people
    graph[n + 1 : -1, -1] = places
    for i, j in zip(*np.nonzero(dense(costs) <= threshold), strict=True):
        graph[1 + i, n + 1 + j] = int(people[i])
    return maximum_flow(csr_array(graph), 0, n + m + 1).flow_value


@given(world=worlds(whole=True), threshold=THRESHOLD)
def test_as_many_are_served_as_can_be(world, threshold):
    people, places, costs = world
    reach = costs.copy()
    finite = 1e9 if np.isinf(threshold) else threshold

    found = capacity_split(people, places, costs, threshold=threshold)

    assert found.served.sum() == most_people(people, places, reach, finite)
    # Never more than the capacity realised (AccessMod #340).
    assert (found.load <= places).all()
    assert found.served.sum() == pytest.approx(found.load.sum())


@given(world=worlds(), threshold=THRESHOLD)
def test_the_three_are_everybody(world, threshold):
    people, places, costs = world
    found = capacity_split(people, places, costs, threshold=threshold)

    total = found.served + found.without_capacity + found.out_of_reach
    np.testing.assert_allclose(total, people, atol=1e-9)
    for part in (found.served, found.without_capacity, found.out_of_reach):
        assert (part >= -1e-9).all()
    assert (found.assigned.data >= 0).all()


@given(world=worlds(whole=True), more=st.integers(1, 50), at=st.integers(0, 3))
def test_more_places_never_serve_fewer(world, more, at):
    people, places, costs = world
    roomier = places.copy()
    roomier[at % len(places)] += more

    before = capacity_split(people, places, costs, threshold=10)
    after = capacity_split(people, roomier, costs, threshold=10)

    assert after.served.sum() >= before.served.sum()


@given(world=worlds(max_points=3, max_sites=3, whole=True))
def test_no_exchange_of_two_people_would_shorten_the_ways(world):
    people, places, costs = world
    found = capacity_split(people, places, costs, threshold=np.inf)
    d, x = dense(costs), np.zeros(costs.shape)
    rows = np.repeat(range(len(people)), np.diff(costs.indptr))
    x[rows, costs.indices] = found.assigned.data

    for i, j in zip(*np.nonzero(x > 0), strict=True):
        for a, b in zip(*np.nonzero(x > 0), strict=True):
            assert d[i, j] + d[a, b] <= d[i, b] + d[a, j] + 1e-9


@given(world=worlds(), threshold=THRESHOLD)
def test_with_room_for_all_capacity_says_what_coverage_says(world, threshold):
    # AccessMod #314: ignoring capacity, the catchment must extend to the full threshold.
    people, places, costs = world
    zone = np.zeros(len(people), dtype=int)

    found = capacity_split(people, places + 1e6, costs, threshold=threshold)
    coverage = people_served(
        cost_to_closest_pair(costs), people, zone, n_zones=1, threshold=threshold
    )

    assert found.served.sum() == pytest.approx(coverage.served[0])
    assert found.out_of_reach.sum() == pytest.approx(coverage.unserved[0])
    assert not found.without_capacity.any()
