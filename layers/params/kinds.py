"""Kinds of values that a request may carry, each read strictly and described once.

A kind reads the same value from query text and from JSON, and holds the JSON schema that
the OpenAPI document shows; so what is documented is what is checked.
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import category
from uuid import UUID

from layers.errors import InvalidParameter

Schema = Mapping[str, Any]

NOT_SHOWN = "(not shown)"
"""Stands in errors for a value that may say where somebody is."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,12}")
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,3})?"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class Kind(ABC):
    """One kind of value.

    Attributes
    ----------
    allowed : str
        What is allowed, in words.
    schema : Mapping
        The same as a JSON schema of OpenAPI 3.0.
    """

    def __init__(self, allowed: str, schema: Schema) -> None:
        """Keep how the kind is described."""
        self.allowed, self.schema = allowed, schema

    @abstractmethod
    def from_text(self, name: str, raw: str) -> Any:
        """Return the value of query text; InvalidParameter where it is none."""

    def from_json(self, name: str, raw: object) -> Any:
        """Return the value of a JSON value; text unless the kind says otherwise."""
        if not isinstance(raw, str):
            raise InvalidParameter(name, raw, f"a string: {self.allowed}")
        return self.from_text(name, raw)


class Whole(Kind):
    """A whole number from `low` to `high`; with `clamps` larger ones become `high`."""

    def __init__(self, low: int, high: int, *, clamps: bool = False) -> None:
        """Keep the ends."""
        self.low, self.high, self.clamps = low, high, clamps
        allowed = f"a whole number from {low} to {high}"
        schema: dict[str, Any] = {"type": "integer", "minimum": low}
        if clamps:
            allowed += ", and more is taken as that"
        else:
            schema["maximum"] = high
        super().__init__(allowed, schema)

    def from_text(self, name: str, raw: str) -> int:
        """Return the number."""
        if not _INTEGER.fullmatch(raw):
            raise InvalidParameter(name, raw, self.allowed)
        return self._checked(name, int(raw))

    def from_json(self, name: str, raw: object) -> int:
        """Return the number; JSON true, 1.0 and "1" are none."""
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise InvalidParameter(name, raw, self.allowed)
        return self._checked(name, raw)

    def _checked(self, name: str, value: int) -> int:
        if value < self.low or (value > self.high and not self.clamps):
            raise InvalidParameter(name, value, self.allowed)
        return min(value, self.high)


class Number(Kind):
    """A finite number from `low` to `high`, both included.

    A `private` one (a coordinate of the person who asks) is never repeated in an error.
    """

    def __init__(self, low: float, high: float, *, private: bool = False) -> None:
        """Keep the ends."""
        self.low, self.high, self.private = low, high, private
        super().__init__(
            f"a number from {low:g} to {high:g}",
            {"type": "number", "minimum": low, "maximum": high},
        )

    def from_text(self, name: str, raw: str) -> float:
        """Return the number."""
        if not _NUMBER.fullmatch(raw):
            raise self._refusal(name, raw)
        return self._checked(name, float(raw))

    def from_json(self, name: str, raw: object) -> float:
        """Return the number; JSON true and "1" are none."""
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise self._refusal(name, raw)
        return self._checked(name, float(raw))

    def _checked(self, name: str, value: float) -> float:
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise self._refusal(name, value)
        return value

    def _refusal(self, name: str, raw: object) -> InvalidParameter:
        return InvalidParameter(name, NOT_SHOWN if self.private else raw, self.allowed)


class Flag(Kind):
    """True or false."""

    def __init__(self) -> None:
        """Describe the flag."""
        super().__init__("true or false", {"type": "boolean"})

    def from_text(self, name: str, raw: str) -> bool:
        """Return the flag."""
        if raw not in ("true", "false"):
            raise InvalidParameter(name, raw, self.allowed)
        return raw == "true"

    def from_json(self, name: str, raw: object) -> bool:
        """Return the flag; JSON 1 and "true" are none."""
        if not isinstance(raw, bool):
            raise InvalidParameter(name, raw, self.allowed)
        return raw


class Choice(Kind):
    """One of a fixed set of words."""

    def __init__(self, words: Iterable[str]) -> None:
        """Keep the words, in their order."""
        self.words = tuple(str(word) for word in words)
        super().__init__(
            f"one of {', '.join(self.words)}",
            {"type": "string", "enum": list(self.words)},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the word."""
        if raw not in self.words:
            raise InvalidParameter(name, raw, self.allowed)
        return raw


class Code(Kind):
    """A slug or a code; whether there is such a one is asked of the data later."""

    def __init__(self) -> None:
        """Describe the code."""
        super().__init__(
            "a code of at most 60 letters, digits, dots, hyphens and underscores",
            {"type": "string", "pattern": f"^{_CODE.pattern}$"},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the code."""
        if not _CODE.fullmatch(raw):
            raise InvalidParameter(name, raw, self.allowed)
        return raw


class Uuid(Kind):
    """A uuid in its usual form, with hyphens."""

    def __init__(self) -> None:
        """Describe the uuid."""
        super().__init__(
            "a uuid like 9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c",
            {"type": "string", "format": "uuid"},
        )

    def from_text(self, name: str, raw: str) -> UUID:
        """Return the uuid."""
        if not _UUID.fullmatch(raw):
            raise InvalidParameter(name, raw, self.allowed)
        return UUID(raw)


class Words(Kind):
    """Free text to search for; it must hold a letter or a digit."""

    def __init__(self, longest: int = 100) -> None:
        """Keep the longest length in characters."""
        self.longest = longest
        super().__init__(
            f"at most {longest} characters, a letter or digit among them, no control characters",
            {"type": "string", "minLength": 1, "maxLength": longest},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the text without blanks around it."""
        # Joiners and direction marks are part of Arabic and Persian spelling; NUL is not.
        is_clean = not any(category(c) == "Cc" for c in raw)
        has_word = any(c.isalnum() for c in raw)
        if len(raw) > self.longest or not is_clean or not has_word:
            raise InvalidParameter(name, raw, self.allowed)
        return raw.strip()


def is_number(raw: str) -> bool:
    """Tell whether the text is a plain decimal number; not NaN, not infinity."""
    return _NUMBER.fullmatch(raw) is not None
