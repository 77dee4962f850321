"""What a measure accepts: arrays that fit, or InvalidArray that says why not."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import InvalidArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def checked_points(values: ArrayLike, name: str) -> FloatArray:
    """Return points as (n, 2) finite metres; an empty input is (0, 2)."""
    points = _floats(values, name)
    if points.size == 0:
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        raise InvalidArray(f"{name}: shape {points.shape} is not (n, 2), x and y")
    finite = np.asarray(np.isfinite(points).all(axis=1), dtype=np.bool_)
    _refuse(~finite, points, name, "not a finite coordinate")
    return points


def checked_people(values: ArrayLike, name: str, *, n: int | None = None) -> FloatArray:
    """Return counts of people as (n,) finite numbers, 0 or more."""
    people = _vector(values, name, n)
    _refuse(~np.isfinite(people) | (people < 0), people, name, "not a number >= 0")
    return people


def checked_costs(values: ArrayLike, name: str, *, n: int | None = None) -> FloatArray:
    """Return travel costs as (n,) numbers, 0 or more; inf is unreachable.

    NaN is refused: whether a missing cost is unreachable or unknown is for the
    caller to say, and 0 it never is.
    """
    costs = _vector(values, name, n)
    _refuse(np.isnan(costs) | (costs < 0), costs, name, "not a cost (>= 0 or inf)")
    return costs


def checked_zones(values: ArrayLike, n_zones: int, *, n: int | None = None) -> IntArray:
    """Return zone indices as (n,) integers from 0 to n_zones - 1."""
    if n_zones < 0:
        raise InvalidArray(f"n_zones: {n_zones} is below 0")
    zone = np.asarray(values)
    if zone.size == 0:
        zone = zone.astype(np.int64)
    if zone.ndim != 1 or not np.issubdtype(zone.dtype, np.integer):
        raise InvalidArray(f"zone: {zone.dtype} of shape {zone.shape} is no index")
    _check_length(len(zone), "zone", n)
    _refuse((zone < 0) | (zone >= n_zones), zone, "zone", f"not in 0..{n_zones - 1}")
    return zone.astype(np.int64, copy=False)


def _floats(values: ArrayLike, name: str) -> FloatArray:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidArray(f"{name}: not an array of numbers ({error})") from error


def _vector(values: ArrayLike, name: str, n: int | None) -> FloatArray:
    vector = _floats(values, name)
    if vector.ndim != 1:
        raise InvalidArray(f"{name}: shape {vector.shape} is not (n,)")
    _check_length(len(vector), name, n)
    return vector


def _check_length(length: int, name: str, n: int | None) -> None:
    if n is not None and length != n:
        raise InvalidArray(f"{name}: {length} values where {n} belong")


def _refuse(wrong: BoolArray, values: NDArray[Any], name: str, reason: str) -> None:
    if wrong.any():
        at = int(np.argmax(wrong))
        raise InvalidArray(f"{name}: value {at} is {values[at]}, {reason}")
