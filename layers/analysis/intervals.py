"""Between what a district's figures move when the assumptions do.

The same places and people, asked at 27 combinations of speed, detour and threshold (9
along streets), each with doubtful places counted as usable and as not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.analysis.disclosure import Withheld, rounding_base
from layers.analysis.flags import Flag
from layers.analysis.reach import Reach
from layers.analysis.zones import Zones
from layers.measures.arrays import FloatArray
from layers.measures.envelope import (
    Envelope,
    envelope,
    reach_ratios,
    unserved_by_run,
    widened,
)

Interval = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Intervals:
    """The intervals of one term.

    Attributes
    ----------
    zones : list of dict
        For each zone `residents_unserved`, `share_served` and `rank` as [low, high], and
        `n_runs`; empty where the zone's figures are withheld or nobody lives there.
    total : dict
        The same for the municipality, which has no rank.
    """

    zones: list[Interval]
    total: Interval


def intervals(reach: Reach, zones: Zones, withheld: Withheld) -> Intervals:
    """Return the intervals of one term."""
    n_zones = len(zones.codes)
    readings = (reach.sure_walk_m, reach.possible_walk_m)
    costs = [reach.walk_m, *(cost for cost in readings if cost is not reach.walk_m)]
    ratios = reach_ratios(has_detour=Flag.NO_NETWORK in zones.engine_flags)
    runs = unserved_by_run(
        costs,
        zones.people,
        zones.zone,
        n_zones=n_zones,
        thresholds=zones.parameters.threshold_m * ratios,
    )
    residents = np.bincount(zones.zone, weights=zones.people, minlength=n_zones).astype(
        np.float64
    )
    is_shown = (residents > 0) & ~withheld.zones
    is_ranked = is_shown.copy()
    is_ranked[-1] = False  # the outside
    found = envelope(runs, is_ranked=is_ranked)
    everybody = runs.sum(axis=1, keepdims=True)
    of_all = envelope(everybody, is_ranked=[False])
    base = rounding_base(zones.parameters)
    whole = residents.sum(keepdims=True)
    shown_total = [bool(whole[0] > 0) and not withheld.total]
    (total,) = _spoken(of_all, whole, shown_total, base, withheld.k)
    told = _spoken(found, residents, is_shown.tolist(), base, withheld.k)
    return Intervals(list(told), total)


def _spoken(
    found: Envelope, residents: FloatArray, is_shown: list[bool], base: int, k: int
) -> Iterator[Interval]:
    low, high = widened(
        np.minimum(found.low, residents),
        np.minimum(found.high, residents),
        residents,
        k=k,
        base=base,
    )
    for n, shown in enumerate(is_shown):
        if not shown:
            yield {}
            continue
        people = [round(float(low[n]), 6), round(float(high[n]), 6)]
        shares = [round(1 - count / float(residents[n]), 6) for count in people[::-1]]
        said: Interval = {
            "residents_unserved": people,
            "share_served": shares,
            "n_runs": found.n_runs,
        }
        if found.rank_low[n]:
            said["rank"] = [int(found.rank_low[n]), int(found.rank_high[n])]
        yield said
