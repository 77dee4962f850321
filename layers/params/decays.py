"""A decay of distance, as people write it."""

from layers.errors import InvalidParameter
from layers.measures.decay_text import SPELLINGS, parse_decay
from layers.params.kinds import Kind

MAX_LENGTH = 100
ALONE = "stepped"
"""Without steps of its own: those of the threshold."""


class DecayText(Kind):
    """A decay over minutes on foot, such as `gaussian:5`."""

    def __init__(self) -> None:
        """Describe the text."""
        super().__init__(
            f"{ALONE}, or one of {', '.join(SPELLINGS)}, over minutes on foot",
            {"type": "string", "maxLength": MAX_LENGTH},
        )

    def from_text(self, name: str, raw: str) -> str:
        """Return the text in lower case, if it is a decay."""
        text = raw.strip().casefold()
        if text == ALONE:
            return text
        if len(text) > MAX_LENGTH:
            raise InvalidParameter(name, raw, self.allowed)
        try:
            parse_decay(text)
        except InvalidParameter as fault:
            raise InvalidParameter(name, raw, fault.allowed) from None
        return text
