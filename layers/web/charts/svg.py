"""The parts of an SVG picture: elements, texts, patterns, and the frame around them.

Everything here returns markup that is safe to put into a page: texts are escaped, and
characters that XML does not know are dropped. Nothing carries a `style` attribute or
element, so the strict CSP of the pages holds.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from layers.web.charts.colours import HATCHED
from layers.web.charts.look import Caption, Look

TEXT_SIZE = 13
LETTER = 0.58
"""Mean width of a letter in heights of the text; Greek capitals are wider, Arabic narrower."""

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FROM_THE_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def short(number: float) -> str:
    """Return a coordinate with at most one decimal.

    Examples
    --------
    >>> short(12.0), short(3.14159), short(-0.04)
    ('12', '3.1', '0')
    """
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def plain(text: str) -> str:
    """Return a text without the characters that XML does not know."""
    return _NOT_XML.sub("", text)


def element(
    name: str, attributes: Mapping[str, Any], *children: SafeString
) -> SafeString:
    """Return an element; attributes that are None are left out, children stand as given."""
    written = "".join(
        f' {key}="{escape(plain(_attribute(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    end = f">{inner}</{name}>" if inner else "/>"
    return mark_safe(f"<{name}{written}{end}")  # noqa: S308 (attributes escaped above)


def _attribute(value: Any) -> str:
    return short(value) if isinstance(value, int | float) else str(value)


def words(text: str) -> SafeString:
    """Return a text escaped; one with letters from the right keeps its own direction.

    The picture itself runs from the left, so that `start` and `end` of a text mean the
    same to every renderer; FIRST STRONG ISOLATE lets the text inside find its own way.
    """
    clean = plain(text)
    if _FROM_THE_RIGHT.search(clean):
        clean = f"\u2068{clean}\u2069"
    return escape(clean)


def label(
    look: Look,
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    fill: str = "ink",
    size: float = TEXT_SIZE,
    is_bold: bool = False,
) -> SafeString:
    """Return a text whose base line begins, has its middle or ends at a place; or nothing.

    Parameters
    ----------
    anchor : str
        `start`, `middle` or `end`, from the left whatever the language.
    """
    if not text:
        return SafeString()
    attributes = {
        "x": x,
        "y": y,
        **look.paint(fill),
        "font-size": size,
        "text-anchor": None if anchor == "start" else anchor,
        "font-weight": "700" if is_bold else None,
    }
    return element("text", attributes, words(text))


def row_label(look: Look, x: float, y: float, text: str, **kwargs: Any) -> SafeString:
    """Return a text that begins at `x` from the start of the row (right in Arabic)."""
    anchor = "end" if look.is_rtl else "start"
    return label(look, look.across(x), y, text, anchor=anchor, **kwargs)


def width_of(text: str, size: float = TEXT_SIZE) -> float:
    """Return about how wide a text is; no font is asked."""
    return len(text) * LETTER * size


def cut(text: str, width: float, size: float = TEXT_SIZE) -> str:
    """Return a text that fits a width, its end replaced by an ellipsis if it must be."""
    room = int(width / (LETTER * size))
    return text if len(text) <= room else text[: max(room - 1, 1)].rstrip() + "…"


def line(
    look: Look, x1: float, y1: float, x2: float, y2: float, role: str, width: float = 1
) -> SafeString:
    """Return a straight line."""
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return element("line", {**ends, **look.paint(None, role), "stroke-width": width})


def box(
    look: Look, x: float, y: float, width: float, height: float, **paint: Any
) -> SafeString:
    """Return a rectangle, painted by `Look.paint`."""
    place = {"x": x, "y": y, "width": width, "height": height}
    return element("rect", {**place, **look.paint(**paint)})


def patterns(look: Look, scale: float = 1) -> SafeString:
    """Return the definitions of the hatches: lines for no data, dots for withheld."""
    step = 6 * scale
    tile = {"width": step, "height": step, "patternUnits": "userSpaceOnUse"}
    diagonal = element(
        "path",
        {
            "d": f"M0 {short(step)}L{short(step)} 0",
            **look.paint(None, "hatch"),
            "stroke-width": 1.1 * scale,
        },
    )
    middle = {"cx": step / 2, "cy": step / 2, "r": 1.2 * scale}
    dot = element("circle", {**middle, **look.paint("hatch")})
    ground = box(look, 0, 0, step, step, fill="ground")
    drawn = zip(HATCHED, (diagonal, dot), strict=True)
    return element(
        "defs",
        {},
        *(
            element("pattern", {"id": f"{look.id}-{role}", **tile}, ground, marks)
            for role, marks in drawn
        ),
    )


def picture(
    look: Look, height: float, caption: Caption, *children: SafeString
) -> SafeString:
    """Return the whole picture: an image to screen readers, named and described."""
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "id": look.id,
        "class": None if look.has_values else "chart",
        "viewBox": f"0 0 {short(look.width)} {short(height)}",
        "width": look.width,
        "height": height,
        "role": "img",
        "aria-labelledby": f"{look.id}-title",
        "aria-describedby": f"{look.id}-desc",
        "lang": look.lang,
        "direction": "ltr",
        "font-family": look.font if look.has_values else None,
    }
    title = element("title", {"id": f"{look.id}-title"}, escape(plain(caption.title)))
    about = element(
        "desc", {"id": f"{look.id}-desc"}, escape(plain(caption.description))
    )
    paper = [box(look, 0, 0, look.width, height, fill="paper")]
    ground = paper if look.has_values else []
    return element("svg", attributes, title, about, *ground, *children)


def nothing(look: Look, caption: Caption) -> SafeString:
    """Return a picture that says that there is nothing to show."""
    said = label(
        look, look.width / 2, 46, caption.nothing, anchor="middle", fill="soft"
    )
    return picture(look, 80, caption, said)
