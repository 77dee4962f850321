"""Palettes of data, for what is drawn on the server; tokens.css holds the same for pages.

Sequential and diverging ones are ColorBrewer's (Cynthia Brewer, Apache-2.0), safe for
colour-blind readers; categories have the eight colours of Okabe and Ito (2008). A test
holds both files together.
"""

SEQUENTIAL = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
"""YlGnBu, five classes from little to much."""

BLUES = ("#f1eef6", "#bdc9e1", "#74a9cf", "#2b8cbe", "#045a8d")
"""PuBu, five classes, beside a map in SEQUENTIAL."""

DIVERGING = ("#e66101", "#fdb863", "#f7f7f7", "#b2abd2", "#5e3c99")
"""PuOr, five classes about zero: orange below, purple above."""

RED_BLUE = ("#ca0020", "#f4a582", "#f7f7f7", "#92c5de", "#0571b0")
"""RdBu, five classes about zero."""

CATEGORIES = (
    "#000000",
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
)
"""Okabe-Ito; never without a sign or a word beside the colour."""

NO_DATA, NO_DATA_LINE = "#f5f6f7", "#828c93"
"""Ground and strokes of the hatch where nothing is known or it is withheld."""
