"""Kinds of values that only scenarios have: hours of a week, names by language."""

from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import category

from layers.analysis.scenario_hours import Hours
from layers.errors import InvalidParameter
from layers.params.kinds import Kind
from layers.params.languages import LANGUAGES

_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows: a name could show another one."""


class WeekHours(Kind):
    """A span of opening hours of an ordinary week."""

    def __init__(self) -> None:
        """Describe the span."""
        super().__init__(
            "hours like `mon-fri 09:00-17:00` or `sat 22:00-02:00`",
            {"type": "string", "maxLength": 20},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the text as it is."""
        try:
            Hours.of([raw])
        except InvalidParameter as fault:
            raise InvalidParameter(name, raw, fault.allowed) from None
        return raw


class LanguageMap(Kind):
    """A short text in one language or several: `{"el": "…", "en": "…"}`."""

    def __init__(self, longest: int) -> None:
        """Keep the longest length of one text in characters."""
        self.longest = longest
        super().__init__(
            f"an object of {', '.join(LANGUAGES)}: texts of one line, at most {longest} "
            "characters, with a letter",
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    code: {"type": "string", "minLength": 1, "maxLength": longest}
                    for code in LANGUAGES
                },
            },
        )

    def from_text(self, name: str, raw: str) -> Mapping[str, str]:
        """Refuse text."""
        raise InvalidParameter(name, raw, self.allowed)

    def from_json(self, name: str, raw: object) -> Mapping[str, str]:
        """Return the map, without blanks around the texts."""
        if not isinstance(raw, dict) or not raw or not set(raw) <= set(LANGUAGES):
            raise InvalidParameter(name, raw, self.allowed)
        return MappingProxyType(
            {code: self._checked(f"{name}.{code}", raw[code]) for code in raw}
        )

    def _checked(self, name: str, text: object) -> str:
        if not isinstance(text, str):
            raise InvalidParameter(name, text, self.allowed)
        plain = text.strip()
        # Joiners and direction marks are part of Arabic and Persian spelling.
        is_line = not any(
            category(c) in ("Cc", "Zl", "Zp", "Cs") or c in _OVERRIDES for c in plain
        )
        if (
            len(plain) > self.longest
            or not is_line
            or not any(c.isalpha() for c in plain)
        ):
            raise InvalidParameter(name, text, self.allowed)
        return plain
