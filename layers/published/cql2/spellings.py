"""Spellings of the standard that the parser does not know, in those that it does.

The `cql2` package (0.6) reads no escape in a text but the doubled quote (OGC 21-065r2,
`/req/cql2-text/escaping`), no name that begins with `_` or `:`, no number that begins with
its point, and no exponent in a geometry.
"""

import math
import re
from decimal import Decimal

_TOKEN = re.compile(
    r"""
    (?P<name>"[^"]*+"?)
    | (?P<text>'(?:[^'\\]|\\.|'')*+(?:'|\\?\Z))      # or one that never ends
    | (?P<word>[^\W\d][\w.:]*+|:[\w.:]*+)
    | (?P<number>(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)

_MEANINGS = {
    "'": "''",
    "\\": "\\",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
}


def respelled(text: str) -> str:
    r"""Return a filter that means the same, in the spellings of the parser.

    In texts \' is a quote, \\ a backslash, and \a \b \t \n \v \f \r are control characters.
    Before anything else a backslash stays: \% and \_ belong to a pattern.
    """
    return _TOKEN.sub(_respelled, text)


def _respelled(token: re.Match[str]) -> str:
    found = token.group()
    match token.lastgroup:
        case "text" if "\\" in found:
            return _ESCAPE.sub(lambda e: _MEANINGS.get(e.group(1), e.group()), found)
        case "word" if found[0] in "_:":
            return f'"{found}"'
        case "number" if found[0] == "." or "e" in found.lower():
            return _plain(found)
        case _:
            return found


def _plain(number: str) -> str:
    """Return a number without an exponent; beyond what a double holds as it is."""
    value = float(number)
    return format(Decimal(repr(value)), "f") if math.isfinite(value) else number
