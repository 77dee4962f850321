"""The map of need and access, with its square of nine colours."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from layers.web.charts.area_map import Area as DrawnArea
from layers.web.charts.area_map import Legend, Outline, area_map
from layers.web.charts.colours import NO_DATA, WITHHELD, bivariate
from layers.web.charts.legends import Key, Square
from layers.web.charts.look import Caption
from layers.web.committee.need import NeedArea, NeedMap, need_map
from layers.web.committee.pictures import Drawing
from layers.web.committee.report import CommitteeReport
from layers.web.template_tags import grouped


def need_picture(report: CommitteeReport, drawing: Drawing) -> SafeString | None:
    """Return the map; None where no area has a need index."""
    found = need_map(report.areas)
    if not found.is_known:
        return None
    outlines = drawing.outlines
    areas = [
        DrawnArea(
            one.area.code,
            Outline(
                outlines.by_code[one.area.code].path,
                outlines.by_code[one.area.code].label_at,
            ),
            need_fill(one),
            need_words(one),
            is_chosen=one.area.code == report.question.district,
        )
        for one in found.areas
        if one.area.code in outlines.by_code
    ]
    return area_map(
        areas,
        (outlines.width, outlines.height),
        Caption(
            gettext("Need and access"),
            gettext("Areas by need index and by the share that is not reached."),
        ),
        drawing.look("map-need"),
        legend=_legend(found) if drawing.has_legend else None,
    )


def _legend(found: NeedMap) -> Legend:
    keys = []
    if found.n_missing:
        missing = gettext("one of both not known")
        keys.append(Key(NO_DATA, f"{missing} ({found.n_missing})"))
    return Legend(
        keys,
        Square(
            across=gettext("need"),
            up=gettext("share not reached"),
            low=gettext("low"),
            high=gettext("high"),
        ),
    )


def need_fill(one: NeedArea) -> str:
    """Return the role of an area's colour."""
    if one.area.row.is_suppressed:
        return WITHHELD
    return bivariate(one.need_class, one.access_class)


def need_words(one: NeedArea) -> str:
    """Return one sentence about an area's need and access."""
    if one.need is None:
        return one.area.words
    return gettext("%(sentence)s Need index %(need)s.") % {
        "sentence": one.area.words,
        "need": grouped(one.need, 2),
    }
