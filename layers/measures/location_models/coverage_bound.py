"""How much can any p sites cover? A Lagrangian bound, in the time of some sums."""

from dataclasses import dataclass

import numpy as np

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.location_models.covering import Cover, counted, improved
from layers.measures.location_models.solution import Deadline
from layers.measures.location_models.subgradient import Descent

ITERATIONS = 600
SWAP_EVERY = 30
"""Each so many steps the best set by price is improved by swaps: a new start each."""


@dataclass(frozen=True, slots=True)
class CoverageBound:
    """What no p sites can exceed, and the prices that say so.

    Attributes
    ----------
    bound : float
        Demand; includes what the fixed sites cover.
    merit : ndarray, (n_candidates,)
        Worth of each candidate at the best prices.
    chosen : ndarray of int, (p,)
        The best set met on the way; at least as good as the one given.
    floor : float
        Demand that `chosen` covers.
    """

    bound: float
    merit: FloatArray
    chosen: IntArray
    floor: float


def coverage_bound(
    cover: Cover,
    chosen: IntArray,
    *,
    deadline: Deadline,
    enough: float = np.inf,
    hopeless: float = -np.inf,
) -> CoverageBound:
    """Return an upper bound on the demand that as many sites as `chosen` can cover.

    Parameters
    ----------
    cover : Cover
        What can be covered.
    chosen : ndarray of int, (p,), p above 0
        A set to start from; its demand is the floor.
    deadline : Deadline
        When to stop with what there is.
    enough : float
        Stop once a set covers this much.
    hopeless : float
        Stop once it is sure that no set covers this much.

    Notes
    -----
    Relaxing "a covered row has an open site" with a price u_i, 0 <= u_i <= w_i:
    bound(u) = sum_i (w_i - u_i) + the p largest of sum_i a_ij u_i. Every u gives a
    valid bound; the least over u is that of the linear relaxation. The sets that are
    best by price on the way are good starts for swaps.

    References
    ----------
    Galvão & ReVelle (1996), doi:10.1016/0377-2217(94)00159-6.
    """
    by_site, weight, p = cover.by_site, cover.weight, len(chosen)
    floor = cover.covered(chosen)
    price = weight / np.maximum(counted(cover, chosen), 1) / 2
    descent = Descent(price, low=0.0, high=weight)
    merit, best = np.zeros(len(cover.site)), np.inf
    for step in range(ITERATIONS):
        worth = by_site @ descent.price
        top = np.argsort(-worth, kind="stable")[:p]
        bound = cover.held + float((weight - descent.price).sum() + worth[top].sum())
        if bound < best:
            merit, best = worth, bound
        trial = improved(cover, top) if step % SWAP_EVERY == 0 else top
        if (value := cover.covered(trial)) > floor:
            floor, chosen = value, trial
        if best < max(hopeless, cover.better_than(floor)) or floor >= enough:
            break
        slope = counted(cover, top) - (descent.price < weight)
        if deadline.is_over or not descent.move(slope, bound, bound - floor):
            break
    return CoverageBound(best, merit, chosen, floor)


def settled(found: CoverageBound, better: float) -> tuple[IntArray, IntArray]:
    """Return candidates that sets covering `better` or more must have, and cannot have.

    Notes
    -----
    Forcing a candidate in, or out, of the p best by merit lowers the bound by the
    difference of merits; where it falls below `better`, no such set does so.
    """
    p = len(found.chosen)
    order = np.argsort(-found.merit, kind="stable")
    ordered = found.merit[order]
    room = found.bound - better
    if p == len(order):
        return np.sort(order), np.empty(0, dtype=np.int64)
    must = order[:p][ordered[:p] - ordered[p] > room]
    never = order[p:][ordered[p - 1] - ordered[p:] > room]
    return np.sort(must), np.sort(never)
