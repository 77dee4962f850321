"""Minutes on foot and metres, there and back.

A walk is longer than the straight line by the detour factor. Without a street
network everything is compared in walking metres, straight line x detour, so that a
threshold means the same to every engine.
"""

import math
from typing import overload

from layers.errors import InvalidParameter
from layers.measures.arrays import FloatArray

WALK_KMH = 4.5
"""Adults. Older people, people with disabilities and small children: 2.9 (0.8 m/s)."""

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
