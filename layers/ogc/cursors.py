"""Where a page begins: the sort values and the key of the feature before it, made opaque.

It is a position in an order and no row number, so pages neither skip nor repeat features
when others are written between them.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from layers.errors import InvalidParameter
from layers.params.kinds import Kind

LONGEST = 3000
Order = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Position:
    """A position in an order: by which columns, and behind which values."""

    order: tuple[tuple[str, bool], ...]
    key: tuple[str | None, ...]


class Cursor(Kind):
    """The text of a position."""

    def __init__(self) -> None:
        """Describe the text."""
        super().__init__(
            "what a `next` link holds",
            {"type": "string", "minLength": 1, "maxLength": LONGEST},
        )

    def from_text(self, name: str, raw: str) -> Position:
        """Return the position."""
        try:
            if len(raw) > LONGEST:
                raise ValueError("too long")
            padded = raw + "=" * (-len(raw) % 4)
            order, key = orjson.loads(
                base64.b64decode(padded, altchars=b"-_", validate=True)
            )
            if not isinstance(key, list) or not all(map(_is_part, key)):
                raise ValueError("no key")
            return Position(tuple((str(n), bool(d)) for n, d in order), tuple(key))
        except (binascii.Error, ValueError, TypeError):
            raise InvalidParameter(name, raw, self.allowed) from None


def _is_part(part: object) -> bool:
    return part is None or (isinstance(part, str) and "\x00" not in part)


def cursor_text(order: Order, key: Sequence[str | None]) -> str:
    """Return a position as the opaque text that `Cursor` reads."""
    text = orjson.dumps([list(order), list(key)])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
