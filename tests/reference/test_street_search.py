"""Walks over streets against the slow, obvious second implementation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import InvalidArray
from layers.measures import street_pairs, street_search
from layers.measures.street_graph import Spots, StreetGraph
from layers.measures.street_pairs import costs_of_pairs
from layers.measures.street_search import k_nearest_places, nearest_places
from tests.reference.street_oracle import walks

pytestmark = pytest.mark.reference


@st.composite
def worlds(draw):
    """Return a small network with parallel streets, loops, islands and zero lengths."""
    n = draw(st.integers(1, 10))
    node = st.integers(0, n - 1)
    length = st.one_of(st.integers(0, 9), st.floats(0, 50, allow_subnormal=False))
    streets = draw(st.lists(st.tuples(node, node, length), min_size=1, max_size=16))
    fraction = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
    spot = st.tuples(st.integers(-1, len(streets) - 1), fraction, st.integers(0, 5))
    return n, streets, *(draw(st.lists(spot, max_size=7)) for _ in range(2))


def spots_of(graph, rows):
    edge, fraction, leg = zip(*rows, strict=True) if rows else ((), (), ())
    return Spots.on(
        graph,
        np.array(edge, dtype=np.int64),
        np.array(fraction, dtype=float),
        np.array(leg, dtype=float),
    )


def built(world):
    n, streets, origins, places = world
    start, end, cost = zip(*streets, strict=True)
    graph = StreetGraph.of(n, list(start), list(end), list(map(float, cost)))
    table = np.array(walks(n, streets, origins, places)).reshape(
        len(origins), len(places)
    )
    return graph, spots_of(graph, origins), spots_of(graph, places), table


@settings(max_examples=300)
@given(worlds(), st.integers(1, 4))
def test_the_nearest_and_the_next_ones_are_the_oracles(world, k):
    graph, origins, places, table = built(world)
    wanted = np.full((len(origins), k), np.inf)
    ascending = np.sort(table, axis=1)[:, :k]
    wanted[:, : ascending.shape[1]] = ascending

    cost, place = k_nearest_places(graph, origins, places, k)
    first, which = nearest_places(graph, origins, places)

    assert np.allclose(cost, wanted, atol=1e-9)
    assert np.allclose(first, wanted[:, 0], atol=1e-9)
    for row in range(len(origins)):
        there = place[row] >= 0
        assert (there == np.isfinite(cost[row])).all()
        assert len(set(place[row][there])) == there.sum()  # each place once
        assert np.allclose(table[row, place[row][there]], cost[row][there], atol=1e-9)
        assert which[row] < 0 or np.isclose(table[row, which[row]], first[row])


@settings(max_examples=150)
@given(worlds(), st.integers(0, 60))
def test_the_costs_of_pairs_are_the_oracles_up_to_the_limit(world, limit):
    graph, origins, places, table = built(world)
    origin, place = (axis.ravel() for axis in np.indices(table.shape))

    cost = costs_of_pairs(graph, origins, places, origin, place, limit=limit + 0.5)

    wanted = table.ravel()
    is_clear = np.abs(wanted - limit - 0.5) > 1e-6
    wanted = np.where(wanted <= limit + 0.5, wanted, np.inf)
    assert np.allclose(cost[is_clear], wanted[is_clear], atol=1e-9)


@settings(max_examples=100)
@given(worlds(), st.integers(1, 3))
def test_how_much_is_done_at_once_changes_nothing(world, k):
    graph, origins, places, table = built(world)
    origin, place = (axis.ravel() for axis in np.indices(table.shape))

    def answers():
        return (
            *nearest_places(graph, origins, places),
            *k_nearest_places(graph, origins, places, k),
            costs_of_pairs(graph, origins, places, origin, place, limit=1e9),
        )

    whole = answers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(street_pairs, "DENSE_AT_ONCE", 3)
        patch.setattr(street_search, "PAIRS_AT_ONCE", 3)
        parts = answers()

    assert all((a == b).all() for a, b in zip(whole, parts, strict=True))


@given(worlds())
def test_adding_a_street_never_shrinks_reach(world):
    # r5r#495
    graph, origins, places, _ = built(world)
    n = graph.n_nodes
    wider = StreetGraph.of(
        n, [*graph.start, 0], [*graph.end, n - 1], [*graph.cost, 3.0]
    )

    before, _ = nearest_places(graph, origins, places)
    after, _ = nearest_places(wider, origins, places)

    assert (after <= before + 1e-9).all()


@given(worlds())
def test_closing_a_place_never_improves_anybody(world):
    graph, origins, places, _ = built(world)
    left = places.take(np.arange(len(places)) > 0)

    before, _ = nearest_places(graph, origins, places)
    after, _ = nearest_places(graph, origins, left)

    assert (after >= before - 1e-9).all()


@given(worlds())
def test_somebody_cut_off_changes_nothing_for_the_others(world):
    # pgRouting#519: one start on an island, and all others lost their way.
    graph, origins, places, _ = built(world)
    start = [*graph.start.tolist(), graph.n_nodes]
    end = [*graph.end.tolist(), graph.n_nodes + 1]
    wider = StreetGraph.of(graph.n_nodes + 2, start, end, [*graph.cost, 5.0])
    island = len(graph.cost)
    edge = np.append(origins.edge, island)
    fraction = np.append(np.zeros(len(origins)), 0.5)
    here = Spots.on(wider, edge, fraction, np.append(origins.leg, 1.0))
    alone = Spots.on(graph, origins.edge, np.zeros(len(origins)), origins.leg)
    there = places

    together, index = nearest_places(wider, here, there)
    before, _ = nearest_places(graph, alone, there)

    assert (together[:-1] == before).all()
    assert (together[-1], index[-1]) == (np.inf, -1)


@given(worlds())
def test_the_same_question_has_the_same_answer_bit_for_bit(world):
    # pandana#73
    graph, origins, places, _ = built(world)

    one = k_nearest_places(graph, origins, places, 3)
    two = k_nearest_places(graph, origins, places, 3)

    assert (one[0] == two[0]).all()
    assert (one[1] == two[1]).all()


def test_k_is_at_least_one():
    graph = StreetGraph.of(1, [], [], [])
    nobody = spots_of(graph, [])

    with pytest.raises(InvalidArray, match="k: 0"):
        k_nearest_places(graph, nobody, nobody, 0)


def test_networkx_agrees_on_a_grid():
    networkx = pytest.importorskip("networkx")
    rng = np.random.default_rng(3)
    grid = networkx.convert_node_labels_to_integers(networkx.grid_2d_graph(12, 12))
    streets = [(a, b, float(rng.integers(20, 200))) for a, b in grid.edges]
    start, end, cost = map(list, zip(*streets, strict=True))
    grid.add_weighted_edges_from(streets)
    graph = StreetGraph.of(144, start, end, cost)
    # Places at the junctions where their street begins.
    chosen = rng.choice(len(streets), 9, replace=False)
    there = spots_of(graph, [(int(e), 0.0, 0.0) for e in chosen])
    here = spots_of(graph, [(e, 0.0, 0.0) for e in range(len(streets))])
    known = networkx.multi_source_dijkstra_path_length(grid, {start[e] for e in chosen})

    found, _ = nearest_places(graph, here, there)

    assert np.allclose(found, [known[n] for n in start])
