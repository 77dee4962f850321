"""How many fall below a standard, and how deep: Foster, Greer and Thorbecke."""

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray, checked_people


def fgt(
    values: ArrayLike, weights: ArrayLike, *, standard: float, alpha: float = 1.0
) -> float:
    """Return the FGT measure of access below a standard, 0 to 1.

    Parameters
    ----------
    values : array_like, (n,)
        Access of each point's people, 0 or more, more being better.
    weights : array_like, (n,)
        People, 0 or more.
    standard : float
        What everybody should have at least, above 0, in the unit of values.
    alpha : float
        0: share of people below the standard; 1: mean depth below it; 2: severity,
        the deepest counting most. Any number of 0 or more.

    Returns
    -------
    float
        NaN where nobody lives.

    Raises
    ------
    InvalidArray
        Values or weights that are negative or not finite; a standard that is not
        above 0; an alpha below 0.

    Notes
    -----
    (1/sum P) sum_i P_i ((z - A_i)/z)^alpha 1[A_i < z]. Exactly at the standard is not
    below it. For costs, which are better when lower, use what is left of the
    threshold: A = max(0, t - cost).

    References
    ----------
    Foster, Greer & Thorbecke (1984), Econometrica 52:761.

    Examples
    --------
    Half of the people have half of what they should:

    >>> [fgt([5, 10], [1, 1], standard=10, alpha=a) for a in (0, 1, 2)]
    [0.5, 0.25, 0.125]
    """
    terms = fgt_terms(values, standard=standard, alpha=alpha)
    people = checked_people(weights, "weights", n=len(terms))
    total = people.sum()
    return float((terms * people).sum() / total) if total > 0 else float("nan")


def fgt_terms(values: ArrayLike, *, standard: float, alpha: float = 1.0) -> FloatArray:
    """Return what each point adds to `fgt` per person: ((z - A)/z)^alpha, 0 above z.

    Parameters are those of `fgt`. Its mean over people is `fgt`.
    """
    access = checked_people(values, "values")
    if not (np.isfinite(standard) and standard > 0):
        raise InvalidArray(f"standard: {standard} is not a number above 0")
    if not (np.isfinite(alpha) and alpha >= 0):
        raise InvalidArray(f"alpha: {alpha} is not a number of 0 or more")
    below = access < standard
    depth = np.where(below, (standard - access) / standard, 0.0)
    # 0 ** 0 is 1, but who has the standard is not below it.
    return np.where(below, depth**alpha, 0.0)
