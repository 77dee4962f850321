"""A histogram: how much falls into each class of a figure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from layers.web.charts.look import Caption, Look
from layers.web.charts.scale import Scale, ticks
from layers.web.charts.svg import (
    box,
    element,
    label,
    line,
    nothing,
    patterns,
    picture,
    width_of,
    words,
)

TOP, PLOT, FOOT, EDGE = 30, 170, 44, 4


@dataclass(frozen=True, slots=True)
class Bin:
    """One class of the figure.

    Attributes
    ----------
    label : str
        From where to where, as `0–10%`.
    value : float
        How much is in it, at least 0.
    text : str
        The value as the page writes it.
    fill : str
        Role of its colour.
    code : str
        Put on it as `data-code`.
    """

    label: str
    value: float
    text: str
    fill: str = "bar"
    code: str = ""


def distribution(
    bins: Sequence[Bin],
    caption: Caption,
    look: Look,
    *,
    x_title: str,
    y_title: str,
    number: Callable[[float], str],
) -> SafeString:
    """Return columns beside each other, least class at the left in every language.

    Parameters
    ----------
    x_title, y_title : str
        What the classes are of, and what is counted.
    number : callable
        Writes a number of the axis as the language does.

    Raises
    ------
    ValueError
        A value is negative or not finite.
    """
    for each in bins:
        if not (math.isfinite(each.value) and each.value >= 0):
            raise ValueError(f"bins: {each.value} is not finite and at least 0.")
    if not any(each.value for each in bins):
        return nothing(look, caption)
    marks = ticks(max(each.value for each in bins))
    start = max(width_of(number(mark), 11) for mark in marks) + 8
    scale = Scale(marks[-1], PLOT)
    return picture(
        look,
        TOP + PLOT + FOOT,
        caption,
        patterns(look),
        label(look, 0, 14, y_title, fill="soft", size=12),
        _axis(marks, start, scale, look, number),
        *_columns(bins, start, scale, look),
        label(
            look,
            (start + look.width) / 2,
            TOP + PLOT + FOOT - 6,
            x_title,
            anchor="middle",
            fill="soft",
            size=12,
        ),
    )


def _axis(
    marks: Sequence[float],
    start: float,
    scale: Scale,
    look: Look,
    number: Callable[[float], str],
) -> SafeString:
    drawn = []
    for mark in marks:
        y = TOP + PLOT - scale.at(mark)
        text = number(mark)
        drawn.append(line(look, start, y, look.width, y, "line"))
        drawn.append(
            label(look, start - 6, y + 4, text, anchor="end", fill="soft", size=11)
        )
    return element("g", {}, *drawn)


def _columns(
    bins: Sequence[Bin], start: float, scale: Scale, look: Look
) -> list[SafeString]:
    step = (look.width - start - EDGE) / len(bins)
    widest = max(width_of(each.label, 11) for each in bins)
    every = max(1, math.ceil((widest + 4) / step))
    drawn = []
    for index, each in enumerate(bins):
        x, height = start + EDGE + step * index, scale.at(each.value)
        middle = x + step / 2
        parts = [
            element("title", {}, words(f"{each.label}: {each.text}")),
            box(
                look,
                x + 1,
                TOP + PLOT - height,
                max(step - 2, 1),
                height,
                fill=each.fill,
                stroke="border",
            ),
        ]
        if index % every == 0:
            parts.append(
                label(
                    look, middle, TOP + PLOT + 15, each.label, anchor="middle", size=11
                )
            )
        if width_of(each.text, 11) <= step:
            y = TOP + PLOT - height - 5
            parts.append(label(look, middle, y, each.text, anchor="middle", size=11))
        drawn.append(element("g", {"data-code": each.code or None}, *parts))
    return drawn
