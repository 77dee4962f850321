"""How few sites reach 90 % of the people? Set covering with a target."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidParameter
from layers.measures.arrays import IntArray
from layers.measures.location_models.coverage_bound import coverage_bound
from layers.measures.location_models.covering import (
    SLACK,
    Cover,
    greedy,
    greedy_until,
    improved,
    merged_cover,
    swap_gains,
)
from layers.measures.location_models.mclp import most_covered
from layers.measures.location_models.question import (
    CostTable,
    checked_question,
    checked_radius,
    checked_time_limit,
)
from layers.measures.location_models.solution import (
    TIME_LIMIT_S,
    Alternative,
    Deadline,
    Found,
    Solution,
    answered,
    near_ties,
    unanswered,
)

TARGET = 0.9


def partial_lscp(
    costs: ArrayLike | CostTable,
    demand: ArrayLike,
    *,
    radius: float,
    target: float = TARGET,
    fixed: Sequence[int] = (),
    time_limit_s: float = TIME_LIMIT_S,
) -> Solution:
    """Return the fewest sites that cover at least a share `target` of all demand.

    Parameters
    ----------
    costs, demand, radius, fixed, time_limit_s
        As in `mclp`.
    target : float
        Share of all demand, that of uncoverable rows included; above 0, up to 1.

    Returns
    -------
    Solution
        `objective` is the number of open sites, fixed ones included. `infeasible`
        when all sites together fall short; `why` then says how far they reach.

    Raises
    ------
    InvalidArray, InvalidParameter
        As `mclp`; a target that is no share.

    Notes
    -----
    min sum_j x_j with sum_i w_i z_i >= target * sum_i w_i, z_i <= sum_j a_ij x_j. Asked
    as a series of MCLPs: the greedy number of sites, then one fewer, until it is
    proven that these cannot reach the target. A share missed by 1e-9 is reached.

    References
    ----------
    Daskin & Owen (1999), doi:10.1111/j.1538-4632.1999.tb00978.x.

    Examples
    --------
    >>> found = partial_lscp([[1, 9], [9, 1]], [90, 10], radius=2, target=0.9)
    >>> found.objective, found.chosen
    (1.0, (0,))
    """
    deadline = Deadline(checked_time_limit(time_limit_s))
    question = checked_question(costs, demand, fixed)
    if not 0 < target <= 1:
        raise InvalidParameter("target", target, "a share above 0, up to 1")
    cover = merged_cover(question, checked_radius(radius), empty_rows=False)
    total = float(question.demand.sum())
    wanted = (target - SLACK) * total
    most = cover.held + float(cover.weight.sum())
    n_fixed = len(question.fixed)
    if most < wanted:
        return unanswered(
            "partial_lscp",
            question,
            deadline=deadline,
            radius=radius,
            why=f"all sites together reach {most / total:.4%} of the demand, "
            f"not {target:.4%}",
        )
    new, bound = _fewest(cover, wanted, deadline=deadline)
    return answered(
        "partial_lscp",
        question,
        Found(cover.site[new], n_fixed + len(new), n_fixed + bound),
        deadline=deadline,
        radius=radius,
        alternatives=_alternatives(cover, new, wanted, n_fixed),
    )


def _fewest(
    cover: Cover, wanted: float, *, deadline: Deadline
) -> tuple[IntArray, float]:
    """Return the fewest candidates that cover `wanted`, and a bound on how few."""
    chosen, least = _bounded(cover, wanted, deadline=deadline)
    while len(chosen) > least:
        fewer = most_covered(
            cover,
            len(chosen) - 1,
            deadline=deadline,
            enough=wanted,
            hopeless=wanted,
        )
        if fewer.objective >= wanted:
            chosen = fewer.new
        elif fewer.bound < wanted:
            least = len(chosen)
        else:
            break
    return chosen, float(least)


def _bounded(
    cover: Cover, wanted: float, *, deadline: Deadline
) -> tuple[IntArray, int]:
    """Return candidates that cover `wanted`, and the fewest that are not ruled out.

    Bisects for the least number of sites whose Lagrangian bound reaches `wanted`.
    """
    chosen = improved(cover, greedy_until(cover, wanted))
    low = _least(cover, wanted, len(chosen))
    high = len(chosen)
    while low < high:
        middle = (low + high) // 2
        start = improved(cover, greedy(cover, middle))
        relaxed = coverage_bound(
            cover, start, deadline=deadline, enough=wanted, hopeless=wanted
        )
        if relaxed.floor >= wanted and middle < len(chosen):
            chosen = relaxed.chosen
        if relaxed.bound < wanted:
            low = middle + 1
        else:
            high = middle
    return chosen, low


def _least(cover: Cover, wanted: float, p: int) -> int:
    """Return a number of sites, up to p, that no set covering `wanted` can go below.

    The p candidates that cover most, each on its own, cover at most their sum.
    """
    alone = np.sort(cover.by_site @ cover.weight)[::-1][:p]
    reach = cover.held + np.concatenate([[0.0], np.cumsum(alone)])
    return min(int(np.searchsorted(reach, wanted)), p)


def _alternatives(
    cover: Cover, new: IntArray, wanted: float, n_fixed: int
) -> tuple[Alternative, ...]:
    """Return swaps that still reach the target: as many sites, no fewer."""
    if not len(new):
        return ()
    allowed = cover.covered(new) + swap_gains(cover, new) >= wanted
    count = np.full(allowed.shape, float(n_fixed + len(new)))
    return near_ties(
        count, cover.site[new], cover.site, allowed=allowed, largest_first=False
    )
