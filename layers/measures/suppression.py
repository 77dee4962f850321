"""Which counts are too small to publish.

The primary rule only: a count of at least one and fewer than k people is withheld, and
with it everything in the same row that gives it away. Which further rows go is decided in
`secondary_suppression.py` and `feasible_ranges.py`.
"""

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidParameter
from layers.measures.arrays import BoolArray, checked_people

SMALL_COUNT = 10
"""Counts of people below this, except 0, are not published."""


def is_small(counts: ArrayLike, *, k: int = SMALL_COUNT) -> BoolArray:
    """Return where a count is small: above 0 and below k.

    Parameters
    ----------
    counts : array_like, (n,)
        People, 0 or more; modelled counts may have fractions.
    k : int
        The smallest count that may be published, 1 or more; 1 withholds only
        fractions of a person.

    Raises
    ------
    InvalidArray
        Counts that are negative or not finite.
    InvalidParameter
        k below 1.

    Examples
    --------
    >>> is_small([0, 1, 9, 10, 250])
    array([False,  True,  True, False, False])
    """
    if k < 1:
        raise InvalidParameter("k", k, "1 or more")
    people = checked_people(counts, "counts")
    return np.asarray((people > 0) & (people < k))


def gives_away_small_count(
    residents: ArrayLike, served: ArrayLike, *, k: int = SMALL_COUNT
) -> BoolArray:
    """Return the rows whose served people, or those not served, are too few.

    Parameters
    ----------
    residents, served : array_like, (n,)
        People of a row, and those of them who are served. Residents are known to
        everybody, so a small number on either side gives away the other.
    k : int
        As in `is_small`.

    Examples
    --------
    >>> gives_away_small_count([500, 500, 500, 8], [200, 496, 500, 0])
    array([False,  True, False,  True])
    """
    everybody = checked_people(residents, "residents")
    reached = checked_people(served, "served", n=len(everybody))
    return np.asarray(
        is_small(everybody, k=k)
        | is_small(reached, k=k)
        | is_small(np.maximum(everybody - reached, 0), k=k)
    )
