"""How far is the nearest or the k-th nearest, where costs of pairs are given."""

from typing import Any

import numpy as np

from layers.errors import InvalidArray
from layers.measures.arrays import BoolArray, FloatArray
from layers.measures.pairs import checked_pairs, rows_of, shape_of, within


def cost_to_closest_pair(
    costs: Any, *, k: int = 1, threshold: float = np.inf
) -> FloatArray:
    """Return the cost from each point to its k-th nearest site.

    Parameters
    ----------
    costs : sparse, (n, m)
        Stored entries are the pairs that can be travelled, 0 included.
    k : int
        1 for the nearest, 2 for the second: what is left when the nearest closes.
    threshold : float
        Costlier pairs do not count.

    Returns
    -------
    ndarray, (n,)
        inf where there are fewer than k sites to reach.

    Raises
    ------
    InvalidArray
        As `pairs.checked_pairs`; k below 1.

    References
    ----------
    `cost_to_closest` of ipeaGIT/accessibility; Apparicio et al. (2008),
    doi:10.1186/1476-072X-7-7.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> costs = csr_array(([7.0, 0.0, 4.0], ([0, 0, 1], [0, 1, 1])), shape=(2, 2))
    >>> cost_to_closest_pair(costs), cost_to_closest_pair(costs, k=2)
    (array([0., 4.]), array([ 7., inf]))
    """
    if k < 1:
        raise InvalidArray(f"k: {k} is below 1")
    n, m = shape_of(costs)
    pairs = within(checked_pairs(costs, n=n, m=m), threshold)
    rows = rows_of(pairs)
    ascending = pairs.data[np.lexsort((pairs.data, rows))]
    result = np.full(n, np.inf)
    enough = np.diff(pairs.indptr) >= k
    result[enough] = ascending[pairs.indptr[:-1][enough] + k - 1]
    return result


def is_covered(costs: Any, *, threshold: float) -> BoolArray:
    """Return which points have a site within the threshold, its end included.

    Places do not matter: a site without a free one is a site. Coverage that knows of
    capacity is `capacity.capacity_split`.
    """
    return np.asarray(np.isfinite(cost_to_closest_pair(costs, threshold=threshold)))
