"""Escapes in the texts of a filter (OGC 21-065r2, `/req/cql2-text/escaping`).

The `cql2` package (0.6) knows the doubled quote alone, so that the others are resolved
before it reads the text.
"""

import re

_QUOTED = re.compile(
    r"""
    "[^"]*+"?                             # a name
    | '(?:[^'\\]|\\.|'')*+(?:'|\\?\Z)    # a text, or one that never ends
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


def resolved(text: str) -> str:
    r"""Return a filter whose texts have no escapes but the doubled quote.

    In them \' is a quote, \\ a backslash, and \a \b \t \n \v \f \r are control characters.
    Before anything else a backslash stays: \% and \_ belong to a pattern.
    """
    return _QUOTED.sub(_resolved, text) if "\\" in text else text


def _resolved(quoted: re.Match[str]) -> str:
    found = quoted.group()
    if found.startswith('"'):
        return found
    return _ESCAPE.sub(lambda e: _MEANINGS.get(e.group(1), e.group()), found)
