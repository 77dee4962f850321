"""Whole people from shares, such that the official total is kept exactly."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import IntArray, checked_people


def apportion(weights: ArrayLike, total: int) -> IntArray:
    """Return whole numbers in proportion to weights that sum exactly to a total.

    Parameters
    ----------
    weights : array_like, (n,)
        Finite, 0 or more: modelled people, built volume, area.
    total : int
        The official total to keep, 0 or more.

    Returns
    -------
    ndarray of int64, (n,)
        Each is its exact share rounded down, or one more. A weight of 0 gets 0.

    Raises
    ------
    InvalidArray
        Weights that are negative or not finite; a total that is negative or not a
        whole number; a total above 0 with nobody to give it to.

    Notes
    -----
    Largest remainder (Hamilton): everybody gets floor(total w / W), and those with
    the largest remainders one more until the total is reached; ties go to the one
    that comes first. Computed in whole numbers (a float is an exact fraction), so
    the sum can not miss and the order of rows does not change rounding.

    Examples
    --------
    >>> apportion([1, 1, 1], 100).tolist()
    [34, 33, 33]
    >>> apportion([0.1, 0.0, 0.7], 4).tolist()
    [1, 0, 3]
    """
    w = checked_people(weights, "weights")
    if type(total) is not int or total < 0:  # True is an int, too
        raise InvalidArray(f"total: {total!r} is not a whole number >= 0")
    parts = _whole_parts(w.tolist())
    whole = sum(parts)
    if whole == 0:
        if total:
            raise InvalidArray(f"weights: all are 0, {total} cannot be shared out")
        return np.zeros(len(w), dtype=np.int64)
    shares = [divmod(total * part, whole) for part in parts]
    result = np.array([quotient for quotient, _ in shares], dtype=np.int64)
    left = total - int(result.sum())
    # sorted() is stable: among equal remainders the first row comes first.
    by_remainder = sorted(range(len(shares)), key=lambda i: -shares[i][1])
    result[by_remainder[:left]] += 1
    return result


def _whole_parts(weights: Iterable[float]) -> list[int]:
    """Return the same proportions in whole numbers; denominators are powers of 2."""
    fractions = [weight.as_integer_ratio() for weight in weights]
    common = max((denominator for _, denominator in fractions), default=1)
    return [n * (common // denominator) for n, denominator in fractions]
