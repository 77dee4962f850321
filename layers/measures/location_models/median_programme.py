"""The p-median as a small mixed-integer programme: by distance, not by pair."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.location_models.milp import Programme

MAX_ENTRIES = 2_000_000
"""Costs from which on HiGHS would spend its time reading them."""


@dataclass(frozen=True, slots=True)
class MedianProgramme:
    """A programme whose first variables are the candidates.

    Attributes
    ----------
    programme : Programme
        Candidates first, then a variable for each row and each of its distances.
    constant : float
        Part of the cost that no choice changes.
    """

    programme: Programme
    constant: float


def median_programme(matrix: FloatArray, p: int, limit: FloatArray) -> MedianProgramme:
    """Return the programme that chooses p columns with the least sum of row minima.

    Parameters
    ----------
    matrix : ndarray, (n, m)
        Weighted costs, finite.
    p : int
        Between 1 and m - 1.
    limit : ndarray, (n,)
        Choices in which a row pays more are left out; inf leaves out none.

    Notes
    -----
    With the distinct costs D_1 < ... < D_K of a row, z_k = 1 says that no chosen column
    is within D_k; the row costs D_1 + sum_k (D_k+1 - D_k) z_k, and
    z_k >= z_k-1 - (chosen columns at D_k). p columns of m always include one of the
    m - p + 1 nearest, so longer distances are left out.

    References
    ----------
    Elloumi (2010), doi:10.1007/s10878-008-9201-x, after Cornuéjols, Nemhauser & Wolsey
    (1980), doi:10.1137/0601030.
    """
    n, m = matrix.shape
    order = np.argsort(matrix, axis=1, kind="stable")
    costs = np.take_along_axis(matrix, order, axis=1)
    np.minimum(costs, costs[:, m - p, np.newaxis], out=costs)
    level = np.zeros((n, m), dtype=np.int64)
    np.cumsum(np.diff(costs, axis=1) > 0, axis=1, out=level[:, 1:])
    n_steps = level[:, -1]
    within = np.maximum((costs <= limit[:, np.newaxis]).sum(axis=1) - 1, 0)
    last = level[np.arange(n), within]
    is_cut = last < n_steps
    n_steps = np.where(is_cut, last + 1, n_steps)
    first = np.concatenate([[0], np.cumsum(n_steps)])
    listed = level < n_steps[:, np.newaxis]
    row, rank = np.nonzero(listed)
    z = first[row] + level[row, rank]
    starts = np.flatnonzero(np.diff(z, prepend=-1))
    # Where a level begins its cost stands, and the next level's where it ends.
    low_cost = costs[row[starts], rank[starts]]
    ends = np.append(starts[1:], len(z))[: len(starts)] - 1
    high_cost = costs[row[starts], rank[ends] + 1]
    n_z = int(first[-1])
    chained = np.flatnonzero(level[row[starts], rank[starts]] > 0)
    is_first = np.ones(n_z)
    is_first[chained] = 0.0
    entries = np.concatenate([np.ones(len(z) + n_z), np.full(len(chained), -1.0)])
    at_row = np.concatenate([z, np.arange(n_z), chained])
    at_column = np.concatenate([order[row, rank], m + np.arange(n_z), m + chained - 1])
    at_row = np.concatenate([at_row, np.full(m, n_z)])
    at_column = np.concatenate([at_column, np.arange(m)])
    entries = np.concatenate([entries, np.ones(m)])
    rows = coo_array((entries, (at_row, at_column)), shape=(n_z + 1, m + n_z)).tocsr()
    # Within the last distance of a row that is cut, a column must be chosen.
    high = np.ones(m + n_z)
    high[m + first[1:][is_cut] - 1] = 0.0
    programme = Programme(
        price=np.concatenate([np.zeros(m), high_cost - low_cost]),
        low=np.zeros(m + n_z),
        high=high,
        whole=np.arange(m + n_z) < m,
        rows=rows,
        least=np.append(is_first, p),
        most=np.append(np.full(n_z, np.inf), p),
    )
    return MedianProgramme(programme, float(costs[:, 0].sum()))


def start_of(made: MedianProgramme, m: int, chosen: IntArray) -> FloatArray:
    """Return a choice of columns as a solution of the programme."""
    rows = made.programme.rows
    x = np.zeros(rows.shape[1])
    x[chosen] = 1.0
    n_z = rows.shape[1] - m
    at_level = rows[:n_z, :m] @ x[:m] > 0
    is_first = made.programme.least[:n_z] > 0
    # z holds from the first distance on until a chosen column is met.
    block = np.cumsum(is_first) - 1
    met = np.cumsum(at_level)
    before = (met - at_level)[is_first][block] if n_z else met
    x[m:] = (met - before) == 0
    return x
