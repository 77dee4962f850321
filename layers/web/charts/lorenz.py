"""The Lorenz curve: what share of a good the worse-off part of the people has."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString

from layers.web.charts.look import Caption, Look
from layers.web.charts.svg import box, element, label, line, nothing, picture, short

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
START, TOP, FOOT, END = 48, 30, 44, 16

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Titles:
    """Words of a Lorenz curve: its axes, the diagonal, and a line about the curve."""

    x: str
    y: str
    equality: str
    summary: str = ""


def lorenz(
    points: Sequence[Point],
    caption: Caption,
    look: Look,
    *,
    titles: Titles,
    share: Callable[[float], str],
) -> SafeString:
    """Return the curve under its diagonal, in a square, from the left in every language.

    Parameters
    ----------
    points : sequence of (share of people, share of the good)
        Both 0 to 1 and never falling; (0, 0) and (1, 1) may be left out. Without any
        there is nothing to show.
    share : callable
        Writes a share as the language does.

    Raises
    ------
    ValueError
        A share is outside 0 to 1, or falls.
    """
    if not points:
        return nothing(look, caption)
    checked = curve_of(points)
    side = look.width - START - END
    return picture(
        look,
        TOP + side + (FOOT if titles.x else FOOT / 2),
        caption,
        label(look, 0, 14, titles.y, fill="soft", size=12),
        _frame(look, side, share),
        _area(checked, look, side),
        _words(look, side, titles),
    )


def curve_of(points: Sequence[Point]) -> list[Point]:
    """Return points from (0, 0) to (1, 1); raises ValueError as `lorenz` does."""
    found = [(0.0, 0.0), *points, (1.0, 1.0)]
    for (x, y), (next_x, next_y) in pairwise(found):
        inside = all(math.isfinite(n) and 0 <= n <= 1 for n in (next_x, next_y))
        if not inside or next_x < x or next_y < y:
            raise ValueError(
                f"points: ({next_x}, {next_y}) after ({x}, {y}) is outside 0 to 1, or falls."
            )
    return found


def _frame(look: Look, side: float, share: Callable[[float], str]) -> SafeString:
    drawn = [box(look, START, TOP, side, side, fill="paper", stroke="line")]
    for quarter in QUARTERS:
        x, y = START + quarter * side, TOP + (1 - quarter) * side
        text = share(quarter)
        drawn += [
            line(look, x, TOP, x, TOP + side, "line"),
            line(look, START, y, START + side, y, "line"),
            label(look, START - 6, y + 4, text, anchor="end", fill="soft", size=11),
            label(
                look, x, TOP + side + 15, text, anchor="middle", fill="soft", size=11
            ),
        ]
    return element("g", {}, *drawn)


def _area(points: Sequence[Point], look: Look, side: float) -> SafeString:
    path = "L".join(
        f"{short(START + x * side)} {short(TOP + (1 - y) * side)}" for x, y in points
    )
    start, end = (START, TOP + side), (START + side, TOP)
    filled = {"d": f"M{path}Z", **look.paint("seq-2"), "fill-opacity": "0.6"}
    drawn = {"d": f"M{path}", **look.paint(None, "curve"), "stroke-width": 2.5}
    diagonal = line(look, *start, *end, "soft", 1.5)
    return element("g", {}, element("path", filled), diagonal, element("path", drawn))


def _words(look: Look, side: float, titles: Titles) -> SafeString:
    middle = START + side / 2
    upwards = label(look, 0, -6, titles.equality, anchor="middle", fill="soft", size=12)
    turned = f"translate({short(middle)} {short(TOP + side / 2)}) rotate(-45)"
    return element(
        "g",
        {},
        element("g", {"transform": turned}, upwards),
        label(
            look,
            middle,
            TOP + side + FOOT - 6,
            titles.x,
            anchor="middle",
            fill="soft",
            size=12,
        ),
        label(look, START + 12, TOP + 22, titles.summary, is_bold=True),
    )
