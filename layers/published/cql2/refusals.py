"""How a filter is refused: one parameter, what is wrong with it, what is allowed."""

from typing import Any

import orjson

from layers.errors import InvalidParameter

FILTER = "filter"


def refused(part: Any, allowed: str) -> InvalidParameter:
    """Return the error for a part of a filter: a text, a number or a node of its tree."""
    if isinstance(part, dict | list):
        part = orjson.dumps(part, default=str)[:200].decode("utf-8", "replace")
    return InvalidParameter(FILTER, part, allowed)
