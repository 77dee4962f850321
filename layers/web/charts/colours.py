"""The colours of the charts: roles on a page, values in a file.

On a page a mark carries the class `chart-<role>` and `charts.css` colours it from tokens;
in a file and in a PDF, which have no style sheet of ours, it carries the value itself.

The values are those of tokens.css on a light page, which a test compares. `seq` and `div` are
those of `palettes`: `div-1` is much worse than before, `div-5` much better. `biv` is by Joshua
Stevens, "Bivariate Choropleth Maps" (2015).
"""

from layers.web import palettes

NO_DATA, WITHHELD = "no-data", "withheld"
HATCHED = (NO_DATA, WITHHELD)
"""Roles that are drawn as a pattern, so that they are never taken for a class."""

BIVARIATE = (
    ("#e8e8e8", "#dfb0d6", "#be64ac"),
    ("#ace4e4", "#a5add3", "#8c62aa"),
    ("#5ac8c8", "#5698b9", "#3b4994"),
)
"""First index: class across, least to most; second: class upwards."""

TOKENS: dict[str, str] = {
    "ink": "ink",
    "soft": "ink-soft",
    "paper": "paper",
    "line": "line",
    "border": "data-line",
    "bar": "seq-4",
    "curve": "link",
    "ground": "no-data",
    NO_DATA: "no-data",
    WITHHELD: "no-data",
    "hatch": "no-data-line",
    "on-light": "data-ink-dark",
    "on-dark": "data-ink-light",
}
"""Role -> the token that it is on a page, where they are not called the same."""

VALUES: dict[str, str] = {
    "ink": "#15222a",
    "soft": "#4a5962",
    "paper": "#ffffff",
    "line": "#d5dcdf",
    "border": "#5d6c75",
    "bar": "#2c7fb8",
    "curve": "#0a5578",
    "ground": palettes.NO_DATA,
    NO_DATA: palettes.NO_DATA,
    WITHHELD: palettes.NO_DATA,
    "hatch": palettes.NO_DATA_LINE,
    "on-light": "#000000",
    "on-dark": "#ffffff",
    **{f"seq-{n}": value for n, value in enumerate(palettes.SEQUENTIAL, 1)},
    **{f"div-{n}": value for n, value in enumerate(palettes.DIVERGING, 1)},
    **{
        f"biv-{across}{up}": BIVARIATE[across - 1][up - 1]
        for across in (1, 2, 3)
        for up in (1, 2, 3)
    },
}
"""Role -> value; those of a light page."""


def sequential(number: int | None) -> str:
    """Return the role of class 1 to 5; without a class there is no data."""
    return NO_DATA if number is None else f"seq-{number}"


def bivariate(across: int | None, up: int | None) -> str:
    """Return the role of two classes 1 to 3; if either is unknown there is no data."""
    return NO_DATA if across is None or up is None else f"biv-{across}{up}"


def diverging(change: float | None, cuts: tuple[float, float]) -> str:
    """Return the role of a change around zero.

    Parameters
    ----------
    change : float or None
        Now minus before, of something that is good; None where either is unknown.
    cuts : (float, float)
        Up to the first (included) a change either way counts as none, up to the second
        as small, beyond as large. Both positive, the second larger.

    Examples
    --------
    >>> [diverging(n, (10, 100)) for n in (-500, -100, 10, 11, 101, None)]
    ['div-1', 'div-2', 'div-3', 'div-4', 'div-5', 'no-data']
    """
    if change is None:
        return NO_DATA
    size = (abs(change) > cuts[0]) + (abs(change) > cuts[1])
    return f"div-{3 + size if change > 0 else 3 - size}"


def on_fill(role: str) -> str:
    """Return the role of text upon a fill: `on-light`, or `on-dark`.

    Of black and white the one with the larger contrast, never below 4.5 to 1 (WCAG 2.2,
    relative luminance).
    """
    light, dark = luminance(VALUES["on-dark"]), luminance(VALUES["on-light"])
    ground = luminance(VALUES[role])
    white = (light + 0.05) / (ground + 0.05)
    black = (ground + 0.05) / (dark + 0.05)
    return "on-dark" if white > black else "on-light"


def luminance(value: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2)."""
    parts = (int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
