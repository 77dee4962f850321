"""A filter as text or JSON -> one tree of dictionaries, lists and values.

The tree is CQL2 JSON (OGC 21-065r2, clause 8.3). Texts are read by the `cql2` package;
JSON is the tree already, and is taken as it was sent: the package would round its whole
numbers and drop members that it does not know.
"""

from collections.abc import Mapping
from typing import Any, Literal

import cql2
import orjson

from layers.errors import InvalidParameter
from layers.published.cql2.limits import LONGEST_JSON, check_length, check_text
from layers.published.cql2.refusals import refused
from layers.published.cql2.spellings import respelled

Language = Literal["cql2-text", "cql2-json"]
LANGUAGES: tuple[Language, ...] = ("cql2-text", "cql2-json")

DEEPEST_TREE = 50
"""Levels of operators inside operators."""

MOST_NODES = 5_000
"""Operators, properties and literals with a name; not the items of lists."""


def tree(given: str | bytes | Mapping[str, Any], language: str) -> Any:
    """Return the tree of a filter.

    Parameters
    ----------
    given
        Text; for `cql2-json` also bytes, or the JSON value that was read already.
    language : str
        `cql2-text` or `cql2-json`.

    Raises
    ------
    InvalidParameter
        The language is unknown, the text is none of it, too long or too deep.
    """
    if language == "cql2-text" and isinstance(given, str):
        read = _of_text(given)
    elif language == "cql2-json":
        read = _of_json(given) if isinstance(given, str | bytes) else given
    else:
        raise InvalidParameter("filter-lang", language, f"one of {list(LANGUAGES)}")
    _check_size(read, is_text=language == "cql2-text")
    return read


def _of_text(text: str) -> Any:
    check_length(text)
    text = respelled(text)
    check_text(text)
    try:
        return cql2.parse_text(text).to_json()
    except Exception as fault:  # noqa: BLE001 (the package raises bare Exception, too)
        raise refused(text, f"a CQL2 expression; {_place(fault)}") from None
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # Rust's, which no module exports
            raise
        raise refused(text, "a CQL2 expression that the parser can read") from None


def _place(fault: Exception) -> str:
    """Return where the parser stopped, from the `--> line:column` of its message."""
    first = str(fault).strip().partition("\n")[0]
    if not first.startswith("--> "):
        return first[:200]
    line, _, column = first.removeprefix("--> ").partition(":")
    return f"it breaks off at line {line}, column {column}"


def _of_json(text: str | bytes) -> Any:
    if len(text) > LONGEST_JSON:
        raise refused(str(text[:100]), f"at most {LONGEST_JSON} bytes")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise refused(str(text), f"JSON; {fault}") from None


def _check_size(root: Any, *, is_text: bool) -> None:
    """Refuse a tree that is too deep or too large; without recursion."""
    waiting, nodes = [(root, 0)] if _is_branch(root) else [], 0
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, Mapping):
            nodes += 1
            if is_text:
                _check_powers(node)
        below = node if isinstance(node, list) else list(node.values())
        if depth > 2 * DEEPEST_TREE or nodes > MOST_NODES:  # an operator and its list
            raise refused(
                "a filter",
                f"at most {DEEPEST_TREE} levels and {MOST_NODES} operators and operands",
            )
        waiting += [(item, depth + 1) for item in below if _is_branch(item)]


def _is_branch(node: object) -> bool:
    return isinstance(node, Mapping | list)


def _check_powers(node: Mapping[str, Any]) -> None:
    """Refuse a ^ b ^ c: CQL2 reads it from the right, the package from the left."""
    arguments = node.get("args")
    if node.get("op") == "^" and isinstance(arguments, list) and arguments:
        base = arguments[0]
        if isinstance(base, Mapping) and base.get("op") == "^":
            raise refused(
                "a ^ b ^ c", "brackets on the right: a ^ (b ^ c); or power(a ^ b, c)"
            )
