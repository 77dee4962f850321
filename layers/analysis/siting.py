"""Where would new places help most? Areas with proof and alternatives, never addresses.

`suggest` is the whole method on arrays, without a database; `propose` fetches them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
from scipy.sparse import csr_array

from layers.analysis.flags import Flag, flag_if
from layers.analysis.reach import reaches
from layers.analysis.siting_parameters import COUNTED, SitingParameters
from layers.analysis.siting_result import Area, OtherArea, Proposal, SitingResult
from layers.analysis.travel_cost import TravelCost, travel_cost
from layers.errors import InvalidParameter, NotFound
from layers.measures.arrays import BoolArray, FloatArray
from layers.measures.location_models.lscp import lscp
from layers.measures.location_models.mclp import mclp
from layers.measures.location_models.p_center import p_center
from layers.measures.location_models.p_median import p_median
from layers.measures.location_models.partial_lscp import partial_lscp
from layers.measures.location_models.question import MAX_MATRIX, CostTable
from layers.measures.location_models.solution import Solution
from layers.models import Municipality
from layers.selectors.demand import Demand, demand
from layers.selectors.siting_cells import Cells, cells
from layers.selectors.supply import Term, groups_served_with, supply, terms
from layers.selectors.supply_arrays import Sites

COVERING = ("mclp", "lscp", "partial_lscp")

FARTHEST_M = 100_000.0
"""Longest walk that models without a threshold look at; no municipality is so wide."""

THERE = 0
"""Column of "the nearest place that is there already", which is always open."""


def propose(parameters: SitingParameters, *, as_of: date) -> SitingResult:
    """Return proposals from the database.

    Parameters
    ----------
    parameters : SitingParameters
        The question.
    as_of : date
        The day from which verifications are told.

    Raises
    ------
    NotFound
        No such municipality.
    InvalidParameter
        A code, group or engine that does not exist; more new places than cells.
    """
    asked = parameters.coverage
    municipality = Municipality.objects.filter(slug=asked.municipality).first()
    if municipality is None:
        raise NotFound("municipality", asked.municipality)
    engine = travel_cost(asked)
    tree = terms(asked.by)
    if parameters.code not in {term.slug for term in tree}:
        known = ", ".join(term.slug for term in tree)
        raise InvalidParameter("codes", parameters.code, f"one of {known}")
    groups = None if asked.group is None else groups_served_with(asked.group)
    if groups == ():
        raise InvalidParameter("group", asked.group, "the slug of a population group")
    people = demand(
        municipality.pk, asked.level, group=asked.group, reach_m=asked.reach_m
    )
    offered = supply(
        municipality.pk,
        level=asked.level,
        by=asked.by,
        term_tree=tree,
        groups=groups,
        reach_m=asked.reach_m,
        as_of=as_of,
        include_protected=asked.is_restricted,
    )
    walk_m = _walk_m(tree, parameters.code, offered.sites, people.xy, engine)
    grid = cells(municipality.pk, asked.level, side_m=parameters.cell_m)
    return suggest(parameters, people, walk_m, grid, engine)


def suggest(
    parameters: SitingParameters,
    people: Demand,
    walk_m: FloatArray,
    grid: Cells,
    engine: TravelCost,
) -> SitingResult:
    """Return proposals, from arrays alone.

    Parameters
    ----------
    parameters : SitingParameters
        The question.
    people : Demand
        Who lives where.
    walk_m : ndarray, (n,)
        Walking metres of each of these points to the nearest place there is, inf
        where it reaches none.
    grid : Cells
        Where something new could be.
    engine : TravelCost
        How far it is from people to the centres of cells.

    Notes
    -----
    What is there already is one site that is always open, at the cost that it is for
    each point today. So its places keep whom they serve, and none of them is looked at
    one by one.
    """
    lived_in = people.people > 0
    xy, residents, today = (
        people.xy[lived_in],
        people.people[lived_in],
        walk_m[lived_in],
    )
    _check_size(parameters, n_points=len(xy), n_cells=len(grid.grid))
    threshold_m = parameters.coverage.threshold_m
    limit_m = threshold_m if parameters.model in COVERING else FARTHEST_M
    pairs = engine.pairs_within(xy, grid.xy, limit_m)
    costs = _with_what_is_there(pairs, today)
    solution = _MODELS[parameters.model](parameters, costs, residents, threshold_m)
    flags = (
        engine.flags
        | flag_if(Flag.GROUP_POP_UNKNOWN, condition=not people.is_group_known)
        | flag_if(
            Flag.POP_MODELLED, condition=bool((people.is_modelled & lived_in).any())
        )
    )
    return _result(parameters, solution, costs, residents, grid, flags)


def _check_size(parameters: SitingParameters, *, n_points: int, n_cells: int) -> None:
    if parameters.model in COUNTED and parameters.n_new > n_cells:
        raise InvalidParameter(
            "n_new", parameters.n_new, f"at most {n_cells}, the cells of the grid"
        )
    if parameters.model not in COVERING and n_points * n_cells > MAX_MATRIX:
        raise InvalidParameter(
            "cell_m",
            parameters.cell_m,
            f"larger cells: {n_points} points x {n_cells} cells are more than the "
            f"{MAX_MATRIX:,} walks that {parameters.model} can weigh",
        )


def _walk_m(
    tree: tuple[Term, ...],
    code: str,
    sites: dict[str, Sites],
    xy: FloatArray,
    engine: TravelCost,
) -> FloatArray:
    for term, reach in reaches(tree, sites, xy, engine):
        if term.slug == code:
            return reach.walk_m
    raise InvalidParameter("codes", code, "a category or committee")


def _with_what_is_there(pairs: csr_array, today: FloatArray) -> CostTable:
    """Return the pairs with one more column in front: what is there already."""
    coordinates = pairs.tocoo()
    reaches_any = np.flatnonzero(np.isfinite(today))
    return CostTable.from_pairs(
        np.concatenate([reaches_any, coordinates.row]),
        np.concatenate([np.full(len(reaches_any), THERE), coordinates.col + 1]),
        np.concatenate([today[reaches_any], coordinates.data]),
        (pairs.shape[0], pairs.shape[1] + 1),
    )


Model = Callable[[SitingParameters, CostTable, FloatArray, float], Solution]

_MODELS: dict[str, Model] = {
    "mclp": lambda asked, costs, people, radius: mclp(
        costs,
        people,
        radius=radius,
        n_new=asked.n_new,
        fixed=(THERE,),
        time_limit_s=asked.time_limit_s,
    ),
    "lscp": lambda asked, costs, people, radius: lscp(
        costs, people, radius=radius, fixed=(THERE,), time_limit_s=asked.time_limit_s
    ),
    "partial_lscp": lambda asked, costs, people, radius: partial_lscp(
        costs,
        people,
        radius=radius,
        target=asked.target,
        fixed=(THERE,),
        time_limit_s=asked.time_limit_s,
    ),
    "p_median": lambda asked, costs, people, _: p_median(
        costs,
        people,
        n_new=asked.n_new,
        fixed=(THERE,),
        time_limit_s=asked.time_limit_s,
    ),
    "p_center": lambda asked, costs, people, _: p_center(
        costs,
        people,
        n_new=asked.n_new,
        fixed=(THERE,),
        time_limit_s=asked.time_limit_s,
    ),
}


def _result(
    parameters: SitingParameters,
    solution: Solution,
    costs: CostTable,
    residents: FloatArray,
    grid: Cells,
    flags: frozenset[Flag],
) -> SitingResult:
    threshold_m = parameters.coverage.threshold_m
    # In the count of sites, what is there already stood for one.
    one = 1.0 if parameters.model in ("lscp", "partial_lscp") else 0.0
    solution = replace(
        solution,
        objective=None if solution.objective is None else solution.objective - one,
        bound=None if solution.bound is None else solution.bound - one,
    )
    before = _served(costs, (THERE,), threshold_m)
    after = _served(costs, solution.chosen, threshold_m)
    helped = costs.within(threshold_m)
    gained = {
        site: after & ~_served(costs, _without(solution.chosen, site), threshold_m)
        for site in solution.new
    }
    return SitingResult(
        parameters=parameters,
        status=solution.status.value,
        objective=solution.objective,
        bound=solution.bound,
        gap=solution.gap,
        seconds=solution.seconds,
        why=solution.why,
        residents=float(residents.sum()),
        served_before=float(residents[before].sum()),
        served_after=float(residents[after].sum()),
        out_of_reach=float(residents[np.diff(helped.indptr) == 0].sum()),
        proposals=tuple(
            Proposal(
                area=_area(grid, site),
                residents_gained=float(residents[gained[site]].sum()),
                alternatives=_other_areas(solution, site, grid, one),
            )
            for site in solution.new
        ),
        flags=flags,
    )


def _other_areas(
    solution: Solution, site: int, grid: Cells, one: float
) -> tuple[OtherArea, ...]:
    return tuple(
        OtherArea(_area(grid, other.site), other.objective - one)
        for other in solution.alternatives
        if other.instead_of == site
    )


def _served(
    costs: CostTable, open_sites: tuple[int, ...], threshold_m: float
) -> BoolArray:
    walk_m, _ = costs.nearest(open_sites)
    return np.asarray(walk_m <= threshold_m)


def _without(sites: tuple[int, ...], one: int) -> tuple[int, ...]:
    return tuple(site for site in sites if site != one)


def _area(grid: Cells, site: int) -> Area:
    at = site - 1
    x, y = grid.xy[at].tolist()
    return Area(grid.code(at), grid.district(at), (x, y), grid.side_m)
