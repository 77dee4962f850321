"""A district across categories: never averaged, for a mean hides a missing service."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import IntArray
from layers.measures.priority import PRIORITY_CLASSES, priority_classes

NO_CLASS = 0
"""Where nobody lives or nothing is known there is no class."""


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """What n areas look like across c categories.

    Attributes
    ----------
    classes : ndarray of int, (n, c)
        Priority class 1 to 5 of each category, `NO_CLASS` where there is none.
    worst : ndarray of int, (n,)
        The highest class of any category, `NO_CLASS` where there is none at all.
    n_by_class : ndarray of int, (n, 5)
        Categories in class 1, 2, ... 5.
    n_below : ndarray of int, (n,)
        Categories whose share of unserved people is above what the standard allows.
    n_known : ndarray of int, (n,)
        Categories with a share: what the counts are out of.
    """

    classes: IntArray
    worst: IntArray
    n_by_class: IntArray
    n_below: IntArray
    n_known: IntArray


def profiles(share_unserved: ArrayLike, *, allowed: float = 0.10) -> Profiles:
    """Return each area's profile across categories.

    Parameters
    ----------
    share_unserved : array_like, (n, c)
        0 to 1; NaN where nobody lives or the figure is withheld.
    allowed : float
        Share unserved up to which a category meets the standard, its end inside.

    Raises
    ------
    InvalidArray
        Not two-dimensional; a share or `allowed` outside 0 to 1.

    Examples
    --------
    >>> found = profiles([[0.0, 0.05, 0.9]])
    >>> found.worst, found.n_below, found.n_by_class
    (array([5]), array([1]), array([[2, 0, 0, 0, 1]]))
    """
    share = np.asarray(share_unserved, dtype=np.float64)
    if share.ndim != 2:
        raise InvalidArray(f"share_unserved: shape {share.shape} is not (n, c)")
    if not 0 <= allowed <= 1:
        raise InvalidArray(f"allowed: {allowed} is not a share from 0 to 1")
    classes = priority_classes(share.ravel()).reshape(share.shape)
    by_class = [(classes == k).sum(axis=1) for k in range(1, len(PRIORITY_CLASSES) + 1)]
    known = ~np.isnan(share)
    return Profiles(
        classes=classes,
        worst=classes.max(axis=1, initial=NO_CLASS),
        n_by_class=np.stack(by_class, axis=1).astype(np.int64),
        n_below=(known & (share > allowed)).sum(axis=1).astype(np.int64),
        n_known=known.sum(axis=1).astype(np.int64),
    )
