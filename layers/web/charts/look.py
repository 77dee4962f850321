"""How a picture is drawn: its words, its width, its language, its colours."""

import re
from dataclasses import dataclass

from layers.web.charts.colours import HATCHED, VALUES

FONT = "'Noto Sans', 'Noto Sans Arabic', sans-serif"

_ID = re.compile(r"[a-z][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a picture.

    Attributes
    ----------
    title, description : str
        What it is called; what it shows, in a sentence or two.
    nothing : str
        Stands in it when there is nothing to show.
    """

    title: str
    description: str
    nothing: str = "–"


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is drawn.

    Attributes
    ----------
    id : str
        Begins every id inside; unique on its page. Small letters, digits, hyphens.
    lang : str
        Language of the texts.
    is_rtl : bool
        Whether rows run from the right: labels of bars, legends. Maps and number axes
        are never mirrored.
    has_values : bool
        Colours as values (a file, the PDF) instead of classes (a page).
    width : int
        Units across; a page scales the picture to its column.
    font : str
        Family list, written only with values; on a page it is the page's.
    """

    id: str
    lang: str = "en"
    is_rtl: bool = False
    has_values: bool = False
    width: int = 480
    font: str = FONT

    def __post_init__(self) -> None:
        """Refuse an id that could end the attribute it stands in.

        Raises
        ------
        ValueError
            Not of the letters that are allowed.
        """
        if not _ID.match(self.id):
            raise ValueError(f"id: {self.id!r} is not of a-z, 0-9 and hyphens.")

    def paint(
        self, fill: str | None = None, stroke: str | None = None
    ) -> dict[str, str]:
        """Return the attributes that colour a mark by roles; None paints nothing."""
        classes, values = [], {"fill": "none"}
        if fill in HATCHED:
            return {"fill": f"url(#{self.id}-{fill})", **self.paint_stroke(stroke)}
        if fill is not None:
            classes.append(f"chart-{fill}")
            values["fill"] = VALUES[fill]
        if stroke is not None:
            classes.append(f"chart-stroke-{stroke}")
            values["stroke"] = VALUES[stroke]
        if self.has_values:
            return values
        return {"class": " ".join(classes)} | ({} if fill else {"fill": "none"})

    def paint_stroke(self, role: str | None) -> dict[str, str]:
        """Return the attributes of an outline alone, its filling left to others."""
        if role is None:
            return {}
        if self.has_values:
            return {"stroke": VALUES[role]}
        return {"class": f"chart-stroke-{role}"}

    def across(self, x: float) -> float:
        """Return where a position from the start of a row lies, from the left."""
        return self.width - x if self.is_rtl else x
