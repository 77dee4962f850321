"""MCLP and p-median when sites are full at some point: every row goes to one site whole."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array

from layers.errors import InvalidArray
from layers.measures.arrays import BoolArray, FloatArray, IntArray, checked_people
from layers.measures.location_models.milp import MilpAnswer, Programme, solve
from layers.measures.location_models.question import CostTable, Question
from layers.measures.location_models.solution import (
    Deadline,
    Found,
    Solution,
    Status,
    answered,
    unanswered,
)

MAX_PAIRS = 200_000
"""Pairs of row and site that a programme with capacities may have."""

FULL = 1e-6
"""Share of its capacity by which rounding may overfill a site."""


@dataclass(frozen=True, slots=True)
class Work:
    """Rows with demand, and the pairs by which they may be served.

    Attributes
    ----------
    question : Question
        What is asked.
    capacity : ndarray, (n_sites,)
        Demand that each site can take.
    n_new : int
        How many candidates to open.
    row, site : ndarray of int, (n_pairs,)
        Demand row and column of each pair.
    cost : ndarray, (n_pairs,)
        Cost of each pair.
    all_served : bool
        Whether every row must be served (p-median), or only may be (MCLP).
    """

    question: Question
    capacity: FloatArray
    n_new: int
    row: IntArray
    site: IntArray
    cost: FloatArray
    all_served: bool

    @property
    def load(self) -> FloatArray:
        """Demand that each pair would bring to its site, (n_pairs,)."""
        return self.question.demand[self.row]

    @property
    def worth(self) -> FloatArray:
        """What serving by each pair adds to an objective that is minimised."""
        return self.load * self.cost if self.all_served else -self.load


def with_capacity(
    model: str,
    question: Question,
    capacity: ArrayLike,
    *,
    n_new: int,
    radius: float,
    deadline: Deadline,
) -> Solution:
    """Return the answer of `mclp` or `p_median` when sites have capacities.

    Parameters
    ----------
    model : str
        `mclp` or `p_median`.
    question : Question
        What is asked.
    capacity : array_like, (n_sites,)
        Demand that each site can take, fixed ones included; inf is without limit.
    n_new : int
        New sites.
    radius : float
        Largest cost that still serves; inf for the p-median.
    deadline : Deadline
        When to stop.

    Raises
    ------
    InvalidArray
        Capacities that do not fit; more than `MAX_PAIRS` pairs.

    Notes
    -----
    Binary y_ij: row i is served by site j, whole. sum_j y_ij <= 1 (MCLP) or = 1
    (p-median), sum_i w_i y_ij <= capacity_j x_j, y_ij <= x_j. HiGHS from a greedy
    start; no alternatives are given, for a swap would have to serve everybody anew.

    References
    ----------
    Current & Storbeck (1988), doi:10.1068/b150153; Mulvey & Beck (1984),
    doi:10.1016/0377-2217(84)90155-3.
    """
    work = _work(model, question, capacity, n_new=n_new, radius=radius)
    programme = _programme(work)
    start = _start(work, programme)
    answer = solve(programme, time_limit_s=deadline.left, start=start)
    if answer.x is None:
        return unanswered(
            model,
            question,
            deadline=deadline,
            radius=radius,
            why="the capacities cannot serve every row" if answer.is_proven else "",
            status=Status.INFEASIBLE if answer.is_proven else Status.TIME_LIMIT,
        )
    return _answered(model, work, answer, radius=radius, deadline=deadline)


def _work(
    model: str, question: Question, capacity: ArrayLike, *, n_new: int, radius: float
) -> Work:
    limits = np.asarray(capacity, dtype=np.float64)
    total = float(question.demand.sum())
    limits = checked_people(
        np.where(limits == np.inf, total, limits), "capacity", n=question.costs.n_sites
    )
    table: CostTable = question.costs
    row = table.row
    kept = (table.cost <= radius) & (question.demand[row] > 0)
    n_pairs = int(kept.sum())
    if n_pairs > MAX_PAIRS:
        raise InvalidArray(
            f"capacity: {n_pairs:,} pairs of demand row and site are more than the "
            f"{MAX_PAIRS:,} that a model with capacities can decide; ask with fewer "
            "rows (larger cells), fewer sites or without capacity"
        )
    row, site, cost = row[kept], table.site[kept], table.cost[kept]
    return Work(question, limits, n_new, row, site, cost, model == "p_median")


def _programme(work: Work) -> Programme:
    """Return the programme: sites first, then pairs."""
    m, k = work.question.costs.n_sites, len(work.row)
    served, rows = np.unique(work.row, return_inverse=True)
    pair, site = m + np.arange(k), np.arange(m)
    is_free = np.isin(site, work.question.candidates)
    blocks = (
        (np.ones(k), rows, pair),
        (work.load, len(served) + work.site, pair),
        (-work.capacity, len(served) + site, site),
        (np.ones(k), len(served) + m + np.arange(k), pair),
        (-np.ones(k), len(served) + m + np.arange(k), work.site),
        (is_free.astype(float), np.full(m, len(served) + m + k), site),
    )
    value, at_row, at_column = (
        np.concatenate(part) for part in zip(*blocks, strict=True)
    )
    n_rows = len(served) + m + k + 1
    least = np.full(n_rows, -np.inf)
    most = np.zeros(n_rows)
    least[: len(served)] = 1.0 if work.all_served else 0.0
    most[: len(served)] = 1.0
    least[-1] = most[-1] = work.n_new
    return Programme(
        price=np.concatenate([np.zeros(m), work.worth]),
        low=np.concatenate([~is_free, np.zeros(k)]).astype(np.float64),
        high=np.ones(m + k),
        whole=np.ones(m + k, dtype=np.bool_),
        rows=coo_array((value, (at_row, at_column)), shape=(n_rows, m + k)).tocsr(),
        least=least,
        most=most,
    )


def _start(work: Work, programme: Programme) -> FloatArray | None:
    """Return a feasible solution: sites by what they could serve, then the largest rows.

    None where that leaves out a row that must be served.
    """
    m, demand = work.question.costs.n_sites, work.question.demand
    unserved = demand.copy()
    is_open = np.zeros(m, dtype=np.bool_)
    is_open[list(work.question.fixed)] = True
    unserved[work.row[is_open[work.site]]] = 0.0
    for _ in range(work.n_new):
        reach = np.bincount(work.site, unserved[work.row], minlength=m)
        gain = np.where(is_open, -1.0, np.minimum(reach, work.capacity))
        best = int(np.argmax(gain))
        is_open[best] = True
        unserved[work.row[work.site == best]] = 0.0
    taken = _filled(work, is_open)
    x = np.concatenate([is_open, taken]).astype(np.float64)
    left = programme.rows @ x
    fits = (left >= programme.least - FULL) & (left <= programme.most + FULL)
    return x if fits.all() else None


def _filled(work: Work, is_open: BoolArray) -> BoolArray:
    """Return the pairs taken when large rows go first, each to its cheapest with room."""
    room = work.capacity.copy()
    order = np.lexsort((work.site, work.cost, -work.load))
    taken = np.zeros(len(work.row), dtype=np.bool_)
    is_served = np.zeros(work.question.costs.n_demand, dtype=np.bool_)
    for pair in order.tolist():
        row, site = work.row[pair], work.site[pair]
        if not is_served[row] and is_open[site] and work.load[pair] <= room[site]:
            taken[pair] = is_served[row] = True
            room[site] -= work.load[pair]
    return taken


def _answered(
    model: str, work: Work, answer: MilpAnswer, *, radius: float, deadline: Deadline
) -> Solution:
    assert answer.x is not None  # noqa: S101 - the caller looked
    m = work.question.costs.n_sites
    opened = np.flatnonzero(answer.x[:m] > 0)
    taken = np.flatnonzero(answer.x[m:] > 0)
    sign = 1.0 if work.all_served else -1.0
    objective = sign * float(work.worth[taken].sum())
    bound = objective if answer.is_proven else sign * answer.bound
    site = np.full(work.question.costs.n_demand, -1, dtype=np.int64)
    site[work.row[taken]] = work.site[taken]
    return answered(
        model,
        work.question,
        Found(np.setdiff1d(opened, work.question.fixed), objective, bound),
        deadline=deadline,
        radius=radius,
        served_by=site,
    )
