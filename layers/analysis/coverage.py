"""Who reaches a service on foot? Parameters to arrays to rows; nothing is stored here.

`compute` is the whole method on arrays, without a database; `analyse` fetches the
arrays first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from layers.analysis.checkpoints import checkpoint
from layers.analysis.disclosure import Disclosure
from layers.analysis.family_disclosure import FamilyDisclosure
from layers.analysis.flags import Flag
from layers.analysis.gaps import with_ranks
from layers.analysis.need import Need, need_of
from layers.analysis.parameters import METHOD, CoverageParameters
from layers.analysis.places_in_reach import PlacesInReach
from layers.analysis.reach import reaches
from layers.analysis.rows import CoverageRow
from layers.analysis.small_counts import small_count
from layers.analysis.street_facts import detour_marks, distance_facts
from layers.analysis.term_rows import TermRows
from layers.analysis.term_standards import TermStandards
from layers.analysis.travel_cost import TravelCost, travel_cost
from layers.analysis.zones import Zones
from layers.errors import InvalidParameter, NotFound
from layers.measures.arrays import BoolArray, FloatArray
from layers.measures.suppression import SMALL_COUNT, is_small
from layers.models import Municipality
from layers.selectors.demand import Demand, Partition, demand, partitions
from layers.selectors.groups import group_path
from layers.selectors.neighbours import Neighbours, neighbours
from layers.selectors.standards import standards
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
    municipality = _municipality(parameters.municipality)
    engine = travel_cost(parameters)
    wanted, searched = _terms(parameters)
    path = group_path(parameters.group)
    asked = TermStandards.of(parameters, standards(municipality.pk, path))
    reach_m = asked.longest.reach_m
    people = demand(
        municipality.pk, parameters.level, group=parameters.group, reach_m=reach_m
    )
    offered = supply(
        municipality.pk,
        level=parameters.level,
        by=parameters.by,
        term_tree=searched,
        groups=_groups(parameters.group),
        reach_m=reach_m,
        as_of=as_of,
        include_protected=parameters.is_restricted,
        eligibility=parameters.eligibility,
    )
    need = need_of(
        municipality.pk, parameters.level, people.district_codes, _by_district(people)
    )
    rows = compute(
        parameters,
        people,
        offered,
        searched,
        engine,
        as_of=as_of,
        marks=detour_marks(municipality.pk, people.xy),
        levels=partitions(municipality.pk),
        asked=asked,
        need=need,
        neighbours=neighbours(municipality.pk, group=parameters.group, reach_m=reach_m),
        wanted=wanted,
        k=small_count(path),
    )
    summary = _summary(parameters, people, offered, as_of) | _need_told(need)
    return CoverageResult(rows, summary | _off_streets(people, engine))


def _municipality(slug: str) -> Municipality:
    found = Municipality.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound("municipality", slug)
    return found


def _need_told(need: Need | None) -> dict[str, Any]:
    """Return what the need index is made of, over all and by district."""
    indicators = {} if need is None else need.stands_on
    districts = {} if need is None else need.details
    return {"need": {"indicators": indicators, "districts": districts}}


def _off_streets(people: Demand, engine: TravelCost) -> dict[str, float | None]:
    off = float(people.people[engine.is_off(people.xy)].sum())
    return {"residents_off_streets": None if is_small([off])[0] else off}


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
    asked: TermStandards | None = None,
    need: Need | None = None,
    neighbours: Neighbours | None = None,
    wanted: Collection[str] | None = None,
    k: int = SMALL_COUNT,
) -> list[CoverageRow]:
    """Return the rows of every term, from arrays alone; see `CoverageResult.rows`.

    Parameters
    ----------
    marks : mapping of Flag to ndarray, optional
        Flags beside the engine's own that are true of some demand points, and of which.
    levels : sequence of Partition
        How each level divides the points.
    asked : TermStandards, optional
        What the committees ask for; without it nothing is asked.
    need : Need, optional
        Of the level's districts.
    neighbours : Neighbours, optional
        Who else uses the places.
    wanted : collection of str, optional
        Terms to return rows of; all without it.
    k : int
        The smallest count of people that may be published.
    """
    zones = Zones.of(
        people,
        parameters,
        engine.flags,
        as_of=as_of,
        marks={**engine.marks(people.xy), **(marks or {})},
    )
    own = Partition(parameters.level, len(people.district_codes), people.zone)
    disclosure = Disclosure(
        parameters, people.people, levels or (own,), everybody=people.everybody, k=k
    )
    standards_of = asked or TermStandards.of(parameters, {})
    reached = None
    if offered.places is not None:
        reached = PlacesInReach.of(
            offered.places, people, neighbours, engine, standards_of.limit_m
        )
    found = {
        term.slug: reach
        for term, reach in reaches(term_tree, offered.sites, people.xy, engine)
    }
    shown = FamilyDisclosure(
        term_tree,
        lambda slug: disclosure.at(standards_of.question(slug)),
        lambda slug: found[slug].walk_m,
    )
    teller = TermRows(zones, offered, disclosure, shown, standards_of, reached, need)
    rows: list[CoverageRow] = []
    for slug, reach in found.items():
        if wanted is None or slug in wanted:
            checkpoint()
            rows += with_ranks(teller.rows(slug, reach))
    return rows


def _terms(parameters: CoverageParameters) -> tuple[frozenset[str], tuple[Term, ...]]:
    """Return the slugs asked for, and the terms that their answer needs."""
    tree = terms(parameters.by)
    by_slug = {term.slug: term for term in tree}
    for code in parameters.codes:
        if code not in by_slug:
            raise InvalidParameter("codes", code, f"one of {', '.join(by_slug)}")
    wanted = frozenset(parameters.codes or by_slug)
    needed = _families(wanted, by_slug)
    return wanted, tuple(term for term in tree if term.slug in needed)


def _families(slugs: Iterable[str], by_slug: dict[str, Term]) -> set[str]:
    """Return the terms with all above and below them and beside them.

    A parent needs its children's places; and what a term may tell depends on what the
    others of its family do (`family_disclosure.py`).
    """
    above = {child: slug for slug, term in by_slug.items() for child in term.children}
    found: set[str] = set()
    waiting = list(slugs)
    while waiting:
        slug = waiting.pop()
        if slug not in found:
            found.add(slug)
            waiting += by_slug[slug].children
            if slug in above:
                waiting.append(above[slug])
    return found


def _groups(group: str | None) -> tuple[str, ...] | None:
    if group is None:
        return None
    related = groups_served_with(group)
    if not related:
        raise InvalidParameter("group", group, "the slug of a population group")
    return related


def _by_district(people: Demand) -> FloatArray:
    """Return all residents of each district, whichever group is asked about."""
    n_zones = len(people.district_codes) + 1
    by_zone = np.bincount(people.zone, weights=people.residents, minlength=n_zones)
    return by_zone[:-1].astype(np.float64)


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
