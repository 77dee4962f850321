"""Places to walk to with what they can take, when they are open, and how fresh that is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.measures.week_slots import N_WORDS, Words, week_words

DAYS_A_MONTH = 365.2425 / 12

UNKNOWN_HOURS = "?"
"""Stands for the hours of a place that has none on record."""

_RANGE = re.compile(r"\[(\d+),(\d+)\)")

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Places:
    """Services at places that people surely may use: a row of each array for each.

    Attributes
    ----------
    xy : ndarray, (p, 2)
        Where they are: each point once, sorted; metres in METRIC_SRID.
    point : ndarray of int, (n,)
        Which point each service is at; ascending.
    capacity : ndarray, (n,)
        How many it takes, NaN where that is not on record.
    unit : ndarray of str, (n,)
        What of (`beds`, `places`, ...); "" where that is not on record.
    months : ndarray, (n,)
        Since it was verified, 0 or more; NaN for never.
    is_for_all : ndarray of bool, (n,)
        Not only for some population groups.
    week : ndarray of uint64, (n, 3)
        When it is open, as `measures.week_slots` keeps it; 0 where that is not known.
    has_hours : ndarray of bool, (n,)
        Its hours are on record.
    of_term : dict of str to ndarray of int
        By term: the rows of services that carry it or a child of it.
    """

    xy: Floats
    point: Integers
    capacity: Floats
    unit: NDArray[np.str_]
    months: Floats
    is_for_all: Booleans
    week: Words
    has_hours: Booleans
    of_term: dict[str, Integers]


def months_of(days: Integers) -> Floats:
    """Return days since a verification as months; below -9,999 is never, NaN.

    What was verified after the day asked about counts as verified on it.
    """
    months = np.maximum(days, 0) / DAYS_A_MONTH
    return np.where(days < NEVER_DAYS, np.nan, months)


NEVER_DAYS = -9_999
"""Days since a verification below this are none at all."""


def weeks_of(lines: Sequence[str]) -> tuple[Words, Booleans]:
    """Return hours as PostgreSQL writes them as weeks, (n, 3), and which are known.

    Equal hours are read once: many services keep office hours.
    """
    read = {
        line: week_words([(int(a), int(b)) for a, b in _RANGE.findall(line)])
        for line in set(lines)
    }
    weeks = np.zeros((len(lines), N_WORDS), dtype=np.uint64)
    for n, line in enumerate(lines):
        weeks[n] = read[line]
    return weeks, np.array([line != UNKNOWN_HOURS for line in lines], dtype=np.bool_)


def numbered_points(x: Floats, y: Floats) -> tuple[Floats, Integers]:
    """Return the different points, sorted by x and then y, and which each row is."""
    xy, number = np.unique(np.column_stack((x, y)), axis=0, return_inverse=True)
    return xy.reshape(-1, 2), number.reshape(-1).astype(np.int64)
