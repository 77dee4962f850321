"""How far is the nearest? Straight-line distances to the k nearest destinations."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray, IntArray, checked_points

MANY_ORIGINS = 10_000
"""From so many origins on, starting threads costs less than it saves."""


def closest(origins: ArrayLike, destinations: ArrayLike) -> tuple[FloatArray, IntArray]:
    """Return the distance from each origin to its nearest destination, and which.

    Parameters
    ----------
    origins, destinations : array_like, (n, 2) and (m, 2)
        As in `cost_to_closest`.

    Returns
    -------
    (ndarray, ndarray), (n,) and (n,)
        Metres, inf without any destination; index of the destination, then -1. Among
        equally near ones it is the same one every time, otherwise unspecified.

    Examples
    --------
    >>> closest([(0, 0), (9, 0)], [(10, 0), (3, 0)])
    (array([3., 1.]), array([1, 0]))
    """
    start = checked_points(origins, "origins")
    goal = checked_points(destinations, "destinations")
    if not len(start) or not len(goal):
        return np.full(len(start), np.inf), np.full(len(start), -1, dtype=np.int64)
    distance, index = cKDTree(goal).query(start, workers=_workers(len(start)))
    return np.asarray(distance, np.float64), np.asarray(index, np.int64)


def cost_to_closest(
    origins: ArrayLike, destinations: ArrayLike, *, k: int = 1
) -> FloatArray:
    """Return the distance from each origin to its k nearest destinations.

    Parameters
    ----------
    origins : array_like, (n, 2)
        x and y in metres, in a projected CRS; finite.
    destinations : array_like, (m, 2)
        In the same CRS. May be empty, may hold the same point several times: each
        counts as a destination of its own.
    k : int
        How many nearest ones, 1 or more.

    Returns
    -------
    ndarray, (n, k)
        Metres, ascending in each row; inf where there are fewer than k destinations.

    Raises
    ------
    InvalidArray
        Coordinates that are not finite or not pairs; k below 1.

    Notes
    -----
    Exact: a k-d tree finds the same destinations as comparing all pairs.

    References
    ----------
    `cost_to_closest` of ipeaGIT/accessibility. Apparicio et al. (2008), Int. J.
    Health Geogr. 7:7, doi:10.1186/1476-072X-7-7.

    Examples
    --------
    >>> cost_to_closest([(0, 0), (3, 4)], [(0, 0), (0, 10)], k=3)
    array([[ 0.        , 10.        ,         inf],
           [ 5.        ,  6.70820393,         inf]])
    """
    distance, _ = k_closest(origins, destinations, k=k)
    return distance


def k_closest(
    origins: ArrayLike, destinations: ArrayLike, *, k: int
) -> tuple[FloatArray, IntArray]:
    """Return `cost_to_closest`, and which destinations they are.

    Returns
    -------
    (ndarray, ndarray), (n, k) and (n, k)
        Metres ascending in each row, inf where there are fewer than k destinations;
        index of the destination, then -1.

    Raises
    ------
    InvalidArray
        As `cost_to_closest`.

    Examples
    --------
    >>> k_closest([(0, 0)], [(0, 10), (3, 4)], k=3)
    (array([[ 5., 10., inf]]), array([[ 1,  0, -1]]))
    """
    if k < 1:
        raise InvalidArray(f"k: {k} is below 1")
    start = checked_points(origins, "origins")
    goal = checked_points(destinations, "destinations")
    if not len(start) or not len(goal):
        shape = (len(start), k)
        return np.full(shape, np.inf), np.full(shape, -1, dtype=np.int64)
    distance, index = cKDTree(goal).query(
        start, k=range(1, k + 1), workers=_workers(len(start))
    )
    is_there = index < len(goal)
    return np.asarray(distance, np.float64), np.where(is_there, index, -1)


def _workers(n_origins: int) -> int:
    """Use every core where there is enough to do; the answer is the same."""
    return -1 if n_origins >= MANY_ORIGINS else 1
