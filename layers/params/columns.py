"""Values of a layer's columns as query text, and the condition that a column has one."""

import re
from unicodedata import category

from layers.errors import InvalidParameter
from layers.params import kinds
from layers.params.spans import Day, Instant
from layers.published.layers.layer import Column, Condition, Kind

LONGEST_TEXT = 1000
LARGEST_NUMBER = 1.7976931348623157e308

SCALARS = frozenset(
    {
        Kind.STRING,
        Kind.INTEGER,
        Kind.NUMBER,
        Kind.BOOLEAN,
        Kind.DATE,
        Kind.DATETIME,
        Kind.UUID,
    }
)
"""Kinds of which a feature has one value, which can be sorted and asked for."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_BITS = {"smallint": 16, "integer": 32, "bigint": 64}
_TEXTS = ("text", "character varying")


class Integer(kinds.Kind):
    """A whole number that a column of so many bits can hold."""

    def __init__(self, bits: int) -> None:
        """Keep the ends."""
        self.low, self.high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
        super().__init__(
            f"a whole number from {self.low} to {self.high}",
            {"type": "integer", "minimum": self.low, "maximum": self.high},
        )

    def from_text(self, name: str, raw: str) -> int:
        """Return the number."""
        if not _INTEGER.fullmatch(raw) or not self.low <= int(raw) <= self.high:
            raise InvalidParameter(name, raw, self.allowed)
        return int(raw)


class Text(kinds.Kind):
    """Any text, as it stands: case and accents count."""

    def __init__(self) -> None:
        """Describe the text."""
        super().__init__(
            f"text of at most {LONGEST_TEXT} characters, no control characters",
            {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the text."""
        has_control = any(category(c) == "Cc" and c not in "\t\n\r" for c in raw)
        if has_control or len(raw) > LONGEST_TEXT:
            raise InvalidParameter(name, raw, self.allowed)
        return raw


def kind_of(column: Column) -> kinds.Kind | None:
    """Return how a value of the column is written in a query; None where it cannot be.

    A list of texts is asked for by one that it holds.
    """
    match column.kind:
        case Kind.STRING | Kind.STRINGS:
            return kinds.Choice(column.values) if column.values else Text()
        case Kind.INTEGER:
            return Integer(_BITS.get(column.sql_type, 64))
        case Kind.NUMBER:
            return kinds.Number(-LARGEST_NUMBER, LARGEST_NUMBER)
        case _:
            made = _SIMPLE.get(column.kind)
            return made() if made else None


_SIMPLE: dict[Kind, type[kinds.Flag | Day | Instant | kinds.Uuid]] = {
    Kind.BOOLEAN: kinds.Flag,
    Kind.DATE: Day,
    Kind.DATETIME: Instant,
    Kind.UUID: kinds.Uuid,
}


def equals(column: Column, value: object, name: str) -> Condition:
    """Return the condition that the column has the value, bound under `name`.

    Notes
    -----
    The value is cast and the column is not, so that an index serves; no cast has a length
    or a precision, which would cut the value until it fits.
    """
    bound = f"%({name})s"
    match column.kind:
        case Kind.STRINGS:
            sql = f"{bound}::text = ANY({column.sql})"
        case Kind.STRING if column.sql_type.startswith(_TEXTS):
            sql = f"{column.sql} = {bound}::text"
        case Kind.STRING:
            sql = f"{column.sql}::text = {bound}::text"
        case Kind.DATETIME if "without time zone" in column.sql_type:
            sql = f"{column.sql} = {bound}::timestamptz AT TIME ZONE 'UTC'"
        case Kind.DATETIME:
            sql = f"{column.sql} = {bound}::timestamptz"
        case _:
            sql = f"{column.sql} = {bound}::{column.sql_type.partition('(')[0]}"
    return Condition(sql, {name: value})
