"""JSON objects as values of a parameter, each member read as strictly as a parameter."""

from collections.abc import Callable
from typing import Any

from layers.errors import InvalidParameter
from layers.params.kinds import Kind


class Members(Kind):
    """A JSON object with exactly these members; none in a query.

    Attributes
    ----------
    make : callable
        What the value read is made with, from the members by name. It must be hashable.
    members : dict of str to Kind
        Each is required. A fault is named after parameter and member, like `open.lon`.
    """

    def __init__(self, make: Callable[..., Any], **members: Kind) -> None:
        """Keep the members."""
        self.make, self.members = make, members
        listed = ", ".join(f'"{name}": …' for name in members)
        super().__init__(
            f"an object {{{listed}}}",
            {
                "type": "object",
                "additionalProperties": False,
                "required": list(members),
                "properties": {name: kind.schema for name, kind in members.items()},
            },
        )

    def from_text(self, name: str, raw: str) -> Any:
        """Refuse text."""
        raise InvalidParameter(name, raw, self.allowed)

    def from_json(self, name: str, raw: object) -> Any:
        """Return the value of an object."""
        if not isinstance(raw, dict) or set(raw) != set(self.members):
            raise InvalidParameter(name, raw, self.allowed)
        return self.make(
            **{
                member: kind.from_json(f"{name}.{member}", raw[member])
                for member, kind in self.members.items()
            }
        )
