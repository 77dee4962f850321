"""What tokens.css says, for servers and tests: the one place of every colour and size."""

import re
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "static/web/tokens.css"

_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
_DARK = "@media (prefers-color-scheme: dark)"
_PRINT = "@media print"


@lru_cache(maxsize=1)
def light() -> dict[str, str]:
    """Return the tokens of the light scheme, name (without dashes) -> value."""
    first = FILE.read_text(encoding="utf-8").partition(_DARK)[0]
    return dict(_TOKEN.findall(first.partition(":lang")[0]))


@lru_cache(maxsize=1)
def dark() -> dict[str, str]:
    """Return the tokens of the dark scheme; what it leaves alone is as in the light one."""
    rest = FILE.read_text(encoding="utf-8").partition(_DARK)[2]
    return {**light(), **dict(_TOKEN.findall(rest.partition(_PRINT)[0]))}
