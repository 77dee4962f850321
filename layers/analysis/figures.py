"""Sums, means and medians of one term for every zone, before anything is withheld."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layers.analysis.flags import Flag
from layers.analysis.reach import Reach
from layers.analysis.zones import Zones
from layers.measures.arrays import FloatArray
from layers.measures.coverage import (
    Coverage,
    MeanCost,
    cost_quantiles,
    mean_cost,
    people_served,
)
from layers.selectors.supply_arrays import (
    ARE_HOURS_UNKNOWN,
    IS_APPROXIMATE,
    IS_UNCERTAIN,
    IS_UNVERIFIED,
)

QUALITY_BITS = {
    Flag.HOURS_UNKNOWN: ARE_HOURS_UNKNOWN,
    Flag.UNVERIFIED: IS_UNVERIFIED,
    Flag.GEOCODE_APPROX: IS_APPROXIMATE,
    Flag.ELIGIBILITY_UNKNOWN: IS_UNCERTAIN,
}
"""Doubts about the nearest place, and their bits in `Reach.quality`."""

SHARES = (0.5, 0.9)
"""The median, and the ninetieth percentile."""


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


def figures_of(reach: Reach, zones: Zones) -> tuple[list[Figures], Figures]:
    """Return the figures of each zone in order, and those of everybody together."""
    people, zone, n_zones = zones.people, zones.zone, len(zones.codes)
    threshold_m = zones.parameters.threshold_m
    covered = people_served(
        reach.walk_m, people, zone, n_zones=n_zones, threshold=threshold_m
    )
    mean = mean_cost(reach.walk_m, people, zone, n_zones=n_zones)
    # At the edge first, then a row for each doubt.
    marks = [zones.is_near_border & (reach.walk_m > threshold_m)]
    marks += [reach.quality & bit > 0 for bit in QUALITY_BITS.values()]
    marked = np.array(
        [np.bincount(zone, weights=people * mark, minlength=n_zones) for mark in marks]
    )
    quantiles = cost_quantiles(reach.walk_m, people, zone, n_zones=n_zones, q=SHARES)
    of_all = cost_quantiles(reach.walk_m, people, zones.everywhere, n_zones=1, q=SHARES)
    (together,) = _figures(
        covered.together(), mean.together(), of_all, marked.sum(axis=1, keepdims=True)
    )
    return list(_figures(covered, mean, quantiles, marked)), together


def _figures(
    covered: Coverage, mean: MeanCost, quantiles: FloatArray, marked: FloatArray
) -> Iterator[Figures]:
    """Yield the figures of each zone from arrays whose last axis is the zones."""
    columns = (
        covered.residents,
        covered.served,
        covered.unserved,
        covered.share_served,
        mean.mean,
        mean.mean_of_reachable,
        mean.share_reachable,
        *quantiles,
        marked[0],
        marked[1:].T,
    )
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield Figures(*values)
