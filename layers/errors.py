"""The one family of errors that GeoACCMR raises on purpose.

Every message names the argument, the value given and what is allowed, so that the
person who reads it can mend the call. Nothing here knows any other room; the edges
(`answers/problems.py`, the management commands) turn these into answers.
"""

from collections.abc import Sequence
from typing import ClassVar


def shown(value: object, *, limit: int = 80) -> str:
    """Return `value` as a short printable text, safe to put into a message.

    Control characters are escaped and long values cut, so that hostile input can
    neither break a log line nor fill an answer.
    """
    text = value if isinstance(value, str) else repr(value)
    text = "".join(
        c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[: limit + 1]
    )
    return text if len(text) <= limit else text[:limit] + "…"


class LayersError(Exception):
    """A fault that the caller can understand and mend.

    Attributes
    ----------
    code : str
        Stable machine-readable name, the last part of the problem's `type`.
    detail : str
        One sentence for a person.
    """

    code: ClassVar[str] = "error"

    def __init__(self, detail: str) -> None:
        """Keep `detail` as the message."""
        super().__init__(detail)
        self.detail = detail


class InvalidParameter(LayersError):
    """A parameter's value is of the wrong type, out of range or not allowed."""

    code = "invalid-parameter"

    def __init__(self, name: str, value: object, allowed: str) -> None:
        """Name the parameter, the value given and what is allowed."""
        self.name, self.value, self.allowed = name, value, allowed
        super().__init__(f"{name}: {shown(value)!r} is not allowed; {allowed}")


class InvalidParameters(LayersError):
    """Several parameters of one call are at fault; each is named.

    Attributes
    ----------
    faults : tuple of InvalidParameter
        In the order of the call.
    """

    code = "invalid-parameter"

    def __init__(self, faults: Sequence[InvalidParameter]) -> None:
        """Keep the faults; the message holds them all."""
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.detail for fault in self.faults))


class MalformedBody(LayersError):
    """A request body that is not the JSON object it should be."""

    code = "malformed-body"


class UnknownParameter(LayersError):
    """A parameter that this resource does not have."""

    code = "unknown-parameter"

    def __init__(self, name: str, known: list[str]) -> None:
        """Name the parameter and list those that exist."""
        self.name = name
        super().__init__(
            f"{shown(name)!r} is not a parameter here; known: {', '.join(sorted(known))}"
        )


class NotFound(LayersError):
    """No resource of that kind and key, or none that the reader may see."""

    code = "not-found"

    def __init__(self, kind: str, key: object) -> None:
        """Name the kind and the key; the same text whether absent or hidden."""
        super().__init__(f"there is no {kind} {shown(key)!r}")


class Gone(NotFound):
    """What anybody could see once and was taken back, so that saying so betrays nothing."""


class InvalidRecord(LayersError):
    """A record that breaks a rule of the domain, with the field at fault."""

    code = "invalid-record"

    def __init__(self, field: str, value: object, reason: str) -> None:
        """Name the field, the value and the reason."""
        self.field, self.value, self.reason = field, value, reason
        super().__init__(f"{field}: {shown(value)!r}: {reason}")


class UnreadableFile(LayersError):
    """A file that cannot be read as what it claims to be."""

    code = "unreadable-file"


class ImportRefused(LayersError):
    """An import that was not written because rows of it were refused."""

    code = "import-refused"


class InvalidArray(LayersError):
    """Arrays handed to a measure that do not fit its contract."""

    code = "invalid-array"


class Unavailable(LayersError):
    """The database cannot answer now; trying again later may work."""

    code = "unavailable"


class TooManyReports(LayersError):
    """One sender sent more reports than anybody needs to; waiting helps.

    Attributes
    ----------
    retry_after_s : int
        Seconds until the next one is taken.
    """

    code = "too-many-reports"

    def __init__(self, limit: int, retry_after_s: int) -> None:
        """Name the limit and the wait."""
        self.retry_after_s = retry_after_s
        super().__init__(
            f"at most {limit} reports an hour are taken from one sender; "
            f"try again in {max(1, round(retry_after_s / 60))} minutes"
        )


class NotAllowed(LayersError):
    """The caller may not do that; what is asked for is there."""

    code = "not-allowed"


class TooManyQuestions(LayersError):
    """As much is being computed as is taken at a time; waiting helps.

    Attributes
    ----------
    retry_after_s : int
        Seconds until it may work.
    """

    code = "too-many-questions"

    def __init__(self, detail: str, retry_after_s: int) -> None:
        """Say what is full, and how long to wait."""
        self.retry_after_s = retry_after_s
        super().__init__(detail)
