"""Between what a difference moves when the assumptions do: paired, run by run.

The interval of a difference is not the difference of two intervals. Whoever walks slowly
walks slowly today and then, so each run of the envelope (a speed, a detour, a threshold,
doubtful places counted or not) is asked of both states, and their difference is taken.
"""

from dataclasses import dataclass

import numpy as np

from layers.analysis.flags import Flag
from layers.analysis.zones import Zones
from layers.measures.arrays import FloatArray
from layers.measures.envelope import reach_ratios, unserved_by_run
from layers.measures.suppression import SMALL_COUNT

BETTER, WORSE, SAME, UNCLEAR = "better", "worse", "same", "unclear"


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Walking metres to the nearest place, in each reading of what is not known.

    Attributes
    ----------
    walk_m : ndarray, (n,)
        To those that can be used as far as anybody knows; the figures are made of it.
    sure_m : ndarray, (n,)
        To those without a doubt; never nearer.
    possible_m : ndarray, (n,)
        To those that may be of use, too; never farther.
    """

    walk_m: FloatArray
    sure_m: FloatArray
    possible_m: FloatArray

    @property
    def readings(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """All three."""
        return self.walk_m, self.sure_m, self.possible_m


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Between what the difference of each zone moves, and last that of everybody.

    Attributes
    ----------
    low, high : ndarray, (n_zones + 1,)
        People not reached then less today, over all runs.
    recorded_low, recorded_high : ndarray, (n_zones + 1,)
        Over those runs in which places are as they are on record: doubts set aside.
    """

    low: FloatArray
    high: FloatArray
    recorded_low: FloatArray
    recorded_high: FloatArray


def difference_bounds(before: Walks, after: Walks, zones: Zones) -> Bounds:
    """Return the lowest and highest difference of people not reached.

    Parameters
    ----------
    before, after : Walks
        Of the same points.
    zones : Zones
        Who lives where.

    Notes
    -----
    Only points whose walk changes in some reading are looked at; the others add 0 in
    every run.
    """
    n_zones = len(zones.codes)
    pairs = list(zip(before.readings, after.readings, strict=True))
    touched = np.flatnonzero(np.any([was != will for was, will in pairs], axis=0))
    if not len(touched):
        nothing = np.zeros(n_zones + 1)
        return Bounds(nothing, nothing, nothing, nothing)
    ratios = reach_ratios(has_detour=Flag.NO_NETWORK in zones.engine_flags)
    runs = [
        unserved_by_run(
            [reading[touched] for reading in side],
            zones.people[touched],
            zones.zone[touched],
            n_zones=n_zones,
            thresholds=zones.parameters.threshold_m * ratios,
        )
        for side in zip(*pairs, strict=True)
    ]
    difference = runs[1] - runs[0]
    of_all = np.hstack([difference, difference.sum(axis=1, keepdims=True)])
    recorded = of_all[: len(ratios)]  # the first reading
    return Bounds(
        of_all.min(axis=0),
        of_all.max(axis=0),
        recorded.min(axis=0),
        recorded.max(axis=0),
    )


def told_bounds(
    low: float, high: float, base: int, k: int = SMALL_COUNT
) -> tuple[float, float]:
    """Return an interval of a difference as it is published.

    Bounds move outwards to multiples of `base`, and over counts below `k`: such a
    bound would tell of few of them.

    Examples
    --------
    >>> told_bounds(-3, 4, 1), told_bounds(12, 48, 5), told_bounds(3, 40, 1)
    ((-10.0, 10.0), (10.0, 50.0), (0.0, 40.0))
    """
    # Sums of fractions of people carry noise far below a person.
    below = np.floor(round(low, 6) / base) * base if base > 1 else round(low, 6)
    above = np.ceil(round(high, 6) / base) * base if base > 1 else round(high, 6)
    return _outwards(float(below), -1, k), _outwards(float(above), 1, k)


def _outwards(bound: float, sign: int, k: int) -> float:
    if not 0 < abs(bound) < k:
        return bound + 0.0  # no -0.0
    return float(sign * k) if bound * sign > 0 else 0.0


def verdict_of(interval: tuple[float, float]) -> str:
    """Return what may be said of a difference of people not reached.

    Examples
    --------
    >>> [verdict_of(i) for i in ((10, 40), (-40, -10), (0, 40), (0, 0))]
    ['worse', 'better', 'unclear', 'same']
    """
    low, high = interval
    if low > 0:
        return WORSE
    if high < 0:
        return BETTER
    return SAME if low == high == 0 else UNCLEAR
