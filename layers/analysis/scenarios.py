"""What if places closed, opened or moved? Today's figures beside those of then.

Nothing is stored. Only public places can be named, and only they are walked to, as in
every public figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_changes import Changes, Move, Opening
from layers.analysis.scenario_rows import ScenarioRow
from layers.analysis.today_base import Base, base_of
from layers.errors import InvalidParameter
from layers.measures.arrays import FloatArray
from layers.models.run import TermKind
from layers.selectors.public_places import PublicPlaces, spots_m, terms_of_new

METHOD = "scenario-1"
"""Version of the method; raised whenever equal data would give other numbers."""

NAMED = "the id of an active public service point that people of the question walk to"
"""What may be closed or moved. The same is said of ids that do not exist, of services
without a place, and of protected places."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Today and then.

    Attributes
    ----------
    base : Base
        What today stands on.
    rows : list of ScenarioRow
        Categories, then committees; of each its districts by code, people in no
        district, the municipality. Only terms that the changes concern.
    """

    base: Base
    rows: list[ScenarioRow]


def compare(
    parameters: CoverageParameters,
    changes: Changes,
    *,
    kinds: Sequence[str] = tuple(TermKind.values),
) -> Comparison:
    """Return what some changes would do, against today.

    Parameters
    ----------
    parameters : CoverageParameters
        Whose walk, how far, by which engine; its `by` and `codes` are not looked at.
    changes : Changes
        What closes, opens and moves.
    kinds : sequence of str
        `category`, `committee` or both.

    Raises
    ------
    InvalidParameter
        A service point that cannot be closed or moved; a category that does not exist;
        a spot far from the municipality; a new or moved place in a question about a
        population group: whoever could put places anywhere would count the group
        around any spot.
    NotFound, Unavailable
        As `get_or_run`.
    """
    _check_group(parameters, changes)
    base = base_of(parameters)
    then, touched = _then(base, changes)
    rows: list[ScenarioRow] = []
    for kind in kinds:
        today = base.today[kind]
        places = {
            term.slug: then.own(kind, term)
            for term in today.tree
            if term.slug in touched[kind]
        }
        rows += today.compare(places)
    return Comparison(base, rows)


def _check_group(parameters: CoverageParameters, changes: Changes) -> None:
    for name, given in (("open", changes.open), ("move", changes.move)):
        if given and parameters.group is not None:
            raise InvalidParameter(
                name, f"{len(given)} places", "left out beside `group`"
            )


def _then(base: Base, changes: Changes) -> tuple[PublicPlaces, dict[str, set[str]]]:
    """Return the places of then, and by kind the terms that the changes concern."""
    places = base.places
    at = {id_: n for n, id_ in enumerate(places.ids)}
    closed = _rows("close", changes.close, at)
    moved = _rows("move", [move.id for move in changes.move], at)
    carried = terms_of_new(one.category for one in changes.open)
    for one in changes.open:
        if one.category not in carried:
            raise InvalidParameter("open", one.category, "the slug of a category")
    new = [carried[one.category] for one in changes.open]
    spots = _spots(base, changes)
    touched = {
        kind: places.terms_at(kind, [*closed, *moved]).union(*(c[kind] for c in new))
        for kind in places.carried
    }
    then = (
        places.moved(moved, spots[: len(moved)])
        .without(closed)
        .with_new(spots[len(moved) :], new)
    )
    return then, touched


def _rows(name: str, ids: Sequence[UUID], at: dict[UUID, int]) -> list[int]:
    for id_ in ids:
        if id_ not in at:
            raise InvalidParameter(name, str(id_), NAMED)
    return [at[id_] for id_ in ids]


def _spots(base: Base, changes: Changes) -> FloatArray:
    """Return where moved places and then new ones are, (n, 2)."""
    named: list[tuple[str, Move | Opening]] = [
        *(("move", one) for one in changes.move),
        *(("open", one) for one in changes.open),
    ]
    if not named:
        return np.empty((0, 2))
    spots = spots_m(base.municipality_id, [(one.lon, one.lat) for _, one in named])
    for (name, one), spot in zip(named, spots, strict=True):
        if np.isnan(spot).any():
            raise InvalidParameter(
                name,
                f"{one.lon:.6g}, {one.lat:.6g}",
                "a spot in the municipality or within half a degree of it",
            )
    return spots
