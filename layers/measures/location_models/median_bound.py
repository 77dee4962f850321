"""How little can any p sites cost? A Lagrangian bound for the p-median."""

import math
from dataclasses import dataclass

import numpy as np

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.location_models.median_search import MedianCosts, improved_median
from layers.measures.location_models.solution import PROVEN, Deadline
from layers.measures.location_models.subgradient import Descent

ITERATIONS = 800
SWAP_AT = frozenset((16, 32, 64, 128, 256, 512))
"""Steps at which the best set by price is improved by swaps: a new start each."""

WHOLE_SLACK = 1e-6
"""By how much a bound on a whole number may be off for rounding alone."""


@dataclass(frozen=True, slots=True)
class MedianBound:
    """What no p sites can cost less than, and the savings that say so.

    Attributes
    ----------
    bound : float
        Total weighted cost.
    saving : ndarray, (n_candidates,)
        What each candidate saves at the best prices, 0 or more.
    price : ndarray, (n_rows,)
        The best prices.
    chosen : ndarray of int, (p,)
        The best set met on the way.
    ceiling : float
        What `chosen` costs.
    """

    bound: float
    saving: FloatArray
    price: FloatArray
    chosen: IntArray
    ceiling: float


def median_bound(
    costs: MedianCosts, chosen: IntArray, *, deadline: Deadline
) -> MedianBound:
    """Return a lower bound on the cost of as many sites as `chosen`.

    Parameters
    ----------
    costs : MedianCosts
        What serving costs.
    chosen : ndarray of int, (p,), p above 0
        A set to start from; its cost is the ceiling.
    deadline : Deadline
        When to stop with what there is.

    Notes
    -----
    Relaxing "every row is served once" with a price v_i a row pays at most: bound(v) =
    sum_i v_i - the p largest savings, s_j = sum_i max(0, v_i - c_ij). Valid for every
    v; the largest over v is that of the linear relaxation. The sets that save most on
    the way are good starts for swaps.

    References
    ----------
    Cornuéjols, Fisher & Nemhauser (1977), doi:10.1287/mnsc.23.8.789.
    """
    p, ceiling, is_whole = len(chosen), costs.total(chosen), costs.is_whole
    nearest = np.sort(costs.matrix[:, chosen], axis=1)[:, :2].mean(axis=1)
    descent = Descent(nearest, low=0.0, high=costs.ascending[:, -1])
    best, saving, price = -math.inf, np.zeros(len(costs.site)), nearest
    for step in range(ITERATIONS):
        saved = _savings(costs, descent.price)
        top = np.sort(np.argsort(-saved, kind="stable")[:p])
        bound = float(descent.price.sum() - saved[top].sum())
        if bound > best:
            best, saving, price = bound, saved, descent.price
        trial = top
        if step in SWAP_AT:
            trial = improved_median(costs, top, deadline=deadline)
        if (value := costs.total(trial)) < ceiling:
            ceiling, chosen = value, trial
        if best > better_than(ceiling, is_whole=is_whole) or deadline.is_over:
            break
        served = (costs.matrix[:, top] < descent.price[:, np.newaxis]).sum(axis=1)
        if not descent.move(served - 1.0, -bound, max(ceiling - bound, 0.0)):
            break
    return MedianBound(best, saving, price, chosen, ceiling)


def better_than(total: float, *, is_whole: bool) -> float:
    """Return the largest cost that counts as less than `total`."""
    return total - 1 + WHOLE_SLACK if is_whole else total * (1 - PROVEN)


def settled_median(found: MedianBound, better: float) -> tuple[IntArray, IntArray]:
    """Return candidates that sets costing at most `better` must and cannot have.

    Notes
    -----
    Forcing a candidate in, or out, of the p that save most raises the bound by the
    difference of savings; where it rises above `better`, no such set does so.
    """
    p = len(found.chosen)
    order = np.argsort(-found.saving, kind="stable")
    ordered = found.saving[order]
    if p == len(order):
        return np.sort(order), np.empty(0, dtype=np.int64)
    room = better - found.bound
    must = order[:p][ordered[:p] - ordered[p] > room]
    never = order[p:][ordered[p - 1] - ordered[p:] > room]
    return np.sort(must), np.sort(never)


def longest_served(found: MedianBound, ceiling: float) -> FloatArray:
    """Return what each row pays at most in any set that costs at most `ceiling`.

    Notes
    -----
    A row that is served at a cost above its price adds the difference to the bound.
    """
    return found.price + (ceiling - found.bound) + PROVEN * ceiling


def _savings(costs: MedianCosts, price: FloatArray) -> FloatArray:
    row, site, cost = costs.below(price)
    saved = np.bincount(site, weights=price[row] - cost, minlength=len(costs.site))
    return saved.astype(np.float64)
