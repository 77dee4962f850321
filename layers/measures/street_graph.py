"""Walks along streets: the least cost from places to places over a network.

The network is undirected: on foot there is no one-way street. Places lie on edges, not
only at junctions, and are reached over a leg off the network.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from layers.errors import InvalidArray
from layers.measures.arrays import BoolArray, FloatArray, IntArray, checked_costs

NodeArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class StreetGraph:
    """A walking network as a sparse matrix.

    Attributes
    ----------
    n_nodes : int
        Junctions, numbered from 0.
    start, end : ndarray of int, (m,)
        The junctions that each street joins; the same one for a loop.
    cost : ndarray, (m,)
        Cost of walking each street from end to end, 0 or more, in walking metres.
    data, indices, indptr : ndarray
        The matrix in CSR form, both directions, of two parallel streets the shorter.
        A street of no length is an explicit 0, which SciPy takes for a link.
    """

    n_nodes: int
    start: NodeArray
    end: NodeArray
    cost: FloatArray
    data: FloatArray
    indices: NodeArray
    indptr: NodeArray

    @classmethod
    def of(
        cls, n_nodes: int, start: ArrayLike, end: ArrayLike, cost: ArrayLike
    ) -> Self:
        """Return the graph of some streets.

        Parameters
        ----------
        n_nodes : int
            How many junctions there are.
        start, end : array_like of int, (m,)
            From 0 to `n_nodes - 1`.
        cost : array_like, (m,)
            Finite, 0 or more.

        Raises
        ------
        InvalidArray
            Arrays that do not fit, with the argument's name.

        Examples
        --------
        >>> graph = StreetGraph.of(3, [0, 1, 0], [1, 2, 1], [100.0, 50.0, 80.0])
        >>> graph.matrix().toarray()
        array([[ 0., 80.,  0.],
               [80.,  0., 50.],
               [ 0., 50.,  0.]])
        """
        costs = checked_costs(cost, "cost")
        if not np.isfinite(costs).all():
            raise InvalidArray(
                "cost: a street that nobody can walk is not in a network"
            )
        one = _checked_nodes(start, "start", n_nodes, len(costs))
        other = _checked_nodes(end, "end", n_nodes, len(costs))
        is_link = one != other
        row = np.concatenate([one[is_link], other[is_link]])
        column = np.concatenate([other[is_link], one[is_link]])
        weight = np.concatenate([costs[is_link], costs[is_link]])
        order = np.lexsort((weight, column, row))
        row, column, weight = row[order], column[order], weight[order]
        is_least = np.ones(len(row), dtype=bool)
        is_least[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
        counts = np.bincount(row[is_least], minlength=n_nodes)
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        return cls(
            n_nodes, one, other, costs, weight[is_least], column[is_least], indptr
        )

    def matrix(self) -> csr_array:
        """Return the symmetric matrix, (n_nodes, n_nodes)."""
        shape = (self.n_nodes, self.n_nodes)
        return csr_array((self.data, self.indices, self.indptr), shape=shape)

    def components(self) -> IntArray:
        """Return for each junction the number of the part that it is connected with."""
        if not self.n_nodes:
            return np.empty(0, dtype=np.int64)
        _, label = connected_components(self.matrix(), directed=False)
        return np.asarray(label, dtype=np.int64)

    def patch(self, nodes: IntArray) -> tuple[Self, IntArray]:
        """Return the graph of some junctions alone, and where each junction went.

        Parameters
        ----------
        nodes : ndarray of int
            Junctions to keep, each once.

        Returns
        -------
        (StreetGraph, ndarray of int)
            The smaller graph; for each junction of this one its number there, or -1.
            The streets of the smaller graph keep their order and lose those that lead
            out of it.
        """
        place = np.full(self.n_nodes, -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        one, other = place[self.start], place[self.end]
        is_inside = (one >= 0) & (other >= 0)
        made = type(self).of(
            len(nodes), one[is_inside], other[is_inside], self.cost[is_inside]
        )
        return made, place


@dataclass(frozen=True, slots=True)
class Spots:
    """Places as the network sees them.

    Attributes
    ----------
    edge : ndarray of int, (n,)
        The street that each is snapped to, -1 where none is near enough.
    leg : ndarray, (n,)
        Cost of the way off the network to that street, inf without one.
    to_start, to_end : ndarray, (n,)
        Cost from the place over the leg and along the street to its two junctions, inf
        without a street.
    start, end : ndarray of int, (n,)
        Those junctions; 0 without a street, where the costs are inf anyway.
    """

    edge: IntArray
    leg: FloatArray
    to_start: FloatArray
    to_end: FloatArray
    start: NodeArray
    end: NodeArray

    @classmethod
    def on(
        cls, graph: StreetGraph, edge: IntArray, fraction: FloatArray, leg: FloatArray
    ) -> Self:
        """Return places at a fraction along streets, a leg away; edge -1 is nowhere."""
        is_on: BoolArray = edge >= 0
        at = np.where(is_on, edge, 0)
        if not len(graph.cost):
            at, whole = np.zeros(len(edge), dtype=np.int64), np.zeros(len(edge))
            start = end = np.zeros(len(edge), dtype=np.int32)
        else:
            whole, start, end = graph.cost[at], graph.start[at], graph.end[at]
        legs = np.where(is_on, leg, np.inf)
        return cls(
            edge=np.asarray(edge, dtype=np.int64),
            leg=legs,
            to_start=legs + fraction * whole,
            to_end=legs + (1 - fraction) * whole,
            start=np.where(is_on, start, 0).astype(np.int32),
            end=np.where(is_on, end, 0).astype(np.int32),
        )

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.edge)

    @property
    def is_on(self) -> BoolArray:
        """Which places are near enough to a street, (n,)."""
        near: BoolArray = self.edge >= 0
        return near

    def renumbered(self, number: IntArray) -> Self:
        """Return the places on a patch: junctions that it has not cannot be reached.

        Parameters
        ----------
        number : ndarray of int, (n_nodes,)
            For each junction of the whole its number on the patch, or -1.
        """
        start, end = number[self.start], number[self.end]
        return type(self)(
            self.edge,
            self.leg,
            np.where(start >= 0, self.to_start, np.inf),
            np.where(end >= 0, self.to_end, np.inf),
            np.maximum(start, 0).astype(np.int32),
            np.maximum(end, 0).astype(np.int32),
        )

    def take(self, at: IntArray | BoolArray) -> Self:
        """Return some of the places."""
        return type(self)(
            self.edge[at],
            self.leg[at],
            self.to_start[at],
            self.to_end[at],
            self.start[at],
            self.end[at],
        )


def with_places(graph: StreetGraph, places: Spots) -> csr_array:
    """Return the matrix with a vertex for each place, from which one can only leave.

    The place `j` is vertex `graph.n_nodes + j`; nothing leads back to it, so no walk
    between others takes a short cut through its legs.
    """
    is_on = places.is_on
    is_loop = is_on & (places.start == places.end)
    to_start = np.where(
        is_loop, np.minimum(places.to_start, places.to_end), places.to_start
    )
    has = np.column_stack(
        (np.isfinite(to_start), np.isfinite(places.to_end) & ~is_loop)
    )
    target = np.column_stack((places.start, places.end))[has]
    cost = np.column_stack((to_start, places.to_end))[has]
    ends = graph.indptr[-1] + np.cumsum(has.sum(axis=1))
    size = graph.n_nodes + len(places)
    return csr_array(
        (
            np.concatenate([graph.data, cost]),
            np.concatenate([graph.indices, target]).astype(np.int32),
            np.concatenate([graph.indptr, ends]).astype(np.int32),
        ),
        shape=(size, size),
    )


def _checked_nodes(values: ArrayLike, name: str, n_nodes: int, n: int) -> NodeArray:
    nodes = np.asarray(values)
    if nodes.size == 0:
        nodes = nodes.astype(np.int32)
    if nodes.ndim != 1 or not np.issubdtype(nodes.dtype, np.integer):
        raise InvalidArray(f"{name}: {nodes.dtype} of shape {nodes.shape} is no index")
    if len(nodes) != n:
        raise InvalidArray(f"{name}: {len(nodes)} values where {n} belong")
    if len(nodes) and (nodes.min() < 0 or nodes.max() >= n_nodes):
        raise InvalidArray(f"{name}: a junction that is not in 0..{n_nodes - 1}")
    return nodes.astype(np.int32)
