"""Horizontal bars, each with the interval of its value as a whisker."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from layers.web.charts.look import Caption, Look
from layers.web.charts.scale import Scale, ticks
from layers.web.charts.svg import (
    box,
    cut,
    element,
    label,
    line,
    nothing,
    patterns,
    picture,
    row_label,
    width_of,
    words,
)

ROW, BAR, TOP, FOOT, GAP = 26, 14, 4, 22, 8
MOST_LABEL = 0.42
"""Share of the width that labels may take at most."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes
    ----------
    label : str
        Its name.
    value : float or None
        At least 0; None draws no bar, and `text` says why.
    text : str
        The value as the page writes it.
    low, high : float or None
        Ends of the interval; without either there is no whisker.
    fill : str
        Role of its colour.
    code : str
        Put on it as `data-code`, for scripts that select.
    """

    label: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None
    fill: str = "bar"
    code: str = ""


def bars(
    rows: Sequence[Bar],
    caption: Caption,
    look: Look,
    *,
    number: Callable[[float], str],
) -> SafeString:
    """Return bars below each other, in the order given.

    Parameters
    ----------
    number : callable
        Writes a number of the axis as the language does.

    Raises
    ------
    ValueError
        A value or an end of an interval is negative or not finite.
    """
    if not rows:
        return nothing(look, caption)
    largest = max(_checked(row) for row in rows)
    marks = ticks(largest)
    start = min(max(width_of(row.label) for row in rows) + GAP, look.width * MOST_LABEL)
    end = max(width_of(row.text) for row in rows) + GAP
    scale = Scale(marks[-1], max(look.width - start - end - GAP, 40))
    foot = TOP + ROW * len(rows)
    drawn = [
        _row(row, TOP + ROW * index, start, scale, look)
        for index, row in enumerate(rows)
    ]
    return picture(
        look,
        foot + FOOT,
        caption,
        patterns(look),
        _axis(marks, start, foot, scale, look, number),
        *drawn,
    )


def _checked(row: Bar) -> float:
    given = [n for n in (row.value, row.low, row.high) if n is not None]
    if not all(math.isfinite(n) and n >= 0 for n in given):
        raise ValueError(
            f"rows: {given} of {row.label!r} is not finite and at least 0."
        )
    return max(given, default=0.0)


def _axis(
    marks: Sequence[float],
    start: float,
    foot: float,
    scale: Scale,
    look: Look,
    number: Callable[[float], str],
) -> SafeString:
    drawn, free_from = [], -math.inf
    for mark in marks:
        x = start + scale.at(mark)
        text = number(mark)
        half = width_of(text, 11) / 2
        drawn.append(line(look, look.across(x), TOP, look.across(x), foot, "line"))
        if x - half >= free_from:
            free_from = x + half + 4
            drawn.append(
                label(
                    look,
                    look.across(x),
                    foot + 15,
                    text,
                    anchor="middle",
                    fill="soft",
                    size=11,
                )
            )
    return element("g", {}, *drawn)


def _row(row: Bar, y: float, start: float, scale: Scale, look: Look) -> SafeString:
    middle = y + ROW / 2
    length = scale.at(row.value or 0)
    reach = max(length, scale.at(row.high or 0))
    parts = [
        element("title", {}, words(f"{row.label}: {row.text}")),
        row_label(look, 0, middle + 4.5, cut(row.label, start - GAP)),
        row_label(look, start + reach + GAP, middle + 4.5, row.text),
    ]
    if row.value is not None:
        left = look.across(start + length) if look.is_rtl else start
        parts.append(
            box(
                look,
                left,
                middle - BAR / 2,
                length,
                BAR,
                fill=row.fill,
                stroke="border",
            )
        )
    if row.low is not None and row.high is not None:
        ends = [look.across(start + scale.at(n)) for n in (row.low, row.high)]
        parts.append(_whisker(look, ends[0], ends[1], middle))
    return element("g", {"data-code": row.code or None}, *parts)


def _whisker(look: Look, low: float, high: float, y: float) -> SafeString:
    return element(
        "g",
        {},
        line(look, low, y, high, y, "ink", 1.5),
        line(look, low, y - 4, low, y + 4, "ink", 1.5),
        line(look, high, y - 4, high, y + 4, "ink", 1.5),
    )
