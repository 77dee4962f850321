"""How few sites reach everybody? The location set covering problem."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.location_models.covering import (
    Cover,
    counted,
    greedy_until,
    merged_cover,
    swap_gains,
)
from layers.measures.location_models.milp import Programme, solve
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
)

WHOLE_SLACK = 1e-6
"""By how much a bound on a number of sites may be off for rounding alone."""


def lscp(
    costs: ArrayLike | CostTable,
    demand: ArrayLike,
    *,
    radius: float,
    fixed: Sequence[int] = (),
    time_limit_s: float = TIME_LIMIT_S,
) -> Solution:
    """Return the fewest sites that have every row within `radius` that any site has.

    Parameters
    ----------
    costs, radius, fixed, time_limit_s
        As in `mclp`.
    demand : array_like, (n,)
        Not part of the model: every row must be covered, one of 0 people, too. Leave
        out rows that do not matter.

    Returns
    -------
    Solution
        `objective` is the number of open sites, fixed ones included. Rows beyond the
        radius of every site are `uncoverable` and do not make the rest infeasible.

    Raises
    ------
    InvalidArray, InvalidParameter
        As `mclp`.

    Notes
    -----
    min sum_j x_j with sum_j a_ij x_j >= 1 for every coverable row i, x_j = 1 for fixed
    j. Greedy without its superfluous sites, then HiGHS from there.

    References
    ----------
    Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363.

    Examples
    --------
    >>> found = lscp([[1, 9], [9, 1], [9, 9]], [1, 1, 1], radius=2)
    >>> found.objective, found.chosen, found.uncoverable
    (2.0, (0, 1), (2,))
    """
    deadline = Deadline(checked_time_limit(time_limit_s))
    question = checked_question(costs, demand, fixed)
    cover = merged_cover(question, checked_radius(radius), empty_rows=True)
    new, bound = fewest(cover, deadline=deadline)
    n_fixed = len(question.fixed)
    return answered(
        "lscp",
        question,
        Found(cover.site[new], n_fixed + len(new), n_fixed + bound),
        deadline=deadline,
        radius=radius,
        alternatives=_alternatives(cover, new, n_fixed),
    )


def fewest(
    cover: Cover, *, deadline: Deadline, enough: int = 0
) -> tuple[IntArray, float]:
    """Return the fewest candidates that cover every row, and a bound on how few.

    Parameters
    ----------
    cover : Cover
        What is to be covered, all of it.
    deadline : Deadline
        When to stop.
    enough : int
        So few need no proof; a bound above it is as good as any.

    Returns
    -------
    (ndarray, float)
        Positions in `cover.site`, ascending, and the least number there can be.
    """
    if not len(cover.weight):
        return np.empty(0, dtype=np.int64), 0.0
    chosen = np.sort(_without_idle(cover, greedy_until(cover, np.inf)))
    bound = float(_apart(cover))
    if len(chosen) <= max(bound, enough) or bound > enough > 0:
        return chosen, bound
    answer = solve(
        _programme(cover),
        time_limit_s=deadline.left,
        start=_marks(len(cover.site), chosen),
    )
    # -inf, when time was over before HiGHS had any bound, stays -inf.
    bound = max(bound, float(np.ceil(answer.bound - WHOLE_SLACK)))
    if answer.x is not None:
        better = np.flatnonzero(answer.x)
        if len(better) < len(chosen) and counted(cover, better).all():
            chosen = better
    return chosen, float(len(chosen) if answer.is_proven else min(bound, len(chosen)))


def _without_idle(cover: Cover, chosen: IntArray) -> IntArray:
    """Drop candidates whose rows the others cover, the one taken last first."""
    counts = counted(cover, chosen)
    by_site = cover.by_site
    kept = chosen.tolist()
    for site in reversed(chosen.tolist()):
        rows = by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]
        if (counts[rows] > 1).all():
            counts[rows] -= 1
            kept.remove(site)
    return np.asarray(kept, dtype=np.int64)


def _apart(cover: Cover) -> int:
    """Return a number of rows of which no candidate covers two: a bound at once."""
    taken: BoolArray = np.zeros(len(cover.site), dtype=np.bool_)
    first, sites = cover.pairs.indptr, cover.pairs.indices
    found = 0
    for row in np.argsort(np.diff(first), kind="stable"):
        mine = sites[first[row] : first[row + 1]]
        if not taken[mine].any():
            taken[mine] = True
            found += 1
    return found


def _programme(cover: Cover) -> Programme:
    n_rows, n_sites = cover.pairs.shape
    return Programme(
        price=np.ones(n_sites),
        low=np.zeros(n_sites),
        high=np.ones(n_sites),
        whole=np.ones(n_sites, dtype=np.bool_),
        rows=cover.pairs,
        least=np.ones(n_rows),
        most=np.full(n_rows, np.inf),
    )


def _marks(n: int, at: IntArray) -> FloatArray:
    marks = np.zeros(n)
    marks[at] = 1.0
    return marks


def _alternatives(cover: Cover, new: IntArray, n_fixed: int) -> tuple[Alternative, ...]:
    """Return swaps after which every row is still covered: as many sites, no fewer."""
    if not len(new):
        return ()
    allowed = swap_gains(cover, new) >= 0
    count = np.full(allowed.shape, float(n_fixed + len(new)))
    return near_ties(
        count, cover.site[new], cover.site, allowed=allowed, largest_first=False
    )
