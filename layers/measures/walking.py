"""Minutes on foot and metres, there and back.

A walk is longer than the straight line by the detour factor. Without a street
network everything is compared in walking metres, straight line x detour, so that a
threshold means the same to every engine.
"""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.arrays import FloatArray

WALK_KMH = 4.5
"""Adults, where nothing slower is known of the group."""

SLOW_KMH = 2.9
"""0.8 m/s: what pedestrian lights are set for where many walk slowly."""

GROUP_WALK_KMH: Mapping[str, float] = MappingProxyType(
    {
        "older-people": SLOW_KMH,
        "people-with-disabilities": SLOW_KMH,
        "deaf-hard-of-hearing": WALK_KMH,
        "small-children": SLOW_KMH,
        "pregnant-women-new-mothers": SLOW_KMH,
    }
)
"""Walking speed of population groups; a group not named walks as the one above it.

Whoever goes with small children walks at their pace. Deafness slows nobody's walk."""

DETOUR = 1.3
"""Streets over straight line in a European city where no network is loaded."""


def metres_per_minute(walk_kmh: float = WALK_KMH) -> float:
    """Return walking speed in metres a minute.

    Examples
    --------
    >>> metres_per_minute(4.5)
    75.0
    """
    if not (math.isfinite(walk_kmh) and walk_kmh > 0):
        raise InvalidParameter("walk_kmh", walk_kmh, "a speed above 0")
    return walk_kmh * 1000 / 60


def minutes_to_metres(minutes: float, walk_kmh: float = WALK_KMH) -> float:
    """Return the walking metres done in some minutes.

    Examples
    --------
    >>> minutes_to_metres(15)
    1125.0
    """
    if math.isnan(minutes) or minutes < 0:
        raise InvalidParameter("minutes", minutes, "0 or more")
    return minutes * metres_per_minute(walk_kmh)


@overload
def metres_to_minutes(metres: float, walk_kmh: float = WALK_KMH) -> float: ...
@overload
def metres_to_minutes(metres: FloatArray, walk_kmh: float = WALK_KMH) -> FloatArray: ...
def metres_to_minutes(
    metres: float | FloatArray, walk_kmh: float = WALK_KMH
) -> float | FloatArray:
    """Return the minutes that walking metres take; inf stays inf.

    Examples
    --------
    >>> metres_to_minutes(900)
    12.0
    """
    return metres / metres_per_minute(walk_kmh)


def straight_line_reach_m(
    minutes: float, walk_kmh: float = WALK_KMH, detour: float = DETOUR
) -> float:
    """Return the straight-line radius in metres that minutes on foot stand for.

    Examples
    --------
    >>> round(straight_line_reach_m(15), 1)
    865.4
    """
    if not (math.isfinite(detour) and detour >= 1):
        raise InvalidParameter("detour", detour, "1 or more")
    return minutes_to_metres(minutes, walk_kmh) / detour


def group_walk_kmh(path: Iterable[str]) -> float:
    """Return the walking speed of a population group in km/h.

    Parameters
    ----------
    path : iterable of str
        Slugs from the top of the tree down to the group; empty is everybody.

    Returns
    -------
    float
        Of the lowest group on the path that has a speed of its own, else `WALK_KMH`.

    References
    ----------
    4.5 km/h: between r5r's 3.6 and the 4.8 of PTAL (Transport for London). 0.8 m/s:
    measured of people over 65 at crossings, Asher et al. (2012), Age Ageing 41,
    doi:10.1093/ageing/afs076.

    Examples
    --------
    >>> group_walk_kmh(["people-with-disabilities", "mobility-impaired"])
    2.9
    >>> group_walk_kmh(["people-with-disabilities", "deaf-hard-of-hearing"])
    4.5
    >>> group_walk_kmh([])
    4.5
    """
    found = WALK_KMH
    for slug in path:
        found = GROUP_WALK_KMH.get(slug, found)
    return found


def slope_factor(rise_m: ArrayLike, length_m: ArrayLike) -> FloatArray:
    """Return how many times longer a street takes because it is not level.

    Parameters
    ----------
    rise_m : array_like, (n,)
        Height of one end over the other in metres, either sign; NaN is not known.
    length_m : array_like, (n,)
        Length of the street in metres, 0 or more.

    Returns
    -------
    ndarray, (n,)
        1 or more: the mean of going and coming back, as whoever goes to a service
        comes home again. 1 where the rise is not known or the street has no length.

    Raises
    ------
    InvalidArray
        Shapes that do not fit; a length below 0 or not finite.

    Notes
    -----
    Tobler's speed at slope S is 6 exp(-3.5 |S + 0.05|) km/h. Over its speed on the
    level, one way takes exp(3.5 (|S + 0.05| - 0.05)) times as long, which is less than
    1 on a gentle descent; the mean of both ways never is. Slopes beyond 1 (45 degrees)
    count as 1: they are faults of heights, not streets.

    References
    ----------
    Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA
    Technical Report 93-1.

    Examples
    --------
    >>> slope_factor([0, 5, -5], [100, 100, 100]).round(4)
    array([1.    , 1.0154, 1.0154])
    """
    rise, length = np.asarray(rise_m, np.float64), np.asarray(length_m, np.float64)
    if rise.shape != length.shape or rise.ndim != 1:
        raise InvalidArray(f"rise_m: {rise.shape} does not fit lengths {length.shape}")
    if not (np.isfinite(length) & (length >= 0)).all():
        raise InvalidArray("length_m: a length is a finite number >= 0")
    is_known = np.isfinite(rise) & (length > 0)
    slope = np.divide(
        np.abs(rise), length, out=np.zeros_like(length), where=is_known
    ).clip(max=1)
    up = np.exp(3.5 * slope)
    down = np.exp(3.5 * (np.abs(0.05 - slope) - 0.05))
    return np.asarray((up + down) / 2)
