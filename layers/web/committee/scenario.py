"""What if this closed and that opened: the committee's figures of today and of then.

The rows come from `analysis.scenario_states`, which withholds what would show few people on
either side or as the difference; nothing is computed from withheld figures here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from layers.published.committee_rows import (
    LabelledDistrict,
    PublicPoint,
    labelled_districts,
    public_points,
)
from layers.published.pages import TermRow, Text
from layers.selectors.public_places import public_places
from layers.selectors.supply import groups_served_with
from layers.web.committee.classes import (
    NO_PEOPLE,
    WITHHELD,
    AreaState,
    MapClass,
    class_of,
    share_classes,
)
from layers.web.committee.question import CommitteeQuestion
from layers.web.committee.report import CommitteeReport
from layers.web.palettes import DIVERGING
from layers.web.template_tags import people

if TYPE_CHECKING:
    from layers.analysis.scenario_rows import ScenarioRow

MUCH = 0.10
"""Change of the share not reached beyond which it counts as large: classes are fixed, so
that two scenarios can be compared. No change at all is a class of its own."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A place that the scenario opens: its category and where, in degrees."""

    value: str
    category: TermRow
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class ScenarioArea:
    """An area today and then.

    Attributes
    ----------
    name : Text
        What it is called.
    row : ScenarioRow or None
        Its figures; None where the changes do not concern what is shown.
    before, after, change : AreaState
        How it is drawn on the three maps; `change` has classes 1 (much worse) to 5.
    words : str
        One sentence with its figures.
    """

    code: str
    name: Text
    row: "ScenarioRow"
    before: AreaState
    after: AreaState
    change: AreaState
    words: str


@dataclass(frozen=True, slots=True)
class ScenarioReport:
    """What the changes do to the category or committee that the page shows.

    Attributes
    ----------
    closed, opened
        The changes, by name.
    total : ScenarioRow or None
        The municipality; None where the changes do not concern what is shown.
    areas : tuple of ScenarioArea
        By difference, most people lost first; then by name.
    before, after, change : tuple of MapClass
        Classes of the three maps, with the areas in each.
    n_withheld : int
        Areas whose figures are withheld.
    """

    closed: tuple[PublicPoint, ...]
    opened: tuple[Opened, ...]
    total: "ScenarioRow | None"
    areas: tuple[ScenarioArea, ...]
    before: tuple[MapClass, ...]
    after: tuple[MapClass, ...]
    change: tuple[MapClass, ...]
    n_withheld: int


def closable(question: CommitteeQuestion, report: CommitteeReport) -> list[PublicPoint]:
    """Return the public service points that people of the question walk to, by name."""
    parameters = question.parameters
    group = parameters.group
    places = public_places(
        report.provenance.municipality_id,
        groups=None if group is None else groups_served_with(group),
        reach_m=parameters.reach_m,
        as_of=report.provenance.as_of or date.min,
        eligibility=parameters.eligibility,
    )
    ids = [places.ids[n] for n in places.below(parameters.by, question.term).tolist()]
    return public_points(ids, parameters.level, report.lang)


def scenario_report(report: CommitteeReport) -> ScenarioReport | None:
    """Return what the question's changes do; None where it changes nothing.

    Raises
    ------
    InvalidParameter, Unavailable
        As `analysis.scenario_states.compare_states`; a category that does not exist.
    """
    question = report.question
    changes = question.changes
    if changes is None:
        return None
    # Only who compares loads SciPy: 30 MB of a web process that may never need it.
    from layers.analysis.scenario_states import compare_states

    parameters = question.parameters
    found = compare_states(parameters, [changes], kinds=(parameters.by,))
    rows = [row for row in found.rows[0] if row.term == question.term]
    names = {area.code: area.name for area in report.areas}
    areas = [
        scenario_area(row, names[row.district_code])
        for row in rows
        if row.district_code in names
    ]
    areas.sort(key=lambda one: (-(one.row.difference or 0.0), one.name.value))
    return ScenarioReport(
        closed=tuple(public_points(changes.close, parameters.level, report.lang)),
        opened=tuple(opened_of(question, report.subject.categories)),
        total=next((row for row in rows if row.is_total), None),
        areas=tuple(areas),
        before=share_classes(area.before for area in areas),
        after=share_classes(area.after for area in areas),
        change=_change_classes([area.change for area in areas]),
        n_withheld=sum(area.row.is_suppressed for area in areas),
    )


def opened_of(
    question: CommitteeQuestion, categories: Sequence[TermRow]
) -> list[Opened]:
    """Return the places that a question opens, with the names of their categories."""
    known = {term.slug: term for term in categories}
    found = []
    for value, one in zip(
        (text for name, text in question.pairs() if name == "open"),
        question.asked["open"],
        strict=True,
    ):
        term = known.get(one.category) or TermRow(
            one.category, Text(one.category, ""), None, ()
        )
        found.append(Opened(value, term, one.lon, one.lat))
    return found


def districts_to_open_in(report: CommitteeReport) -> list[LabelledDistrict]:
    """Return the areas in whose middle a place may open, by name."""
    parameters = report.question.parameters
    return labelled_districts(parameters.municipality, parameters.level, report.lang)


def scenario_area(row: "ScenarioRow", name: Text) -> ScenarioArea:
    """Return how an area is drawn on the three maps, and what is said of it."""
    before, after = row.base_share_served, row.scenario_share_served
    if row.is_suppressed or before is None or after is None:
        none = AreaState(None, WITHHELD if row.is_suppressed else NO_PEOPLE)
        return ScenarioArea(
            row.district_code, name, row, none, none, none, _words(row, name)
        )
    return ScenarioArea(
        row.district_code,
        name,
        row,
        AreaState(class_of(1 - before), "class"),
        AreaState(class_of(1 - after), "class"),
        AreaState(change_class(before, after), "class"),
        _words(row, name),
    )


def change_class(share_before: float, share_after: float) -> int:
    """Return the class of a change of the share served: 1 much worse to 5 much better.

    Examples
    --------
    >>> [change_class(0.5, after) for after in (0.3, 0.4, 0.5, 0.6, 0.7)]
    [1, 2, 3, 4, 5]
    """
    change = round(share_after - share_before, 6)
    if change == 0:
        return 3
    size = 2 if abs(change) > MUCH else 1
    return 3 + size if change > 0 else 3 - size


def _words(row: "ScenarioRow", name: Text) -> str:
    if row.is_suppressed:
        return gettext("%(district)s: withheld, too few people.") % {"district": name}
    if row.difference is None:
        return gettext("%(district)s: no residents known.") % {"district": name}
    return gettext(
        "%(district)s: %(before)s people not reached today, %(after)s then; %(gaining)s "
        "gain a place within reach, %(losing)s lose it."
    ) % {
        "district": name,
        "before": people(row.base_unserved),
        "after": people(row.scenario_unserved),
        "gaining": people(row.residents_gaining),
        "losing": people(row.residents_losing),
    }


def _change_classes(states: Sequence[AreaState]) -> tuple[MapClass, ...]:
    counts = Counter(one.map_class for one in states)
    labels = (
        gettext("more than 10 points more"),
        gettext("up to 10 points more"),
        gettext("no change"),
        gettext("up to 10 points fewer"),
        gettext("more than 10 points fewer"),
    )
    edges = (1.0, MUCH, 0.0, 0.0, -MUCH, -1.0)
    return tuple(
        MapClass(
            n + 1,
            min(edges[n : n + 2]),
            max(edges[n : n + 2]),
            DIVERGING[n],
            label,
            counts[n + 1],
        )
        for n, label in enumerate(labels)
    )
