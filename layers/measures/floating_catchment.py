"""Places per person: floating catchment areas over sparse pairs.

Every measure takes demand P (n,), supply S (m,) and the costs of pairs as a sparse
(n, m) matrix whose stored entries are the pairs (`pairs`). A point that reaches nothing
gets 0. A site whose catchment holds nobody has no ratio and gives nothing, so sums stay
finite; pysal/access says inf or leaves the point out.

With weights W_ij = f(d_ij) 1[d_ij <= t] the first three hand out every place of every
site that somebody reaches: sum_i P_i A_i = sum_j S_j over those sites.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from layers.measures.arrays import FloatArray, checked_people
from layers.measures.decay import Binary, Decay
from layers.measures.pairs import checked_pairs, checked_threshold, with_data

BINARY = Binary()

SMALLEST_WEIGHT = 1e-150
"""Weights below this are 0: places divided by them would overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class Catchment:
    """Checked input: people, places and the weight of each pair."""

    demand: FloatArray
    supply: FloatArray
    weights: csr_array


def catchment(
    demand: ArrayLike,
    supply: ArrayLike,
    costs: Any,
    *,
    decay: Decay = BINARY,
    threshold: float = np.inf,
) -> Catchment:
    """Return checked people and places with W_ij = f(d_ij) 1[d_ij <= threshold].

    Raises
    ------
    InvalidArray
        People or places that are negative or not finite; costs as in
        `pairs.checked_pairs`; a threshold below 0.
    """
    people = checked_people(demand, "demand")
    places = checked_people(supply, "supply")
    pairs = checked_pairs(costs, n=len(people), m=len(places))
    return Catchment(people, places, pair_weights(pairs, decay, threshold))


def pair_weights(pairs: csr_array, decay: Decay, threshold: float) -> csr_array:
    """Return the weight of each pair; those beyond the threshold weigh 0."""
    checked_threshold(threshold)
    weight = decay(pairs.data)
    if weight.size and pairs.data.max() > threshold:
        weight = weight * (pairs.data <= threshold)
    if weight.size and weight.min() < SMALLEST_WEIGHT:
        weight = np.where(weight < SMALLEST_WEIGHT, 0.0, weight)
    return with_data(pairs, weight)


def two_step_fca(
    demand: ArrayLike, supply: ArrayLike, costs: Any, *, threshold: float
) -> FloatArray:
    """Return places per person by the two-step floating catchment area.

    Parameters
    ----------
    demand : array_like, (n,)
        People at each demand point, 0 or more.
    supply : array_like, (m,)
        Places of each site, 0 or more.
    costs : sparse, (n, m)
        Stored entries are the pairs that can be travelled, 0 included.
    threshold : float
        In the unit of costs; its end is inside (`cost <= threshold`).

    Returns
    -------
    ndarray, (n,)
        Places per person; 0 where nothing is in reach.

    Raises
    ------
    InvalidArray
        See `catchment`.

    Notes
    -----
    R_j = S_j / sum_{k: d_kj <= t} P_k, A_i = sum_{j: d_ij <= t} R_j.

    References
    ----------
    Luo & Wang (2003), Environment and Planning B 30:865, doi:10.1068/b29120.

    Examples
    --------
    Ten places for 100 and 100 people; the second point also has a site of its own:

    >>> from scipy.sparse import csr_array
    >>> costs = csr_array(([5.0, 5.0, 1.0], ([0, 1, 1], [0, 0, 1])), shape=(2, 2))
    >>> two_step_fca([100, 100], [10, 30], costs, threshold=5)
    array([0.05, 0.35])
    """
    return _handed_out(catchment(demand, supply, costs, threshold=threshold))


def enhanced_two_step_fca(
    demand: ArrayLike,
    supply: ArrayLike,
    costs: Any,
    *,
    decay: Decay,
    threshold: float = np.inf,
) -> FloatArray:
    """Return places per person, nearer sites counting more.

    Parameters are those of `two_step_fca`, with a decay; the threshold may be left
    out where the decay ends by itself, or where all pairs given shall count.

    Notes
    -----
    R_j = S_j / sum_k P_k W_kj, A_i = sum_j R_j W_ij. A constant factor of the decay
    cancels out.

    References
    ----------
    Luo & Qi (2009), Health & Place 15:1100, doi:10.1016/j.healthplace.2009.06.002.
    """
    return _handed_out(
        catchment(demand, supply, costs, decay=decay, threshold=threshold)
    )


def three_step_fca(
    demand: ArrayLike,
    supply: ArrayLike,
    costs: Any,
    *,
    decay: Decay,
    threshold: float = np.inf,
) -> FloatArray:
    """Return places per person, demand being split among the sites in reach.

    Parameters are those of `enhanced_two_step_fca`.

    Notes
    -----
    Selection weights G_ij = W_ij / sum_j W_ij over the pairs **within the
    threshold** (Wan et al. 2012); then R_j = S_j / sum_k P_k G_kj W_kj and
    A_i = sum_j R_j G_ij W_ij. pysal/access normalises G over all pairs it is given,
    whatever the threshold; both agree where the decay is 0 beyond the threshold.
    A site without places is selected like any other: people go there in vain.

    References
    ----------
    Wan, Zou & Sternberg (2012), Int. J. GIS 26:1073, doi:10.1080/13658816.2011.624987.
    """
    c = catchment(demand, supply, costs, decay=decay, threshold=threshold)
    weight = c.weights.data
    selected = weight * share_of_row(c.weights).data
    return _handed_out(Catchment(c.demand, c.supply, with_data(c.weights, selected)))


def balanced_fca(
    demand: ArrayLike,
    supply: ArrayLike,
    costs: Any,
    *,
    decay: Decay = BINARY,
    threshold: float = np.inf,
) -> FloatArray:
    """Return the balanced level of service: nobody and no place is counted twice.

    Parameters are those of `enhanced_two_step_fca`.

    Notes
    -----
    Step 1 splits people among sites by W_ij / sum_j W_ij: R_j = S_j / sum_i P_i
    W_ij / sum_j W_ij. Step 2 splits each site's ratio among points by W_ij / sum_i
    W_ij: A_i = sum_j R_j W_ij / sum_i W_ij. So sum_i A_i = sum_j R_j, and the people
    at all sites are the people who reach any. Points without people take their part
    of step 2; leave them out where that is not wanted.

    References
    ----------
    Paez, Higgins & Vivona (2019), PLOS ONE 14:e0218773,
    doi:10.1371/journal.pone.0218773.
    """
    c = catchment(demand, supply, costs, decay=decay, threshold=threshold)
    ratio = quotient(c.supply, share_of_row(c.weights).T @ c.demand)
    column = c.weights.T @ np.ones(len(c.demand))
    return np.asarray(c.weights @ quotient(ratio, column), np.float64)


def spatial_availability(
    demand: ArrayLike,
    supply: ArrayLike,
    costs: Any,
    *,
    decay: Decay,
    threshold: float = np.inf,
) -> FloatArray:
    """Return the places that fall to the people of each point; they sum to all places.

    Parameters are those of `enhanced_two_step_fca`.

    Returns
    -------
    ndarray, (n,)
        Places (not per person), 0 where nobody lives or nothing is in reach.

    Notes
    -----
    V_i = sum_j S_j F_ij, where F_ij is proportional to P_i f_ij among the points that
    reach j (balancing factors of demand and of cost). This is P_i times the enhanced
    two-step ratio, and is computed so.

    References
    ----------
    Soukhov et al. (2023), PLOS ONE 18:e0278468, doi:10.1371/journal.pone.0278468.
    """
    c = catchment(demand, supply, costs, decay=decay, threshold=threshold)
    return c.demand * _handed_out(c)


def share_of_row(weights: csr_array) -> csr_array:
    """Return each weight as a share of its row; 0 in a row that weighs nothing."""
    total = weights @ np.ones(weights.shape[1])
    per_pair = np.repeat(quotient(np.ones_like(total), total), np.diff(weights.indptr))
    return with_data(weights, weights.data * per_pair)


def quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return part / whole, 0 where the whole is 0."""
    result = np.zeros(len(part))
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def _handed_out(c: Catchment) -> FloatArray:
    ratio = quotient(c.supply, c.weights.T @ c.demand)
    return np.asarray(c.weights @ ratio, dtype=np.float64)
