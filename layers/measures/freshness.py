"""Supply that nobody has verified for long counts less, and by how much is said."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import FloatArray, checked_people

FRESH_MONTHS = 6.0
"""As long as this after a verification a service counts in full."""

HALF_LIFE_MONTHS = 12.0
"""After that its weight halves in so many months."""

LEAST_WEIGHT = 0.25
"""And never falls below this: old news is not closure. Never verified counts so, too."""


@dataclass(frozen=True, slots=True, eq=False)
class FreshSupply:
    """Places as they count, beside what was taken off, so that it is seen.

    Attributes
    ----------
    weight : ndarray, (m,)
        What a place of each site counts, `LEAST_WEIGHT` to 1.
    counted : ndarray, (m,)
        Places x weight.
    discounted : float
        Places that were taken off, over all sites.
    share_discounted : float
        Of all places; NaN without places.
    """

    weight: FloatArray
    counted: FloatArray
    discounted: float
    share_discounted: float


def freshness(
    months: ArrayLike,
    *,
    fresh_months: float = FRESH_MONTHS,
    half_life_months: float = HALF_LIFE_MONTHS,
    least: float = LEAST_WEIGHT,
) -> FloatArray:
    """Return what a service counts, by the months since it was verified.

    Parameters
    ----------
    months : array_like, (m,)
        0 or more; NaN for never.
    fresh_months, half_life_months : float
        See the constants; the end of freshness is inside.
    least : float
        0 to 1.

    Returns
    -------
    ndarray, (m,)
        1 while fresh, then halving, at least `least`; `least` for never.

    Raises
    ------
    InvalidArray
        Months below 0 or infinite; parameters out of range.

    Notes
    -----
    max(least, 0.5^((months - fresh) / half-life)). A convention of ours, not a
    finding: no study says how fast a directory goes stale. Show both figures.

    Examples
    --------
    >>> freshness([0, 6, 18, 30, 300, float("nan")])
    array([1.  , 1.  , 0.5 , 0.25, 0.25, 0.25])
    """
    age = np.asarray(months, dtype=np.float64)
    if age.ndim != 1 or np.isinf(age).any() or (age < 0).any():
        raise InvalidArray("months: not (m,) numbers of 0 or more, NaN for never")
    for name, value in (("fresh_months", fresh_months), ("least", least)):
        if not (np.isfinite(value) and value >= 0):
            raise InvalidArray(f"{name}: {value} is not a number of 0 or more")
    if not (np.isfinite(half_life_months) and half_life_months > 0 and least <= 1):
        raise InvalidArray("half_life_months is above 0, least at most 1")
    stale = np.maximum(np.nan_to_num(age, nan=0.0) - fresh_months, 0.0)
    weight = np.maximum(0.5 ** (stale / half_life_months), least)
    return np.where(np.isnan(age), least, weight)


def fresh_supply(
    places: ArrayLike,
    months: ArrayLike,
    *,
    fresh_months: float = FRESH_MONTHS,
    half_life_months: float = HALF_LIFE_MONTHS,
    least: float = LEAST_WEIGHT,
) -> FreshSupply:
    """Return places weighted by freshness, with what that takes off.

    Parameters are those of `freshness`, and places (m,), 0 or more.
    """
    there = checked_people(places, "places")
    weight = freshness(
        months,
        fresh_months=fresh_months,
        half_life_months=half_life_months,
        least=least,
    )
    if len(weight) != len(there):
        raise InvalidArray(f"months: {len(weight)} values where {len(there)} belong")
    counted = there * weight
    lost = float(there.sum() - counted.sum())
    share = lost / float(there.sum()) if there.sum() > 0 else float("nan")
    return FreshSupply(weight, counted, lost, share)
