"""p-median as a matrix problem: folded costs, greedy, and swaps until none helps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.location_models.question import Question
from layers.measures.location_models.solution import PROVEN, Deadline


@dataclass(frozen=True, slots=True)
class MedianCosts:
    """Weighted cost of serving each row from each candidate, fixed sites folded in.

    Attributes
    ----------
    matrix : ndarray, (n_rows, n_candidates)
        w_i times the cost of the candidate, or of the best fixed site if that is less.
        Rows without demand, and those that no site reaches, are left out.
    order : ndarray of int32, (n_rows, n_candidates)
        Candidates of each row, the cheapest first.
    ascending : ndarray, (n_rows, n_candidates)
        Their costs.
    site : ndarray of int, (n_candidates,)
        Column of each candidate in the question.
    penalty : float
        Stands for "no way": more than all that a complete answer can cost.
    is_whole : bool
        Whether every set costs a whole number.
    """

    matrix: FloatArray
    order: NDArray[np.int32]
    ascending: FloatArray
    site: IntArray
    penalty: float
    is_whole: bool

    def total(self, chosen: IntArray) -> float:
        """Return the total weighted cost when `chosen`, at least one, are open."""
        return float(self.matrix[:, chosen].min(axis=1).sum())

    def below(self, limit: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
        """Return row, candidate and cost of all pairs that cost less than `limit`.

        Parameters
        ----------
        limit : ndarray, (n_rows,)
            Of each row. Most questions are about a few near candidates only, and are
            answered without looking at the others.
        """
        n, m = self.matrix.shape
        rows = np.arange(n)
        low, high = np.zeros(n, dtype=np.int64), np.full(n, m, dtype=np.int64)
        for _ in range(m.bit_length()):
            middle = (low + high) // 2
            is_below = self.ascending[rows, np.minimum(middle, m - 1)] < limit
            is_below &= middle < high
            low = np.where(is_below, middle + 1, low)
            high = np.where(is_below, high, middle)
        ends = np.cumsum(low)
        flat = np.repeat(rows * m - (ends - low), low) + np.arange(low.sum())
        site = self.order.ravel()[flat].astype(np.int64)
        return np.repeat(rows, low), site, self.ascending.ravel()[flat]


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
    order = np.argsort(matrix, axis=1, kind="stable").astype(np.int32)
    return MedianCosts(
        matrix=matrix,
        order=order,
        ascending=np.take_along_axis(matrix, order, axis=1),
        site=site,
        penalty=penalty,
        is_whole=bool((matrix == np.rint(matrix)).all()),
    )


def greedy_median(costs: MedianCosts, n_new: int) -> IntArray:
    """Return `n_new` candidates, each the one that saves most; ties: the first."""
    best = int(np.argmin(costs.matrix.sum(axis=0)))
    chosen, nearest = [best], costs.matrix[:, best]
    while len(chosen) < n_new:
        row, site, cost = costs.below(nearest)
        saved = _sum(site, nearest[row] - cost, len(costs.site))
        saved[chosen] = -1.0
        best = int(np.argmax(saved))
        chosen.append(best)
        nearest = np.minimum(nearest, costs.matrix[:, best])
    return np.asarray(chosen, dtype=np.int64)


def swap_costs(costs: MedianCosts, chosen: IntArray) -> FloatArray:
    """Return the total cost after every swap, (p, n_candidates).

    Entry k, j is the total when chosen candidate k closes and candidate j opens; inf
    where j is open already.

    Notes
    -----
    A row whose nearest site stays pays min(d1, c_j); one whose nearest site closes
    pays min(d2, c_j), which is clip(c_j, d1, d2) - d1 more than if it had stayed. Only
    pairs with c_j < d2 differ from the rest.
    """
    p, m = len(chosen), len(costs.site)
    if p == 1:
        total = costs.matrix.sum(axis=0)[np.newaxis, :]
        total[:, chosen] = np.inf
        return np.asarray(total, dtype=np.float64)
    nearest, owner, second = _two_nearest(costs.matrix[:, chosen])
    row, site, cost = costs.below(second)
    first, limit = nearest[row], second[row]
    staying = nearest.sum() + _sum(site, np.minimum(cost - first, 0.0), m)
    leaving = _sum(owner, second - nearest, p)
    back = _sum(owner[row] * m + site, np.maximum(cost, first) - limit, p * m)
    total = staying[np.newaxis, :] + leaving[:, np.newaxis] + back.reshape(p, m)
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


def _sum(at: IntArray, values: FloatArray, n: int) -> FloatArray:
    return np.bincount(at, weights=values, minlength=n).astype(np.float64)
