"""The pictures of a committee's page and files, from its report and nothing else.

On a page they take their colours from tokens; as files they carry them. Each has a title
and a description; the table of the same block says the same in text.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from layers.published.outlines import DistrictOutlines
from layers.web.charts.area_map import Area as DrawnArea
from layers.web.charts.area_map import Legend, Outline, area_map
from layers.web.charts.bars import Bar, bars
from layers.web.charts.colours import NO_DATA, WITHHELD, sequential
from layers.web.charts.distribution import Bin, distribution
from layers.web.charts.legends import Key
from layers.web.charts.look import Caption, Look
from layers.web.charts.lorenz import Titles, lorenz
from layers.web.committee import classes
from layers.web.committee.areas import Area
from layers.web.committee.classes import AreaState, MapClass
from layers.web.committee.profile import Profile, ProfileCell
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import ScenarioReport
from layers.web.template_tags import grouped, people, percent

LookOf = Callable[[str], Look]
"""Gives the look of a picture by its id."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What pictures need besides the report: outlines of the areas, and how to draw.

    On a page the legend is text beside the picture, in a file it is part of it.
    """

    outlines: DistrictOutlines
    look: LookOf
    has_legend: bool = True


def coverage_map(report: CommitteeReport, drawing: Drawing) -> SafeString:
    """Return the map of the share not reached."""
    return _map(
        "map-today",
        drawing,
        [(area.code, area.drawn, area.words) for area in report.areas],
        share_keys(report.scale.classes, (area.drawn for area in report.areas)),
        Caption(
            gettext("Share of residents not reached"),
            gettext("Areas by class; the table holds the same figures."),
        ),
        chosen=report.question.district,
    )


def scenario_maps(
    found: ScenarioReport, report: CommitteeReport, drawing: Drawing
) -> dict[str, SafeString]:
    """Return the maps of today, of then, and of the difference."""
    chosen = report.question.district
    told = gettext("Areas by class; the table holds the same figures.")
    pictures = {}
    for name, title, states, keys in (
        (
            "before",
            gettext("Today"),
            [(one.code, one.before, one.words) for one in found.areas],
            share_keys(found.before, (one.before for one in found.areas)),
        ),
        (
            "after",
            gettext("Then"),
            [(one.code, one.after, one.words) for one in found.areas],
            share_keys(found.after, (one.after for one in found.areas)),
        ),
    ):
        pictures[name] = _map(
            f"map-{name}", drawing, states, keys, Caption(title, told), chosen=chosen
        )
    pictures["change"] = _map(
        "map-change",
        drawing,
        [(one.code, one.change, one.words) for one in found.areas],
        change_keys(found),
        Caption(gettext("Difference"), told),
        chosen=chosen,
        role="div",
    )
    return pictures


def _map(
    id_: str,
    drawing: Drawing,
    states: Sequence[tuple[str, AreaState, str]],
    keys: Sequence[Key],
    caption: Caption,
    *,
    chosen: str | None,
    role: str = "seq",
) -> SafeString:
    outlines = drawing.outlines
    areas = [
        DrawnArea(
            code,
            Outline(outlines.by_code[code].path, outlines.by_code[code].label_at),
            fill_of(state, role),
            words,
            label="?" if state.is_uncertain else "",
            is_chosen=code == chosen,
        )
        for code, state, words in states
        if code in outlines.by_code
    ]
    return area_map(
        areas,
        (outlines.width, outlines.height),
        caption,
        drawing.look(id_),
        legend=Legend(keys) if drawing.has_legend else None,
    )


def fill_of(state: AreaState, role: str = "seq") -> str:
    """Return the role of an area's colour; hatches where it has no class."""
    if state.map_class is not None:
        return f"{role}-{state.map_class}"
    return WITHHELD if state.state == classes.WITHHELD else NO_DATA


def share_keys(shown: Sequence[MapClass], states: Iterable[AreaState]) -> list[Key]:
    """Return the legend of a map of shares, with the areas in each class."""
    keys = [Key(sequential(one.number), f"{one.label} ({one.n})") for one in shown]
    return keys + _no_class_keys(states)


def change_keys(found: ScenarioReport) -> list[Key]:
    """Return the legend of the map of differences."""
    keys = [Key(f"div-{one.number}", f"{one.label} ({one.n})") for one in found.change]
    return keys + _no_class_keys(one.change for one in found.areas)


def _no_class_keys(states: Iterable[AreaState]) -> list[Key]:
    listed = list(states)
    n_withheld = sum(one.state == classes.WITHHELD for one in listed)
    n_empty = sum(one.state == classes.NO_PEOPLE for one in listed)
    keys = []
    if n_empty:
        keys.append(Key(NO_DATA, f"{gettext('no residents known')} ({n_empty})"))
    if n_withheld:
        keys.append(Key(WITHHELD, f"{gettext('withheld')} ({n_withheld})"))
    n_unsure = sum(one.is_uncertain for one in listed)
    if n_unsure:
        keys.append(Key("paper", f"? {gettext('uncertain')} ({n_unsure})"))
    return keys


def ranking_bars(report: CommitteeReport, look: LookOf) -> SafeString:
    """Return the people not reached in each area, with their intervals."""
    return bars(
        [_ranking_bar(area) for area in report.areas],
        Caption(
            gettext("People not reached"),
            gettext("Areas in the order of the table; the line is the interval."),
        ),
        look("ranking"),
        number=grouped,
    )


def _ranking_bar(area: Area) -> Bar:
    low, high = area.row.unserved_between or (None, None)
    withheld = gettext("withheld") if area.row.is_suppressed else ""
    return Bar(
        label=str(area.name),
        value=area.row.unserved,
        text=withheld or people(area.row.unserved),
        low=low,
        high=high,
        fill=fill_of(area.drawn),
        code=area.code,
    )


def spread_bars(report: CommitteeReport, look: LookOf) -> SafeString:
    """Return how many people live in areas of each class."""
    return distribution(
        [
            Bin(
                one.map_class.label,
                one.residents,
                people(one.residents),
                sequential(one.map_class.number),
            )
            for one in report.distribution.bins
        ],
        Caption(
            gettext("Residents by class of their area"),
            gettext("How many people live in areas of each class of the map."),
        ),
        look("spread"),
        x_title=gettext("Share of the area's residents not reached"),
        y_title=gettext("Residents"),
        number=grouped,
    )


def lorenz_curve(report: CommitteeReport, look: LookOf) -> SafeString:
    """Return the Lorenz curve of the people not reached over the residents."""
    spread = report.distribution
    summary = ""
    if spread.gini is not None:
        summary = gettext("Gini index %(gini)s") % {"gini": grouped(spread.gini, 2)}
    return lorenz(
        [(p.residents_share, p.unserved_share) for p in spread.lorenz],
        Caption(
            gettext("Lorenz curve of people not reached"),
            gettext("Areas from the smallest share not reached to the largest."),
            gettext("Everybody is reached, or nobody is known to live here."),
        ),
        look("lorenz"),
        titles=Titles(
            x=gettext("Share of residents"),
            y=gettext("Share of people not reached"),
            equality=gettext("the same share everywhere"),
            summary=summary,
        ),
        share=percent,
    )


def profile_bars(profile: Profile, look: LookOf) -> SafeString:
    """Return the share not reached of each category in one area."""
    return bars(
        [_profile_bar(cell) for cell in profile.cells],
        Caption(
            gettext("Share not reached, by category"),
            gettext("Every category of the committee; the line is the interval."),
        ),
        look("profile"),
        number=percent,
    )


def _profile_bar(cell: ProfileCell) -> Bar:
    row = cell.row
    share = None if row is None else row.share_unserved
    between = None if row is None else row.share_unserved_between
    low, high = between or (None, None)
    withheld = gettext("withheld") if row is not None and row.is_suppressed else ""
    return Bar(
        label=str(cell.term.name),
        value=share,
        text=withheld or percent(share),
        low=None if low is None else max(low, 0.0),
        high=high,
        fill="bar" if cell.drawn is None else fill_of(cell.drawn),
    )
