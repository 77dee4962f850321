"""The k-th nearest place of every junction, at one search of the network for each k."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from layers.measures.arrays import BoolArray, FloatArray, IntArray

ROOT = -9999
"""What SciPy gives as the predecessor of a vertex without one."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The nearest places of each vertex: junctions first, then the places themselves.

    Attributes
    ----------
    cost : ndarray, (v, k)
        Ascending in each row, inf where fewer than k are reached.
    place : ndarray of int, (v, k)
        Different ones in each row, -1 where fewer are reached.
    """

    cost: FloatArray
    place: IntArray

    @property
    def k(self) -> int:
        """How many places each vertex knows at most."""
        return int(self.cost.shape[1])


def next_labels(
    extended: csr_array, n_nodes: int, labels: Labels, limit: float = np.inf
) -> Labels:
    """Return the labels with one more place for each junction.

    Parameters
    ----------
    extended : csr_array
        The network with its places as vertices; see `with_places`.
    n_nodes : int
        How many of the vertices are junctions.
    labels : Labels
        The k nearest places of each vertex.
    limit : float
        Costs beyond it are not looked for.

    Notes
    -----
    Let S(v) be the k nearest places of v. Follow the shortest walk from the next place
    t to v, and let y-z be its last street with t in S(y): either S(y) has a place that
    S(z) has not, and the nearest of those reaches z over that street no dearer than t;
    or from z on no street changes S, and the walk of z's own next place goes on. So the
    next labels are one search over the streets between junctions with the same S,
    begun at every z of a street that changes S with that street's offer.
    """
    tail = np.repeat(np.arange(extended.shape[0]), np.diff(extended.indptr))
    head, weight = extended.indices.astype(np.int64), extended.data
    offer, giver = _offers(labels, tail, head)
    is_change = np.isfinite(offer)
    begun, cost, place = _least(
        head[is_change], (offer + weight)[is_change], giver[is_change]
    )
    keeps = ~is_change & (tail < n_nodes)
    more = Labels(
        np.column_stack((labels.cost, np.full(len(labels.cost), np.inf))),
        np.column_stack((labels.place, np.full(len(labels.place), -1))),
    )
    if not len(begun):
        return more
    root = n_nodes  # the vertices of places are not needed between junctions
    matrix = _rooted(
        tail[keeps], head[keeps], weight[keeps], root=root, begun=begun, cost=cost
    )
    least, before = dijkstra(
        matrix, indices=root, return_predecessors=True, limit=limit
    )
    named = np.full(n_nodes + 1, -1, dtype=np.int64)
    named[begun] = place
    reached = np.isfinite(least[:n_nodes])
    origin = _first_after_root(before.astype(np.int64), root)
    more.cost[:n_nodes, -1] = least[:n_nodes]
    more.place[:n_nodes, -1] = np.where(reached, named[origin[:n_nodes]], -1)
    return more


def _offers(
    labels: Labels, tail: IntArray, head: IntArray
) -> tuple[FloatArray, IntArray]:
    """Return what each street's tail knows and its head does not: the nearest place."""
    offer = np.full(len(tail), np.inf)
    giver = np.full(len(tail), -1, dtype=np.int64)
    known = labels.place[head]
    for number in reversed(range(labels.k)):
        place = labels.place[tail, number]
        is_news: BoolArray = (place >= 0) & (known != place[:, None]).all(axis=1)
        offer[is_news] = labels.cost[tail[is_news], number]
        giver[is_news] = place[is_news]
    return offer, giver


def _least(
    vertex: IntArray, cost: FloatArray, place: IntArray
) -> tuple[IntArray, FloatArray, IntArray]:
    """Return each vertex once, with its least cost; of equal ones the lower place."""
    order = np.lexsort((place, cost, vertex))
    vertex, cost, place = vertex[order], cost[order], place[order]
    is_first = np.ones(len(vertex), dtype=bool)
    is_first[1:] = vertex[1:] != vertex[:-1]
    return vertex[is_first], cost[is_first], place[is_first]


def _rooted(
    tail: IntArray,
    head: IntArray,
    weight: FloatArray,
    *,
    root: int,
    begun: IntArray,
    cost: FloatArray,
) -> csr_array:
    """Return the matrix of some streets with a root that leads to where labels begin.

    Streets come sorted by tail, and the root is the last vertex.
    """
    counts = np.bincount(tail, minlength=root + 1)
    counts[root] = len(begun)
    return csr_array(
        (
            np.concatenate([weight, cost]),
            np.concatenate([head, begun]).astype(np.int32),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        ),
        shape=(root + 1, root + 1),
    )


def _first_after_root(before: IntArray, root: int) -> IntArray:
    """Return for each vertex the first one after the root on its walk from there.

    Each step doubles how far back a vertex looks, so a walk of a million streets
    takes twenty.
    """
    vertex = np.arange(len(before))
    back = np.where((before == root) | (before == ROOT), vertex, before)
    while True:
        further = back[back]
        if (further == back).all():
            return back
        back = further
