"""Priority class of a district: how large a share of its people is not served.

Fixed cut-offs, the same everywhere and every year. Quantiles would always find a
worst fifth, also in a city where everybody is served. The class is GeoACCMR's own
and is not a severity phase of JIAF or IPC, which need household data.
"""

import math
from bisect import bisect_left

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.arrays import IntArray, checked_people, checked_zones

PRIORITY_CUTS = (0.10, 0.25, 0.50, 0.75)
"""Shares unserved that still belong to classes 1 to 4; above the last is class 5."""

PRIORITY_CLASSES = ("minimal", "stress", "severe", "extreme", "critical")
"""Names of classes 1 to 5."""

AREA_SHARE = 0.20
"""A class describes an area when so large a share of its people is in it or worse."""

SHARE_SLACK = 1e-12
"""Rounding that a share of people may miss the 20 % by."""


def priority_class(share_unserved: float | None) -> int | None:
    """Return the class from 1 (minimal) to 5 (critical), None where nobody lives.

    Parameters
    ----------
    share_unserved : float or None
        0 to 1; None or NaN where there is no population.

    Raises
    ------
    InvalidParameter
        A share outside 0 to 1.

    Examples
    --------
    >>> [priority_class(s) for s in (0.0, 0.10, 0.11, 0.75, 1.0, None)]
    [1, 1, 2, 4, 5, None]
    """
    if share_unserved is None or math.isnan(share_unserved):
        return None
    if not 0 <= share_unserved <= 1:
        raise InvalidParameter("share_unserved", share_unserved, "a share from 0 to 1")
    return 1 + bisect_left(PRIORITY_CUTS, share_unserved)


def priority_classes(share_unserved: ArrayLike) -> IntArray:
    """Return the class of many shares at once, 0 where there is none (NaN).

    Raises
    ------
    InvalidArray
        A share outside 0 to 1.

    Examples
    --------
    >>> priority_classes([0.0, 0.10, 0.11, 1.0, float("nan")])
    array([1, 1, 2, 5, 0])
    """
    share = np.asarray(share_unserved, dtype=np.float64)
    known = ~np.isnan(share)
    if not ((share[known] >= 0) & (share[known] <= 1)).all():
        raise InvalidArray("share_unserved: some are not from 0 to 1")
    found = 1 + np.searchsorted(PRIORITY_CUTS, share, side="left")
    return np.where(known, found, 0).astype(np.int64)


def area_class(
    classes: ArrayLike,
    people: ArrayLike,
    zone: ArrayLike,
    *,
    n_zones: int,
    share: float = AREA_SHARE,
) -> IntArray:
    """Return the worst class that at least 20 % of an area's people are in, or worse.

    Parameters
    ----------
    classes : array_like of int, (n,)
        Class of each part of an area (a block, a neighbourhood), 1 to 5; 0 where there
        is none.
    people : array_like, (n,)
        People of each part. Those of parts without a class do not count.
    zone : array_like of int, (n,)
        Area of each part, 0 to n_zones - 1.
    share : float
        Above 0, up to 1; exactly this share is enough.

    Returns
    -------
    ndarray of int, (n_zones,)
        1 to 5; 0 where nobody lives.

    Notes
    -----
    The rule of the IPC: with 15 % in class 5 and 15 % in class 4 the area is in class
    4, for 30 % are in it or worse. So things that get worse never lower a class.

    References
    ----------
    IPC Technical Manual 3.1 (2021), area classification.

    Examples
    --------
    >>> area_class([5, 4, 1, 0], [15, 15, 70, 500], [0, 0, 0, 0], n_zones=1)
    array([4])
    """
    if not 0 < share <= 1:
        raise InvalidParameter("share", share, "above 0 and up to 1")
    count = checked_people(people, "people")
    area = checked_zones(zone, n_zones, n=len(count))
    grade = np.asarray(classes)
    worst = len(PRIORITY_CLASSES)
    if grade.shape != count.shape or not np.isin(grade, range(worst + 1)).all():
        raise InvalidArray(
            f"classes: not {count.shape} whole numbers from 0 to {worst}"
        )
    table = np.zeros((n_zones, worst + 1))
    np.add.at(table, (area, grade.astype(np.int64)), count)
    in_it_or_worse = np.cumsum(table[:, :0:-1], axis=1)
    total = in_it_or_worse[:, -1:]
    enough = (in_it_or_worse >= share * total * (1 - SHARE_SLACK)) & (total > 0)
    # The columns run from the worst class to the first.
    found = worst - np.argmax(enough, axis=1)
    return np.where(enough.any(axis=1), found, 0).astype(np.int64)
