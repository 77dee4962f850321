"""A question in, files out: the whole way of `manage.py locate`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from layers.errors import InvalidParameter
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.location_models.lscp import lscp
from layers.measures.location_models.mclp import mclp
from layers.measures.location_models.p_center import p_center
from layers.measures.location_models.p_median import p_median
from layers.measures.location_models.partial_lscp import partial_lscp
from layers.measures.location_models.solution import Solution
from layers.workbench.answers import (
    check_writable,
    number_text,
    summary_text,
    write_summary,
    write_table,
)
from layers.workbench.flags import FileFlag, ordered
from layers.workbench.locate_costs import LocateInput, read_input
from layers.workbench.locate_question import COUNTED, COVERING, LocateQuestion, check


def locate_in_files(
    question: LocateQuestion,
    *,
    out: Path | None,
    summary_file: Path | None,
    default_srid: int,
) -> str:
    """Answer a question, write the files asked for, and return what to print.

    Parameters
    ----------
    question : LocateQuestion
        Not yet checked.
    out, summary_file : Path or None
        Where the table and the summary go; without `summary_file` the summary is
        what is returned.
    default_srid : int
        EPSG code to measure in where the question names none.

    Raises
    ------
    LayersError
        A fault in the question or the files. Nothing is written then. That no set of
        sites does what was asked is no fault: the status is then `infeasible`.
    """
    check(question)
    inputs = (
        question.demand,
        question.sites,
        question.fixed,
        question.cost,
        question.graph,
    )
    check_writable("out", out, inputs)
    check_writable("summary", summary_file, (*inputs, out))
    if out is not None and out == summary_file:
        raise InvalidParameter("summary", str(out), "another file than --out")
    srid = default_srid if question.srid is None else question.srid
    given = read_input(question, srid)
    solution = solved(question, given)
    site, cost, covered = served(question, given, solution)
    found = summary(question, given, solution, cost, covered, srid)
    if out is not None:
        rows = _rows(given, site, cost, covered)
        write_table(out, (question.demand_ids, "site", "cost", "covered"), rows)
    if summary_file is None:
        return summary_text(found)
    write_summary(summary_file, found)
    return f"{question.model}: {solution.status.value}, {len(solution.chosen)} sites"


def solved(question: LocateQuestion, given: LocateInput) -> Solution:
    """Return the model's solution.

    Raises
    ------
    InvalidParameter
        More new sites than there are to choose from, or none and no fixed one.
    """
    n_free = len(given.site_ids) - len(given.fixed)
    p = question.sites_count or 0
    if question.model in COUNTED and not (0 if given.fixed else 1) <= p <= n_free:
        low = 0 if given.fixed else 1
        raise InvalidParameter(
            "sites-count", p, f"{low} to {n_free}, the sites that may be chosen"
        )
    asked: dict[str, Any] = {
        "fixed": given.fixed,
        "time_limit_s": question.seconds,
    }
    data = given.costs, given.demand
    match question.model:
        case "mclp":
            return mclp(
                *data,
                radius=question.reach,
                n_new=p,
                capacity=given.capacity,
                **asked,
            )
        case "lscp":
            return lscp(*data, radius=question.reach, **asked)
        case "partial_lscp":
            return partial_lscp(
                *data, radius=question.reach, target=question.share, **asked
            )
        case "p_median":
            return p_median(*data, n_new=p, capacity=given.capacity, **asked)
        case _:
            return p_center(*data, n_new=p, **asked)


def served(
    question: LocateQuestion, given: LocateInput, solution: Solution
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Return the site of each row, the cost to it, and whether that is covered.

    Notes
    -----
    A row that is not covered still has its nearest open site, however far. Where
    sites are full, it has none.
    """
    site, cost = solution.site, solution.cost
    if question.model in COVERING and not question.has_capacity and given.places:
        site, cost = _nearest_open(given, solution.chosen, question.detour or 1.0)
    if question.model in COVERING:
        return site, cost, solution.covered
    return site, cost, np.isfinite(cost) & (cost <= question.reach)


def _nearest_open(
    given: LocateInput, chosen: tuple[int, ...], detour: float
) -> tuple[IntArray, FloatArray]:
    """Return the nearest open site in a straight line, beyond the radius, too."""
    assert given.places is not None  # noqa: S101 - the caller looked
    demand, sites = given.places
    cost, site = given.costs.nearest(chosen)
    far = np.flatnonzero(site < 0)
    if len(chosen) and len(far):
        straight, at = cKDTree(sites[list(chosen)]).query(demand[far])
        cost, site = cost.copy(), site.copy()
        cost[far] = straight * detour
        site[far] = np.asarray(chosen)[at]
    return site, cost


def summary(
    question: LocateQuestion,
    given: LocateInput,
    solution: Solution,
    cost: FloatArray,
    covered: BoolArray,
    srid: int,
) -> dict[str, object]:
    """Return the summary of a solution, keys in the order that is documented."""
    ids = given.site_ids
    if (np.isinf(cost) & (given.demand > 0)).any():
        given.flags.add(FileFlag.UNREACHABLE)
    return {
        "model": question.model,
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "status": solution.status.value,
        "chosen": [ids[at] for at in solution.chosen],
        "uncoverable": [given.demand_ids[at] for at in solution.uncoverable],
        "seconds": round(solution.seconds, 3),
        "new": [ids[at] for at in solution.new],
        "fixed": [ids[at] for at in sorted(given.fixed)],
        "n": len(given.demand_ids),
        "total_demand": float(given.demand.sum()),
        "covered_demand": float(given.demand[covered].sum()),
        "alternatives": [
            {
                "instead_of": ids[other.instead_of],
                "site": ids[other.site],
                "objective": other.objective,
            }
            for other in solution.alternatives
        ],
        "why": solution.why,
        "parameters": _parameters(question, srid),
        "flags": ordered(given.flags),
        "details": given.details,
    }


def _parameters(question: LocateQuestion, srid: int) -> dict[str, object]:
    """Return the options as they were used; files by name, for paths are nobody's."""
    used: dict[str, object] = {
        "demand": question.demand.name,
        "demand_value": question.demand_value,
        "sites": question.sites.name,
        "fixed": question.fixed.name if question.fixed else None,
        "capacity": question.supply_value if question.has_capacity else None,
        "radius": question.radius,
        "time_limit": question.seconds,
    }
    if question.model in COUNTED:
        used["sites_count"] = question.sites_count
    if question.model == "partial_lscp":
        used["target"] = question.share
    if question.is_straight:
        used |= {"srid": srid, "detour": question.detour or 1.0}
    elif question.cost is not None:
        used |= {"cost": question.cost.name, "cost_value": question.cost_value}
    elif question.graph is not None:
        used["graph"] = question.graph.name
    return used


def _rows(
    given: LocateInput, site: IntArray, cost: FloatArray, covered: BoolArray
) -> Iterator[tuple[str, str, str, str]]:
    ids = given.site_ids
    for name, at, way, is_covered in zip(
        given.demand_ids, site.tolist(), cost.tolist(), covered.tolist(), strict=True
    ):
        yield (
            name,
            ids[at] if at >= 0 else "",
            number_text(way),
            "true" if is_covered else "false",
        )
