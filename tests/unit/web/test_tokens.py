"""Inks can be read on their grounds, in both schemes, and no colour stands elsewhere."""

import re
from pathlib import Path

import pytest

from layers.web import palettes, tokens

STATIC = tokens.FILE.parent
TEXT, CONTROL = 4.5, 3.0  # WCAG 2.2, success criteria 1.4.3 and 1.4.11

WORDS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "link")
        for ground in ("paper", "ground", "sunken")
    ),
    *(
        ("ink", f"{state}-soft")
        for state in ("unknown", "brand", "warn", "open", "danger")
    ),
    *(
        (state, f"{state}-soft")
        for state in ("open", "closed", "unknown", "warn", "danger")
    ),
    ("danger", "paper"),
    ("link", "brand-soft"),
    ("brand-ink", "brand"),
    ("brand-ink", "brand-strong"),
    ("exit-ink", "exit"),
    ("map-label", "map-land"),
    ("map-label", "map-canvas"),
    ("map-point-ink", "map-point"),
    ("map-chosen-ink", "map-chosen"),
]
LINES = [
    *((line, ground) for line in ("line-strong", "focus") for ground in ("paper", "ground")),
    ("focus-on-brand", "brand"),
    *((mark, ground) for mark in ("map-point", "map-chosen", "map-you") for ground in ("map-land", "map-canvas", "map-park", "map-water")),
    ("map-line-strong", "map-land"),
    ("no-data-line", "no-data"),
    ("data-ink", "seq-1"),
]  # fmt: skip
SCHEMES = {"light": tokens.light, "dark": tokens.dark}


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2, its definition)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(
        4.54, abs=0.01
    )  # its example


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("least", "pairs"), [(TEXT, WORDS), (CONTROL, LINES)], ids=["words", "lines"]
)
def test_inks_can_be_read_on_their_grounds(
    scheme: str, least: float, pairs: list[tuple[str, str]]
) -> None:
    values = SCHEMES[scheme]()
    weak = {
        f"{ink} on {ground}": round(contrast(values[ink], values[ground]), 2)
        for ink, ground in pairs
        if contrast(values[ink], values[ground]) < least
    }
    assert weak == {}


def test_the_server_draws_in_the_colours_of_the_pages() -> None:
    values = tokens.light()
    for prefix, colours in {
        "seq": palettes.SEQUENTIAL,
        "blues": palettes.BLUES,
        "div": palettes.DIVERGING,
        "redblue": palettes.RED_BLUE,
        "cat": palettes.CATEGORIES,
    }.items():
        assert (
            tuple(values[f"{prefix}-{n + 1}"] for n in range(len(colours))) == colours
        )
    assert (values["no-data"], values["no-data-line"]) == (
        palettes.NO_DATA,
        palettes.NO_DATA_LINE,
    )


SHEETS = sorted(path for path in STATIC.glob("*.css") if path.name != "tokens.css")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_say_colours_by_token_and_sides_by_direction(sheet: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])", rules) == []
    sided = r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|\bfloat:|(?<![\w-])(?:left|right):"
    kept = re.sub(r"html\[dir=.*?\}", "", rules)  # words that run against the page
    assert re.findall(sided, kept) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_token_that_a_sheet_names_exists(sheet: Path) -> None:
    named = set(re.findall(r"var\(--([\w-]+)", sheet.read_text(encoding="utf-8")))
    assert named - set(tokens.light()) == set()
