"""Where do p new sites make the longest way shortest? The p-center problem."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.location_models.covering import greedy, improved, merged_cover
from layers.measures.location_models.lscp import fewest
from layers.measures.location_models.question import (
    CostTable,
    Question,
    checked_question,
    checked_time_limit,
)
from layers.measures.location_models.solution import (
    NEAR_TIE,
    TIME_LIMIT_S,
    Alternative,
    Deadline,
    Found,
    Solution,
    Status,
    answered,
    near_ties,
    unanswered,
)


def p_center(
    costs: ArrayLike | CostTable,
    demand: ArrayLike,
    *,
    n_new: int,
    fixed: Sequence[int] = (),
    time_limit_s: float = TIME_LIMIT_S,
) -> Solution:
    """Return the `n_new` sites that, with the fixed ones, make the largest cost least.

    Parameters
    ----------
    costs, n_new, fixed, time_limit_s
        As in `mclp`.
    demand : array_like, (n,)
        Not part of the model: every row counts the same, one of 0 people, too. Leave
        out rows that do not matter.

    Returns
    -------
    Solution
        `objective` is the largest cost from a row to its nearest open site. Rows that
        no site reaches are `uncoverable` and left out of it. `infeasible` when
        `n_new` sites cannot reach every other row.

    Raises
    ------
    InvalidArray, InvalidParameter
        As `mclp`.

    Notes
    -----
    min max_i min_{j open} c_ij. The answer is one of the costs given; a bisection over
    them asks each time whether `n_new` sites cover every row within that cost. `bound`
    is the least cost not proven too short.

    References
    ----------
    Hakimi (1964), doi:10.1287/opre.12.3.450; bisection over covers: Minieka (1970),
    doi:10.1137/1012016.

    Examples
    --------
    >>> found = p_center([[0, 4, 9], [4, 0, 5], [9, 5, 0]], [1, 1, 1], n_new=1)
    >>> found.objective, found.chosen
    (5.0, (1,))
    """
    deadline = Deadline(checked_time_limit(time_limit_s))
    question = checked_question(costs, demand, fixed)
    question.check_new(n_new)
    start, is_surely_not = within(question, np.inf, n_new, deadline=deadline)
    if start is None:
        return unanswered(
            "p_center",
            question,
            deadline=deadline,
            why="so few sites cannot reach every row that some site reaches"
            if is_surely_not
            else "",
            status=Status.INFEASIBLE if is_surely_not else Status.TIME_LIMIT,
        )
    found = _shortest(question, start, n_new, deadline=deadline)
    return answered(
        "p_center",
        question,
        found,
        deadline=deadline,
        alternatives=_alternatives(question, found),
    )


def within(
    question: Question, radius: float, n_new: int, *, deadline: Deadline
) -> tuple[IntArray | None, bool]:
    """Return columns of `n_new` sites that cover every row within `radius`.

    Returns
    -------
    (ndarray or None, bool)
        The columns; or None, and whether there surely are none.
    """
    cover = merged_cover(question, radius, empty_rows=True)
    wanted = cover.held + cover.weight.sum()
    chosen = greedy(cover, n_new)
    if n_new and cover.covered(chosen) < wanted:
        chosen = improved(cover, chosen)
    if cover.covered(chosen) >= wanted:
        return cover.site[chosen], False
    few, bound = fewest(cover, deadline=deadline, enough=n_new)
    if len(few) > n_new:
        return None, bound > n_new
    rest = np.setdiff1d(np.arange(len(cover.site)), few)
    return cover.site[np.concatenate([few, rest])[:n_new]], False


def largest_cost(question: Question, new: IntArray) -> float:
    """Return the largest cost of a row that any site reaches; 0 without such rows."""
    cost, _ = question.costs.nearest([*question.fixed, *new.tolist()])
    return float(cost[question.reachable()].max(initial=0.0))


def _shortest(
    question: Question, start: IntArray, n_new: int, *, deadline: Deadline
) -> Found:
    """Bisect the costs between what every row needs anyway and what `start` does."""
    new, objective = start, largest_cost(question, start)
    every, _ = question.costs.nearest(range(question.costs.n_sites))
    least = float(every[question.reachable()].max(initial=0.0))
    steps = np.unique(question.costs.cost)
    steps = steps[(steps >= least) & (steps < objective)]
    low, high = 0, len(steps)
    while low < high:
        middle = (low + high) // 2
        trial, is_surely_not = within(
            question, float(steps[middle]), n_new, deadline=deadline
        )
        if trial is not None:
            new, objective = trial, largest_cost(question, trial)
            high = int(np.searchsorted(steps, objective))
        elif is_surely_not:
            low = middle + 1
        else:
            break
    bound = float(steps[low]) if low < high else objective
    return Found(np.sort(new), objective, bound)


def _alternatives(question: Question, found: Found) -> tuple[Alternative, ...]:
    """Return swaps that make the longest way at most `NEAR_TIE` longer."""
    sites, new = question.candidates, found.new.tolist()
    if not new:
        return ()
    limit = (1 + NEAR_TIE) * found.objective
    total = np.full((len(new), question.costs.n_sites), np.inf)
    by_site = _by_site(question.costs)
    for k, site in enumerate(new):
        others = [*question.fixed, *(other for other in new if other != site)]
        cost, _ = question.costs.nearest(others)
        for other in _takers(question, cost, limit):
            row, way = by_site[other]
            ways = cost.copy()
            ways[row] = np.minimum(ways[row], way)
            total[k, other] = ways[question.reachable()].max(initial=0.0)
    total = total[:, sites]
    total[:, np.isin(sites, found.new)] = np.inf
    return near_ties(
        total, found.new, sites, allowed=total <= limit, largest_first=False
    )


def _by_site(costs: CostTable) -> list[tuple[IntArray, FloatArray]]:
    """Return the rows that reach each site, and at what cost."""
    order = np.argsort(costs.site, kind="stable")
    ends = np.searchsorted(costs.site[order], np.arange(1, costs.n_sites))
    return list(
        zip(
            np.split(costs.row[order], ends),
            np.split(costs.cost[order], ends),
            strict=True,
        )
    )


def _takers(question: Question, cost: FloatArray, limit: float) -> IntArray:
    """Return the sites that are near enough to every row that `cost` leaves too far."""
    costs = question.costs
    far = question.reachable() & (cost > limit)
    taken = costs.site[far[costs.row] & (costs.cost <= limit)]
    return np.flatnonzero(np.bincount(taken, minlength=costs.n_sites) == far.sum())
