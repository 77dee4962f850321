"""From a question about plain files to values by point and a summary."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from layers.measures.arrays import FloatArray
from layers.measures.closest import cost_to_closest
from layers.measures.floating_catchment import (
    balanced_fca,
    enhanced_two_step_fca,
    spatial_availability,
    three_step_fca,
    two_step_fca,
)
from layers.measures.gravity import cumulative_cutoff, gravity
from layers.measures.nearest_pairs import cost_to_closest_pair
from layers.measures.pairs import pairs_within, rows_of, within
from layers.measures.raam import raam
from layers.workbench.costs import read_costs
from layers.workbench.files import Points, read_points
from layers.workbench.flags import FileFlag
from layers.workbench.question import COST, DEFAULTS, Question

ANY_SITE = frozenset(("cost_to_closest", "coverage"))
"""To these a site is a site, however many places it has."""

UNSETTLED_FROM = 0.01
"""Share of RAAM's cost that people could still save, from which it is flagged."""


@dataclass(slots=True, eq=False)
class Measured:
    """Values by demand point, and what is to be said of them.

    Attributes
    ----------
    ids : tuple of str
        Of the demand points, in the order of their file.
    values : ndarray, (n,)
        inf where a cost is infinite.
    demand : ndarray, (n,)
        Weight of each point.
    value : float or None
        Of a measure that is one number.
    details, parameters : dict
        More figures; the options as they were used.
    flags : set of FileFlag
        Reasons for care.
    """

    ids: tuple[str, ...]
    values: FloatArray
    demand: FloatArray
    value: float | None = None
    details: dict[str, object] = field(default_factory=dict)
    parameters: dict[str, object] = field(default_factory=dict)
    flags: set[FileFlag] = field(default_factory=set)


def measure_pairs(question: Question, default_srid: int) -> Measured:
    """Return a measure of access from demand to supply.

    Parameters
    ----------
    question : Question
        Checked; its measure is one of `PAIR_MEASURES`.
    default_srid : int
        EPSG code to measure in where the question names none.
    """
    srid = None
    if question.cost is None:
        srid = default_srid if question.srid is None else question.srid
    demand, supply = _points(question, srid)
    answer = Measured(demand.ids, np.empty(0), demand.values)
    answer.parameters = _parameters(question, srid)
    answer.flags = _flags_of_files(question, demand, supply)
    if question.measure in ANY_SITE:
        _closest_or_covered(
            question, answer, _closest(question, demand, supply, answer)
        )
        return answer
    pairs = _pairs(question, demand, supply, answer)
    _flag_reach(answer, pairs, supply.values)
    if question.measure == "raam":
        _raam(question, answer, supply.values, pairs)
    else:
        answer.values = _access(question, demand.values, supply.values, pairs)
    return answer


def _points(question: Question, srid: int | None) -> tuple[Points, Points]:
    x, y = question.x, question.y
    demand = read_points(
        question.demand, question.demand_id, question.demand_value, x, y, srid
    )
    supply = read_points(
        question.supply or Path(),  # `check` has seen to it
        question.supply_id or "",
        question.supply_value,
        x,
        y,
        srid,
        kind="supply",
    )
    return demand, supply


def _pairs(
    question: Question, demand: Points, supply: Points, answer: Measured
) -> csr_array:
    if question.cost is None:
        return pairs_within(
            demand.located(),
            supply.located(),
            reach=question.reach,
            detour=question.detour or 1.0,
        )
    pairs, n_foreign = read_costs(
        question.cost,
        question.cost_from or "",
        question.cost_to or "",
        question.cost_value or "",
        demand.ids,
        supply.ids,
    )
    if n_foreign:
        answer.flags.add(FileFlag.COST_IDS_UNKNOWN)
        answer.details["cost_rows_left_out"] = n_foreign
    return within(pairs, question.reach)


def _closest(
    question: Question, demand: Points, supply: Points, answer: Measured
) -> FloatArray:
    """Return the cost to the k-th nearest; of points without making all pairs."""
    k = question.k or 1
    if question.cost is not None:
        return cost_to_closest_pair(_pairs(question, demand, supply, answer), k=k)
    straight = cost_to_closest(demand.located(), supply.located(), k=k)[:, -1]
    cost = straight * (question.detour or 1.0)
    return np.where(cost <= question.threshold_or_none, cost, np.inf)


def _closest_or_covered(question: Question, answer: Measured, cost: FloatArray) -> None:
    reached = np.isfinite(cost)
    if (~reached & (answer.demand > 0)).any():
        answer.flags.add(FileFlag.UNREACHABLE)
    answer.values = cost
    if question.measure == "coverage":
        answer.values = reached.astype(np.float64)
        total = answer.demand.sum()
        share = (answer.demand * reached).sum() / total if total > 0 else np.nan
        answer.value = float(share)


def _raam(
    question: Question, answer: Measured, supply: FloatArray, pairs: csr_array
) -> None:
    found = raam(
        answer.demand,
        supply,
        pairs,
        rho=question.rho,
        tau=question.tau or DEFAULTS["tau"],
        max_cycles=question.max_cycles or int(DEFAULTS["max_cycles"]),
    )
    answer.values = found.cost
    answer.details["unsettled"] = found.unsettled
    if question.rho is None and supply.sum() > 0:
        answer.parameters["rho"] = float(answer.demand.sum() / supply.sum())
    if found.unsettled > UNSETTLED_FROM:
        answer.flags.add(FileFlag.UNSETTLED)


def _access(
    question: Question, demand: FloatArray, supply: FloatArray, pairs: csr_array
) -> FloatArray:
    decay, threshold = question.weights, question.threshold_or_none
    if question.measure == "two_step_fca":
        return two_step_fca(demand, supply, pairs, threshold=threshold)
    if question.measure == "cumulative_cutoff":
        return cumulative_cutoff(supply, pairs, threshold=threshold)
    if question.measure == "gravity":
        return gravity(supply, pairs, decay=decay, threshold=threshold)
    catchment = _CATCHMENTS[question.measure]
    return catchment(demand, supply, pairs, decay=decay, threshold=threshold)


_CATCHMENTS: dict[str, Callable[..., FloatArray]] = {
    "enhanced_two_step_fca": enhanced_two_step_fca,
    "three_step_fca": three_step_fca,
    "balanced_fca": balanced_fca,
    "spatial_availability": spatial_availability,
}


def _flags_of_files(
    question: Question, demand: Points, supply: Points
) -> set[FileFlag]:
    found = {
        FileFlag.NO_NETWORK: question.cost is None,
        FileFlag.AREA_AS_POINT: demand.from_areas or supply.from_areas,
        FileFlag.COUNTED_AS_ONE: question.demand_value is None
        or (question.supply_value is None and question.measure not in ANY_SITE),
        FileFlag.NO_DEMAND: not demand.values.sum() > 0,
        FileFlag.NO_SUPPLY: not supply.values.sum() > 0,
    }
    return {flag for flag, holds in found.items() if holds}


def _flag_reach(answer: Measured, pairs: csr_array, supply: FloatArray) -> None:
    """Say who reaches nothing, and which places nobody reaches."""
    if ((np.diff(pairs.indptr) == 0) & (answer.demand > 0)).any():
        answer.flags.add(FileFlag.UNREACHABLE)
    reached = np.zeros(len(supply), dtype=bool)
    reached[pairs.indices[answer.demand[rows_of(pairs)] > 0]] = True
    if (~reached & (supply > 0)).any() and answer.demand.sum() > 0:
        answer.flags.add(FileFlag.SUPPLY_OUT_OF_REACH)


def _parameters(question: Question, srid: int | None) -> dict[str, object]:
    """Return the options as they were used; files by name, for paths are nobody's."""
    used: dict[str, object] = {
        "demand": question.demand.name,
        "demand_value": question.demand_value,
        "supply": question.supply.name if question.supply else None,
        "supply_value": question.supply_value,
        "threshold": question.threshold,
    }
    if question.cost is None:
        used |= {"srid": srid, "detour": question.detour or 1.0}
    else:
        used |= {"cost": question.cost.name, "cost_value": question.cost_value}
    if question.measure not in COST:
        used["decay"] = question.decay or "binary"
    for option in _OWN.get(question.measure, ()):
        given = getattr(question, option)
        used[option] = DEFAULTS.get(option) if given is None else given
    return used


_OWN = {"cost_to_closest": ("k",), "raam": ("rho", "tau", "max_cycles")}
