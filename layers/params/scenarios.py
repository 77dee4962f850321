"""What may be asked of scenarios, and of the ranking of services."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from layers.analysis.critical import MOST
from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_changes import (
    MAX_CAPACITY,
    MAX_CHANGES,
    Changes,
    Move,
    NewCapacity,
    NewHours,
    Opening,
)
from layers.analysis.scenario_hours import MOST_SPANS
from layers.analysis.scenario_states import MAX_STATES
from layers.errors import InvalidParameter
from layers.models.run import TermKind
from layers.params.coverage import COVERAGE, SUPPLY_AND_DEMAND, coverage_question
from layers.params.kinds import Choice, Code, Kind, Number, Uuid, Whole
from layers.params.languages import LANG
from layers.params.objects import Members, Several
from layers.params.reading import Parameter, Parameters
from layers.params.scenario_kinds import LanguageMap, WeekHours
from layers.published.vocabulary import check_codes

MAX_NAME = 80
"""Characters of a scenario's name in one language."""

MAX_GROUPS = 6
"""Each group is a question of its own."""

MOST_LISTED = 100

WALKS = COVERAGE.without(
    *("by", "category", "committee", "as_of", "run", "f", "geometry"),
    *(asked.name for asked in SUPPLY_AND_DEMAND),
)

_LON, _LAT = Number(-180, 180), Number(-90, 90)
_SEATS = Number(0, MAX_CAPACITY)
_CHANGES: dict[str, tuple[Kind, str]] = {
    "close": (
        Uuid(),
        "Ids of service points that close. Only active public ones that people walk to.",
    ),
    "open": (
        Members(
            Opening,
            optional=("capacity",),
            category=Code(),
            lon=_LON,
            lat=_LAT,
            capacity=_SEATS,
        ),
        "New places: the slug of a category, and where; how many it takes, in the unit of "
        "the category. Not beside `group` or `groups`.",
    ),
    "move": (
        Members(Move, id=Uuid(), lon=_LON, lat=_LAT),
        "Service points that move, and where to. Not beside `group` or `groups`.",
    ),
    "hours": (
        Members(NewHours, id=Uuid(), hours=Several(WeekHours(), MOST_SPANS)),
        "Service points with other hours, like `mon-fri 09:00-17:00`; none is never open. "
        "Only beside `at`.",
    ),
    "capacity": (
        Members(NewCapacity, id=Uuid(), capacity=_SEATS),
        "Service points that take more or fewer people. Rows then tell what becomes of "
        "everybody where places are only so large.",
    ),
}

_BY = Parameter(
    "by",
    Choice(TermKind.values),
    "Only rows of categories, or only of committees; without it both.",
)
_GROUPS = Parameter(
    "groups",
    Code(),
    f"At most {MAX_GROUPS} population groups whose gains and losses are told, too. They "
    "overlap: never add them up.",
    many=True,
)

SCENARIOS = (
    Parameters(
        *(
            Parameter(
                name,
                kind,
                f"{text} All changes together: 1 to {MAX_CHANGES}.",
                many=True,
            )
            for name, (kind, text) in _CHANGES.items()
        ),
        Parameter(
            "names",
            LanguageMap(MAX_NAME),
            "Store the scenario under this name, by language. Everybody may read it.",
        ),
        _BY,
        _GROUPS,
    )
    + WALKS
)
"""The body of a POST."""

RESULT = Parameters(_BY, _GROUPS) + WALKS
"""Of a stored scenario: everything but its changes."""

SCENARIO_LIST = Parameters(
    Parameter(
        "municipality",
        Code(),
        "Slug of the municipality; without it the one this deployment is for.",
    ),
    Parameter("limit", Whole(1, MOST_LISTED, clamps=True), "How many.", default=20),
    LANG,
)


@dataclass(frozen=True, slots=True)
class State:
    """A state of a comparison as given: the id of a stored scenario, or its changes."""

    id: UUID | None = None
    close: tuple[UUID, ...] = ()
    open: tuple[Opening, ...] = ()
    move: tuple[Move, ...] = ()
    hours: tuple[NewHours, ...] = ()
    capacity: tuple[NewCapacity, ...] = ()

    @property
    def has_changes(self) -> bool:
        """Whether any change is given."""
        return any((self.close, self.open, self.move, self.hours, self.capacity))

    def changes(self) -> Changes:
        """Return the changes given."""
        return Changes(self.close, self.open, self.move, self.hours, self.capacity)


COMPARED = (
    Parameters(
        Parameter(
            "scenarios",
            Members(
                State,
                optional=("id", *_CHANGES),
                id=Uuid(),
                **{
                    name: Several(kind, MAX_CHANGES)
                    for name, (kind, _) in _CHANGES.items()
                },
            ),
            f"1 to {MAX_STATES} states to set beside today: each the `id` of a stored "
            "scenario, or changes as in `scenarios`.",
            many=True,
            required=True,
        ),
        _BY,
        _GROUPS,
    )
    + WALKS
)

ONE_TERM = Parameters(
    Parameter("category", Code(), "The category asked about; or else `committee`."),
    Parameter("committee", Code(), "The committee asked about; or else `category`."),
)

CRITICAL = (
    ONE_TERM
    + Parameters(
        Parameter("limit", Whole(1, MOST, clamps=True), "How many.", default=10)
    )
    + WALKS
)


@dataclass(frozen=True, slots=True)
class ScenarioQuestion:
    """A question of scenarios: whose walks, which kinds of rows, which groups beside."""

    parameters: CoverageParameters
    kinds: tuple[str, ...]
    groups: tuple[str, ...] = ()


def scenario_question(values: dict[str, Any]) -> ScenarioQuestion:
    """Return what a request's values ask, changes apart.

    Raises
    ------
    InvalidParameter
        A code that does not exist; too many groups.
    """
    groups = values["groups"]
    if len(groups) > MAX_GROUPS:
        raise InvalidParameter("groups", len(groups), f"at most {MAX_GROUPS}")
    for group in groups:
        _check_code("groups", "group", group)
    by = values["by"]
    return ScenarioQuestion(
        _coverage(values), (by,) if by else tuple(TermKind.values), groups
    )


def changes_of(values: dict[str, Any]) -> Changes:
    """Return the changes of a request's values.

    Raises
    ------
    InvalidParameter
        A category that does not exist; no change, or too many.
    """
    changes = State(**{name: values[name] for name in _CHANGES}).changes()
    _check_categories(changes)
    return changes


def states_of(
    values: dict[str, Any], stored: Callable[[UUID], Changes]
) -> tuple[Changes, ...]:
    """Return the changes of each state of a comparison.

    Parameters
    ----------
    values : dict
        As `COMPARED` reads them.
    stored : callable
        Returns the changes of a stored scenario.

    Raises
    ------
    InvalidParameter
        A state with an id and changes, or with neither; otherwise as `changes_of`.
    """
    found = []
    for state in values["scenarios"]:
        if (state.id is not None) == state.has_changes:
            raise InvalidParameter(
                "scenarios",
                "(a state)",
                "either an `id` or changes, not both or neither",
            )
        found.append(state.changes() if state.id is None else stored(state.id))
        _check_categories(found[-1])
    return tuple(found)


def _check_categories(changes: Changes) -> None:
    for one in changes.open:
        _check_code("open.category", "category", one.category)


def _check_code(name: str, kind: str, code: str) -> None:
    try:
        check_codes({kind: (code,)})
    except InvalidParameter as fault:
        raise InvalidParameter(name, code, fault.allowed) from None


def critical_question(values: dict[str, Any]) -> CoverageParameters:
    """Return the question about one category or committee that values ask.

    Raises
    ------
    InvalidParameter
        None of both, both, or one that does not exist.
    """
    given = [kind for kind in TermKind.values if values[kind]]
    if not given:
        raise InvalidParameter(
            "category", "(missing)", "it must be given, or `committee`"
        )
    terms = {kind: (values[kind],) if values[kind] else () for kind in TermKind.values}
    return replace(_coverage(values, **terms), codes=terms[given[0]])


def _coverage(
    values: dict[str, Any], *, category: Any = (), committee: Any = ()
) -> CoverageParameters:
    asked = {**values, "category": category, "committee": committee, "by": None}
    return coverage_question(asked).parameters
