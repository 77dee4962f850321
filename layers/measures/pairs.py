"""Pairs of demand points and sites with their travel cost, as a sparse matrix.

Row i is a demand point, column j a site. **Stored entries are the pairs that can be
travelled, and only they**: a stored 0 is somebody who lives at the door, an entry that
is not stored is unreachable. Sparse libraries drop zeros in many operations, so the
measures only ever touch the stored data, never compare or convert to dense.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, issparse
from scipy.spatial import cKDTree

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray, IntArray, checked_points

MAX_PAIRS = 100_000_000
"""Pairs that fit into memory (1.6 GB); more are refused, not tried."""

SLACK = 1e-9
"""How much further the search looks than the exact comparison after it allows."""


def checked_pairs(costs: Any, *, n: int, m: int) -> csr_array:
    """Return costs of pairs as a CSR array whose indices are sorted.

    Parameters
    ----------
    costs : sparse array or matrix, (n, m)
        Finite, 0 or more; each pair once. inf is not stored but left out.
    n, m : int
        Demand points and sites that there are.

    Raises
    ------
    InvalidArray
        Not sparse (a dense zero could be the door or no way); of another shape;
        costs that are negative, NaN or infinite; a pair that is stored twice.
    """
    if not issparse(costs):
        raise InvalidArray("costs: not a sparse matrix; its stored entries are pairs")
    if costs.shape != (n, m):
        raise InvalidArray(f"costs: shape {costs.shape} where ({n}, {m}) belongs")
    pairs = costs if costs.format == "csr" else costs.tocsr()
    if pairs.nnz != costs.nnz:  # scipy has added up what stood there twice
        raise InvalidArray("costs: a pair is stored twice")
    if not pairs.has_canonical_format:
        pairs = csr_array(
            (pairs.data.copy(), pairs.indices.copy(), pairs.indptr), shape=pairs.shape
        )
        pairs.sort_indices()
        if not pairs.has_canonical_format:
            raise InvalidArray("costs: a pair is stored twice")
    data = pairs.data
    if data.size and not (data.min() >= 0 and data.max() < np.inf):
        at = int(np.argmin((data >= 0) & (data < np.inf)))
        raise InvalidArray(f"costs: value {at} is {data[at]}, not finite and >= 0")
    return with_data(pairs, data.astype(np.float64, copy=False))


def checked_threshold(threshold: float, name: str = "threshold") -> float:
    """Return a threshold: 0 or more, inf for none."""
    if not threshold >= 0:
        raise InvalidArray(f"{name}: {threshold} is not a cost (>= 0)")
    return float(threshold)


def pairs_within(
    origins: ArrayLike, destinations: ArrayLike, *, reach: float, detour: float = 1.0
) -> csr_array:
    """Return the straight-line pairs whose cost is at most `reach`.

    Parameters
    ----------
    origins, destinations : array_like, (n, 2) and (m, 2)
        x and y in one projected CRS; finite.
    reach : float
        Largest cost, its end included; inf for all pairs.
    detour : float
        Cost of one unit of straight line, above 0.

    Returns
    -------
    csr_array, (n, m)
        Distance x detour of each pair within reach; a distance of 0 is stored.

    Raises
    ------
    InvalidArray
        Coordinates that are not finite or not pairs; a reach below 0; a detour that
        is not above 0; more than `MAX_PAIRS` pairs.

    Examples
    --------
    >>> found = pairs_within([(0, 0), (3, 4)], [(0, 0)], reach=5)
    >>> found.data, found.nnz
    (array([0., 5.]), 2)
    """
    start = checked_points(origins, "origins")
    goal = checked_points(destinations, "destinations")
    checked_threshold(reach, "reach")
    if not (np.isfinite(detour) and detour > 0):
        raise InvalidArray(f"detour: {detour} is not a number above 0")
    shape = len(start), len(goal)
    if not all(shape):
        return csr_array(shape)
    if np.isinf(reach):
        return _all_pairs(start, goal, detour)
    trees = cKDTree(start), cKDTree(goal)
    radius = reach / detour * (1 + SLACK)
    _check_count(int(trees[0].count_neighbors(trees[1], radius)))
    near = trees[0].sparse_distance_matrix(trees[1], radius, output_type="ndarray")
    cost = near["v"] * detour
    inside = cost <= reach
    return _csr(near["i"][inside], near["j"][inside], cost[inside], shape)


def within(costs: csr_array, threshold: float) -> csr_array:
    """Return only the pairs that cost at most the threshold."""
    checked_threshold(threshold)
    if not costs.nnz or costs.data.max() <= threshold:
        return costs
    keep = costs.data <= threshold
    indptr = np.concatenate(([0], np.cumsum(keep)))[costs.indptr]
    return csr_array((costs.data[keep], costs.indices[keep], indptr), shape=costs.shape)


def rows_of(pairs: csr_array) -> IntArray:
    """Return the row of each stored entry."""
    counts = np.diff(pairs.indptr)
    return np.repeat(np.arange(pairs.shape[0], dtype=np.int64), counts)


def with_data(pairs: csr_array, data: FloatArray) -> csr_array:
    """Return the same pairs with other numbers; structure is shared, not copied."""
    return csr_array((data, pairs.indices, pairs.indptr), shape=pairs.shape)


def shape_of(costs: Any) -> tuple[int, int]:
    """Return the shape of what may be a matrix; (0, 0) of what is none."""
    shape = tuple(getattr(costs, "shape", ()))
    return (int(shape[0]), int(shape[1])) if len(shape) == 2 else (0, 0)


def _all_pairs(start: FloatArray, goal: FloatArray, detour: float) -> csr_array:
    n, m = len(start), len(goal)
    _check_count(n * m)
    gap = start[:, None, :] - goal[None, :, :]
    cost = np.hypot(gap[..., 0], gap[..., 1]).ravel() * detour
    columns = np.tile(np.arange(m, dtype=np.int32), n)
    begins = np.arange(n + 1, dtype=np.int64) * m
    return csr_array((cost, columns, begins), shape=(n, m))


def _csr(
    rows: IntArray, columns: IntArray, cost: FloatArray, shape: tuple[int, int]
) -> csr_array:
    order = np.argsort(rows * shape[1] + columns)
    begins = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=shape[0]))))
    return csr_array(
        (cost[order], columns[order].astype(np.int32), begins), shape=shape
    )


def _check_count(n_pairs: int) -> None:
    if n_pairs > MAX_PAIRS:
        raise InvalidArray(
            f"reach: {n_pairs:,} pairs are within it; at most {MAX_PAIRS:,} are held"
        )
