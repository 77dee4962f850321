"""Pictures of the report: without a word, for SVG in a PDF sets letters one by one.

Arabic letters have to join; so areas carry numbers, and every word stands in the HTML
around the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from layers.published.outlines import DistrictOutlines
from layers.web.charts.area_map import Area as DrawnArea
from layers.web.charts.area_map import Outline, area_map
from layers.web.charts.colours import NO_DATA, WITHHELD, sequential
from layers.web.charts.legends import swatch
from layers.web.charts.look import Caption, Look
from layers.web.charts.lorenz import Titles, lorenz
from layers.web.committee.areas import Area
from layers.web.committee.classes import AreaState
from layers.web.committee.pictures import fill_of
from layers.web.committee.report import CommitteeReport
from layers.web.languages import PageLanguage
from layers.web.report.fonts import FAMILIES
from layers.web.template_tags import percent


@dataclass(frozen=True, slots=True)
class MapKey:
    """One row of the map's legend: a picture of the colour, words, how many areas.

    `is_range` says that the words are two numbers, written from the left everywhere.
    """

    swatch: SafeString
    text: str
    n: int
    is_range: bool


def look_of(id_: str, language: PageLanguage, width: int) -> Look:
    """Return how a picture of the report is drawn."""
    return Look(
        id_,
        language.interface,
        is_rtl=language.direction == "rtl",
        has_values=True,
        width=width,
        font=FAMILIES,
    )


@dataclass(frozen=True, slots=True)
class DrawnState:
    """An area of a map: how it is drawn, and a sentence about it."""

    code: str
    state: AreaState
    words: str
    is_chosen: bool = False


def map_picture(
    areas: Sequence[Area],
    outlines: DistrictOutlines,
    language: PageLanguage,
    *,
    chosen: str | None,
) -> SafeString:
    """Return the map of the share not reached."""
    return numbered_map(
        [DrawnState(a.code, a.drawn, a.words, a.code == chosen) for a in areas],
        outlines,
        language,
        id_="map-today",
        title=gettext("Share of residents not reached"),
    )


def numbered_map(
    states: Sequence[DrawnState | None],
    outlines: DistrictOutlines,
    language: PageLanguage,
    *,
    id_: str,
    title: str,
    role: str = "seq",
) -> SafeString:
    """Return a map whose areas carry their number: their place among `states`, from 1."""
    drawn = [
        DrawnArea(
            one.code,
            Outline(outline.path, outline.label_at),
            fill_of(one.state, role),
            one.words,
            label=str(n),
            is_chosen=one.is_chosen,
        )
        for n, one in enumerate(states, start=1)
        if one is not None and (outline := outlines.by_code.get(one.code))
    ]
    told = gettext("Areas by class; the table holds the same figures.")
    size = (outlines.width, outlines.height)
    # The title is what a screen reader is told of a picture in a PDF.
    caption = Caption(f"{title}. {told}", told)
    return area_map(drawn, size, caption, look_of(id_, language, 480))


def map_keys(report: CommitteeReport) -> list[MapKey]:
    """Return the legend: the classes, then why an area has none."""
    scale = report.scale
    found = [
        key_of(sequential(one.number), one.label, one.n, is_range=True)
        for one in scale.classes
    ]
    if scale.n_no_people:
        found.append(key_of(NO_DATA, gettext("no residents known"), scale.n_no_people))
    if scale.n_withheld:
        found.append(key_of(WITHHELD, gettext("withheld"), scale.n_withheld))
    return found


def key_of(role: str, text: str, n: int, *, is_range: bool = False) -> MapKey:
    """Return a row of a legend."""
    drawn = swatch(Look(f"key-{role}", has_values=True), role, text)
    return MapKey(drawn, text, n, is_range)


def spread_picture(report: CommitteeReport, language: PageLanguage) -> SafeString:
    """Return the Lorenz curve; its axes are named beside it."""
    points = [
        (one.residents_share, one.unserved_share) for one in report.distribution.lorenz
    ]
    caption = Caption(
        gettext("Lorenz curve of people not reached"),
        gettext("Areas from the smallest share not reached to the largest."),
    )
    look = look_of("spread", language, 280)
    return lorenz(points, caption, look, titles=Titles("", "", ""), share=percent)
