"""The arrays of today for one question, kept while the data stay as they are."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Lock
from uuid import UUID

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import ATTEMPTS, get_or_run
from layers.analysis.scenario_disclosure import StatesDisclosure
from layers.analysis.scenario_places import Offered, state_of
from layers.analysis.small_counts import small_count
from layers.analysis.street_facts import detour_marks
from layers.analysis.today import Today
from layers.analysis.travel_cost import travel_cost
from layers.analysis.zones import Zones
from layers.errors import InvalidParameter, Unavailable
from layers.models import AnalysisRun
from layers.models.run import TermKind
from layers.selectors.demand import Demand, Partition, demand, partitions
from layers.selectors.groups import group_path
from layers.selectors.public_places import PublicPlaces, possible_places
from layers.selectors.results import data_versions
from layers.selectors.supply import groups_served_with, terms

KEPT = 8
"""Questions whose arrays a process keeps, at most."""

KEPT_BYTES = 350_000_000
"""How much they may take together; the one asked last is kept in any case. One takes up
to 24 bytes for each point where people live and each term that scenarios asked about (and
as much again where doubtful places differ): 170 MB for 100,000 points and 70 terms."""


@dataclass(frozen=True, slots=True)
class Base:
    """Today, as one question sees it.

    Attributes
    ----------
    municipality_id : UUID
        Whose people.
    parameters : CoverageParameters
        The question; its `by` is `category`.
    runs : mapping of str to AnalysisRun
        By `category` and `committee`: the stored run that holds the same figures.
    places : PublicPlaces
        What there is to walk to.
    offered : Offered
        The same with places of which that is not known, and those open at other times.
    is_group_known : bool
        False: where people of the group live is not on record.
    today : mapping of str to Today
        By the same: the walks.
    """

    municipality_id: UUID
    parameters: CoverageParameters
    runs: Mapping[str, AnalysisRun]
    places: PublicPlaces
    offered: Offered
    is_group_known: bool
    today: Mapping[str, Today]

    @property
    def nbytes(self) -> int:
        """How much is kept, about, in bytes."""
        return sum(one.nbytes for one in self.today.values())


_lock = Lock()
_held: OrderedDict[tuple[str, ...], Base] = OrderedDict()


def base_of(parameters: CoverageParameters) -> Base:
    """Return today for a question, from memory where its data have not changed.

    Raises
    ------
    NotFound, InvalidParameter, Unavailable
        As `get_or_run`; a question about protected places is refused.

    Notes
    -----
    Six small queries where it is held; otherwise about ten more, and runs are computed
    where none are stored.
    """
    if parameters.is_restricted:
        raise InvalidParameter("supply", parameters.supply, "public")
    for _ in range(ATTEMPTS):
        runs = {
            kind: get_or_run(replace(parameters, by=kind, codes=()))
            for kind in TermKind.values
        }
        key = tuple(run.hash for run in runs.values())
        found = _kept(key)
        if found is not None:
            return replace(found, runs=runs)
        base = _read(parameters, runs)
        if _is_of(runs):
            _keep(key, base)
            return base
    raise Unavailable("the data are being changed; please ask again in a minute")


def forget() -> None:
    """Drop what is kept."""
    with _lock:
        _held.clear()


def _kept(key: tuple[str, ...]) -> Base | None:
    with _lock:
        if key in _held:
            _held.move_to_end(key)
        return _held.get(key)


def _keep(key: tuple[str, ...], base: Base) -> None:
    with _lock:
        _held[key] = base
        while len(_held) > 1 and (
            len(_held) > KEPT or sum(one.nbytes for one in _held.values()) > KEPT_BYTES
        ):
            _held.popitem(last=False)


def _is_of(runs: Mapping[str, AnalysisRun]) -> bool:
    """Tell whether the data are still those of the runs."""
    run = next(iter(runs.values()))
    now = data_versions(run.municipality_id)
    return all(
        {**now, "as_of": one.data_versions["as_of"]} == one.data_versions
        for one in runs.values()
    )


def _read(parameters: CoverageParameters, runs: Mapping[str, AnalysisRun]) -> Base:
    run = runs[TermKind.CATEGORY]
    municipality_id = run.municipality_id
    as_of = date.fromisoformat(run.data_versions["as_of"])
    engine = travel_cost(parameters)
    people = demand(
        municipality_id,
        parameters.level,
        group=parameters.group,
        reach_m=parameters.reach_m,
    )
    offered = _offered(parameters, municipality_id, as_of)
    places = offered.possible.only(offered.possible.is_certain)
    marks = {**engine.marks(people.xy), **detour_marks(municipality_id, people.xy)}
    zones = Zones.of(people, parameters, engine.flags, as_of=as_of, marks=marks)
    disclosure = _disclosure(parameters, municipality_id, people)
    today = {}
    for kind in TermKind.values:
        tree = terms(kind)
        today[kind] = Today(
            kind=kind,
            tree=tree,
            now=state_of(offered.possible, kind, tree),
            zones=zones,
            origins=people.xy,
            disclosure=disclosure,
            engine=engine,
        )
    return Base(
        municipality_id,
        parameters,
        runs,
        places,
        offered,
        people.is_group_known,
        today,
    )


def _disclosure(
    parameters: CoverageParameters, municipality_id: UUID, people: Demand
) -> StatesDisclosure:
    own = Partition(parameters.level, len(people.district_codes), people.zone)
    return StatesDisclosure(
        parameters,
        people.people,
        partitions(municipality_id) or (own,),
        everybody=people.everybody,
        k=small_count(group_path(parameters.group)),
    )


def _offered(
    parameters: CoverageParameters, municipality_id: UUID, as_of: date
) -> Offered:
    group, eligibility = parameters.group, parameters.eligibility
    read = partial(
        possible_places,
        municipality_id,
        groups=None if group is None else groups_served_with(group),
        reach_m=parameters.reach_m,
        as_of=as_of,
    )
    possible = read(eligibility=eligibility)
    whenever = None
    if eligibility.at is not None:
        whenever = read(eligibility=replace(eligibility, at=None))
    return Offered(municipality_id, possible, whenever, eligibility.at)
