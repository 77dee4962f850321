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


def map_picture(
    areas: Sequence[Area], outlines: DistrictOutlines, language: PageLanguage
) -> SafeString:
    """Return the map; areas carry their number in the ranking."""
    drawn = [
        DrawnArea(
            area.code,
            Outline(
                outlines.by_code[area.code].path, outlines.by_code[area.code].label_at
            ),
            fill_of(area.drawn),
            area.words,
            label=str(n),
        )
        for n, area in enumerate(areas, start=1)
        if area.code in outlines.by_code
    ]
    caption = Caption(
        gettext(
            "Map: share of residents not reached, by area. The ranking says the same."
        ),
        gettext("Numbers are those of the ranking."),
    )
    size = (outlines.width, outlines.height)
    return area_map(drawn, size, caption, look_of("map", language, 480), label_size=11)


def map_keys(report: CommitteeReport) -> list[MapKey]:
    """Return the legend: the classes, then why an area has none."""
    scale = report.scale
    found = [
        _key(sequential(one.number), one.label, one.n, is_range=True)
        for one in scale.classes
    ]
    if scale.n_no_people:
        found.append(_key(NO_DATA, gettext("no residents known"), scale.n_no_people))
    if scale.n_withheld:
        found.append(_key(WITHHELD, gettext("withheld"), scale.n_withheld))
    return found


def _key(role: str, text: str, n: int, *, is_range: bool = False) -> MapKey:
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
