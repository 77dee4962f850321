"""Groups that share the same places: capacity is handed out once, not per group."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import BoolArray, FloatArray, checked_people
from layers.measures.decay import Decay
from layers.measures.floating_catchment import (
    BINARY,
    SMALLEST_WEIGHT,
    pair_weights,
    quotient,
)
from layers.measures.pairs import checked_pairs


def group_two_step_fca(
    demand: ArrayLike,
    supply: ArrayLike,
    serves: ArrayLike,
    costs: Any,
    *,
    decay: Decay = BINARY,
    threshold: float = np.inf,
) -> FloatArray:
    """Return places per person of each group, where sites serve some groups only.

    Parameters
    ----------
    demand : array_like, (n, g)
        People of each group at each point. Groups must be disjoint: somebody who
        belongs to two of them would ask for two places.
    supply : array_like, (m,)
        Places of each site.
    serves : array_like of bool, (m, g)
        Which groups a site may serve (language, gender, age, ...).
    costs : sparse, (n, m)
        Stored entries are the pairs that can be travelled, 0 included.
    decay, threshold
        As in `enhanced_two_step_fca`; without a decay all pairs weigh the same.

    Returns
    -------
    ndarray, (n, g)
        Places per person; 0 where a group reaches no site that serves it.

    Raises
    ------
    InvalidArray
        Shapes that do not fit; people or places that are negative or not finite.

    Notes
    -----
    R_j = S_j / sum_g e_jg sum_k P_kg W_kj, A_ig = sum_j e_jg R_j W_ij: step 1 counts
    **everybody whom the site may serve**, so sum_ig P_ig A_ig = sum_j S_j over sites
    that somebody they serve reaches. One run per group with the full S_j would give
    the same places away several times.

    References
    ----------
    Wang (2007), Urban Geography 28:1, for language-matched supply and demand.

    Examples
    --------
    One site of ten places for 50 speakers of Farsi and 50 of Arabic, one for Arabic:

    >>> from scipy.sparse import csr_array
    >>> costs = csr_array(([1.0, 1.0], ([0, 0], [0, 1])), shape=(1, 2))
    >>> group_two_step_fca([[50, 50]], [10, 5], [[True, True], [False, True]], costs)
    array([[0.1, 0.2]])
    """
    places = checked_people(supply, "supply")
    people = _people(demand)
    eligible = _eligible(serves, len(places), people.shape[1])
    pairs = checked_pairs(costs, n=len(people), m=len(places))
    weights = pair_weights(pairs, decay, threshold)
    asking = ((weights.T @ people) * eligible).sum(axis=1)
    ratio = quotient(places, np.where(asking < SMALLEST_WEIGHT, 0.0, asking))
    return np.asarray(weights @ (ratio[:, None] * eligible), dtype=np.float64)


def _people(demand: ArrayLike) -> FloatArray:
    people = np.asarray(demand, dtype=np.float64)
    if people.ndim != 2:
        raise InvalidArray(f"demand: shape {people.shape} is not (n, groups)")
    return checked_people(people.ravel(), "demand").reshape(people.shape)


def _eligible(serves: ArrayLike, m: int, g: int) -> BoolArray:
    eligible = np.asarray(serves)
    if eligible.shape != (m, g) or eligible.dtype != np.bool_:
        raise InvalidArray(
            f"serves: {eligible.dtype} of shape {eligible.shape} where bool of "
            f"({m}, {g}) belongs"
        )
    return eligible
