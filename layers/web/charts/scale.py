"""Axes: round numbers for ticks, and where a value lies."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A line of numbers from 0 to `top`, drawn over `length` units."""

    top: float
    length: float

    def at(self, value: float) -> float:
        """Return how far along a value lies; values off the line lie at its ends."""
        return min(max(value / self.top, 0.0), 1.0) * self.length


def ticks(largest: float, about: int = 4) -> list[float]:
    """Return round numbers from 0 to at least the largest value.

    Steps are 1, 2, 2.5 or 5 times a power of ten. Without anything positive there is one
    step of 1.

    Examples
    --------
    >>> ticks(0.0), ticks(3.1), ticks(17_300)
    ([0.0, 1.0], [0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 5000.0, 10000.0, 15000.0, 20000.0])
    """
    if not largest > 0:
        return [0.0, 1.0]
    rough = largest / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(
        n * power for n in (1, 2, 2.5, 5, 10) if n * power >= rough * (1 - 1e-9)
    )
    count = math.ceil(largest / step - 1e-9)
    return [step * n for n in range(count + 1)]
