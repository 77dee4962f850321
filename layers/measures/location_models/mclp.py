"""Where do p new sites cover the most people? The maximal covering location problem."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, eye_array, hstack, vstack

from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.location_models.capacitated import with_capacity
from layers.measures.location_models.coverage_bound import coverage_bound, settled
from layers.measures.location_models.covering import (
    Cover,
    counted,
    greedy,
    improved,
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
    NEAR_TIE,
    TIME_LIMIT_S,
    Alternative,
    Deadline,
    Found,
    Solution,
    answered,
    is_closed,
    near_ties,
)


def mclp(
    costs: ArrayLike | CostTable,
    demand: ArrayLike,
    *,
    radius: float,
    n_new: int,
    fixed: Sequence[int] = (),
    capacity: ArrayLike | None = None,
    time_limit_s: float = TIME_LIMIT_S,
) -> Solution:
    """Return the `n_new` sites that, with the fixed ones, cover the most demand.

    Parameters
    ----------
    costs : array_like, (n, m), or CostTable
        From n demand rows to m sites; inf, or an absent pair, is unreachable.
    demand : array_like, (n,)
        People of each row, or people times need; 0 or more. Rows of 0 change nothing.
    radius : float
        Largest cost that still covers, in the unit of `costs`; its end is inside.
    n_new : int
        New sites; fixed ones come on top. 0 with fixed sites only measures those.
    fixed : sequence of int
        Columns of sites that are open whatever is chosen.
    capacity : array_like, (m,)
        Demand that each site, fixed ones included, can take; without it no limit. Each
        row then goes to one site whole or is not covered; see `capacitated`.
    time_limit_s : float
        Seconds after which the best set so far is returned with bound and gap.

    Returns
    -------
    Solution
        `objective` is the demand covered by fixed and new sites together.
        `uncoverable` are rows beyond the radius of every site.

    Raises
    ------
    InvalidArray, InvalidParameter
        By name: what is no matrix, radius, number or column.

    Notes
    -----
    max sum_i w_i z_i with z_i <= sum_j a_ij x_j, sum_j x_j = n_new over candidates,
    a_ij = 1[c_ij <= radius]. Greedy and swaps make a floor, a Lagrangian relaxation a
    bound and settles most candidates, HiGHS started at the floor decides the rest.

    References
    ----------
    Church & ReVelle (1974), doi:10.1007/BF01942293.

    Examples
    --------
    Three villages in a row, two sites; the one in the middle sees all who are near:

    >>> found = mclp([[1, 9], [1, 2], [9, 1]], [10, 20, 5], radius=2, n_new=1)
    >>> found.objective, found.chosen, found.status.value, found.gap
    (30.0, (0,), 'optimal', 0.0)
    """
    deadline = Deadline(checked_time_limit(time_limit_s))
    question = checked_question(costs, demand, fixed)
    question.check_new(n_new)
    if capacity is not None:
        return with_capacity(
            "mclp",
            question,
            capacity,
            n_new=n_new,
            radius=checked_radius(radius),
            deadline=deadline,
        )
    cover = merged_cover(question, checked_radius(radius), empty_rows=False)
    found = most_covered(cover, n_new, deadline=deadline)
    return answered(
        "mclp",
        question,
        replace(found, new=cover.site[found.new]),
        deadline=deadline,
        radius=radius,
        alternatives=_alternatives(cover, found),
    )


def most_covered(
    cover: Cover,
    n_new: int,
    *,
    deadline: Deadline,
    enough: float = np.inf,
    hopeless: float = -np.inf,
) -> Found:
    """Return the candidates that cover most, as positions in `cover.site`.

    Parameters
    ----------
    cover : Cover
        What can be covered.
    n_new : int
        How many to choose.
    deadline : Deadline
        When to stop.
    enough : float
        A set that covers this much is returned as it is, without a proof.
    hopeless : float
        Once no set can cover this much, the best so far is returned.
    """
    if not n_new:
        return Found(np.empty(0, dtype=np.int64), cover.held, cover.held)
    chosen = improved(cover, greedy(cover, n_new))
    floor = cover.covered(chosen)
    ceiling = cover.held + float(cover.weight.sum())
    if floor >= enough or is_closed(floor, ceiling):
        return Found(chosen, floor, ceiling)
    relaxed = coverage_bound(
        cover, chosen, deadline=deadline, enough=enough, hopeless=hopeless
    )
    if relaxed.floor > floor:
        chosen = improved(cover, relaxed.chosen)
        floor = cover.covered(chosen)
    bound = cover.whole_bound(min(relaxed.bound, ceiling))
    found = Found(np.sort(chosen), floor, max(floor, bound))
    if found.is_proven or floor >= enough or bound < hopeless:
        return found
    return _decided(
        cover, found, *settled(relaxed, cover.better_than(floor)), deadline=deadline
    )


def _decided(
    cover: Cover, found: Found, must: IntArray, never: IntArray, *, deadline: Deadline
) -> Found:
    """Let HiGHS look for a better set among the candidates that are not settled."""
    free = np.setdiff1d(np.arange(len(cover.site)), np.concatenate([must, never]))
    n_free = len(found.new) - len(must)
    if n_free <= 0 or n_free >= len(free):
        # Only one set could be better than what was found.
        last = np.concatenate([must, free[: max(n_free, 0)]])
        return _better(cover, found, last, bound=-np.inf)
    by_must = counted(cover, must) > 0
    rest = cover.pairs[:, free]
    rows = np.flatnonzero((np.diff(rest.indptr) > 0) & ~by_must)
    programme = _programme(rest[rows], cover.weight[rows], n_free)
    start = _start(rest[rows], np.isin(free, found.new), n_free)
    answer = solve(programme, time_limit_s=deadline.left, start=start)
    sure = cover.held + float(cover.weight[by_must].sum())
    bound = -np.inf if answer.is_proven else min(found.bound, sure - answer.bound)
    if answer.x is None:
        return found
    took = free[answer.x[: len(free)] > 0.5]
    return _better(cover, found, np.concatenate([must, took]), bound=bound)


def _better(cover: Cover, found: Found, other: IntArray, *, bound: float) -> Found:
    """Return the better of two sets; `bound` holds for what neither of them is."""
    new, objective = found.new, found.objective
    if len(other) == len(new) and cover.covered(other) > objective:
        new, objective = other, cover.covered(other)
    return Found(np.sort(new), objective, max(bound, objective))


def _programme(pairs: csr_array, weight: FloatArray, p: int) -> Programme:
    """Return the covering programme: sites first, then rows, demand as negative price."""
    n_rows, n_sites = pairs.shape
    n = n_sites + n_rows
    link = hstack([-pairs, eye_array(n_rows)])
    count = csr_array(np.concatenate([np.ones(n_sites), np.zeros(n_rows)])[np.newaxis])
    return Programme(
        price=np.concatenate([np.zeros(n_sites), -weight]),
        low=np.zeros(n),
        high=np.ones(n),
        whole=np.arange(n) < n_sites,
        rows=csr_array(vstack([link, count])),
        least=np.concatenate([np.full(n_rows, -np.inf), [p]]),
        most=np.concatenate([np.zeros(n_rows), [p]]),
    )


def _start(pairs: csr_array, is_open: BoolArray, p: int) -> FloatArray:
    """Return the found set as a solution of the programme, made up to p sites."""
    order = np.argsort(~is_open, kind="stable")
    x = np.zeros(len(is_open))
    x[order[:p]] = 1.0
    return np.concatenate([x, (pairs @ x > 0).astype(np.float64)])


def _alternatives(cover: Cover, found: Found) -> tuple[Alternative, ...]:
    if not len(found.new):
        return ()
    objective = found.objective + swap_gains(cover, found.new)
    return near_ties(
        objective,
        cover.site[found.new],
        cover.site,
        allowed=objective >= (1 - NEAR_TIE) * found.objective,
        largest_first=True,
    )
