"""From files to what a location model takes: demand, sites, fixed ones, costs."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from layers.errors import InvalidRecord
from layers.measures.arrays import FloatArray
from layers.measures.location_models.question import CostTable
from layers.measures.pairs import pairs_within
from layers.workbench.costs import read_costs
from layers.workbench.edge_lists import EdgeList
from layers.workbench.files import Points, read_points
from layers.workbench.flags import FileFlag
from layers.workbench.locate_question import COVERING, LocateQuestion


@dataclass(slots=True, eq=False)
class LocateInput:
    """What the files hold, in their order.

    Attributes
    ----------
    demand_ids, site_ids : tuple of str
        Fixed sites that are not among the sites stand after them.
    demand : ndarray, (n,)
        Weight of each row.
    capacity : ndarray, (m,), or None
        Of each site.
    fixed : tuple of int
        Columns of the fixed sites.
    costs : CostTable, (n, m)
        Of covering models with straight lines only the pairs within the radius.
    places : (ndarray, ndarray) or None
        x and y of demand and sites, where costs are straight lines.
    """

    demand_ids: tuple[str, ...]
    site_ids: tuple[str, ...]
    demand: FloatArray
    capacity: FloatArray | None
    fixed: tuple[int, ...]
    costs: CostTable
    places: tuple[FloatArray, FloatArray] | None = None
    details: dict[str, object] = field(default_factory=dict)
    flags: set[FileFlag] = field(default_factory=set)


@dataclass(frozen=True, slots=True, eq=False)
class _Sites:
    """Candidates, and after them fixed sites that are none."""

    ids: tuple[str, ...]
    capacity: FloatArray
    xy: FloatArray | None
    fixed: tuple[int, ...]
    further: tuple[str, ...]
    from_areas: bool


def read_input(question: LocateQuestion, srid: int) -> LocateInput:
    """Read the files of a question.

    Parameters
    ----------
    question : LocateQuestion
        Checked.
    srid : int
        EPSG code to measure straight lines in.

    Raises
    ------
    LayersError
        What is wrong in which file, row and column; a fixed site or a vertex that
        nothing is known of.
    """
    system = srid if question.is_straight else None
    demand = read_points(
        question.demand,
        question.demand_ids,
        question.demand_value,
        question.x,
        question.y,
        system,
    )
    sites = _read_sites(question, system)
    costs, n_foreign = _costs(question, demand, sites)
    found = LocateInput(
        demand.ids,
        sites.ids,
        demand.values,
        sites.capacity if question.has_capacity else None,
        sites.fixed,
        costs,
    )
    if n_foreign:
        found.details["cost_rows_left_out"] = n_foreign
    if system is not None:
        assert sites.xy is not None  # noqa: S101 - read with a system
        found.places = demand.located(), sites.xy
    holds = {
        FileFlag.NO_NETWORK: question.is_straight,
        FileFlag.AREA_AS_POINT: demand.from_areas or sites.from_areas,
        FileFlag.COUNTED_AS_ONE: question.demand_value is None,
        FileFlag.COST_IDS_UNKNOWN: n_foreign > 0,
        FileFlag.NO_DEMAND: not demand.values.sum() > 0,
    }
    found.flags = {flag for flag, is_so in holds.items() if is_so}
    return found


def _read_sites(question: LocateQuestion, srid: int | None) -> _Sites:
    sites = _site_points(question, question.sites, srid)
    if question.fixed is None:
        return _Sites(sites.ids, sites.values, sites.xy, (), (), sites.from_areas)
    # A list of ids is enough for fixed sites that stand among the sites.
    named = read_points(question.fixed, question.site_ids, kind="supply").ids
    column = {name: at for at, name in enumerate(sites.ids)}
    further = tuple(name for name in named if name not in column)
    ids = sites.ids + further
    column = {name: at for at, name in enumerate(ids)}
    fixed = tuple(column[name] for name in named)
    if not further:
        return _Sites(ids, sites.values, sites.xy, fixed, (), sites.from_areas)
    more = _site_points(question, question.fixed, srid)
    kept = np.array([name in further for name in more.ids])
    return _Sites(
        ids,
        np.concatenate([sites.values, more.values[kept]]),
        None
        if srid is None
        else np.concatenate([sites.located(), more.located()[kept]]),
        fixed,
        further,
        sites.from_areas or more.from_areas,
    )


def _site_points(question: LocateQuestion, path: Path, srid: int | None) -> Points:
    return read_points(
        path,
        question.site_ids,
        question.supply_value if question.has_capacity else None,
        question.x,
        question.y,
        srid,
        kind="supply",
    )


def _costs(
    question: LocateQuestion, demand: Points, sites: _Sites
) -> tuple[CostTable, int]:
    """Return the costs, and how many rows of their file name unknown ids."""
    if question.graph is not None:
        edges = EdgeList(
            question.graph,
            question.cost_from or "from",
            question.cost_to or "to",
            question.cost_value or "cost",
        )
        return CostTable.from_matrix(edges.costs(demand.ids, sites.ids)), 0
    if question.cost is None:
        assert sites.xy is not None  # noqa: S101 - read with a system
        reach = question.reach if question.model in COVERING else np.inf
        pairs = pairs_within(
            demand.located(), sites.xy, reach=reach, detour=question.detour or 1.0
        )
        return CostTable.from_csr(pairs), 0
    pairs, n_foreign = read_costs(
        question.cost,
        question.cost_from or "",
        question.cost_to or "",
        question.cost_value or "",
        demand.ids,
        sites.ids,
    )
    known = set(np.unique(pairs.indices).tolist())
    for at, name in enumerate(sites.ids):
        if name in sites.further and at not in known:
            reason = "neither among the sites nor in any cost"
            raise InvalidRecord(f"fixed, {question.site_ids}", name, reason)
    return CostTable.from_csr(pairs), n_foreign
