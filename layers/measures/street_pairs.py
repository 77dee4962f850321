"""The costs of many pairs over a walking network, each place searched on its own."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.street_graph import Spots, StreetGraph, with_places
from layers.measures.street_search import along_street

DENSE_AT_ONCE = 4_000_000
"""Costs (place x junction) held in memory at a time."""

TILE_M = 1500.0
"""Places are searched tile by tile, on the streets around; it decides speed only."""

FEW_NODES = 2_000
"""A network of no more junctions than this is not cut."""


def costs_of_near_pairs(
    graph: StreetGraph,
    xy: FloatArray,
    origins: Spots,
    places: Spots,
    places_xy: FloatArray,
    origin: IntArray,
    place: IntArray,
    *,
    limit: float,
) -> FloatArray:
    """Return what `costs_of_pairs` does, on the streets around each place alone.

    Parameters
    ----------
    xy : ndarray, (n_nodes, 2)
        Where the junctions are, in metres; no street costs less than its length.
    places_xy : ndarray, (m, 2)
        Where the places are.
    graph, origins, places, origin, place, limit
        As in `costs_of_pairs`.

    Notes
    -----
    A walk within the limit never leaves the circle of that radius around its place, so
    junctions beyond it are cut away before the search: exact, and for a city of 100,000
    junctions some ten times quicker.
    """
    if graph.n_nodes <= FEW_NODES:
        return costs_of_pairs(graph, origins, places, origin, place, limit=limit)
    cost = np.full(len(origin), np.inf)
    for some, nodes in _tiles(xy, places_xy, place, limit):
        patch, number = graph.patch(nodes)
        here, who = np.unique(origin[some], return_inverse=True)
        there, which = np.unique(place[some], return_inverse=True)
        cost[some] = _by_junctions(
            patch,
            origins.take(here).renumbered(number),
            places.take(there).renumbered(number),
            who,
            which,
            limit,
        )
    return _with_direct(cost, origins, places, origin, place, limit)


def _tiles(
    xy: FloatArray, places_xy: FloatArray, place: IntArray, limit: float
) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield pairs by the tile of their place, with the junctions within the limit."""
    if not len(place):
        return
    tile = np.floor(places_xy / TILE_M).astype(np.int64)
    corners, of_place = np.unique(tile, axis=0, return_inverse=True)
    of_pair = of_place.reshape(-1)[place]
    order = np.argsort(of_pair, kind="stable")
    used, begins = np.unique(of_pair[order], return_index=True)
    for number, some in zip(used, np.split(order, begins[1:]), strict=True):
        low = corners[number] * TILE_M - limit
        high = corners[number] * TILE_M + TILE_M + limit
        near = ((xy >= low) & (xy <= high)).all(axis=1)
        yield some, np.flatnonzero(near)


def costs_of_pairs(
    graph: StreetGraph,
    origins: Spots,
    places: Spots,
    origin: IntArray,
    place: IntArray,
    *,
    limit: float,
) -> FloatArray:
    """Return the cost of each pair of an origin and a place, inf beyond the limit.

    Parameters
    ----------
    graph, origins, places, limit
        As in `nearest_places`; the limit is finite, so that searches stay short.
    origin, place : ndarray of int, (p,)
        The pairs; in any order, quickest where those of one place stand together and
        neighbouring places follow one another.

    Returns
    -------
    ndarray, (p,)
    """
    cost = _by_junctions(graph, origins, places, origin, place, limit)
    return _with_direct(cost, origins, places, origin, place, limit)


def _by_junctions(
    graph: StreetGraph,
    origins: Spots,
    places: Spots,
    origin: IntArray,
    place: IntArray,
    limit: float,
) -> FloatArray:
    """Return the costs of walks that pass a junction."""
    cost = np.full(len(origin), np.inf)
    extended = with_places(graph, places)
    order = np.argsort(place, kind="stable")
    wanted, begins = np.unique(place[order], return_index=True)
    ends = np.append(begins[1:], len(order))
    block = max(1, DENSE_AT_ONCE // max(extended.shape[0], 1))
    for at in range(0, len(wanted), block):
        some = wanted[at : at + block]
        least = _from_each(extended, graph.n_nodes + some, limit)
        rows = order[begins[at] : ends[min(at + block, len(wanted)) - 1]]
        line = np.searchsorted(some, place[rows])
        who = origin[rows]
        cost[rows] = np.minimum(
            least[line, origins.start[who]] + origins.to_start[who],
            least[line, origins.end[who]] + origins.to_end[who],
        )
    return cost


def _from_each(extended: csr_array, vertices: IntArray, limit: float) -> FloatArray:
    least = dijkstra(extended, indices=vertices, limit=limit)
    return np.asarray(least, dtype=np.float64).reshape(len(vertices), -1)


def _with_direct(
    cost: FloatArray,
    origins: Spots,
    places: Spots,
    origin: IntArray,
    place: IntArray,
    limit: float,
) -> FloatArray:
    """Return the costs, those along one street if that is less; inf beyond the limit."""
    on_one = origins.is_on[origin] & (origins.edge[origin] == places.edge[place])
    same = np.flatnonzero(on_one)
    direct = along_street(origins, places, origin[same], place[same])
    cost[same] = np.minimum(cost[same], direct)
    cost[~(cost <= limit)] = np.inf
    return cost
