"""Who reaches a service on foot? Parameters to arrays to rows; nothing is stored here.

`compute` is the whole method on arrays, without a database; `analyse` fetches the
arrays first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from layers.analysis.disclosure import Disclosure
from layers.analysis.flags import Flag
from layers.analysis.gaps import with_ranks
from layers.analysis.parameters import METHOD, CoverageParameters
from layers.analysis.reach import reaches
from layers.analysis.rows import CoverageRow, rows_of_term
from layers.analysis.street_facts import detour_marks, distance_facts
from layers.analysis.travel_cost import TravelCost, travel_cost
from layers.analysis.zones import Zones
from layers.errors import InvalidParameter, NotFound
from layers.measures.arrays import BoolArray
from layers.measures.suppression import is_small
from layers.models import Municipality
from layers.selectors.demand import Demand, Partition, demand, partitions
from layers.selectors.supply import (
    Supply,
    Term,
    groups_served_with,
    supply,
    terms,
)


@dataclass(frozen=True, slots=True)
class CoverageResult:
    """What an analysis found.

    Attributes
    ----------
    rows : list of CoverageRow
        Per term: its districts by code, people in no district, the municipality.
    summary : dict
        What the figures stand on; plain values, ready for JSON.
    """

    rows: list[CoverageRow]
    summary: dict[str, Any]


def analyse(parameters: CoverageParameters, *, as_of: date) -> CoverageResult:
    """Return coverage for the parameters, from the database.

    Parameters
    ----------
    parameters : CoverageParameters
        The question.
    as_of : date
        The day from which the age of people's counts and of verifications is told.

    Raises
    ------
    NotFound
        No such municipality.
    InvalidParameter
        Codes, a group or an engine that does not exist.

    Notes
    -----
    About ten queries, whatever the number of terms.
    """
    municipality = Municipality.objects.filter(slug=parameters.municipality).first()
    if municipality is None:
        raise NotFound("municipality", parameters.municipality)
    engine = travel_cost(parameters)
    wanted, searched = _terms(parameters)
    people = demand(
        municipality.pk,
        parameters.level,
        group=parameters.group,
        reach_m=parameters.reach_m,
    )
    offered = supply(
        municipality.pk,
        level=parameters.level,
        by=parameters.by,
        term_tree=searched,
        groups=_groups(parameters.group),
        reach_m=parameters.reach_m,
        as_of=as_of,
        include_protected=parameters.is_restricted,
        eligibility=parameters.eligibility,
    )
    rows = [
        row
        for row in compute(
            parameters,
            people,
            offered,
            searched,
            engine,
            as_of=as_of,
            marks=detour_marks(municipality.pk, people.xy),
            levels=partitions(municipality.pk),
        )
        if row.term in wanted
    ]
    summary = _summary(parameters, people, offered, as_of)
    off = float(people.people[engine.is_off(people.xy)].sum())
    told = None if is_small([off])[0] else off
    return CoverageResult(rows, {**summary, "residents_off_streets": told})


def compute(
    parameters: CoverageParameters,
    people: Demand,
    offered: Supply,
    term_tree: Sequence[Term],
    engine: TravelCost,
    *,
    as_of: date,
    marks: Mapping[Flag, BoolArray] | None = None,
    levels: Sequence[Partition] = (),
) -> list[CoverageRow]:
    """Return the rows of every term, from arrays alone; see `CoverageResult.rows`.

    `marks` are flags beside the engine's own that are true of some demand points, and
    of which.
    """
    zones = Zones.of(
        people,
        parameters,
        engine.flags,
        as_of=as_of,
        marks={**engine.marks(people.xy), **(marks or {})},
    )
    own = Partition(parameters.level, len(people.district_codes), people.zone)
    disclosure = Disclosure(parameters, people.people, levels or (own,))
    found = reaches(term_tree, offered.sites, people.xy, engine)
    return [
        row
        for term, reach in found
        for row in with_ranks(
            rows_of_term(
                term.slug, reach, zones, offered, disclosure.of_term(reach.walk_m)
            )
        )
    ]


def _terms(parameters: CoverageParameters) -> tuple[frozenset[str], tuple[Term, ...]]:
    """Return the slugs asked for, and the terms that their answer needs."""
    tree = terms(parameters.by)
    by_slug = {term.slug: term for term in tree}
    for code in parameters.codes:
        if code not in by_slug:
            raise InvalidParameter("codes", code, f"one of {', '.join(by_slug)}")
    wanted = frozenset(parameters.codes or by_slug)
    needed = _with_descendants(wanted, by_slug)
    return wanted, tuple(term for term in tree if term.slug in needed)


def _with_descendants(slugs: Iterable[str], by_slug: dict[str, Term]) -> set[str]:
    found: set[str] = set()
    waiting = list(slugs)
    while waiting:
        slug = waiting.pop()
        if slug not in found:
            found.add(slug)
            waiting += by_slug[slug].children
    return found


def _groups(group: str | None) -> tuple[str, ...] | None:
    if group is None:
        return None
    related = groups_served_with(group)
    if not related:
        raise InvalidParameter("group", group, "the slug of a population group")
    return related


def _summary(
    parameters: CoverageParameters, people: Demand, offered: Supply, as_of: date
) -> dict[str, Any]:
    outside = people.zone == len(people.district_codes)
    return {
        "method": METHOD,
        "as_of": as_of.isoformat(),
        "residents": float(people.people.sum()),
        "residents_in_no_district": float(people.people[outside].sum()),
        "n_districts": len(people.district_codes),
        "n_demand_points": len(people.xy),
        "n_places": sum(len(sites.xy) for sites in offered.sites.values()),
        "vintages": sorted({int(year) for year in np.unique(people.vintage)}),
        "is_group_population_known": people.is_group_known,
        "threshold_m": parameters.threshold_m,
        "protected_places_in_distances": parameters.is_restricted,
        **distance_facts(parameters),
    }
