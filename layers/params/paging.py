"""Pages: how many, and where to go on."""

import base64
import binascii
from collections.abc import Sequence

import orjson

from layers.errors import InvalidParameter
from layers.params.kinds import Kind, Whole
from layers.params.reading import Parameter

DEFAULT_LIMIT = 100
MOST = 10_000
LONGEST_CURSOR = 400

LIMIT = Parameter(
    "limit",
    Whole(1, MOST, clamps=True),
    f"Items of a page; more than {MOST} is taken as {MOST}.",
    default=DEFAULT_LIMIT,
)


class Cursor(Kind):
    """Where a page begins: the sort key of the last item before it, made opaque.

    It is a position in an order and no row number, so pages neither skip nor repeat
    when the data changes between them.
    """

    def __init__(self, n_parts: int) -> None:
        """Keep how many parts the sort key has."""
        self.n_parts = n_parts
        super().__init__(
            "what a `next` link holds",
            {"type": "string", "maxLength": LONGEST_CURSOR},
        )

    def from_text(self, name: str, raw: str) -> tuple[str, ...]:
        """Return the parts of the sort key."""
        try:
            if len(raw) > LONGEST_CURSOR:
                raise ValueError("too long")
            key = orjson.loads(
                base64.b64decode(
                    raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True
                )
            )
        except (binascii.Error, ValueError):
            key = None
        if not self._is_key(key):
            raise InvalidParameter(name, raw, self.allowed)
        return tuple(key)

    def _is_key(self, key: object) -> bool:
        return (
            isinstance(key, list)
            and len(key) == self.n_parts
            and all(isinstance(part, str) and "\x00" not in part for part in key)
        )


def cursor(n_parts: int) -> Parameter:
    """Return the parameter for pages sorted by a key of so many parts."""
    return Parameter(
        "cursor", Cursor(n_parts), "Where the page begins; from a `next` link."
    )


def cursor_text(key: Sequence[object]) -> str:
    """Return a sort key as the opaque text that `Cursor` reads."""
    text = orjson.dumps([str(part) for part in key])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")
