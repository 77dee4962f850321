"""In how much of the week is a service in reach open, for people at each point."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray
from layers.measures.pairs import checked_pairs
from layers.measures.week_slots import N_WORDS, Words, words_of


def open_shares(costs: Any, weeks: Words, *, slots: Iterable[int]) -> FloatArray:
    """Return in which share of some slots anything in reach is open, for each point.

    Parameters
    ----------
    costs : sparse, (n, m)
        Stored entries are the pairs within reach, 0 included.
    weeks : ndarray of uint64, (m, 3)
        When each place is open.
    slots : iterable of int
        The slots asked about, at least one.

    Returns
    -------
    ndarray, (n,)
        0 to 1; 0 where nothing is in reach.

    Raises
    ------
    InvalidArray
        Weeks that are not three words for each place; no slots.

    References
    ----------
    Willberg, Fink & Toivonen (2023), Computers, Environment and Urban Systems 101,
    for access that depends on the hour.
    """
    asked = words_of(slots)
    n_asked = int(np.bitwise_count(asked).sum())
    if not n_asked:
        raise InvalidArray("slots: none are asked about")
    open_then = np.asarray(weeks)
    if open_then.dtype != np.uint64 or open_then.ndim != 2:
        raise InvalidArray(f"weeks: {open_then.dtype} of shape {open_then.shape}")
    n, m = costs.shape
    if open_then.shape != (m, N_WORDS):
        raise InvalidArray(f"weeks: shape {open_then.shape} where ({m}, 3) belongs")
    pairs = checked_pairs(costs, n=n, m=m)
    shares = np.zeros(n)
    reaches = np.diff(pairs.indptr) > 0
    if reaches.any():
        together = np.bitwise_or.reduceat(
            (open_then & asked)[pairs.indices], pairs.indptr[:-1][reaches], axis=0
        )
        shares[reaches] = np.bitwise_count(together).sum(axis=1) / n_asked
    return shares
