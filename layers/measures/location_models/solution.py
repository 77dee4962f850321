"""What a location model answers, and how good it is known to be."""

import math
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.location_models.question import Question

PROVEN = 1e-9
"""Relative gap below which objective and bound are the same number."""

NEAR_TIE = 0.01
"""Share of the objective that an alternative may lose."""

TIME_LIMIT_S = 60.0
"""Seconds that a search may take unless told otherwise."""

ALTERNATIVES_PER_SITE = 3
"""How many alternatives are given for each chosen site."""


class Status(StrEnum):
    """How a search ended."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "time_limit"
    INFEASIBLE = "infeasible"


class Deadline:
    """A moment until which a search may think.

    Parameters
    ----------
    seconds : float
        From now on.
    """

    def __init__(self, seconds: float) -> None:
        self._start = time.perf_counter()
        self._seconds = seconds

    @property
    def left(self) -> float:
        """Seconds that are left; never below 0."""
        return max(0.0, self._seconds - self.spent)

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.left <= 0


@dataclass(frozen=True, slots=True, order=True)
class Alternative:
    """Another answer that is nearly as good: one chosen site changed for another.

    Attributes
    ----------
    instead_of, site : int
        Columns: the chosen site, and the one that would take its place.
    objective : float
        What the model's objective would be.
    """

    instead_of: int
    site: int
    objective: float


@dataclass(frozen=True, slots=True)
class Solution:
    """The best set of sites found, with a bound on what any set could reach.

    Attributes
    ----------
    model : str
        Name of the model.
    status : Status
        `optimal`: proven, objective equals bound. `time_limit`: the best found when
        time was over; `bound` and `gap` say how far from the best possible it may
        be. `infeasible`: no set of sites does what was asked.
    objective : float or None
        People covered (MCLP), number of open sites (LSCP, partial LSCP), total
        weighted cost (p-median) or largest cost (p-center). None without an answer.
    bound : float or None
        No set of sites can do better than this. None when infeasible.
    gap : float or None
        |objective - bound| / objective; 0 when proven. None when undefined.
    chosen : tuple of int
        Columns of all open sites, fixed and new, ascending.
    new : tuple of int
        The new ones among them, ascending.
    uncoverable : tuple of int
        Demand rows that no site at all can serve, open or not.
    site : ndarray of int, (n,)
        Open site that serves each row; -1 is none.
    cost : ndarray, (n,)
        Cost to that site; inf is none.
    covered : ndarray of bool, (n,)
        Within the radius of it; for p-median and p-center: reaching it at all.
    alternatives : tuple of Alternative
        Single changes that lose at most `NEAR_TIE`; best first, for each new site.
    seconds : float
        Time that the search took.
    why : str
        In an infeasible case what cannot be had; otherwise empty.
    """

    model: str
    status: Status
    objective: float | None
    bound: float | None
    chosen: tuple[int, ...]
    new: tuple[int, ...]
    uncoverable: tuple[int, ...]
    site: IntArray
    cost: FloatArray
    covered: BoolArray
    alternatives: tuple[Alternative, ...]
    seconds: float
    why: str = ""

    @property
    def gap(self) -> float | None:
        """|objective - bound| / objective; see the class."""
        if self.objective is None or self.bound is None:
            return None
        if self.objective == self.bound:
            return 0.0
        if self.objective == 0 or not math.isfinite(self.bound):
            return None
        return abs(self.objective - self.bound) / abs(self.objective)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search knows at its end.

    Attributes
    ----------
    new : ndarray of int
        Columns of the new sites, in any order.
    objective, bound : float
        As in `Solution`; equal when proven.
    """

    new: IntArray
    objective: float
    bound: float

    @property
    def is_proven(self) -> bool:
        """Whether nothing better is left to be found."""
        return is_closed(self.objective, self.bound)


def is_closed(objective: float, bound: float) -> bool:
    """Return whether objective and bound are the same but for rounding."""
    if objective == bound:
        return True
    return abs(objective - bound) <= PROVEN * max(abs(objective), abs(bound))


def answered(
    model: str,
    question: Question,
    found: Found,
    *,
    deadline: Deadline,
    radius: float = np.inf,
    alternatives: tuple[Alternative, ...] = (),
    served_by: IntArray | None = None,
) -> Solution:
    """Return the solution of what was found.

    Every row is served by its nearest open site, or, with `served_by` given, those
    with demand by the site named there.
    """
    chosen = tuple(sorted({*question.fixed, *found.new.tolist()}))
    cost, site = question.costs.nearest(chosen)
    if served_by is not None:
        site = np.where(question.demand > 0, served_by, site)
        cost = question.costs.to(site)
    return Solution(
        model=model,
        status=Status.OPTIMAL if found.is_proven else Status.TIME_LIMIT,
        objective=float(found.objective),
        bound=float(found.objective if found.is_proven else found.bound),
        chosen=chosen,
        new=tuple(sorted(found.new.tolist())),
        site=site,
        cost=cost,
        covered=np.isfinite(cost) & (cost <= radius),
        uncoverable=_rows(~question.reachable(radius)),
        alternatives=alternatives,
        seconds=deadline.spent,
    )


def unanswered(
    model: str,
    question: Question,
    *,
    deadline: Deadline,
    why: str,
    radius: float = np.inf,
    bound: float | None = None,
    status: Status = Status.INFEASIBLE,
) -> Solution:
    """Return the solution of a question that has none, or for which none was found.

    Rows are shown as the fixed sites serve them.
    """
    cost, site = question.costs.nearest(question.fixed)
    return Solution(
        model=model,
        status=status,
        objective=None,
        bound=bound,
        chosen=question.fixed,
        new=(),
        site=site,
        cost=cost,
        covered=np.isfinite(cost) & (cost <= radius),
        uncoverable=_rows(~question.reachable(radius)),
        alternatives=(),
        seconds=deadline.spent,
        why=why,
    )


def near_ties(
    objective: FloatArray,
    out: IntArray,
    into: IntArray,
    *,
    allowed: BoolArray,
    largest_first: bool,
) -> tuple[Alternative, ...]:
    """Return the best alternatives for each chosen site out of a table of changes.

    Parameters
    ----------
    objective : ndarray, (p, m)
        Objective after closing chosen site k and opening candidate j.
    out, into : ndarray of int, (p,) and (m,)
        Columns of the chosen sites and of the candidates.
    allowed : ndarray of bool, (p, m)
        Which changes are near ties at all.
    largest_first : bool
        Whether a large objective is a good one.
    """
    found = []
    for k, site in enumerate(out.tolist()):
        at = np.flatnonzero(allowed[k])
        merit = -objective[k, at] if largest_first else objective[k, at]
        best = at[np.argsort(merit, kind="stable")][:ALTERNATIVES_PER_SITE]
        found += [Alternative(site, int(into[j]), float(objective[k, j])) for j in best]
    return tuple(found)


def _rows(which: Any) -> tuple[int, ...]:
    return tuple(np.flatnonzero(which).tolist())
