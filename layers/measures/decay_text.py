"""Decays as people write them: `stepped:5000=1,10000=0.68`, `gaussian:5000`."""

import math
from collections.abc import Callable

from layers.errors import InvalidParameter
from layers.measures.decay import (
    Binary,
    Decay,
    Exponential,
    Gaussian,
    Linear,
    Logistic,
    Power,
    Stepped,
)

SPELLINGS = (
    "binary",
    "stepped:5000=1,10000=0.68,15000=0.22",
    "linear:T",
    "exponential:BETA",
    "gaussian:SIGMA",
    "power:ALPHA",
    "logistic:M,S",
)
"""How decays are written, for messages and help."""


def parse_decay(text: str) -> Decay:
    """Return the decay that a text describes.

    Parameters
    ----------
    text : str
        `binary`, `binary:T`, `stepped:5000=1,10000=0.68`, `linear:T`,
        `exponential:BETA`, `gaussian:SIGMA`, `power:ALPHA`, `logistic:M,S`.

    Raises
    ------
    InvalidParameter
        An unknown kind, too few or too many numbers, numbers out of range.

    Examples
    --------
    >>> parse_decay("stepped:5000=1,10000=0.68")
    Stepped(limits=(5000.0, 10000.0), weights=(1.0, 0.68))
    >>> parse_decay("gaussian:5000")
    Gaussian(sigma=5000.0)
    """
    kind, colon, rest = text.strip().partition(":")
    kind = kind.strip().casefold()
    if kind == "binary" and not colon:
        return Binary()
    if kind not in _FORMS:
        raise InvalidParameter("decay", text, f"one of {', '.join(SPELLINGS)}")
    return _FORMS[kind](rest, text)


def _stepped(rest: str, text: str) -> Decay:
    steps = [part.partition("=") for part in rest.split(",")]
    if not all(equals for _, equals, _ in steps):
        raise InvalidParameter("decay", text, "stepped:LIMIT=WEIGHT,LIMIT=WEIGHT")
    pairs = sorted((_number(d, text), _number(w, text)) for d, _, w in steps)
    return Stepped(tuple(d for d, _ in pairs), tuple(w for _, w in pairs))


def _of_numbers(count: int, make: Callable[..., Decay]) -> Callable[[str, str], Decay]:
    def parse(rest: str, text: str) -> Decay:
        numbers = [_number(part, text) for part in rest.split(",")]
        if len(numbers) != count:
            wanted = f"{count} number{'s' * (count > 1)} after the colon"
            raise InvalidParameter("decay", text, wanted)
        return make(*numbers)

    return parse


_FORMS: dict[str, Callable[[str, str], Decay]] = {
    "binary": _of_numbers(1, Binary),
    "stepped": _stepped,
    "linear": _of_numbers(1, Linear),
    "exponential": _of_numbers(1, Exponential),
    "gaussian": _of_numbers(1, Gaussian),
    "power": _of_numbers(1, Power),
    "logistic": _of_numbers(2, Logistic),
}


def _number(part: str, text: str) -> float:
    try:
        value = float(part)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidParameter("decay", text, f"numbers such as {SPELLINGS[1]}")
    return value
