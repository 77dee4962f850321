"""How a filter is refused: one parameter, what is wrong with it, what is allowed."""

import json
from typing import Any

from layers.errors import InvalidParameter

FILTER = "filter"


def refused(part: Any, allowed: str) -> InvalidParameter:
    """Return the error for a part of a filter: a text, a number or a node of its tree."""
    if isinstance(part, dict | list):
        part = json.dumps(part, ensure_ascii=False, default=str)[:200]
    return InvalidParameter(FILTER, part, allowed)
