"""Figures as they are published: how many digits, and to which multiples."""

import math

from layers.measures.secondary_suppression import rounded

DECIMALS = 6
"""Sums of fractions of people carry noise far below a person."""

GROUP_DIGITS = 2
"""Digits of a figure about a population group: more would undo the rounding of people."""


def people_told(number: float, base: int) -> float:
    """Return a count as it is published: rounded to a multiple of `base`."""
    if base == 1:
        return round(number, DECIMALS)
    return float(rounded([number], base=base)[0])


def figure_told(number: float, base: int) -> float | None:
    """Return a mean or a ratio as it is published; None where there is none.

    Where people are rounded, so is what they could be worked out from.
    """
    if not math.isfinite(number):
        return None
    return round(number, DECIMALS) if base == 1 else float(f"{number:.{GROUP_DIGITS}g}")
