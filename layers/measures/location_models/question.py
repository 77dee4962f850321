"""What a location model is asked: who needs how much, and what going where costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    checked_costs,
    checked_people,
)
from layers.measures.pairs import checked_pairs

MAX_MATRIX = 50_000_000
"""Entries of the largest matrix that a p-median may ask for; it takes 28 bytes each."""


@dataclass(frozen=True, slots=True)
class CostTable:
    """The cost of going from demand rows to sites; a pair that is absent is no way.

    Compressed rows: the pairs of row i are `first[i]` to `first[i + 1]` of `site` and
    `cost`, sites ascending, each once, costs finite.

    Attributes
    ----------
    n_demand, n_sites : int
        Rows and columns.
    first : ndarray of int, (n_demand + 1,)
        Where the pairs of each row begin.
    site, cost : ndarray, (n_pairs,)
        Column and cost of each pair.
    """

    n_demand: int
    n_sites: int
    first: IntArray
    site: IntArray
    cost: FloatArray

    @classmethod
    def from_matrix(cls, costs: ArrayLike) -> Self:
        """Return the table of an (n, m) matrix in which inf is no way.

        Raises
        ------
        InvalidArray
            When it is no matrix, or holds NaN or a negative cost.
        """
        matrix = np.asarray(costs, dtype=np.float64)
        if matrix.ndim != 2:
            raise InvalidArray(f"costs: shape {matrix.shape} is not (n, m)")
        checked_costs(matrix.ravel(), "costs")
        row, column = np.nonzero(np.isfinite(matrix))
        first = np.searchsorted(row, np.arange(matrix.shape[0] + 1)).astype(np.int64)
        n, m = matrix.shape
        return cls(n, m, first, column.astype(np.int64), matrix[row, column])

    @classmethod
    def from_pairs(
        cls, demand: ArrayLike, site: ArrayLike, cost: ArrayLike, shape: tuple[int, int]
    ) -> Self:
        """Return the table of pairs in any order; a cost of inf is no way.

        Raises
        ------
        InvalidArray
            Indices outside of `shape`, a pair given twice, lengths that differ, NaN
            or negative costs.
        """
        value = checked_costs(cost, "cost")
        row = _indices(demand, "demand", shape[0], len(value))
        column = _indices(site, "site", shape[1], len(value))
        kept = np.isfinite(value)
        row, column, value = row[kept], column[kept], value[kept]
        order = np.lexsort((column, row))
        row, column, value = row[order], column[order], value[order]
        twice = np.flatnonzero((np.diff(row) == 0) & (np.diff(column) == 0))
        if len(twice):
            at = int(twice[0])
            raise InvalidArray(f"cost: the pair {row[at]}, {column[at]} is given twice")
        first = np.searchsorted(row, np.arange(shape[0] + 1)).astype(np.int64)
        return cls(shape[0], shape[1], first, column, value)

    @classmethod
    def from_csr(cls, costs: csr_array) -> Self:
        """Return the table of a sparse matrix: stored entries are pairs, a 0 as well.

        Raises
        ------
        InvalidArray
            As `checked_pairs` of `layers.measures.pairs`.
        """
        n, m = costs.shape
        pairs = checked_pairs(costs, n=n, m=m)
        first, site = pairs.indptr.astype(np.int64), pairs.indices.astype(np.int64)
        return cls(n, m, first, site, pairs.data)

    @property
    def row(self) -> IntArray:
        """Demand row of each pair, (n_pairs,)."""
        return np.repeat(np.arange(self.n_demand), np.diff(self.first))

    def within(self, radius: float) -> csr_array:
        """Return the (n_demand, n_sites) pairs that cost `radius` or less, as ones."""
        kept = self.cost <= radius
        first = np.concatenate(([0], np.cumsum(kept)))[self.first]
        shape = (self.n_demand, self.n_sites)
        return csr_array((np.ones(int(kept.sum())), self.site[kept], first), shape)

    def matrix(self) -> FloatArray:
        """Return the (n_demand, n_sites) matrix; inf where there is no way.

        Raises
        ------
        InvalidArray
            When it would hold more than `MAX_MATRIX` entries.
        """
        if self.n_demand * self.n_sites > MAX_MATRIX:
            raise InvalidArray(
                f"costs: {self.n_demand} demand rows x {self.n_sites} sites are more "
                f"than the {MAX_MATRIX:,} pairs that this model can hold; "
                "ask with fewer rows (larger cells) or sites"
            )
        dense = np.full((self.n_demand, self.n_sites), np.inf)
        dense[self.row, self.site] = self.cost
        return dense

    def to(self, site: IntArray) -> FloatArray:
        """Return the cost of each row to one site of its own, (n_demand,).

        inf where the site is -1 or cannot be reached.
        """
        here = np.arange(self.n_demand) * self.n_sites + site
        pairs = self.row * self.n_sites + self.site
        at = np.searchsorted(pairs, here)
        known = np.append(pairs, -1)[at] == here
        return np.where(known & (site >= 0), np.append(self.cost, np.inf)[at], np.inf)

    def nearest(self, open_sites: Sequence[int]) -> tuple[FloatArray, IntArray]:
        """Return the cost of each row to the nearest open site, and which it is.

        Returns
        -------
        (ndarray, ndarray), (n_demand,) and (n_demand,)
            inf and -1 where no open site is reached; of equally near sites the first.
        """
        is_open = np.zeros(self.n_sites, dtype=np.bool_)
        is_open[np.asarray(open_sites, dtype=np.int64)] = True
        kept = is_open[self.site]
        row, site, cost = self.row[kept], self.site[kept], self.cost[kept]
        nearest_cost = np.full(self.n_demand, np.inf)
        nearest_site = np.full(self.n_demand, -1, dtype=np.int64)
        if len(row):
            begins = np.flatnonzero(np.diff(row, prepend=-1))
            nearest_cost[row[begins]] = np.minimum.reduceat(cost, begins)
            # Sites ascend in each row: the last one written is the first.
            best = np.flatnonzero(cost == nearest_cost[row])[::-1]
            nearest_site[row[best]] = site[best]
        return nearest_cost, nearest_site


@dataclass(frozen=True, slots=True)
class Question:
    """A checked question: costs, demand, sites that are there already.

    Attributes
    ----------
    costs : CostTable
        As given.
    demand : ndarray, (n_demand,)
        Weight of each row, 0 or more.
    fixed : tuple of int
        Columns of the sites that are open whatever is chosen; ascending.
    """

    costs: CostTable
    demand: FloatArray
    fixed: tuple[int, ...]

    @property
    def candidates(self) -> IntArray:
        """Columns of the sites that may be chosen; ascending."""
        free = np.ones(self.costs.n_sites, dtype=np.bool_)
        free[list(self.fixed)] = False
        return np.flatnonzero(free)

    def check_new(self, n_new: int) -> None:
        """Refuse a number of new sites that cannot be chosen.

        Raises
        ------
        InvalidParameter
            Below 0, above the number of candidates, or no site at all.
        """
        most = len(self.candidates)
        if not 0 <= n_new <= most:
            raise InvalidParameter(
                "n_new", n_new, f"0 to {most}, the sites that may be chosen"
            )
        if not n_new and not self.fixed:
            raise InvalidParameter("n_new", n_new, "at least 1 without fixed sites")

    def reachable(self, radius: float = np.inf) -> BoolArray:
        """Return which rows have any site, open or not, within `radius`; (n_demand,)."""
        if np.isinf(radius):
            return np.diff(self.costs.first) > 0
        within = np.bincount(
            self.costs.row[self.costs.cost <= radius], minlength=self.costs.n_demand
        )
        return np.asarray(within > 0)


def checked_question(
    costs: ArrayLike | CostTable, demand: ArrayLike, fixed: Sequence[int]
) -> Question:
    """Return the question, or say what is wrong with it.

    Parameters
    ----------
    costs : array_like, (n, m), or CostTable
        From n demand rows to m sites; inf is unreachable.
    demand : array_like, (n,)
        Weight of each row (people, or people times need), finite, 0 or more.
    fixed : sequence of int
        Columns that are open already, each once.

    Raises
    ------
    InvalidArray
        Arrays that do not fit; no site at all.
    InvalidParameter
        A fixed site that is no column, or named twice.
    """
    table = costs if isinstance(costs, CostTable) else CostTable.from_matrix(costs)
    if not table.n_sites:
        raise InvalidArray("costs: there is no site to choose from")
    weights = checked_people(demand, "demand", n=table.n_demand)
    for column in fixed:
        if not 0 <= column < table.n_sites:
            raise InvalidParameter(
                "fixed", column, f"a column from 0 to {table.n_sites - 1}"
            )
    if len(set(fixed)) != len(fixed):
        raise InvalidParameter("fixed", list(fixed), "each site once")
    return Question(table, weights, tuple(sorted(int(column) for column in fixed)))


def checked_radius(radius: float) -> float:
    """Return the radius; InvalidParameter when it is negative or no number."""
    if not radius >= 0:
        raise InvalidParameter("radius", radius, "a cost of 0 or more")
    return float(radius)


def checked_time_limit(time_limit_s: float) -> float:
    """Return the time limit; InvalidParameter when it is not above 0."""
    if not time_limit_s > 0:
        raise InvalidParameter("time_limit_s", time_limit_s, "seconds above 0")
    return float(time_limit_s)


def _indices(values: ArrayLike, name: str, below: int, n: int) -> IntArray:
    index = np.asarray(values)
    if index.size == 0:
        index = index.astype(np.int64)
    if index.shape != (n,) or not np.issubdtype(index.dtype, np.integer):
        raise InvalidArray(f"{name}: {index.dtype} of shape {index.shape} is no index")
    if n and not (index.min() >= 0 and index.max() < below):
        raise InvalidArray(f"{name}: an index is not in 0..{below - 1}")
    return index.astype(np.int64, copy=False)
