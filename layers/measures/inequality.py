"""How unequally is access shared among people? Figures over a whole population.

Values are access per person at points, weights the people there. Nobody (all weights 0)
and nothing to share (mean 0) have no figure: NaN, never 0. A point without people has
weight 0 and changes nothing. A single number is blind to *who* lacks access: show
`gini_index` with `concentration_index` or with groups.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray, checked_people


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's T and its parts: `total == between + within`.

    Attributes
    ----------
    total, between, within : float
        Between the means of groups, and within groups; NaN without a mean.
    """

    total: float
    between: float
    within: float


def gini_index(values: ArrayLike, weights: ArrayLike) -> float:
    """Return the weighted Gini index: 0 all alike, towards 1 one has everything.

    Parameters
    ----------
    values : array_like, (n,)
        Access of each point's people, 0 or more.
    weights : array_like, (n,)
        People, 0 or more.

    Raises
    ------
    InvalidArray
        Values or weights that are negative or not finite; lengths that differ.

    Notes
    -----
    1 - sum_k dF_k (L_k + L_{k-1}) over points sorted by value, F the share of people
    and L the share of value up to and with k (the trapezoids under the Lorenz curve).
    No correction for few points.

    Examples
    --------
    >>> gini_index([0, 1], [1, 1])
    0.5
    """
    x, w = checked_shares(values, weights)
    order = np.argsort(x, kind="stable")
    people, owned = np.cumsum(w[order]), np.cumsum((x * w)[order])
    if not (len(x) and people[-1] > 0 and owned[-1] > 0):
        return float("nan")
    lorenz = np.concatenate(([0.0], owned / owned[-1]))
    share = np.diff(people / people[-1], prepend=0.0)
    return float(1 - (share * (lorenz[1:] + lorenz[:-1])).sum())


def concentration_index(
    values: ArrayLike, weights: ArrayLike, rank: ArrayLike
) -> float:
    """Return whether the better-off have more: -1 to 1, 0 no difference by rank.

    Parameters
    ----------
    values, weights
        As in `gini_index`.
    rank : array_like, (n,)
        Standing by which people are ordered, the worst-off first (income, minus
        deprivation); finite, any sign, ties allowed.

    Returns
    -------
    float
        Above 0 when access grows with standing; NaN without people or access.

    Notes
    -----
    CI = (2/mu) sum_i w_i (A_i - mu)(r_i - 1/2), w_i shares of people, r_i the share
    of people below plus half of i's own. Points of equal standing share one r (half of
    all of them), so the order of rows does not matter; ipeaGIT/accessibility breaks
    such ties by population. Ranked by the values themselves it is the Gini index.

    References
    ----------
    Wagstaff, Paci & van Doorslaer (1991), Social Science & Medicine 33:545.

    Examples
    --------
    >>> concentration_index([0, 1], [1, 1], [10, 20])
    0.5
    """
    x, w = checked_shares(values, weights)
    standing = checked_standing(rank, "rank", len(x))
    if not (x * w).sum() > 0:
        return float("nan")
    share = w / w.sum()
    mean = float((share * x).sum())
    r = _fractional_rank(standing, share)
    return float(2 / mean * (share * (x - mean) * (r - 0.5)).sum())


def erreygers_index(
    values: ArrayLike,
    weights: ArrayLike,
    rank: ArrayLike,
    *,
    bounds: tuple[float, float] | None = None,
) -> float:
    """Return the concentration index of a bounded value, corrected for its bounds.

    Parameters
    ----------
    values, weights, rank
        As in `concentration_index`.
    bounds : (float, float), optional
        Smallest and largest value that are possible, such as (0, 1) for shares;
        without, the observed ones, as ipeaGIT/accessibility does.

    Raises
    ------
    InvalidArray
        Values outside of the bounds; bounds that are not ascending.

    Notes
    -----
    E = 4 mu / (b - a) CI; NaN where all values are alike and no bounds are given.

    References
    ----------
    Erreygers (2009), J. of Health Economics 28:504,
    doi:10.1016/j.jhealeco.2008.02.003.
    """
    x, w = checked_shares(values, weights)
    lived_in = x[w > 0]
    if not len(lived_in):
        return float("nan")
    low, high = bounds or (float(lived_in.min()), float(lived_in.max()))
    if bounds is not None and not low < high:
        raise InvalidArray(f"bounds: {bounds} do not ascend")
    if lived_in.min() < low or lived_in.max() > high:
        raise InvalidArray(f"values: some are outside of {low:g} to {high:g}")
    if low == high:
        return float("nan")
    mean = float((x * w).sum() / w.sum())
    return 4 * mean / (high - low) * concentration_index(x, w, rank)


def theil_t(
    values: ArrayLike, weights: ArrayLike, groups: ArrayLike | None = None
) -> Theil:
    """Return Theil's T, split into inequality between and within groups.

    Parameters
    ----------
    values, weights
        As in `gini_index`.
    groups : array_like, (n,), optional
        Name of each point's group; one group without.

    Notes
    -----
    T = sum_i w_i (A_i/mu) ln(A_i/mu), w_i shares of people; a value of 0 adds 0 (the
    limit of x ln x). Between: the same over the means of groups. Within: the T of
    each group weighted by its share of access.

    References
    ----------
    Theil (1967), Economics and Information Theory.

    Examples
    --------
    >>> found = theil_t([1, 3], [1, 1], ["a", "b"])
    >>> round(found.between, 4), found.within
    (0.1308, 0.0)
    """
    x, w = checked_shares(values, weights)
    group = _groups(groups, len(x))
    if not (x * w).sum() > 0:
        return Theil(float("nan"), float("nan"), float("nan"))
    n_groups = int(group.max()) + 1
    people = np.bincount(group, weights=w, minlength=n_groups)
    owned = np.bincount(group, weights=w * x, minlength=n_groups)
    mean_of_group = np.divide(owned, people, out=np.zeros(n_groups), where=people > 0)
    mean = float(owned.sum() / people.sum())
    between = float((people / people.sum() * _x_ln_x(mean_of_group / mean)).sum())
    own = mean_of_group[group]
    relative = np.divide(x, own, out=np.zeros(len(x)), where=own > 0)
    within = float((w / w.sum() * own / mean * _x_ln_x(relative)).sum())
    # Rounding can leave -1e-17 where everybody in a group is alike.
    between, within = max(between, 0.0), max(within, 0.0)
    return Theil(between + within, between, within)


def _fractional_rank(standing: FloatArray, share: FloatArray) -> FloatArray:
    _, at = np.unique(standing, return_inverse=True)
    together = np.bincount(at, weights=share)
    below = np.cumsum(together) - together
    return np.asarray((below + together / 2)[at], dtype=np.float64)


def _x_ln_x(x: FloatArray) -> FloatArray:
    return np.asarray(x * np.log(np.where(x > 0, x, 1.0)), dtype=np.float64)


def _groups(groups: ArrayLike | None, n: int) -> NDArray[np.intp]:
    if groups is None:
        return np.zeros(n, dtype=np.intp)
    _, index = np.unique(np.asarray(groups), return_inverse=True)
    if index.shape != (n,):
        raise InvalidArray(f"groups: shape {index.shape} where ({n},) belongs")
    return index


def checked_shares(
    values: ArrayLike, weights: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return values and weights as (n,) finite numbers, 0 or more."""
    x = checked_people(values, "values")
    return x, checked_people(weights, "weights", n=len(x))


def checked_standing(values: ArrayLike, name: str, n: int) -> FloatArray:
    """Return what people are ordered by: (n,) finite numbers of any sign."""
    vector = np.asarray(values, dtype=np.float64)
    if vector.shape != (n,) or not np.isfinite(vector).all():
        raise InvalidArray(f"{name}: not ({n},) finite numbers")
    return vector
