"""The nearest places over a walking network: one, several, or all within a limit."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse.csgraph import dijkstra

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray, IntArray
from layers.measures.street_graph import Spots, StreetGraph, with_places
from layers.measures.street_labels import Labels, next_labels

PAIRS_AT_ONCE = 4_000_000
"""Pairs on one street held in memory at a time."""


def nearest_places(
    graph: StreetGraph, origins: Spots, places: Spots, *, limit: float = np.inf
) -> tuple[FloatArray, IntArray]:
    """Return the least cost from each origin to any place, and to which.

    Parameters
    ----------
    graph : StreetGraph
        The network.
    origins, places : Spots
        On that network; both legs are part of the cost.
    limit : float
        A cost beyond it is not looked for and inf in the answer; itself it is within.

    Returns
    -------
    (ndarray, ndarray), (n,) and (n,)
        In the unit of the graph's costs, inf where nothing is reached; index of the
        place, then -1. Of equally near places it is the same one every time.

    Notes
    -----
    One search from all places at once (`scipy.sparse.csgraph.dijkstra`, `min_only`),
    then each origin compares the two ends of its street, and the places that lie on
    its own street, which are reached without passing a junction.

    References
    ----------
    Dijkstra (1959), Numer. Math. 1, doi:10.1007/BF01386390.

    Examples
    --------
    A street of 100 m: from 10 m to 70 m along it.

    >>> street = StreetGraph.of(2, [0], [1], [100.0])
    >>> at = lambda *shares: Spots.on(
    ...     street, np.zeros(len(shares), int), np.array(shares), np.zeros(len(shares))
    ... )
    >>> nearest_places(street, at(0.1), at(0.7, 1.0))
    (array([60.]), array([0]))
    """
    least, nearest = _least_and_nearest(graph, places, limit)
    by_start = least.take(origins.start) + origins.to_start
    by_end = least.take(origins.end) + origins.to_end
    place = nearest.take(np.where(by_start <= by_end, origins.start, origins.end))
    cost = np.minimum(by_start, by_end)
    for origin, candidate, direct in same_street(origins, places):
        order = np.lexsort((candidate, direct, origin))
        origin, candidate, direct = origin[order], candidate[order], direct[order]
        is_first = np.ones(len(origin), dtype=bool)
        is_first[1:] = origin[1:] != origin[:-1]
        is_nearer = is_first & (direct < cost[origin])
        cost[origin[is_nearer]] = direct[is_nearer]
        place[origin[is_nearer]] = candidate[is_nearer]
    is_out = ~(cost <= limit) | np.isinf(cost)
    cost[is_out], place[is_out] = np.inf, -1
    return cost, place


def k_nearest_places(
    graph: StreetGraph,
    origins: Spots,
    places: Spots,
    k: int,
    *,
    limit: float = np.inf,
) -> tuple[FloatArray, IntArray]:
    """Return the costs to the k nearest places of each origin, and which they are.

    Parameters
    ----------
    graph, origins, places, limit
        As in `nearest_places`.
    k : int
        How many, 1 or more. Two places at one spot are two.

    Returns
    -------
    (ndarray, ndarray), (n, k) and (n, k)
        Ascending in each row; inf and -1 where fewer are reached.

    Raises
    ------
    InvalidArray
        `k` below 1.

    Notes
    -----
    Exact, at one search of the network for each of the k; see `next_labels`.
    """
    if k < 1:
        raise InvalidArray(f"k: {k} is below 1")
    labels = first_label(graph, places, limit)
    extended = with_places(graph, places)
    for _ in range(1, k):
        labels = next_labels(extended, graph.n_nodes, labels, limit)
    cost = np.concatenate(
        [
            labels.cost[origins.start] + origins.to_start[:, None],
            labels.cost[origins.end] + origins.to_end[:, None],
        ],
        axis=1,
    )
    place = np.concatenate(
        [labels.place[origins.start], labels.place[origins.end]], axis=1
    )
    best, which = _least_distinct(cost, place, k)
    for origin, candidate, direct in same_street(origins, places):
        at, near, near_place = _k_rows(origin, candidate, direct, k)
        best[at], which[at] = _least_distinct(
            np.concatenate([best[at], near], axis=1),
            np.concatenate([which[at], near_place], axis=1),
            k,
        )
    is_out = ~(best <= limit) | np.isinf(best)
    best[is_out], which[is_out] = np.inf, -1
    return best, which


def first_label(graph: StreetGraph, places: Spots, limit: float = np.inf) -> Labels:
    """Return for each junction the nearest place and its cost; see `Labels`."""
    least, nearest = _least_and_nearest(graph, places, limit)
    return Labels(least[:, None], nearest[:, None])


def _least_and_nearest(
    graph: StreetGraph, places: Spots, limit: float
) -> tuple[FloatArray, IntArray]:
    """Return the least cost of each vertex to a place, and to which: inf, -1 to none."""
    n = graph.n_nodes
    on = np.flatnonzero(places.is_on)
    if not len(on):
        size = n + len(places)
        return np.full(size, np.inf), np.full(size, -1, dtype=np.int64)
    least, _, source = dijkstra(
        with_places(graph, places),
        indices=n + on,
        min_only=True,
        return_predecessors=True,
        limit=limit,
    )
    return least, np.where(source < 0, -1, source.astype(np.int64) - n)


def along_street(
    origins: Spots, places: Spots, origin: IntArray, place: IntArray
) -> FloatArray:
    """Return the cost between two on one street, without passing a junction."""
    here, there = origins.leg[origin], places.leg[place]
    with np.errstate(invalid="ignore"):  # inf - inf of places off the network
        from_here = origins.to_start[origin] - here
        from_there = places.to_start[place] - there
        return np.asarray(np.abs(from_here - from_there) + here + there)


def same_street(
    origins: Spots, places: Spots
) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Yield pairs of an origin and a place on one street, with the cost along it.

    In portions of a bounded size, each with all pairs of its origins; none where no
    origin shares a street with a place.
    """
    on = np.flatnonzero(places.is_on)
    on = on[np.argsort(places.edge[on], kind="stable")]
    streets = places.edge[on]
    n_streets = max(
        (int(e.max()) for e in (streets, origins.edge) if len(e)), default=-1
    )
    has_place = np.zeros(n_streets + 2, dtype=bool)
    has_place[streets] = True
    shared = np.flatnonzero(has_place[origins.edge])  # edge -1 reads the spare last one
    if not len(shared):
        return
    low = np.searchsorted(streets, origins.edge[shared], side="left")
    many = np.searchsorted(streets, origins.edge[shared], side="right") - low
    cut = np.flatnonzero(np.diff((np.cumsum(many) - 1) // PAIRS_AT_ONCE)) + 1
    for part in np.split(np.arange(len(shared)), cut):
        counts = many[part]
        origin = np.repeat(shared[part], counts)
        number = np.arange(len(origin)) - np.repeat(np.cumsum(counts) - counts, counts)
        place = on[np.repeat(low[part], counts) + number]
        yield origin, place, along_street(origins, places, origin, place)


def _k_rows(
    origin: IntArray, place: IntArray, cost: FloatArray, k: int
) -> tuple[IntArray, FloatArray, IntArray]:
    """Return the k least pairs of each origin as rows: origins, costs, places."""
    order = np.lexsort((place, cost, origin))
    origin, place, cost = origin[order], place[order], cost[order]
    at, begins, counts = np.unique(origin, return_index=True, return_counts=True)
    rank = np.arange(len(origin)) - np.repeat(begins, counts)
    row = np.repeat(np.arange(len(at)), counts)
    is_kept = rank < k
    costs, places = np.full((len(at), k), np.inf), np.full((len(at), k), -1)
    costs[row[is_kept], rank[is_kept]] = cost[is_kept]
    places[row[is_kept], rank[is_kept]] = place[is_kept]
    return at, costs, places


def _least_distinct(
    cost: FloatArray, place: IntArray, k: int
) -> tuple[FloatArray, IntArray]:
    """Return the k least costs of each row to different places, ascending."""
    left = cost.copy()
    row = np.arange(len(left))
    best, which = np.full((len(left), k), np.inf), np.full((len(left), k), -1)
    for number in range(k):
        at = left.argmin(axis=1)
        best[:, number] = left[row, at]
        which[:, number] = np.where(np.isinf(best[:, number]), -1, place[row, at])
        left[place == which[:, number, None]] = np.inf
    return best, which
