"""A small map of areas, each in the colour of its class.

One function draws the choropleth, the map of two classes and the map of differences: they
differ in the roles of their areas (`colours.sequential`, `bivariate`, `diverging`) and in
their legends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from layers.web.charts.colours import HATCHED, on_fill
from layers.web.charts.legends import (
    SQUARE_HEIGHT,
    Key,
    Square,
    keys,
    keys_height,
    square,
)
from layers.web.charts.look import Caption, Look
from layers.web.charts.svg import (
    box,
    element,
    label,
    nothing,
    patterns,
    picture,
    width_of,
    words,
)

GAP = 12
HIGHEST = 1.15
"""Height of the map at most, in widths of the picture."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An area's outline in the units of its map, and where its label may stand."""

    path: str
    label_at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a map.

    Attributes
    ----------
    code : str
        Put on it as `data-code`, for scripts that select.
    outline : Outline
        Where it lies.
    fill : str
        Role of its colour; `no-data` and `withheld` are hatched.
    text : str
        A sentence about it: name and value.
    label : str
        Written upon it: a number, a name, or nothing.
    is_chosen : bool
        Drawn with a thick outline, on top.
    """

    code: str
    outline: Outline
    fill: str
    text: str
    label: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colours mean: rows, and for two classes a square before them."""

    keys: Sequence[Key] = ()
    square: Square | None = None


def area_map(
    areas: Sequence[Area],
    size: tuple[float, float],
    caption: Caption,
    look: Look,
    *,
    legend: Legend | None = None,
    label_size: float = 11,
) -> SafeString:
    """Return a map, north up, never mirrored, its legend below.

    Parameters
    ----------
    areas : sequence
        With none there is nothing to show.
    size : (float, float)
        Width and height of the units that the outlines are in, from the upper left.

    Raises
    ------
    ValueError
        The size is not positive.
    """
    if not areas:
        return nothing(look, caption)
    width, height = size
    if not (width > 0 and height > 0):
        raise ValueError(f"size: {size} is not positive.")
    scale = min(look.width / width, look.width * HIGHEST / height)
    left, foot = (look.width - width * scale) / 2, height * scale
    moved = f"translate({left:.2f} 2) scale({scale:.5f})"
    in_front = sorted(areas, key=lambda area: area.is_chosen)
    return picture(
        look,
        foot + 4 + _legend_height(legend, look),
        caption,
        patterns(look),
        _far_patterns(look, 1 / scale),
        element("g", {"transform": moved}, *(_area(a, look, scale) for a in in_front)),
        element("g", {}, *_labels(areas, look, left, scale, label_size)),
        *_legend(legend, look, foot + 4 + GAP),
    )


def _far_patterns(look: Look, scale: float) -> SafeString:
    """Hatches for marks that are drawn under a scale: as wide as those of the legend."""
    return patterns(_far(look), scale)


def _far(look: Look) -> Look:
    return Look(
        f"{look.id}-map", look.lang, look.is_rtl, look.has_values, look.width, look.font
    )


def _area(area: Area, look: Look, scale: float) -> SafeString:
    painter = _far(look) if area.fill in HATCHED else look
    attributes = {
        "d": area.outline.path,
        "fill-rule": "evenodd",
        **painter.paint(area.fill, "ink" if area.is_chosen else "border"),
        "stroke-width": f"{(3.0 if area.is_chosen else 0.7) / scale:.2f}",
        "stroke-linejoin": "round",
        "data-code": area.code,
    }
    return element("path", attributes, element("title", {}, words(area.text)))


def _labels(
    areas: Sequence[Area], look: Look, left: float, scale: float, size: float
) -> list[SafeString]:
    drawn = []
    for area in areas:
        spot = area.outline.label_at
        if not area.label or spot is None:
            continue
        x, y = left + spot[0] * scale, 2 + spot[1] * scale + size * 0.36
        if area.fill in HATCHED:
            wide = width_of(area.label, size) + 4
            ground = (x - wide / 2, y - size, wide, size * 1.3)
            drawn.append(box(look, *ground, fill="ground"))
        fill = on_fill(area.fill)
        drawn.append(
            label(look, x, y, area.label, anchor="middle", fill=fill, size=size)
        )
    return drawn


def _legend_height(legend: Legend | None, look: Look) -> float:
    if legend is None:
        return 0
    height = GAP + keys_height(legend.keys, look)
    return height + (SQUARE_HEIGHT if legend.square else 0)


def _legend(legend: Legend | None, look: Look, top: float) -> list[SafeString]:
    if legend is None:
        return []
    if legend.square is None:
        return [keys(legend.keys, look, top)]
    return [
        square(legend.square, look, top),
        keys(legend.keys, look, top + SQUARE_HEIGHT),
    ]
