"""What may be asked of scenarios, of the ranking of services, and of siting."""

from dataclasses import dataclass, replace
from typing import Any

from layers.analysis.critical import MOST
from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_changes import MAX_CHANGES, Changes, Move, Opening
from layers.analysis.siting_parameters import (
    CELL_M,
    MAX_NEW,
    MODELS,
    SitingParameters,
)
from layers.errors import InvalidParameter
from layers.measures.location_models.partial_lscp import TARGET
from layers.models.run import TermKind
from layers.params.coverage import COVERAGE, coverage_question
from layers.params.kinds import Choice, Code, Number, Uuid, Whole
from layers.params.objects import Members
from layers.params.reading import Parameter, Parameters
from layers.published.vocabulary import check_codes

MAX_SEARCH_S = 20.0
"""Longest search that the public may ask for: one is made at a time."""

_WALKS = COVERAGE.without("by", "category", "committee", "f", "geometry")

_SPOT = {"lon": Number(-180, 180), "lat": Number(-90, 90)}

SCENARIOS = (
    Parameters(
        Parameter(
            "close",
            Uuid(),
            "Ids of service points that close. Only active public ones that people walk to.",
            many=True,
        ),
        Parameter(
            "open",
            Members(Opening, category=Code(), **_SPOT),
            "New places: the slug of a category, and where. Not beside `group`.",
            many=True,
        ),
        Parameter(
            "move",
            Members(Move, id=Uuid(), **_SPOT),
            "Service points that move, and where to. Not beside `group`. Together with "
            f"`close` and `open` at most {MAX_CHANGES} changes.",
            many=True,
        ),
        Parameter(
            "by",
            Choice(TermKind.values),
            "Only rows of categories, or only of committees; without it both.",
        ),
    )
    + _WALKS
)

_ONE_TERM = Parameters(
    Parameter("category", Code(), "The category asked about; or else `committee`."),
    Parameter("committee", Code(), "The committee asked about; or else `category`."),
)

CRITICAL = (
    _ONE_TERM
    + Parameters(
        Parameter("limit", Whole(1, MOST, clamps=True), "How many.", default=10)
    )
    + _WALKS
)

SITING = (
    _ONE_TERM
    + Parameters(
        Parameter(
            "model",
            Choice(MODELS),
            "`mclp` reaches most people with `n_new` places, `lscp` everybody who can be "
            "reached with fewest, `partial_lscp` a share of them; `p_median` makes walks "
            "shortest together, `p_center` the longest one.",
            default="mclp",
        ),
        Parameter("n_new", Whole(1, MAX_NEW), "How many new places.", default=3),
        Parameter(
            "target",
            Number(0.01, 1),
            "Share of residents that `partial_lscp` reaches.",
            default=TARGET,
        ),
        Parameter(
            "cell_m", Whole(100, 2000), "Side of the proposed areas.", default=CELL_M
        ),
        Parameter(
            "time_limit_s",
            Number(0.1, MAX_SEARCH_S),
            "Seconds to search; then the best that was found, and how good it is.",
            default=10.0,
        ),
    )
    + _WALKS
)


@dataclass(frozen=True, slots=True)
class ScenarioQuestion:
    """A question of a scenario: whose walks, what changes, which kinds of rows."""

    parameters: CoverageParameters
    changes: Changes
    kinds: tuple[str, ...]


def scenario_question(values: dict[str, Any]) -> ScenarioQuestion:
    """Return what a request's values ask.

    Raises
    ------
    InvalidParameter
        A code that does not exist; no change, or too many.
    """
    changes = Changes(values["close"], values["open"], values["move"])
    for one in changes.open:
        try:
            check_codes({"category": (one.category,)})
        except InvalidParameter as fault:
            raise InvalidParameter(
                "open.category", one.category, fault.allowed
            ) from None
    by = values["by"]
    return ScenarioQuestion(
        _coverage(values), changes, (by,) if by else tuple(TermKind.values)
    )


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


def siting_question(values: dict[str, Any]) -> SitingParameters:
    """Return what a request's values ask; errors as `critical_question`."""
    return SitingParameters(
        critical_question(values),
        model=values["model"],
        n_new=values["n_new"],
        target=values["target"],
        cell_m=values["cell_m"],
        time_limit_s=values["time_limit_s"],
    )


def _coverage(
    values: dict[str, Any], *, category: Any = (), committee: Any = ()
) -> CoverageParameters:
    asked = {**values, "category": category, "committee": committee, "by": None}
    return coverage_question(asked).parameters
