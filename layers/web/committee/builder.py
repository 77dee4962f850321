"""The form that builds a scenario: what may close, what opens, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layers.errors import InvalidParameter
from layers.published.committee_rows import LabelledDistrict, PublicPoint, public_points
from layers.published.pages import TermRow, Text
from layers.web.committee.controls import SCENARIO, kept_fields
from layers.web.committee.question import NewPlace
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import (
    Opened,
    closable,
    districts_to_open_in,
    opened_of,
)


@dataclass(frozen=True, slots=True)
class Closable:
    """A service point that may close; whether it does, and where it is."""

    point: PublicPoint
    district: Text
    is_closed: bool


@dataclass(frozen=True, slots=True)
class ScenarioBuilder:
    """The form as it stands.

    Attributes
    ----------
    places : tuple of Closable
        Public service points that people of the question walk to, by name.
    n_closed : int
        How many of them close.
    opened : tuple of Opened
        Places that open.
    categories : tuple of TermRow
        Of which a place may open.
    districts : tuple of LabelledDistrict
        In whose middle one may open.
    may_open : bool
        False beside a population group: whoever could put places anywhere would count
        the group around any spot.
    kept : tuple of (str, str)
        Fields that the form passes on.
    """

    places: tuple[Closable, ...]
    n_closed: int
    opened: tuple[Opened, ...]
    categories: tuple[TermRow, ...]
    districts: tuple[LabelledDistrict, ...]
    may_open: bool
    kept: tuple[tuple[str, str], ...]


def scenario_builder(report: CommitteeReport) -> ScenarioBuilder | None:
    """Return the form; None for figures of another day: a scenario begins today."""
    question, subject = report.question, report.subject
    if question.as_of is not None:
        return None
    closed = set(question.asked["close"])
    names = {area.code: area.name for area in report.areas}
    places = tuple(
        Closable(
            point, names.get(point.district_code, Text("", "")), point.id in closed
        )
        for point in closable(question, report)
    )
    return ScenarioBuilder(
        places=places,
        n_closed=sum(place.is_closed for place in places),
        opened=tuple(opened_of(question, subject.categories)),
        categories=(subject.category,) if subject.category else subject.categories,
        districts=tuple(districts_to_open_in(report)),
        may_open=question.parameters.group is None,
        kept=tuple(kept_fields(question, SCENARIO)),
    )


def not_walked_to(
    builder: ScenarioBuilder | None, report: CommitteeReport
) -> tuple[PublicPoint, ...]:
    """Return places that close and that people of the question do not walk to.

    Other people or another time leave some places out, and a scenario cannot close
    those. Empty where any id is not of a public place: that is refused as ever, with the
    words for ids that do not exist.
    """
    if builder is None:
        return ()
    walked = {place.point.id for place in builder.places}
    missing = [id_ for id_ in report.question.asked["close"] if id_ not in walked]
    found = public_points(missing, report.question.parameters.level, report.lang)
    return tuple(found) if len(found) == len(missing) else ()


def opening_asked_for(report: CommitteeReport) -> str | None:
    """Return the query string in which a place chosen by category and area is spelled out.

    None where the form did not add one. So every address of a scenario says where its
    places are, and nothing moves when the borders of areas do.

    Raises
    ------
    InvalidParameter
        A category without an area, or one of both that does not exist.
    """
    asked = report.question.asked
    category, code = asked["open_category"], asked["open_district"]
    if not category and not code:
        return None
    if not category or not code:
        name = "open_district" if category else "open_category"
        raise InvalidParameter(
            name, "(missing)", "given beside the other of open_category, open_district"
        )
    spot = _middle(districts_to_open_in(report), code)
    text = f"{category}:{spot.lon:.5f}:{spot.lat:.5f}"
    opened = (*asked["open"], NewPlace().from_text("open_category", text))
    clean = {**asked, "open": opened, "open_category": None, "open_district": None}
    return replace(report.question, asked=clean).query()


def _middle(districts: Sequence[LabelledDistrict], code: str) -> LabelledDistrict:
    for one in districts:
        if one.code == code and one.lon is not None:
            return one
    allowed = f"one of {', '.join(d.code for d in districts if d.lon is not None)}"
    raise InvalidParameter("open_district", code, allowed)
