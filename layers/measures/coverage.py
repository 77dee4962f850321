"""Who is served? People by zone, from costs at the points where they live.

Points are compared first and zones summed last; a zone is never judged from its
centroid. Zones are indices 0 to n_zones - 1; a caller with people outside of every
zone gives them a zone of their own, so that nobody is lost from the totals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import (
    FloatArray,
    IntArray,
    checked_costs,
    checked_people,
    checked_zones,
)

QUANTILE_SLACK = 1e-9
"""People by which a running sum may miss a quantile for rounding alone."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """People served and not, by zone; arrays of shape (n_zones,).

    Attributes
    ----------
    residents, served, unserved : ndarray
        People; `served + unserved == residents`.
    share_served : ndarray
        0 to 1, NaN in a zone without residents: no population is no share, not 0.
    """

    residents: FloatArray
    served: FloatArray
    unserved: FloatArray
    share_served: FloatArray

    def together(self) -> "Coverage":
        """Return the people of all zones as one zone."""
        return _coverage(_total(self.residents), _total(self.served))


@dataclass(frozen=True, slots=True)
class MeanCost:
    """Mean cost of the people of each zone; arrays of shape (n_zones,).

    Attributes
    ----------
    mean : ndarray
        Over all residents; NaN where any of them reaches nothing, for there is no
        mean of an unreachable distance, and where nobody lives.
    mean_of_reachable : ndarray
        Over those residents who reach something; NaN when nobody does.
    share_reachable : ndarray
        0 to 1; NaN in a zone without residents.
    residents, reachable : ndarray
        People, and those of them who reach something.
    """

    mean: FloatArray
    mean_of_reachable: FloatArray
    share_reachable: FloatArray
    residents: FloatArray
    reachable: FloatArray

    def together(self) -> "MeanCost":
        """Return the people of all zones as one zone; not the mean of the zones."""
        person_costs = np.nan_to_num(self.mean_of_reachable) * self.reachable
        return _mean_cost(
            _total(self.residents), _total(self.reachable), _total(person_costs)
        )


def people_served(
    costs: ArrayLike,
    population: ArrayLike,
    zone: ArrayLike,
    *,
    n_zones: int,
    threshold: float,
) -> Coverage:
    """Return the people within a threshold of the nearest service, by zone.

    Parameters
    ----------
    costs : array_like, (n,)
        Cost from each demand point to its nearest service; inf is unreachable.
    population : array_like, (n,)
        People at each demand point, 0 or more.
    zone : array_like of int, (n,)
        Zone of each demand point.
    n_zones : int
        Number of zones; those without points have 0 residents and no share.
    threshold : float
        In the unit of `costs`. Its end is inside: `cost <= threshold` is served.
        inf serves whoever reaches a service at all.

    Returns
    -------
    Coverage
        Arrays of shape (n_zones,), in the order of the index.

    Raises
    ------
    InvalidArray
        Lengths that differ, NaN, negative people or costs, zones out of range.

    Notes
    -----
    C = sum_i P_i 1[d_i <= t] / sum_i P_i, U = sum_i P_i 1[d_i > t]. Without any
    service every cost is inf: nobody is served.

    References
    ----------
    Cumulative opportunities with the nearest only; SDG indicator 11.2.1.

    Examples
    --------
    Two zones of two points; the third zone is empty:

    >>> people_served([5, 15, 16, float("inf")], [10, 20, 30, 40], [0, 0, 1, 1],
    ...     n_zones=3, threshold=15)
    Coverage(residents=array([30., 70.,  0.]), served=array([30.,  0.,  0.]), \
unserved=array([ 0., 70.,  0.]), share_served=array([ 1.,  0., nan]))
    """
    d, people, z = _checked(costs, population, zone, n_zones)
    if np.isnan(threshold) or threshold < 0:
        raise InvalidArray(f"threshold: {threshold} is not a cost (>= 0)")
    within = np.isfinite(d) & (d <= threshold)
    return _coverage(_sum(people, z, n_zones), _sum(people * within, z, n_zones))


def mean_cost(
    costs: ArrayLike, population: ArrayLike, zone: ArrayLike, *, n_zones: int
) -> MeanCost:
    """Return the population-weighted mean cost by zone.

    Parameters are those of `people_served`.

    Raises
    ------
    InvalidArray
        As `people_served`.

    References
    ----------
    Apparicio et al. (2008): the population-weighted mean of small units.

    Examples
    --------
    >>> found = mean_cost([100, 400, float("inf")], [3, 1, 1], [0, 0, 1], n_zones=2)
    >>> found.mean, found.share_reachable
    (array([175.,  nan]), array([1., 0.]))
    >>> found.together().mean, found.together().mean_of_reachable
    (array([nan]), array([175.]))
    """
    d, people, z = _checked(costs, population, zone, n_zones)
    reaches = np.isfinite(d)
    return _mean_cost(
        _sum(people, z, n_zones),
        _sum(people * reaches, z, n_zones),
        _sum(people * np.where(reaches, d, 0.0), z, n_zones),
    )


def cost_quantiles(
    costs: ArrayLike,
    population: ArrayLike,
    zone: ArrayLike,
    *,
    n_zones: int,
    q: Sequence[float] = (0.5,),
) -> FloatArray:
    """Return the costs that shares `q` of each zone's people do not exceed.

    Parameters
    ----------
    costs, population, zone, n_zones
        As in `people_served`.
    q : sequence of float, length m
        Each above 0, up to 1; 0.5 is the median, 0.9 the ninetieth percentile.

    Returns
    -------
    ndarray, (m, n_zones)
        The smallest cost c with at least q of the people at c or less (no
        interpolation, so it is the cost of somebody). inf when that person reaches
        nothing, NaN where nobody lives.

    Raises
    ------
    InvalidArray
        As `people_served`; a share out of range.

    Examples
    --------
    Nine people at 100 m outweigh two points far away:

    >>> cost_quantiles([900, 100, 800], [1, 9, 1], [0, 0, 0], n_zones=1, q=(0.5, 0.9))
    array([[100.],
           [800.]])
    """
    for share in q:
        if not 0 < share <= 1:
            raise InvalidArray(f"q: {share} is not above 0 and up to 1")
    d, people, z = _checked(costs, population, zone, n_zones)
    by_cost = np.argsort(d)
    order = by_cost if n_zones == 1 else _by_zone(by_cost, z, n_zones)
    running = np.concatenate(([0.0], np.cumsum(people[order])))
    ends = np.cumsum(np.bincount(z, minlength=n_zones))
    starts = np.concatenate(([0], ends))[:-1]
    total = running[ends] - running[starts]
    lived_in = total > 0
    result = np.full((len(q), n_zones), np.nan)
    for row, share in enumerate(q):
        wanted = running[starts] + share * total - QUANTILE_SLACK
        at = np.searchsorted(running[1:], wanted, side="left")[lived_in]
        at = np.clip(at, starts[lived_in], ends[lived_in] - 1)
        result[row, lived_in] = d[order][at]
    return result


def _coverage(residents: FloatArray, served: FloatArray) -> Coverage:
    return Coverage(
        residents=residents,
        served=served,
        unserved=residents - served,
        share_served=_ratio(served, residents),
    )


def _mean_cost(
    residents: FloatArray, reachable: FloatArray, person_costs: FloatArray
) -> MeanCost:
    conditional = _ratio(person_costs, reachable)
    return MeanCost(
        mean=np.where(reachable == residents, conditional, np.nan),
        mean_of_reachable=conditional,
        share_reachable=_ratio(reachable, residents),
        residents=residents,
        reachable=reachable,
    )


def _by_zone(order: IntArray, zone: IntArray, n_zones: int) -> IntArray:
    """Bring an order into that of zones; inside a zone it stays as it is."""
    # A stable sort of small integers takes linear time.
    small = zone.astype(np.int16) if n_zones < 2**15 else zone
    return order[np.argsort(small[order], kind="stable")]


def _total(values: FloatArray) -> FloatArray:
    return np.asarray(values.sum(keepdims=True), dtype=np.float64)


def _checked(
    costs: ArrayLike, population: ArrayLike, zone: ArrayLike, n_zones: int
) -> tuple[FloatArray, FloatArray, IntArray]:
    d = checked_costs(costs, "costs")
    people = checked_people(population, "population", n=len(d))
    return d, people, checked_zones(zone, n_zones, n=len(d))


def _sum(values: FloatArray, zone: IntArray, n_zones: int) -> FloatArray:
    return np.bincount(zone, weights=values, minlength=n_zones).astype(np.float64)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
