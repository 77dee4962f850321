"""What if places closed, opened, moved, had other hours, or took more people.

Today's figures beside those of then. Nothing is stored. Only public places can be named,
and only they are walked to, as in every public figure. `compare` answers one scenario,
`scenario_states.compare_states` several and population groups, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_capacity import CapacityNote, seated_states
from layers.analysis.scenario_changes import Changes
from layers.analysis.scenario_places import NAMED, Then, places_then, state_of
from layers.analysis.scenario_rows import ScenarioRow, Seated
from layers.analysis.today import Today
from layers.analysis.today_base import Base, base_of
from layers.errors import InvalidParameter
from layers.models.run import TermKind

__all__ = ["METHOD", "NAMED", "Compared", "Comparison", "compare", "compare_with"]

METHOD = "scenario-2"
"""Version of the method; raised whenever equal data would give other numbers."""

Notes = Mapping[tuple[str, str], CapacityNote]
"""By kind and slug of a term: how its seats were counted."""


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
    capacity : mapping of (str, str) to CapacityNote
        How seats were counted; empty where no change is about them.
    """

    base: Base
    rows: list[ScenarioRow]
    capacity: Notes


@dataclass(frozen=True, slots=True)
class Compared:
    """The rows of several states, each against today: as `Comparison`."""

    rows: tuple[tuple[ScenarioRow, ...], ...]
    capacity: Notes


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
        What closes, opens, moves, has other hours or another capacity.
    kinds : sequence of str
        `category`, `committee` or both.

    Raises
    ------
    InvalidParameter
        A service point that cannot be changed; a category that does not exist; a spot
        far from the municipality; other hours in a question without a time; a new or
        moved place in a question about a population group: whoever could put places
        anywhere would count the group around any spot.
    NotFound, Unavailable
        As `get_or_run`.
    """
    check_group(parameters, [changes])
    base = base_of(parameters)
    found = compare_with(base, [changes], kinds=kinds)
    return Comparison(base, list(found.rows[0]), found.capacity)


def compare_with(
    base: Base,
    scenarios: Sequence[Changes],
    *,
    kinds: Sequence[str],
    strict: bool = True,
) -> Compared:
    """Return the same for several scenarios and a base that is there already.

    `strict` is as in `places_then`. All scenarios have the same rows in the same order.
    """
    then = [places_then(base.offered, one, strict=strict) for one in scenarios]
    asks_capacity = base.parameters.group is None and any(
        one.asks_capacity for one in scenarios
    )
    rows: list[list[ScenarioRow]] = [[] for _ in scenarios]
    notes: dict[tuple[str, str], CapacityNote] = {}
    for kind in kinds:
        today = base.today[kind]
        touched = set[str]().union(*(one.touched[kind] for one in then))
        terms = [term for term in today.tree if term.slug in touched]
        seated: dict[str, list[Seated]] = {}
        if asks_capacity:
            seated = _seated(base, today, touched, then, notes)
        states = [state_of(one.places, kind, terms) for one in then]
        for mine, found in zip(rows, today.compare_all(states, seated), strict=True):
            mine += found
    return Compared(tuple(map(tuple, rows)), notes)


def check_group(parameters: CoverageParameters, scenarios: Sequence[Changes]) -> None:
    """Raise InvalidParameter where places would be put anywhere to count a group."""
    if parameters.group is None:
        return
    for changes in scenarios:
        for name, given in (("open", changes.open), ("move", changes.move)):
            if given:
                raise InvalidParameter(
                    name, f"{len(given)} places", "left out beside `group`"
                )


def _seated(
    base: Base,
    today: Today,
    touched: set[str],
    then: Sequence[Then],
    notes: dict[tuple[str, str], CapacityNote],
) -> dict[str, list[Seated]]:
    found: dict[str, list[Seated]] = {}
    states = [base.offered.possible, *(one.places for one in then)]
    for slug in today.affected(touched):
        seated, note = seated_states(today, slug, states)
        notes[today.kind, slug] = note
        if seated is not None:
            found[slug] = seated
    return found
