"""The p-median as a small mixed-integer programme: by distance, not by pair."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from layers.measures.arrays import BoolArray, FloatArray, IntArray
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
    m = matrix.shape[1]
    order = np.argsort(matrix, axis=1, kind="stable")
    costs = np.take_along_axis(matrix, order, axis=1)
    np.minimum(costs, costs[:, m - p, np.newaxis], out=costs)
    steps = _steps(costs, limit)
    n_z = int(steps.first[-1])
    high = np.ones(m + n_z)
    high[m + steps.first[1:][steps.is_cut] - 1] = 0.0
    z = np.arange(n_z)
    chained = np.flatnonzero(~steps.is_first)
    blocks = (
        (np.ones(len(steps.z)), steps.z, order[steps.row, steps.rank]),
        (np.ones(n_z), z, m + z),
        (np.full(len(chained), -1.0), chained, m + chained - 1),
        (np.ones(m), np.full(m, n_z), np.arange(m)),
    )
    value, at_row, at_column = (np.concatenate(x) for x in zip(*blocks, strict=True))
    programme = Programme(
        price=np.concatenate([np.zeros(m), steps.height]),
        low=np.zeros(m + n_z),
        high=high,
        whole=np.arange(m + n_z) < m,
        rows=coo_array((value, (at_row, at_column)), shape=(n_z + 1, m + n_z)).tocsr(),
        least=np.append(steps.is_first.astype(np.float64), p),
        most=np.append(np.full(n_z, np.inf), p),
    )
    return MedianProgramme(programme, float(costs[:, 0].sum()))


@dataclass(frozen=True, slots=True)
class _Steps:
    """The distinct costs of each row but the last, each a step z of the programme.

    Attributes
    ----------
    first : ndarray of int, (n + 1,)
        Where the steps of each row begin.
    is_cut : ndarray of bool, (n,)
        Rows that must be served within their last step.
    z, row, rank : ndarray of int, (n_entries,)
        Step of each cost that is listed, its row, and its place in the sorted row.
    height : ndarray, (n_z,)
        How much more the next cost is.
    is_first : ndarray of bool, (n_z,)
        Steps at the least cost of their row.
    """

    first: IntArray
    is_cut: BoolArray
    z: IntArray
    row: IntArray
    rank: IntArray
    height: FloatArray
    is_first: BoolArray


def _steps(costs: FloatArray, limit: FloatArray) -> _Steps:
    """Return the steps of rows of ascending costs, up to a limit each."""
    n = len(costs)
    level = np.zeros(costs.shape, dtype=np.int64)
    np.cumsum(np.diff(costs, axis=1) > 0, axis=1, out=level[:, 1:])
    within = np.maximum((costs <= limit[:, np.newaxis]).sum(axis=1) - 1, 0)
    last = level[np.arange(n), within]
    is_cut = last < level[:, -1]
    n_steps = np.where(is_cut, last + 1, level[:, -1])
    first = np.concatenate([[0], np.cumsum(n_steps)])
    row, rank = np.nonzero(level < n_steps[:, np.newaxis])
    z = first[row] + level[row, rank]
    starts = np.flatnonzero(np.diff(z, prepend=-1))
    # The next cost stands behind the last entry of a step.
    ends = np.append(starts[1:], len(z))[: len(starts)] - 1
    above = costs[row[starts], rank[ends] + 1] - costs[row[starts], rank[starts]]
    is_first = level[row[starts], rank[starts]] == 0
    return _Steps(first, is_cut, z, row, rank, above, is_first)


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
