"""How far a count could be off: the same question under every plausible assumption.

Nobody knows the exact walking speed, detour and patience of a city. The question is
asked for each combination of them, and what comes out lowest and highest is told beside
the central figure. No run is likelier than another, so the interval is no confidence
interval; it says between what the figure moves while the assumptions do.

References
----------
.. [1] Neutens (2015) Accessibility, equity and health care: review and research
   directions for transport geographers, J. Transp. Geogr. 43, 14-27.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray, InvalidParameter
from layers.measures.arrays import FloatArray, IntArray, checked_people, checked_zones

SPEED_RATIOS = (4.0 / 4.5, 1.0, 5.0 / 4.5)
"""Of the walking speed: 4.0, 4.5 and 5.0 km/h where that is 4.5."""

DETOUR_RATIOS = (1.2 / 1.3, 1.0, 1.4 / 1.3)
"""Of the detour factor: 1.2, 1.3 and 1.4 where that is 1.3."""

THRESHOLD_RATIOS = (0.8, 1.0, 1.2)
"""Of the longest walk that counts as reached."""

RANKS_PERCENT = (5, 95)
"""Percentiles of a district's ranks over all runs that its rank interval spans."""


def reach_ratios(*, has_detour: bool) -> FloatArray:
    """Return by how much the reach differs in each run: (27,), or (9,) without a detour.

    Parameters
    ----------
    has_detour : bool
        Whether walks are straight lines times a detour. Along streets there is none to
        doubt.

    Examples
    --------
    >>> len(reach_ratios(has_detour=True)), len(reach_ratios(has_detour=False))
    (27, 9)
    """
    detours = DETOUR_RATIOS if has_detour else (1.0,)
    return np.array(
        [
            speed * threshold / detour
            for speed, threshold, detour in product(
                SPEED_RATIOS, THRESHOLD_RATIOS, detours
            )
        ]
    )


def unserved_by_run(
    costs: Sequence[ArrayLike],
    people: ArrayLike,
    zone: ArrayLike,
    *,
    n_zones: int,
    thresholds: ArrayLike,
) -> FloatArray:
    """Return the people not served in each zone, in each run.

    Parameters
    ----------
    costs : sequence of array_like, each (n,)
        Cost to the closest place: once for each reading of what is not known of the
        places (counted as usable, and as not). inf is unreachable.
    people : array_like, (n,)
        At each point.
    zone : array_like of int, (n,)
        Zone of each point.
    n_zones : int
        How many zones there are.
    thresholds : array_like, (n_thresholds,)
        In the unit of the costs; a cost of exactly the threshold is within it.

    Returns
    -------
    ndarray, (len(costs) * n_thresholds, n_zones)
        People with a cost above the threshold.

    Notes
    -----
    O(n log n) for each reading, whatever the number of thresholds: points are sorted by
    how many thresholds they miss, and summed once.
    """
    persons = checked_people(people, "people")
    zones = checked_zones(zone, n_zones, n=len(persons))
    limits = np.asarray(thresholds, dtype=np.float64)
    if limits.ndim != 1 or not len(limits) or np.isnan(limits).any():
        raise InvalidArray(f"thresholds: {limits} is no list of costs")
    order = np.argsort(limits, kind="stable")
    found = np.empty((len(costs), len(limits), n_zones))
    for n, cost in enumerate(costs):
        distances = np.asarray(cost, dtype=np.float64)
        if distances.shape != persons.shape or np.isnan(distances).any():
            raise InvalidArray(f"costs: {n} does not fit the {len(persons)} points")
        # The number of sorted thresholds below the cost: so many runs do not serve it.
        missed = np.searchsorted(limits[order], distances, side="left")
        by_missed = np.bincount(
            missed * n_zones + zones,
            weights=persons,
            minlength=(len(limits) + 1) * n_zones,
        ).reshape(len(limits) + 1, n_zones)
        # Unserved at the k-th smallest threshold: everybody who misses more than k.
        found[n, order] = by_missed[::-1].cumsum(axis=0)[::-1][1:]
    return found.reshape(-1, n_zones)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The lowest and the highest of each zone over all runs.

    Attributes
    ----------
    low, high : ndarray, (n_zones,)
        People not served.
    rank_low, rank_high : ndarray of int, (n_zones,)
        Between which ranks the zone lies, 1 has the most people not served; 0 for zones
        that are not ranked.
    n_runs : int
        How many runs it was taken from.
    """

    low: FloatArray
    high: FloatArray
    rank_low: IntArray
    rank_high: IntArray
    n_runs: int


def envelope(unserved: ArrayLike, *, is_ranked: ArrayLike) -> Envelope:
    """Return the envelope of runs.

    Parameters
    ----------
    unserved : array_like, (n_runs, n_zones)
        As `unserved_by_run` gives it.
    is_ranked : array_like of bool, (n_zones,)
        Zones that take part in the ranking.

    Notes
    -----
    Of equally many unserved people the earlier zone ranks first, in every run. Ranks are
    those that occur: the 5th percentile downwards, the 95th upwards.

    Examples
    --------
    >>> found = envelope([[10, 20, 5], [30, 20, 5]], is_ranked=[True, True, False])
    >>> found.low.tolist(), found.high.tolist()
    ([10.0, 20.0, 5.0], [30.0, 20.0, 5.0])
    >>> found.rank_low.tolist(), found.rank_high.tolist()
    ([1, 1, 0], [2, 2, 0])
    """
    runs = np.asarray(unserved, dtype=np.float64)
    ranked = np.asarray(is_ranked, dtype=np.bool_)
    if runs.ndim != 2 or not len(runs) or ranked.shape != runs.shape[1:]:
        raise InvalidArray(f"unserved: shape {runs.shape} is not (n_runs, n_zones)")
    columns = np.flatnonzero(ranked)
    by_need = np.argsort(-runs[:, columns], axis=1, kind="stable")
    ranks = np.empty_like(by_need)
    np.put_along_axis(ranks, by_need, np.arange(len(columns))[None, :] + 1, axis=1)
    low, high = np.zeros(len(ranked), np.int64), np.zeros(len(ranked), np.int64)
    if len(columns):
        first, last = RANKS_PERCENT
        low[columns] = np.percentile(ranks, first, axis=0, method="lower")
        high[columns] = np.percentile(ranks, last, axis=0, method="higher")
    return Envelope(runs.min(axis=0), runs.max(axis=0), low, high, len(runs))


def widened(
    low: ArrayLike, high: ArrayLike, total: ArrayLike, *, k: int, base: int = 1
) -> tuple[FloatArray, FloatArray]:
    """Return an interval that shows no count of fewer than k people on either side.

    Parameters
    ----------
    low, high : array_like, (n,)
        The interval of a part of `total`.
    total : array_like, (n,)
        People in all, known to everybody.
    k : int
        The smallest count that may be seen, 1 or more. A bound that leaves fewer,
        within or outside, moves outwards: to nobody, to k, or to everybody.
    base : int
        Bounds are moved outwards to multiples of this, everybody apart.

    Examples
    --------
    >>> low, high = widened([3, 40], [50, 95], [100, 100], k=10)
    >>> low.tolist(), high.tolist()
    ([0.0, 40.0], [50.0, 100.0])
    """
    if k < 1 or base < 1:
        raise InvalidParameter("k", min(k, base), "1 or more")
    everybody = checked_people(total, "total")
    below = checked_people(low, "low", n=len(everybody))
    above = checked_people(high, "high", n=len(everybody))
    below = np.floor(below / base) * base
    above = np.minimum(np.ceil(above / base) * base, everybody)
    below = np.where(below < k, 0.0, below)
    above = np.where((above > 0) & (above < k), np.minimum(k, everybody), above)
    is_seen = (above < everybody) & (everybody - above < k)
    above = np.where(is_seen, everybody, above)
    is_seen = (below < everybody) & (everybody - below < k)
    below = np.where(is_seen, np.maximum(everybody - k, 0.0), below)
    return np.asarray(np.where(below < k, 0.0, below)), np.asarray(above)
