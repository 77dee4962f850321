"""The entrance for pages and the API: today beside one to four states of then.

found = compare_states(parameters, [Changes(close=(id_,))], groups=("children-youth",))
for row in found.rows[0]:
    row.district_code, row.base_unserved, row.scenario_unserved, row.difference
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_changes import Changes
from layers.analysis.scenario_rows import ScenarioRow
from layers.analysis.scenarios import compare
from layers.analysis.today_base import Base
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
    unknown_groups : tuple of str
        Groups asked for of whom nobody knows where they live; they have no rows.
    """

    base: Base
    scenarios: tuple[Changes, ...]
    rows: tuple[Rows, ...]
    groups: Mapping[str, tuple[Rows, ...]]
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
    found = [compare(parameters, changes, kinds=kinds) for changes in scenarios]
    rows = tuple(tuple(one.rows) for one in found)
    return States(found[0].base, tuple(scenarios), rows, {}, tuple(groups))
