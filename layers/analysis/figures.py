"""Sums, means and medians of one term for every zone, before anything is withheld."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layers.analysis.flags import Flag
from layers.analysis.reach import Reach
from layers.analysis.zones import Zones
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.coverage import cost_quantiles, mean_cost, people_served
from layers.measures.suppression import gives_away_small_count, is_small
from layers.selectors.supply import ARE_HOURS_UNKNOWN, IS_APPROXIMATE, IS_UNVERIFIED

QUALITY_BITS = {
    Flag.HOURS_UNKNOWN: ARE_HOURS_UNKNOWN,
    Flag.UNVERIFIED: IS_UNVERIFIED,
    Flag.GEOCODE_APPROX: IS_APPROXIMATE,
}
"""Doubts about the nearest place, and their bits in `Reach.quality`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums of one zone, before anything is withheld; NaN and inf as computed."""

    residents: float
    served: float
    unserved: float
    share_served: float
    mean_m: float
    mean_of_reachable_m: float
    share_reachable: float
    median_m: float
    p90_m: float
    at_edge: float
    doubtful: list[float]
    is_suppressed: bool
    is_small: bool


def figures_by_zone(
    reach: Reach, zones: Zones, zone: IntArray, n_zones: int
) -> Iterator[Figures]:
    """Yield the figures of each zone in order."""
    people = zones.people
    threshold_m = zones.parameters.threshold_m

    def people_where(condition: BoolArray) -> FloatArray:
        found = np.bincount(zone, weights=people * condition, minlength=n_zones)
        return found.astype(np.float64)

    covered = people_served(
        reach.walk_m, people, zone, n_zones=n_zones, threshold=threshold_m
    )
    mean = mean_cost(reach.walk_m, people, zone, n_zones=n_zones)
    median_m, p90_m = cost_quantiles(
        reach.walk_m, people, zone, n_zones=n_zones, q=(0.5, 0.9)
    )
    at_edge = people_where(zones.is_near_border & (reach.walk_m > threshold_m))
    doubtful = [people_where(reach.quality & bit > 0) for bit in QUALITY_BITS.values()]
    columns = (
        covered.residents,
        covered.served,
        covered.unserved,
        covered.share_served,
        mean.mean,
        mean.mean_of_reachable,
        mean.share_reachable,
        median_m,
        p90_m,
        at_edge,
        np.column_stack(doubtful),
        gives_away_small_count(covered.residents, covered.served),
        is_small(covered.residents),
    )
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield Figures(*values)
