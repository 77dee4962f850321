"""Kinds of values that are asked of a layer: systems, boxes, words, order, filters."""

import math
from collections.abc import Sequence

from layers import crs
from layers.crs import ReferenceSystem
from layers.errors import InvalidParameter
from layers.params.kinds import Kind, is_number
from layers.published.cql2.limits import LONGEST_JSON
from layers.published.reference_systems import is_computable

LONGEST_TERM = 200


class System(Kind):
    """A coordinate reference system."""

    def __init__(self) -> None:
        """Describe the system."""
        super().__init__(
            crs.ALLOWED, {"type": "string", "minLength": 5, "maxLength": 100}
        )

    def from_text(self, name: str, raw: str) -> ReferenceSystem:
        """Return the system, one that PROJ and PostGIS know."""
        try:
            found = crs.reference_system(raw)
        except LookupError:
            raise InvalidParameter(name, raw, self.allowed) from None
        if found.srid not in crs.LISTED_SRIDS and not is_computable(found.srid):
            raise InvalidParameter(name, raw, self.allowed)
        return found


class Edges(Kind):
    """The four or six numbers of a box, in the order of its system."""

    def __init__(self) -> None:
        """Describe the numbers as OGC API - Features Part 1, 7.15.3 does."""
        super().__init__(
            "four numbers like west,south,east,north, or six with heights",
            {
                "type": "array",
                "minItems": 4,
                "maxItems": 6,
                "items": {"type": "number"},
            },
        )

    def from_text(self, name: str, raw: str) -> tuple[float, ...]:
        """Return the numbers."""
        parts = raw.split(",")
        if len(parts) not in (4, 6) or not all(map(is_number, parts)):
            raise InvalidParameter(name, raw, self.allowed)
        edges = tuple(map(float, parts))
        if not all(map(math.isfinite, edges)):
            raise InvalidParameter(name, raw, self.allowed)
        return edges


class Terms(Kind):
    """Words to search for: commas part alternatives, blanks join a phrase."""

    def __init__(self) -> None:
        """Describe the words."""
        super().__init__(
            f"words of at most {LONGEST_TERM} characters, a letter or digit among them",
            {"type": "string", "minLength": 1, "maxLength": LONGEST_TERM},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the phrase with single blanks."""
        has_word = any(c.isalnum() for c in raw)
        if len(raw) > LONGEST_TERM or "\x00" in raw or not has_word:
            raise InvalidParameter(name, raw, self.allowed)
        return " ".join(raw.split())


class Order(Kind):
    """A column to sort by; a minus before it for the largest first."""

    def __init__(self, names: Sequence[str]) -> None:
        """Keep the columns that can be sorted."""
        self.names = frozenset(names)
        super().__init__(
            f"[+|-] and one of {', '.join(names)}",
            {"type": "string", "pattern": r"^[+-]?[^+\-\s].*$"},
        )

    def from_text(self, name: str, raw: str) -> tuple[str, bool]:
        """Return the column's name and whether the largest comes first.

        An unescaped + of a query arrives as a blank.
        """
        column = raw[1:] if raw[0] in "+- " else raw
        if column not in self.names:
            raise InvalidParameter(name, raw, self.allowed)
        return column, raw[0] == "-"


class Cql2(Kind):
    """The text of a filter; what it says is read when the layer is known."""

    def __init__(self) -> None:
        """Describe the text."""
        super().__init__(
            "a CQL2 expression",
            {"type": "string", "minLength": 1, "maxLength": LONGEST_JSON},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the text as it is."""
        if len(raw) > LONGEST_JSON or "\x00" in raw:
            raise InvalidParameter(name, raw, self.allowed)
        return raw
