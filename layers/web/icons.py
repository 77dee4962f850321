"""The signs of icons.svg by name, and which of them stand for a kind of service."""

import re
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "static/web/icons.svg"
_KINDS = "<!-- Kinds of service"
OTHER = "pin"
"""The sign of a kind that has none of its own."""


@lru_cache(maxsize=1)
def _symbols() -> tuple[frozenset[str], tuple[str, ...]]:
    text = _FILE.read_text(encoding="utf-8")
    named = re.compile(r'<symbol id="([\w-]+)"')
    after = text.partition(_KINDS)[2]
    return frozenset(named.findall(text)), tuple(named.findall(after))


def kinds() -> tuple[str, ...]:
    """Return the slugs of the top categories that have a sign, as icons.svg has them."""
    return _symbols()[1]


def sign_of(name: str) -> str:
    """Return the name of the sign for a category, or of the one for all others."""
    return name if name in _symbols()[0] else OTHER
