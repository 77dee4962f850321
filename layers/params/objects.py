"""JSON objects as values of a parameter, each member read as strictly as a parameter."""

from collections.abc import Callable, Iterable
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
        A fault is named after parameter and member, like `open.lon`.
    optional : frozenset of str
        Members that may be left out; `make` is then called without them.
    """

    def __init__(
        self, make: Callable[..., Any], *, optional: Iterable[str] = (), **members: Kind
    ) -> None:
        """Keep the members."""
        self.make, self.members = make, members
        self.optional = frozenset(optional)
        listed = ", ".join(f'"{name}": …' for name in members)
        super().__init__(
            f"an object {{{listed}}}",
            {
                "type": "object",
                "additionalProperties": False,
                "required": [name for name in members if name not in self.optional],
                "properties": {name: kind.schema for name, kind in members.items()},
            },
        )

    def from_text(self, name: str, raw: str) -> Any:
        """Refuse text."""
        raise InvalidParameter(name, raw, self.allowed)

    def from_json(self, name: str, raw: object) -> Any:
        """Return the value of an object."""
        names = set(self.members)
        if not isinstance(raw, dict) or not names - self.optional <= set(raw) <= names:
            raise InvalidParameter(name, raw, self.allowed)
        return self.make(
            **{
                member: kind.from_json(f"{name}.{member}", raw[member])
                for member, kind in self.members.items()
                if member in raw
            }
        )


class Several(Kind):
    """A JSON array of values of one kind, read as a tuple; none in a query."""

    def __init__(self, kind: Kind, most: int) -> None:
        """Keep the kind of the values, and how many there may be."""
        self.kind, self.most = kind, most
        super().__init__(
            f"an array of at most {most}: {kind.allowed}",
            {"type": "array", "maxItems": most, "items": kind.schema},
        )

    def from_text(self, name: str, raw: str) -> Any:
        """Refuse text."""
        raise InvalidParameter(name, raw, self.allowed)

    def from_json(self, name: str, raw: object) -> tuple[Any, ...]:
        """Return the values of an array; an empty one is one."""
        if not isinstance(raw, list) or len(raw) > self.most:
            raise InvalidParameter(name, raw, self.allowed)
        return tuple(self.kind.from_json(name, one) for one in raw)
