"""Keys of the maps: rows of classes, and the square of two classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from layers.web.charts.look import Look
from layers.web.charts.svg import (
    box,
    element,
    label,
    patterns,
    row_label,
    width_of,
    words,
)

ROW, SWATCH = 22, 16
CELL = 26


@dataclass(frozen=True, slots=True)
class Key:
    """One row of a legend: the role of a colour, and what it means."""

    fill: str
    text: str


@dataclass(frozen=True, slots=True)
class Square:
    """What the two directions of a bivariate map mean; both rise to the right and up."""

    across: str
    up: str
    low: str
    high: str


def keys_height(keys: Sequence[Key], look: Look) -> float:
    """Return how high the rows of a legend are, in as many columns as fit."""
    return ROW * -(-len(keys) // columns_of(keys, look))


def columns_of(keys: Sequence[Key], look: Look) -> int:
    """Return into how many columns a legend goes: one to three."""
    if not keys:
        return 1
    widest = max(width_of(key.text, 12) for key in keys) + SWATCH + 20
    return int(min(3, max(1, look.width // widest)))


def keys(shown: Sequence[Key], look: Look, top: float) -> SafeString:
    """Return the rows of a legend, filled column by column, from the start of the row."""
    columns = columns_of(shown, look)
    rows = -(-len(shown) // columns)
    drawn = []
    for index, key in enumerate(shown):
        x = look.width / columns * (index // max(rows, 1))
        y = top + ROW * (index % max(rows, 1))
        left = look.across(x) - SWATCH if look.is_rtl else x
        drawn.append(
            box(
                look,
                left + 0.5,
                y + 2,
                SWATCH - 1,
                SWATCH - 2,
                fill=key.fill,
                stroke="border",
            )
        )
        drawn.append(row_label(look, x + SWATCH + 6, y + 14, key.text, size=12))
    return element("g", {}, *drawn)


def swatch(look: Look, role: str, text: str) -> SafeString:
    """Return one colour of a legend as a picture of its own, for words that stand beside."""
    drawn = box(look, 0.5, 0.5, SWATCH - 1, SWATCH - 1, fill=role, stroke="border")
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {SWATCH} {SWATCH}",
        "width": SWATCH,
        "height": SWATCH,
        "role": "img",
    }
    title = element("title", {}, words(text))
    return element("svg", attributes, title, patterns(look), drawn)


SQUARE_HEIGHT = CELL * 3 + 44


def square(shown: Square, look: Look, top: float) -> SafeString:
    """Return the nine colours of two classes, with both directions named."""
    left = 10.0
    cells = [
        box(
            look,
            left + CELL * (across - 1),
            top + 20 + CELL * (3 - up),
            CELL,
            CELL,
            fill=f"biv-{across}{up}",
            stroke="paper",
        )
        for across in (1, 2, 3)
        for up in (1, 2, 3)
    ]
    foot = top + 20 + CELL * 3
    beside = left + CELL * 3 + 8
    return element(
        "g",
        {},
        label(look, left, top + 12, f"↑ {shown.up}", size=12),
        *cells,
        label(look, beside, top + 32, shown.high, fill="soft", size=11),
        label(look, beside, foot - 6, shown.low, fill="soft", size=11),
        label(look, left, foot + 16, f"{shown.across} →", size=12),
    )
