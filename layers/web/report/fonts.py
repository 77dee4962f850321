"""The fonts of the report: subsets of Noto Sans, each a family of its own.

Several subsets under one family name, told apart by `unicode-range`, come out as wrong
letters in WeasyPrint; a list of families does not.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from layers.errors import Unavailable

_SANS, _ARABIC = "@fontsource/noto-sans/files/noto-sans", "@fontsource/noto-sans-arabic"

SUBSETS: dict[str, str] = {
    "Report Latin": f"{_SANS}-latin",
    "Report Latin Ext": f"{_SANS}-latin-ext",
    "Report Greek": f"{_SANS}-greek",
    "Report Greek Ext": f"{_SANS}-greek-ext",
    "Report Cyrillic": f"{_SANS}-cyrillic",
    "Report Arabic": f"{_ARABIC}/files/noto-sans-arabic-arabic",
}
"""Family -> beginning of its files in node_modules; Urdu is set in Noto Sans Arabic, as
text copied out of Nastaliq is broken."""

FAMILIES = ", ".join(f"'{family}'" for family in SUBSETS)
"""What `font-family` says, in the style sheet and in the pictures."""

WEIGHTS = (400, 700)


@dataclass(frozen=True, slots=True)
class Font:
    """A file of a family in a weight."""

    family: str
    weight: int
    path: Path

    @property
    def url(self) -> str:
        """The name by which the style sheet asks for it; there is no such protocol."""
        return f"font:{self.path.stem}"


def fonts() -> list[Font]:
    """Return the fonts of the report.

    Raises
    ------
    Unavailable
        Files are missing: `npm ci` was not run.
    """
    root = Path(settings.NODE_MODULES)
    found = [
        Font(family, weight, root / f"{beginning}-{weight}-normal.woff2")
        for family, beginning in SUBSETS.items()
        for weight in WEIGHTS
    ]
    missing = [font.path.name for font in found if not font.path.is_file()]
    if missing:
        raise Unavailable(
            f"fonts of the report are missing: {', '.join(missing)}; run npm ci in layers/web"
        )
    return found


def font_faces(wanted: list[Font]) -> str:
    """Return the style sheet's declarations of the fonts."""
    return "\n".join(
        f"@font-face {{ font-family: '{font.family}'; font-weight: {font.weight}; "
        f"src: url({font.url}); }}"
        for font in wanted
    )
