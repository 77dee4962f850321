"""The places there would be: what a scenario's changes make of today's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from layers.analysis.reach import DOUBTS
from layers.analysis.scenario_changes import Changes, Move, NewHours, Opening
from layers.analysis.scenario_hours import Hours
from layers.analysis.today import State
from layers.errors import InvalidParameter
from layers.measures.arrays import FloatArray
from layers.selectors.public_places import PublicPlaces
from layers.selectors.supply import Term
from layers.selectors.supply_arrays import IS_UNCERTAIN, Sites
from layers.selectors.supposed_places import spots_m, terms_of_new

NAMED = "the id of an active public service point that people of the question walk to"
"""What may be changed. The same is said of ids that do not exist, of services without a
place, and of protected places."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The public places of a question, and what a change of hours could add to them.

    Attributes
    ----------
    municipality_id : UUID
        Whose people.
    possible : PublicPlaces
        Those that people walk to, or may walk to where that is not known.
    whenever : PublicPlaces or None
        Those that are open at some time; None where the question has no time.
    at : str or None
        The weekday and time of the question.
    """

    municipality_id: UUID
    possible: PublicPlaces
    whenever: PublicPlaces | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """The places of then, and by `category` and `committee` the terms that changed."""

    places: PublicPlaces
    touched: Mapping[str, set[str]]


def places_then(offered: Offered, changes: Changes, *, strict: bool = True) -> Then:
    """Return what some changes make of today's places.

    Parameters
    ----------
    offered : Offered
        Today.
    changes : Changes
        What changes.
    strict : bool
        Refuse ids that people of the question do not walk to; else such a change is none
        for them. It is for a group whose place was already found for everybody.

    Raises
    ------
    InvalidParameter
        Ids that cannot be named; other hours in a question without a time; a category
        that does not exist; a spot far from the municipality.
    """
    if changes.hours and offered.at is None:
        raise InvalidParameter(
            "hours", f"{len(changes.hours)} changes", "beside `at`, a weekday and time"
        )
    if strict:
        _check_named(offered, changes)
    carried = terms_of_new(one.category for one in changes.open)
    for one in changes.open:
        if one.category not in carried:
            raise InvalidParameter("open", one.category, "the slug of a category")
    new = [carried[one.category] for one in changes.open]
    spots = _spots(offered.municipality_id, changes)
    before = offered.possible
    places = _with_hours(offered, changes.hours)
    at = {id_: n for n, id_ in enumerate(places.ids)}
    moves = [n for n, move in enumerate(changes.move) if move.id in at]
    seats = [one for one in changes.capacity if one.id in at]
    then = (
        places.moved([at[changes.move[n].id] for n in moves], spots[moves])
        .with_capacity([at[one.id] for one in seats], [one.capacity for one in seats])
        .without([at[id_] for id_ in changes.close if id_ in at])
        .with_new(
            spots[len(changes.move) :],
            new,
            [np.nan if one.capacity is None else one.capacity for one in changes.open],
        )
    )
    touched = {
        kind: _terms_of(kind, changes.ids, before, places).union(
            *(c[kind] for c in new)
        )
        for kind in places.carried
    }
    return Then(then, touched)


def state_of(places: PublicPlaces, kind: str, terms: Iterable[Term]) -> State:
    """Return the places of some terms in each reading of what is not known."""
    found = {term.slug: _readings(places.sites(kind, term)) for term in terms}
    certain, sure, possible = (
        {slug: readings[n] for slug, readings in found.items()} for n in range(3)
    )
    return State(certain, sure, possible)


def _readings(sites: Sites) -> tuple[FloatArray, FloatArray, FloatArray]:
    is_certain = sites.quality & IS_UNCERTAIN == 0
    is_sure = is_certain & (sites.quality & DOUBTS == 0)
    certain = sites.xy[is_certain]
    # The same array where the places are the same: it is then searched once.
    sure = certain if len(certain) == is_sure.sum() else sites.xy[is_sure]
    possible = certain if is_certain.all() else sites.xy
    return certain, sure, possible


def _check_named(offered: Offered, changes: Changes) -> None:
    today = offered.possible
    walked_to = {
        id_
        for id_, is_certain in zip(today.ids, today.is_certain.tolist(), strict=True)
        if is_certain
    }
    whenever = offered.whenever or today
    certain = whenever.is_certain.tolist()
    at_some_time = {
        id_ for id_, known in zip(whenever.ids, certain, strict=True) if known
    }
    _check_ids("hours", [one.id for one in changes.hours], at_some_time)
    also = walked_to | {one.id for one in changes.hours}
    _check_ids("close", changes.close, walked_to)
    _check_ids("move", [one.id for one in changes.move], also)
    _check_ids("capacity", [one.id for one in changes.capacity], also)


def _check_ids(name: str, ids: Iterable[UUID], known: set[UUID]) -> None:
    for id_ in ids:
        if id_ not in known:
            raise InvalidParameter(name, str(id_), NAMED)


def _with_hours(offered: Offered, hours: Sequence[NewHours]) -> PublicPlaces:
    """Return the places that are open at the time of the question with other hours."""
    today = offered.possible
    if not hours or offered.whenever is None or offered.at is None:
        return today
    changed = {one.id for one in hours}
    is_open = {one.id for one in hours if Hours.of(one.hours).is_open(offered.at)}
    stays = np.array([id_ not in changed for id_ in today.ids], dtype=np.bool_)
    comes = np.array([id_ in is_open for id_ in offered.whenever.ids], dtype=np.bool_)
    return today.only(stays).and_those(offered.whenever.only(comes).with_hours())


def _terms_of(kind: str, ids: Iterable[UUID], *states: PublicPlaces) -> set[str]:
    found: set[str] = set()
    for places in states:
        at = {id_: n for n, id_ in enumerate(places.ids)}
        found |= places.terms_at(kind, [at[id_] for id_ in ids if id_ in at])
    return found


def _spots(municipality_id: UUID, changes: Changes) -> FloatArray:
    """Return where moved places and then new ones are, (n, 2)."""
    named: list[tuple[str, Move | Opening]] = [
        *(("move", one) for one in changes.move),
        *(("open", one) for one in changes.open),
    ]
    if not named:
        return np.empty((0, 2))
    spots = spots_m(municipality_id, [(one.lon, one.lat) for _, one in named])
    for (name, one), spot in zip(named, spots, strict=True):
        if np.isnan(spot).any():
            raise InvalidParameter(
                name,
                f"{one.lon:.6g}, {one.lat:.6g}",
                "a spot in the municipality or within half a degree of it",
            )
    return spots
