"""Who is served when places run out: people assigned to places at the least cost."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from layers.errors import LayersError
from layers.measures.arrays import FloatArray, IntArray, checked_people
from layers.measures.pairs import checked_pairs, rows_of, with_data, within

DUST = 1e-9
"""Share of a person that the solver may leave over."""


@dataclass(frozen=True, slots=True, eq=False)
class CapacitySplit:
    """What becomes of the people of each point; the three add up to them.

    Attributes
    ----------
    served : ndarray, (n,)
        People who get a place.
    without_capacity : ndarray, (n,)
        People who have a site in reach, and no place is left there.
    out_of_reach : ndarray, (n,)
        People with no site within the threshold.
    load : ndarray, (m,)
        People at each site, at most its places.
    assigned : csr_array, (n, m)
        People by pair.
    cost : float
        Sum of people times cost over those served.
    """

    served: FloatArray
    without_capacity: FloatArray
    out_of_reach: FloatArray
    load: FloatArray
    assigned: csr_array
    cost: float


def capacity_split(
    demand: ArrayLike, supply: ArrayLike, costs: Any, *, threshold: float
) -> CapacitySplit:
    """Return served, in reach without capacity, and out of reach.

    Parameters
    ----------
    demand : array_like, (n,)
        People at each demand point; fractions of people may be split.
    supply : array_like, (m,)
        Places of each site. A site without places is in reach all the same.
    costs : sparse, (n, m)
        Stored entries are the pairs that can be travelled, 0 included.
    threshold : float
        In the unit of costs; its end is inside.

    Returns
    -------
    CapacitySplit
        As many people served as can be, and among all ways to do that one with the
        least total cost. How many are served in all, and at which cost, is unique;
        by point it may not be where several ways cost the same.

    Raises
    ------
    InvalidArray
        As `floating_catchment.catchment`.

    Notes
    -----
    A transport problem: x_ij >= 0, sum_j x_ij <= P_i, sum_i x_ij <= S_j; maximise
    sum x first, then minimise sum d x, in one linear programme: costs are scaled to
    at most 1 and each person served is worth m + 1, more than any chain of moves
    through m sites can cost. Before that, people whose nearest site has room for all
    who could come are given to it, which no optimum would do otherwise.

    This is the best that a planner could reach; where people choose for themselves
    more are turned away. Coverage without capacity is `people_served`.

    Examples
    --------
    Two places at the door of the first point, and the second reaches them too; a
    third point reaches nothing:

    >>> costs = csr_array(([1.0, 5.0], ([0, 1], [0, 0])), shape=(3, 1))
    >>> split = capacity_split([1, 3, 4], [2], costs, threshold=5)
    >>> split.served, split.without_capacity, split.out_of_reach
    (array([1., 1., 0.]), array([0., 2., 0.]), array([0., 0., 4.]))
    """
    people = checked_people(demand, "demand")
    places = checked_people(supply, "supply")
    pairs = checked_pairs(costs, n=len(people), m=len(places))
    pairs = within(pairs, threshold)
    flow = np.zeros(pairs.nnz)
    left, room = people.copy(), places.copy()
    _give_to_roomy_sites(pairs, left, room, flow)
    _assign_the_rest(pairs, left, room, flow)
    assigned = with_data(pairs, flow)
    served = np.minimum(assigned @ np.ones(len(places)), people)
    reaches = np.diff(pairs.indptr) > 0
    return CapacitySplit(
        served=served,
        without_capacity=np.where(reaches, people - served, 0.0),
        out_of_reach=np.where(reaches, 0.0, people),
        load=np.minimum(assigned.T @ np.ones(len(people)), places),
        assigned=assigned,
        cost=float((flow * pairs.data).sum()),
    )


def _give_to_roomy_sites(
    pairs: csr_array, left: FloatArray, room: FloatArray, flow: FloatArray
) -> None:
    """Serve people whose nearest site has room for everybody who could come."""
    if not pairs.nnz:
        return
    nearest = _nearest(pairs)
    points = rows_of(pairs)[nearest]
    site = pairs.indices[nearest]
    reach = with_data(pairs, np.ones(pairs.nnz))
    while True:
        roomy = room >= reach.T @ left
        now = roomy[site] & (left[points] > 0)
        if not now.any():
            return
        given = left[points[now]]
        flow[nearest[now]] += given
        np.subtract.at(room, site[now], given)
        left[points[now]] = 0.0


def _nearest(pairs: csr_array) -> IntArray:
    """Return where the cheapest pair of each row is stored, of rows that have any."""
    order = np.lexsort((pairs.data, rows_of(pairs)))
    starts = pairs.indptr[:-1][np.diff(pairs.indptr) > 0]
    return np.asarray(order[starts], dtype=np.int64)


def _assign_the_rest(
    pairs: csr_array, left: FloatArray, room: FloatArray, flow: FloatArray
) -> None:
    rows = rows_of(pairs)
    open_pairs = np.flatnonzero((left[rows] > 0) & (room[pairs.indices] > DUST))
    if not len(open_pairs):
        return
    points, row = np.unique(rows[open_pairs], return_inverse=True)
    sites, column = np.unique(pairs.indices[open_pairs], return_inverse=True)
    cost = pairs.data[open_pairs]
    solved = linprog(
        cost / max(float(cost.max()), 1.0e-300) - (len(sites) + 1),
        A_ub=vstack([_sums(row, len(points)), _sums(column, len(sites))]).tocsr(),
        b_ub=np.concatenate((left[points], room[sites])),
        method="highs",
    )
    if solved.status != 0:
        raise LayersError(f"no assignment of people to places: {solved.message}")
    people = np.maximum(solved.x, 0.0)
    if _whole(left[points]) and _whole(room[sites]):
        people = np.rint(people)  # a corner of such a problem is whole
    flow[open_pairs] += people


def _sums(group: IntArray, n_groups: int) -> coo_array:
    ones = np.ones(len(group))
    return coo_array(
        (ones, (group, np.arange(len(group)))), shape=(n_groups, len(group))
    )


def _whole(values: FloatArray) -> bool:
    return bool((values == np.rint(values)).all())
