"""The entrance for pages and the API: today beside one to four states of then.

found = compare_states(parameters, [Changes(close=(id_,))], groups=("children-youth",))
for row in found.rows[0]:
    row.district_code, row.base_unserved, row.scenario_unserved, row.difference
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from layers.analysis.city_defaults import walk_kmh_of
from layers.analysis.group_questions import check_group_question
from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_changes import Changes
from layers.analysis.scenario_rows import ScenarioRow
from layers.analysis.scenarios import Notes, check_group, compare_with
from layers.analysis.today_base import Base, base_of
from layers.errors import InvalidParameter
from layers.measures.priority import PRIORITY_CUTS
from layers.models.run import TermKind

MAX_STATES = 4
"""States of then in one comparison: with today five maps, as many as people can hold."""

CLASS_CUTS = PRIORITY_CUTS
"""Shares not reached that divide the classes 1 to 5, of today and of every state alike."""

Rows = tuple[ScenarioRow, ...]


@dataclass(frozen=True, slots=True)
class States:
    """Today and some states of then, made comparable.

    Attributes
    ----------
    base : Base
        What today stands on: the question, the stored runs with the same figures.
    scenarios : tuple of Changes
        As given.
    rows : tuple of tuple of ScenarioRow
        For each scenario its rows against today. All have the same rows in the same order
        (each term that any of them concerns: districts by code, the outside, the
        municipality), withhold the same ones, and use the same classes.
    groups : mapping of str to tuple of tuple of ScenarioRow
        By population group, the same for its people: its own walk, services that admit
        it. Each person counts once in a group; groups overlap, so never add them up.
    capacity : mapping of (str, str) to CapacityNote
        By kind and slug of a term: how seats were counted, or why they were not; empty
        where no change is about them.
    unknown_groups : tuple of str
        Groups asked for of whom nobody knows where they live; they have no rows.
    """

    base: Base
    scenarios: tuple[Changes, ...]
    rows: tuple[Rows, ...]
    groups: Mapping[str, tuple[Rows, ...]]
    capacity: Notes
    unknown_groups: tuple[str, ...] = ()


def compare_states(
    parameters: CoverageParameters,
    scenarios: Sequence[Changes],
    *,
    kinds: Sequence[str] = tuple(TermKind.values),
    groups: Sequence[str] = (),
) -> States:
    """Return what each of some scenarios would do, against today and side by side.

    Parameters
    ----------
    parameters : CoverageParameters
        Whose walk, how far, by which engine; its `by` and `codes` are not looked at.
    scenarios : sequence of Changes
        One to four.
    kinds : sequence of str
        `category`, `committee` or both.
    groups : sequence of str
        Population groups whose gains and losses are told, too. Only without new or moved
        places, at the fixed thresholds of groups, and where `parameters` ask about
        everybody.

    Raises
    ------
    InvalidParameter, NotFound, Unavailable
        As `scenarios.compare`; no scenario, or more than four; a group that is none.
    """
    if not 1 <= len(scenarios) <= MAX_STATES:
        raise InvalidParameter("scenarios", len(scenarios), f"1 to {MAX_STATES}")
    check_group(parameters, scenarios)
    base = base_of(parameters)
    found = compare_with(base, scenarios, kinds=kinds)
    by_group: dict[str, tuple[Rows, ...]] = {}
    unknown: list[str] = []
    for group in dict.fromkeys(groups):
        of_group = _asked_of(parameters, group, scenarios)
        there = base_of(of_group)
        if there.is_group_known:
            told = compare_with(there, scenarios, kinds=kinds, strict=False)
            by_group[group] = told.rows
        else:
            unknown.append(group)
    return States(
        base, tuple(scenarios), found.rows, by_group, found.capacity, tuple(unknown)
    )


def _asked_of(
    parameters: CoverageParameters, group: str, scenarios: Sequence[Changes]
) -> CoverageParameters:
    """Return the same question for a group: its people, its walk, what admits it."""
    if parameters.group is not None:
        raise InvalidParameter("groups", group, "left out beside `group`")
    asked = replace(parameters, group=group, walk_kmh=walk_kmh_of(group, None))
    check_group_question(asked)
    check_group(asked, scenarios)
    return asked
