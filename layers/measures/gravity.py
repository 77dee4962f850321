"""How much is in reach, without asking who else wants it."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from layers.measures.arrays import FloatArray, checked_people
from layers.measures.decay import Binary, Decay
from layers.measures.floating_catchment import pair_weights
from layers.measures.pairs import checked_pairs, shape_of


def cumulative_cutoff(supply: ArrayLike, costs: Any, *, threshold: float) -> FloatArray:
    """Return the places (or sites, at 1 each) within a threshold of each point.

    Parameters
    ----------
    supply : array_like, (m,)
        Places of each site, 0 or more; 1 each counts sites.
    costs : sparse, (n, m)
        Stored entries are the pairs that can be travelled, 0 included.
    threshold : float
        In the unit of costs; its end is inside (`cost <= threshold`).

    Returns
    -------
    ndarray, (n,)
        0 where nothing is in reach.

    Raises
    ------
    InvalidArray
        Places that are negative or not finite; costs as in `pairs.checked_pairs`; a
        threshold below 0.

    Notes
    -----
    K_i = sum_j S_j 1[d_ij <= t].

    References
    ----------
    Cumulative opportunities; `cumulative_cutoff` of ipeaGIT/accessibility.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> costs = csr_array(([5.0, 6.0], ([0, 0], [0, 1])), shape=(2, 2))
    >>> cumulative_cutoff([10, 30], costs, threshold=5)
    array([10.,  0.])
    """
    return gravity(supply, costs, decay=Binary(), threshold=threshold)


def gravity(
    supply: ArrayLike, costs: Any, *, decay: Decay, threshold: float = np.inf
) -> FloatArray:
    """Return the places that each point can reach, nearer ones counting more.

    Parameters are those of `cumulative_cutoff`, with a decay; pairs beyond the
    threshold count nothing.

    Notes
    -----
    A_i = sum_j S_j f(d_ij) 1[d_ij <= t]. The figure has no unit that people know;
    compare it, do not quote it.

    References
    ----------
    Hansen (1959), J. of the American Institute of Planners 25:73.
    """
    places = checked_people(supply, "supply")
    pairs = checked_pairs(costs, n=shape_of(costs)[0], m=len(places))
    weights = pair_weights(pairs, decay, threshold)
    return np.asarray(weights @ places, dtype=np.float64)
