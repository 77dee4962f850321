"""What a committee page is asked: the form, read strictly, and written back as a link."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from layers.analysis.city_defaults import as_the_city_walks, detour_of, walk_kmh_of
from layers.analysis.parameters import ENGINES, STRAIGHT_LINE, CoverageParameters
from layers.analysis.scenario_changes import Changes, Opening
from layers.errors import InvalidParameter
from layers.models.district import DistrictLevel
from layers.params.kinds import Choice, Code, Kind, Number, Uuid, Whole
from layers.params.moments import WeekTime
from layers.params.reading import Parameter, Parameters
from layers.selectors.eligibility import Eligibility
from layers.web import addresses
from layers.web.committee.ranking import DEFAULT_SORT, SORTS
from layers.web.query import read_form

LEVELS = (
    DistrictLevel.NEIGHBOURHOOD.value,
    DistrictLevel.MUNICIPAL_COMMUNITY.value,
)
CRITICAL, SITING = "critical", "siting"


class NewPlace(Kind):
    """A place that a scenario opens: category, longitude, latitude; a plan, no person."""

    def __init__(self) -> None:
        """Describe the place."""
        super().__init__(
            "category:longitude:latitude like primary-care:23.735:38.01",
            {"type": "string"},
        )

    def from_text(self, name: str, raw: str) -> Opening:
        """Return the place; five decimals (about a metre) are kept."""
        category, *spot = raw.split(":")
        is_code = re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", category)
        if not is_code or len(spot) != 2:
            raise InvalidParameter(name, raw, self.allowed)
        try:
            lon = Number(-180, 180).from_text(name, spot[0])
            lat = Number(-90, 90).from_text(name, spot[1])
        except InvalidParameter:
            raise InvalidParameter(name, raw, self.allowed) from None
        return Opening(category, round(lon, 5), round(lat, 5))


class Day(Kind):
    """A day of the calendar."""

    def __init__(self) -> None:
        """Describe the day."""
        super().__init__("a day like 2026-11-22", {"type": "string", "format": "date"})

    def from_text(self, name: str, raw: str) -> date:
        """Return the day."""
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
                raise ValueError(raw)
            return date.fromisoformat(raw)
        except ValueError:
            raise InvalidParameter(name, raw, self.allowed) from None


FORM = Parameters(
    Parameter("category", Code(), "One category of the committee instead of all."),
    Parameter("group", Code(), "Population group instead of all residents."),
    Parameter("level", Choice(LEVELS), "Areas of the map.", default=LEVELS[0]),
    Parameter("threshold_min", Number(1, 120), "Longest walk, minutes.", default=15.0),
    Parameter("engine", Choice(ENGINES), "How walks are found; else as the city does."),
    Parameter("walk_kmh", Number(1, 10), "Walking speed, km/h; else the group's."),
    Parameter("at", WeekTime(), "Only places open then in an ordinary week."),
    Parameter("as_of", Day(), "Figures that were in force on that day."),
    Parameter("since", Day(), "Day of the last meeting: what changed since."),
    Parameter("sort", Choice(SORTS), "Column; - sorts down.", default=DEFAULT_SORT),
    Parameter("district", Code(), "Code of the area whose profile is shown."),
    Parameter("close", Uuid(), "Service points that close.", many=True),
    Parameter("open", NewPlace(), "Places that open.", many=True),
    Parameter("open_category", Code(), "Category of one more place that opens."),
    Parameter("open_district", Code(), "Area in the middle of which it opens."),
    Parameter("show", Choice((CRITICAL, SITING)), "Work this out, too.", many=True),
    Parameter("n_new", Whole(1, 10), "How many areas to propose.", default=3),
)
"""Everything that the page's forms and links may hold."""


@dataclass(frozen=True, slots=True)
class CommitteeQuestion:
    """What a committee page was asked.

    Attributes
    ----------
    committee : str
        Slug.
    asked : mapping
        The values of `FORM`, as they were read.
    parameters : CoverageParameters
        The question of coverage, complete; its `by` is what the rows are of.
    """

    committee: str
    asked: Mapping[str, Any]
    parameters: CoverageParameters

    @property
    def category(self) -> str | None:
        """The category that was chosen, if any."""
        return self._text("category")

    @property
    def district(self) -> str | None:
        """The area that was chosen, if any."""
        return self._text("district")

    @property
    def as_of(self) -> date | None:
        """The day whose figures are asked for; None is today."""
        day: date | None = self.asked["as_of"]
        return day

    @property
    def sort(self) -> str:
        """Column of the table, `-` before it for downwards."""
        return str(self.asked["sort"])

    @property
    def term(self) -> str:
        """The slug whose rows are shown."""
        return self.category or self.committee

    @property
    def changes(self) -> Changes | None:
        """What the scenario changes; None without one."""
        close, new = self.asked["close"], self.asked["open"]
        return Changes(close=close, open=new) if close or new else None

    def shows(self, block: str) -> bool:
        """Whether a block that takes time was asked for."""
        return block in self.asked["show"]

    def query(self, **changed: Any) -> str:
        """Return the query string that asks this again, with some parts changed.

        What nobody chose is left out; None leaves a part out.
        """
        return urlencode(self.pairs(**changed))

    def pairs(self, **changed: Any) -> list[tuple[str, str]]:
        """Return the same as names and values: hidden fields of a form."""
        asked = {**self.asked, **changed}
        found: list[tuple[str, str]] = []
        for name, default in FORM.defaults.items():
            value = asked[name]
            if value is None or value == default:
                continue
            several = value if isinstance(value, tuple | list) else (value,)
            found += [(name, as_text(each)) for each in several]
        return found

    def as_category_question(self) -> CoverageParameters:
        """Return the same question with rows of categories."""
        return replace(self.parameters, by="category")

    def api_url(self) -> str:
        """Return the address under which the API gives the same rows."""
        asked: dict[str, str] = {
            "level": self.parameters.level,
            self.parameters.by: self.term,
        } | self.walks()
        return f"{addresses.COVERAGE}?{urlencode(asked)}"

    def walks(self) -> dict[str, str]:
        """Return whose walk it is, how far and by which engine, as the API takes it."""
        parameters = self.parameters
        asked = {
            "threshold_min": f"{parameters.threshold_min:g}",
            "walk_kmh": f"{parameters.walk_kmh:g}",
        }
        if parameters.group:
            asked["group"] = parameters.group
        if parameters.engine != STRAIGHT_LINE:
            asked["engine"] = parameters.engine
        if parameters.eligibility.at:
            asked["at"] = parameters.eligibility.at
        return asked

    def _text(self, name: str) -> str | None:
        value: str | None = self.asked[name]
        return value


def as_text(value: Any) -> str:
    """Return a value as the form's field holds it."""
    if isinstance(value, Opening):
        return f"{value.category}:{value.lon:g}:{value.lat:g}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def question_of(request: HttpRequest, committee: str) -> CommitteeQuestion:
    """Return what a request asks of a committee's page.

    Raises
    ------
    UnknownParameter, InvalidParameter, InvalidParameters
        As the page's 400 says.
    """
    return question_from(read_form(request, FORM), committee)


def question_from(given: Mapping[str, Any], committee: str) -> CommitteeQuestion:
    """Return the question of some values of `FORM`; errors as `question_of`."""
    question = as_the_city_walks(
        CoverageParameters(
            settings.DEFAULT_MUNICIPALITY,
            level=given["level"],
            by="category" if given["category"] else "committee",
            group=given["group"],
            threshold_min=given["threshold_min"],
            walk_kmh=walk_kmh_of(given["group"], given["walk_kmh"]),
            eligibility=Eligibility(at=given["at"]),
        )
    )
    engine = given["engine"]
    if engine and engine != question.engine:
        detour = detour_of(question.municipality, engine)
        question = replace(question, engine=engine, detour=detour)
    return CommitteeQuestion(committee, given, question)
