"""The richest tenth beside the poorest four tenths: the Palma ratio of access."""

import numpy as np
from numpy.typing import ArrayLike

from layers.measures.arrays import FloatArray
from layers.measures.inequality import checked_shares, checked_standing

POOREST, RICHEST = 0.4, 0.1
"""Shares of people that are compared."""


def palma_ratio(
    values: ArrayLike, weights: ArrayLike, rank: ArrayLike | None = None
) -> float:
    """Return mean access of the richest 10 % over that of the poorest 40 % of people.

    Parameters
    ----------
    values, weights
        As in `gini_index`.
    rank : array_like, (n,), optional
        Standing, the poorest first; access itself without.

    Returns
    -------
    float
        1 alike; inf where the poorest have nothing; NaN where the richest have
        nothing either, or nobody lives.

    Notes
    -----
    **Rule of quantiles: exactly 40 % and 10 % of people.** The point on the border is
    split, its people counting on both sides in proportion; points of equal standing
    are one. So cutting a point in two changes nothing. ipeaGIT/accessibility puts
    whole points in by an interpolated quantile; with few points that differs a lot.

    References
    ----------
    Palma (2011), Development and Change 42:87; Pereira et al. on access.

    Examples
    --------
    Ten people with 1 to 10: 10 over the mean of 1 to 4.

    >>> palma_ratio(range(1, 11), [1] * 10)
    4.0
    """
    x, w = checked_shares(values, weights)
    standing = x if rank is None else checked_standing(rank, "rank", len(x))
    if not w.sum() > 0:
        return float("nan")
    _, at = np.unique(standing, return_inverse=True)
    people = np.bincount(at, weights=w).astype(np.float64)
    owned = np.bincount(at, weights=w * x).astype(np.float64)
    end = np.cumsum(people) / people.sum()
    begin = np.concatenate(([0.0], end[:-1]))
    poorest = _mean_between(owned, people, begin, end, 0.0, POOREST)
    richest = _mean_between(owned, people, begin, end, 1 - RICHEST, 1.0)
    if poorest == 0:
        return float("inf") if richest > 0 else float("nan")
    return richest / poorest


def _mean_between(
    owned: FloatArray,
    people: FloatArray,
    begin: FloatArray,
    end: FloatArray,
    low: float,
    high: float,
) -> float:
    """Return the mean of the people between two shares of the ranking."""
    inside = np.clip(np.minimum(end, high) - np.maximum(begin, low), 0.0, None)
    mean = np.divide(owned, people, out=np.zeros(len(people)), where=people > 0)
    return float((inside * mean).sum() / inside.sum())
