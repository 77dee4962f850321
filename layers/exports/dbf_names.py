"""Column names that fit a DBF file: ten ASCII characters, no two alike."""

import re
from collections.abc import Iterable
from unicodedata import normalize

LONGEST = 10

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
            "s",
        ],
        strict=True,
    )
)
_NOT_A_WORD = re.compile(r"[^a-z0-9_]+", re.IGNORECASE | re.ASCII)


def dbf_names(names: Iterable[str]) -> dict[str, str]:
    """Return each name with its short one.

    A name that fits stays as it is. Others lose accents, Greek is written in Latin
    letters (ELOT 743 letter by letter), what is left over becomes `_`, and the end is
    cut; a name with no letter that is left is `field`. Where two are alike, whatever
    their case, the later gets a number in place of its end.
    """
    short: dict[str, str] = {}
    used: set[str] = set()
    for name in names:
        whole = _in_latin(name) or "field"
        made, n = whole[:LONGEST], 1
        while made.lower() in used:
            n += 1
            made = f"{whole[: LONGEST - len(str(n)) - 1]}_{n}"
        used.add(made.lower())
        short[name] = made
    return short


def _in_latin(name: str) -> str:
    plain = "".join(c for c in normalize("NFD", name) if not 0x300 <= ord(c) <= 0x36F)
    latin = "".join(_letter(c) for c in plain)
    return _NOT_A_WORD.sub("_", latin).strip("_")


def _letter(character: str) -> str:
    lower = character.lower()
    known = _GREEK.get(lower)
    if known is None:
        return character
    return known if lower == character else known.capitalize()
