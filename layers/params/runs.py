"""What may be asked of stored runs, and what may be queued."""

from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

from layers.analysis.group_questions import check_group_question
from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter
from layers.models.district import DistrictLevel
from layers.models.run import RunKind, TermKind
from layers.params.coverage import COVERAGE, coverage_question
from layers.params.kinds import Choice, Code, Kind, Number, Uuid, Whole
from layers.params.languages import LANG
from layers.params.paging import LIMIT, cursor
from layers.params.reading import Parameter, Parameters
from layers.params.spans import Day, Instant
from layers.published.runs import RunFilter
from layers.published.vocabulary import check_codes

_LEVEL, _BY = Choice(DistrictLevel.values), Choice(TermKind.values)

RUNS = Parameters(
    Parameter("municipality", Code(), "Slug of a municipality."),
    Parameter("level", _LEVEL, "District level."),
    Parameter("by", _BY, "Kind of term."),
    Parameter("group", Code(), "Population group."),
    Parameter("threshold_min", Number(1, 120), "Longest walk in minutes."),
    Parameter("kind", Choice(RunKind.values), "Kind of analysis."),
    Parameter(
        "as_of",
        Day(),
        "Only those that were the answer shown at the end of this day.",
    ),
    LIMIT,
    cursor(2),
    LANG,
)


NIGHTS = Parameters(
    Parameter("municipality", Code(), "Slug of a municipality."),
    Parameter("limit", Whole(1, 100, clamps=True), "So many, at most.", default=30),
    LANG,
)


class DayOrRun(Kind):
    """A day, or the id of a run."""

    def __init__(self) -> None:
        """Describe both."""
        super().__init__(
            "a day like 2026-10-21, or the id of an earlier run", {"type": "string"}
        )

    def from_text(self, name: str, raw: str) -> Any:
        """Return the date or the UUID."""
        for kind in (Day(), Uuid()):
            try:
                return kind.from_text(name, raw)
            except InvalidParameter:
                continue
        raise InvalidParameter(name, raw, self.allowed)


CHANGE = Parameters(
    Parameter(
        "since",
        DayOrRun(),
        "The day of the last meeting: the run shown at the end of it is compared. Or the "
        "id of an earlier run of the same question.",
        required=True,
    ),
    Parameter("term", Code(), "Only these categories or committees.", many=True),
    LANG,
)

RUN_QUESTIONS = Parameters(
    Parameter(
        "level",
        _LEVEL,
        "District levels in which people are summed.",
        many=True,
        required=True,
    ),
    Parameter(
        "by",
        _BY,
        "What the rows speak of.",
        many=True,
        default=(TermKind.CATEGORY.value,),
    ),
    Parameter("group", Code(), "Population groups; without any everybody.", many=True),
    Parameter(
        "threshold_min",
        Number(1, 120),
        "The longest walks in minutes that count as reached.",
        many=True,
        default=(15.0,),
    ),
) + COVERAGE.without(
    *("level", "by", "category", "committee", "group", "threshold_min"),
    *("as_of", "run", "f", "geometry"),
)
"""One question for each combination of level, kind of term, group and threshold."""


def run_filter(values: dict[str, Any]) -> RunFilter:
    """Return which runs a request's values ask for.

    Raises
    ------
    InvalidParameter
        A municipality or a group that does not exist.
    """
    check_words(values["municipality"], (values["group"],) if values["group"] else ())
    names = ("municipality", "level", "by", "group", "threshold_min", "kind")
    return RunFilter(**{name: values[name] for name in names}, day=values["as_of"])


@dataclass(frozen=True, slots=True)
class RunKey:
    """Where a page of runs begins."""

    finished_at: datetime
    id: UUID


def run_key(values: dict[str, Any]) -> RunKey | None:
    """Return the sort key in the cursor of a request, None on the first page."""
    if values["cursor"] is None:
        return None
    at, id_ = values["cursor"]
    try:
        return RunKey(
            Instant().from_text("cursor", at), Uuid().from_text("cursor", id_)
        )
    except InvalidParameter:
        raise InvalidParameter("cursor", at, "what a `next` link holds") from None


def run_questions(values: dict[str, Any]) -> list[CoverageParameters]:
    """Return the questions that the body of a request asks, as `RUN_QUESTIONS` reads it.

    Raises
    ------
    InvalidParameter
        Something that does not exist, or what may not be asked of a group.
    """
    asked = [
        coverage_question(
            {
                **COVERAGE.defaults,
                **values,
                "group": group,
                "threshold_min": minutes,
                "level": level,
                "by": by,
            }
        ).parameters
        for group, minutes, level, by in product(
            values["group"] or (None,),
            values["threshold_min"],
            values["level"],
            values["by"],
        )
    ]
    for question in asked:
        check_group_question(question)
    return asked


def check_words(municipality: str | None, groups: tuple[str, ...] = ()) -> None:
    """Raise InvalidParameter where a municipality or a group does not exist."""
    check_codes(
        {"municipality": (municipality,) if municipality else (), "group": groups}
    )
