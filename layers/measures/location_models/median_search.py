"""p-median as a matrix problem: folded costs, greedy, and swaps until none helps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.location_models.question import Question
from layers.measures.location_models.solution import PROVEN, Deadline

BLOCK = 1_000_000
"""Matrix entries worked on at a time, so that they stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class MedianCosts:
    """Weighted cost of serving each row from each candidate, fixed sites folded in.

    Attributes
    ----------
    matrix : ndarray, (n_rows, n_candidates)
        w_i times the cost of the candidate, or of the best fixed site if that is less.
        Rows without demand, and those that no site reaches, are left out.
    site : ndarray of int, (n_candidates,)
        Column of each candidate in the question.
    penalty : float
        Stands for "no way": more than all that a complete answer can cost.
    """

    matrix: FloatArray
    site: IntArray
    penalty: float

    @property
    def is_whole(self) -> bool:
        """Whether every set costs a whole number."""
        return bool((self.matrix == np.rint(self.matrix)).all())

    def total(self, chosen: IntArray) -> float:
        """Return the total weighted cost when `chosen`, at least one, are open."""
        return float(self.matrix[:, chosen].min(axis=1).sum())

    def blocks(self) -> Iterator[slice]:
        """Yield slices of rows, about `BLOCK` entries each."""
        height = max(1, BLOCK // max(1, self.matrix.shape[1]))
        for start in range(0, len(self.matrix), height):
            yield slice(start, start + height)


def median_costs(question: Question) -> MedianCosts:
    """Return the folded costs of a question.

    Raises
    ------
    InvalidArray
        When the matrix would be too large; see `CostTable.matrix`.
    """
    kept = question.reachable() & (question.demand > 0)
    weighted = question.costs.matrix()[kept]
    weighted *= question.demand[kept, np.newaxis]
    finite = np.isfinite(weighted)
    penalty = 1.0 + float(np.where(finite, weighted, 0.0).max(axis=1).sum())
    weighted[~finite] = penalty
    site = question.candidates
    matrix = weighted[:, site]
    if question.fixed:
        held = weighted[:, list(question.fixed)].min(axis=1)
        np.minimum(matrix, held[:, np.newaxis], out=matrix)
    return MedianCosts(matrix, site, penalty)


def greedy_median(costs: MedianCosts, n_new: int) -> IntArray:
    """Return `n_new` candidates, each the one that saves most; ties: the first."""
    n_rows, n_sites = costs.matrix.shape
    nearest = np.full(n_rows, np.inf)
    is_open = np.zeros(n_sites, dtype=np.bool_)
    chosen = []
    for _ in range(n_new):
        total = np.zeros(n_sites)
        for rows in costs.blocks():
            total += np.minimum(costs.matrix[rows], nearest[rows, np.newaxis]).sum(0)
        total[is_open] = np.inf
        best = int(np.argmin(total))
        chosen.append(best)
        is_open[best] = True
        nearest = np.minimum(nearest, costs.matrix[:, best])
    return np.asarray(chosen, dtype=np.int64)


def swap_costs(costs: MedianCosts, chosen: IntArray) -> FloatArray:
    """Return the total cost after every swap, (p, n_candidates).

    Entry k, j is the total when chosen candidate k closes and candidate j opens; inf
    where j is open already.

    Notes
    -----
    A row whose nearest site stays pays min(d1, c_j); one whose nearest site closes
    pays min(d2, c_j), which is clip(c_j, d1, d2) - d1 more than if it had stayed.
    """
    nearest, owner, second = _two_nearest(costs.matrix[:, chosen])
    n_sites = costs.matrix.shape[1]
    staying, extra = np.zeros(n_sites), np.zeros((len(chosen), n_sites))
    for rows in costs.blocks():
        block = costs.matrix[rows]
        d1, d2 = nearest[rows, np.newaxis], second[rows, np.newaxis]
        staying += np.minimum(block, d1).sum(axis=0)
        more = np.clip(block, d1, d2) - d1
        height = len(block)
        belongs = csr_array(
            (np.ones(height), (owner[rows], np.arange(height))),
            shape=(len(chosen), height),
        )
        extra += belongs @ more
    total = staying[np.newaxis, :] + extra
    total[:, chosen] = np.inf
    return np.asarray(total, dtype=np.float64)


def improved_median(
    costs: MedianCosts, chosen: IntArray, *, deadline: Deadline
) -> IntArray:
    """Return the set that the best swaps lead to, until none helps (ties: the first).

    References
    ----------
    Teitz & Bart (1968), doi:10.1287/opre.16.5.955; all swaps of a step at once after
    Resende & Werneck (2007), doi:10.1007/s10878-006-9013-7.
    """
    chosen = chosen.copy()
    present = costs.total(chosen)
    while not deadline.is_over:
        total = swap_costs(costs, chosen)
        k, j = np.unravel_index(int(np.argmin(total)), total.shape)
        if total[k, j] >= present - PROVEN * present:
            break
        chosen[k] = j
        present = costs.total(chosen)
    return chosen


def _two_nearest(open_costs: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
    """Return the least cost of each row, whose it is, and the second least (or inf)."""
    rows = np.arange(len(open_costs))
    owner = np.argmin(open_costs, axis=1)
    nearest = open_costs[rows, owner]
    others = open_costs.copy()
    others[rows, owner] = np.inf
    return nearest, owner, others.min(axis=1)
