"""Figures as they are published: how many digits, and to which multiples."""

import math

from layers.measures.secondary_suppression import rounded
from layers.measures.suppression import is_small

DECIMALS = 6
"""Sums of fractions of people carry noise far below a person."""

GROUP_DIGITS = 2
"""Digits of a figure about a population group: more would undo the rounding of people."""

PART_DIGITS = 2
"""Digits of the share of people of whom something minor is true."""


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


def part_told(part: float, whole: float, k: int) -> float | None:
    """Return what share of people something holds for, in whole hundredths.

    None where there is nobody, and where it holds for all but a few, or only for a few:
    fewer than `k` and not none. A total would give such a share away if the others were
    told to the person.

    Examples
    --------
    >>> part_told(250, 1000, 10), part_told(997, 1000, 10), part_told(1000, 1000, 10)
    (0.25, None, 1.0)
    """
    if not whole > 0 or is_small([part, max(whole - part, 0.0)], k=k).any():
        return None
    return round(part / whole, PART_DIGITS)
