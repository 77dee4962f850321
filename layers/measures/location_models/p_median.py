"""Where do p new sites make the way shortest on the whole? The p-median problem."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from layers.measures.arrays import IntArray
from layers.measures.location_models.capacitated import with_capacity
from layers.measures.location_models.covering import greedy, merged_cover
from layers.measures.location_models.lscp import fewest
from layers.measures.location_models.median_bound import (
    WHOLE_SLACK,
    MedianBound,
    better_than,
    longest_served,
    median_bound,
    settled_median,
)
from layers.measures.location_models.median_programme import (
    MAX_ENTRIES,
    median_programme,
    start_of,
)
from layers.measures.location_models.median_search import (
    MedianCosts,
    greedy_median,
    improved_median,
    median_costs,
    swap_costs,
)
from layers.measures.location_models.milp import solve
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


def p_median(
    costs: ArrayLike | CostTable,
    demand: ArrayLike,
    *,
    n_new: int,
    fixed: Sequence[int] = (),
    capacity: ArrayLike | None = None,
    time_limit_s: float = TIME_LIMIT_S,
) -> Solution:
    """Return the `n_new` sites that, with the fixed ones, make total cost least.

    Parameters
    ----------
    costs, n_new, fixed, capacity, time_limit_s
        As in `mclp`.
    demand : array_like, (n,)
        Weight of each row; every row is served by its nearest open site. Rows of 0
        change nothing.

    Returns
    -------
    Solution
        `objective` is the sum of demand times cost. Rows that no site reaches are
        `uncoverable` and left out of it. `infeasible` when `n_new` sites cannot reach
        every other row.

    Raises
    ------
    InvalidArray, InvalidParameter
        As `mclp`; a matrix of more than 50 million pairs.

    Notes
    -----
    min sum_i w_i min_{j open} c_ij. Greedy and swaps, a Lagrangian bound that settles
    most candidates, HiGHS for the rest where it is small enough; larger questions keep
    the Lagrangian bound, and end as `time_limit` with their gap.

    References
    ----------
    Hakimi (1964), doi:10.1287/opre.12.3.450; ReVelle & Swain (1970),
    doi:10.1111/j.1538-4632.1970.tb00142.x.

    Examples
    --------
    >>> found = p_median([[0, 4, 9], [4, 0, 5], [9, 5, 0]], [1, 1, 3], n_new=1)
    >>> found.objective, found.chosen, found.status.value
    (14.0, (2,), 'optimal')
    """
    deadline = Deadline(checked_time_limit(time_limit_s))
    question = checked_question(costs, demand, fixed)
    question.check_new(n_new)
    if capacity is not None:
        return with_capacity(
            "p_median",
            question,
            capacity,
            n_new=n_new,
            radius=np.inf,
            deadline=deadline,
        )
    folded = median_costs(question)
    start, is_surely_not = _start(question, folded, n_new, deadline=deadline)
    if start is None:
        return unanswered(
            "p_median",
            question,
            deadline=deadline,
            why="so few sites cannot reach every row that some site reaches"
            if is_surely_not
            else "",
            status=Status.INFEASIBLE if is_surely_not else Status.TIME_LIMIT,
        )
    found = _least_cost(question, folded, start, deadline=deadline)
    return answered(
        "p_median",
        question,
        Found(folded.site[found.new], found.objective, found.bound),
        deadline=deadline,
        alternatives=_alternatives(folded, found),
    )


def _start(
    question: Question, costs: MedianCosts, n_new: int, *, deadline: Deadline
) -> tuple[IntArray | None, bool]:
    """Return a set that reaches every row; None, and whether there surely is none."""
    if not n_new:
        cost, _ = question.costs.nearest(question.fixed)
        reaches = np.isfinite(cost) | ~question.reachable() | (question.demand == 0)
        return (np.empty(0, dtype=np.int64), False) if reaches.all() else (None, True)
    chosen = improved_median(costs, greedy_median(costs, n_new), deadline=deadline)
    if costs.total(chosen) < costs.penalty:
        return chosen, False
    cover = merged_cover(question, np.inf, empty_rows=False)
    few, bound = fewest(cover, deadline=deadline, enough=n_new)
    if len(few) > n_new:
        return None, bound > n_new
    rest = np.setdiff1d(greedy(cover, n_new), few)
    others = np.setdiff1d(np.arange(len(cover.site)), np.concatenate([few, rest]))
    chosen = np.concatenate([few, rest, others])[:n_new]
    return improved_median(costs, chosen, deadline=deadline), False


def _least_cost(
    question: Question, costs: MedianCosts, start: IntArray, *, deadline: Deadline
) -> Found:
    """Return the set of least cost, as positions in `costs.site`."""
    if not len(start):
        cost, _ = question.costs.nearest(question.fixed)
        kept = np.isfinite(cost) & (question.demand > 0)
        total = float((cost[kept] * question.demand[kept]).sum())
        return Found(start, total, total)
    relaxed = median_bound(costs, start, deadline=deadline)
    chosen = improved_median(costs, relaxed.chosen, deadline=deadline)
    ceiling = costs.total(chosen)
    bound = relaxed.bound
    if costs.is_whole:
        bound = float(np.ceil(bound - WHOLE_SLACK))
    found = Found(np.sort(chosen), ceiling, min(bound, ceiling))
    if found.is_proven:
        return found
    return _decided(costs, found, relaxed, deadline=deadline)


def _decided(
    costs: MedianCosts, found: Found, relaxed: MedianBound, *, deadline: Deadline
) -> Found:
    """Let HiGHS look for a better set among the candidates that are not settled."""
    better = better_than(found.objective, is_whole=costs.is_whole)
    must, never = settled_median(relaxed, better)
    n_sites = costs.matrix.shape[1]
    free = np.setdiff1d(np.arange(n_sites), np.concatenate([must, never]))
    n_free = len(found.new) - len(must)
    if n_free <= 0 or n_free >= len(free):
        # Only one set could be better than what was found.
        last = np.concatenate([must, free[: max(n_free, 0)]])
        return _better(costs, found, last, bound=np.inf)
    matrix = costs.matrix[:, free]
    if len(must):
        held = costs.matrix[:, must].min(axis=1)
        matrix = np.minimum(matrix, held[:, np.newaxis])
    if matrix.size > MAX_ENTRIES or deadline.is_over:
        return found
    limit = longest_served(relaxed, found.objective)
    made = median_programme(matrix, n_free, limit)
    order = np.argsort(~np.isin(free, found.new), kind="stable")
    start = start_of(made, len(free), order[:n_free])
    answer = solve(made.programme, time_limit_s=deadline.left, start=start)
    bound = max(found.bound, made.constant + answer.bound)
    if answer.is_proven:
        bound = np.inf
    if answer.x is None:
        # Proven: no set is within the limits that a better one would have to keep.
        return _better(costs, found, found.new, bound=bound)
    took = free[answer.x[: len(free)] > 0.5]
    return _better(costs, found, np.concatenate([must, took]), bound=bound)


def _better(
    costs: MedianCosts, found: Found, other: IntArray, *, bound: float
) -> Found:
    """Return the better of two sets; `bound` holds for what neither of them is."""
    new, objective = found.new, found.objective
    if len(other) == len(new) and costs.total(other) < objective:
        new, objective = other, costs.total(other)
    return Found(np.sort(new), objective, min(bound, objective))


def _alternatives(costs: MedianCosts, found: Found) -> tuple[Alternative, ...]:
    if not len(found.new):
        return ()
    objective = swap_costs(costs, found.new)
    return near_ties(
        objective,
        costs.site[found.new],
        costs.site,
        # A penalty for rows that are not reached may look cheap where costs are small.
        allowed=(objective <= (1 + NEAR_TIE) * found.objective)
        & (objective < costs.penalty),
        largest_first=False,
    )
