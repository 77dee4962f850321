"""Who needs it most? Percentile ranks of indicators, by theme and together.

The recipe of the Social Vulnerability Index: ranks, not sums of unlike units. A rank
compares the districts at hand and says nothing about how bad things are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from layers.errors import InvalidArray
from layers.measures.arrays import BoolArray, FloatArray, checked_people

FLAG_FROM = 0.90
"""A district in the highest tenth of an indicator is flagged, whatever its index."""

RANK_DECIMALS = 9
"""Sums of ranks are compared to so many decimals, lest rounding break a tie."""


@dataclass(frozen=True, slots=True, eq=False)
class Indicator:
    """One column of the index.

    Attributes
    ----------
    name, theme : str
        Of the indicator, and of the theme it belongs to.
    values : array_like, (n,)
        One for each area; NaN where it is not known.
    more_is_need : bool
        False where a lower value means more need, such as income.
    """

    name: str
    theme: str
    values: ArrayLike
    more_is_need: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class NeedIndex:
    """The index of n areas; NaN for areas without people or with a gap in the data.

    Attributes
    ----------
    overall : ndarray, (n,)
        0 (least need) to 1: percentile rank of the sum of all indicators' ranks.
    themes : dict of str to ndarray
        Percentile rank of the sum of each theme's indicators.
    indicators : dict of str to ndarray
        Percentile rank of each indicator.
    flags : dict of str to ndarray of bool
        Areas with a rank of `FLAG_FROM` or more in the indicator.
    """

    overall: FloatArray
    themes: dict[str, FloatArray]
    indicators: dict[str, FloatArray]
    flags: dict[str, BoolArray]

    @property
    def n_flags(self) -> FloatArray:
        """Flags of each area."""
        return np.asarray(sum(self.flags.values()), dtype=np.float64)


def percentile_ranks(values: ArrayLike) -> FloatArray:
    """Return (rank - 1)/(N - 1), equal values taking the lowest rank.

    Parameters
    ----------
    values : array_like, (n,)
        NaN is not ranked and not counted in N.

    Returns
    -------
    ndarray, (n,)
        0 for the least, 1 for the greatest if nobody equals it; NaN stays NaN. A
        single value has rank 0.

    Examples
    --------
    >>> percentile_ranks([10, 20, 20, 40, float("nan")])
    array([0.        , 0.33333333, 0.33333333, 1.        ,        nan])
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or np.isinf(x).any():
        raise InvalidArray(
            f"values: shape {x.shape}, not (n,) of finite numbers or NaN"
        )
    known = ~np.isnan(x)
    ranks = np.full(len(x), np.nan)
    ordered = np.sort(x[known])
    below = np.searchsorted(ordered, x[known], side="left")
    ranks[known] = below / max(len(ordered) - 1, 1)
    return ranks


def need_index(indicators: Sequence[Indicator], population: ArrayLike) -> NeedIndex:
    """Return the need of areas by percentile ranks, themes and flags.

    Parameters
    ----------
    indicators : sequence of Indicator
        At least one; names unique.
    population : array_like, (n,)
        People of each area; areas without people are not ranked.

    Raises
    ------
    InvalidArray
        No indicators, a name twice, lengths that differ, infinite values.

    Notes
    -----
    Each indicator is ranked. For a theme its indicators' ranks are summed, and the sum
    is ranked; overall the sums of all themes are summed and ranked ("the sum of the
    sums"), so a theme with more indicators weighs more. An area where an indicator is
    unknown has no rank in its theme, and no overall one: a guess would be neither high
    nor low by right.

    References
    ----------
    CDC/ATSDR Social Vulnerability Index, documentation 2022; Flanagan et al. (2011),
    J. of Homeland Security and Emergency Management 8(1).
    """
    people = checked_people(population, "population")
    names = [indicator.name for indicator in indicators]
    if not names or len(set(names)) != len(names):
        raise InvalidArray(f"indicators: {names}: at least one, each name once")
    ranks = {i.name: _ranked(i, people) for i in indicators}
    members: dict[str, list[str]] = {}
    for indicator in indicators:
        members.setdefault(indicator.theme, []).append(indicator.name)
    themes = {
        theme: _summed_ranks([ranks[name] for name in listed])
        for theme, listed in members.items()
    }
    flags = {name: rank >= FLAG_FROM for name, rank in ranks.items()}
    return NeedIndex(_summed_ranks(list(ranks.values())), themes, ranks, flags)


def need_weighted_gap(
    people: ArrayLike,
    gap: ArrayLike,
    need: ArrayLike,
    *,
    group_weights: ArrayLike | None = None,
    need_weight: float = 1.0,
) -> FloatArray:
    """Return people below the standard, weighted by depth and need, by area.

    Parameters
    ----------
    people : array_like, (n, g)
        People of each group in each area. Groups must be disjoint: women and
        refugees overlap and must not be summed.
    gap : array_like, (n, g)
        Depth below the standard, `fgt` with alpha = 1; 0 to 1, NaN where nobody
        of the group lives.
    need : array_like, (n,)
        Need index, 0 to 1; NaN where it is not known.
    group_weights : array_like, (g,), optional
        0 or more; 1 each without.
    need_weight : float
        How much the greatest need adds: 1 doubles, 0 leaves need out.

    Returns
    -------
    ndarray, (n,)
        In weighted people, to be shown beside unweighted ones. 0 where nobody lives;
        NaN where people live and their need is not known.

    Notes
    -----
    G_n = sum_g w_g P_ng FGT1_ng (1 + lambda N_n). More people, a deeper gap or more
    need never lower it.

    Examples
    --------
    >>> need_weighted_gap([[100.0]], [[0.5]], [1.0])
    array([100.])
    """
    p, depth, n_index = _gap_input(people, gap, need)
    weights = np.ones(p.shape[1])
    if group_weights is not None:
        weights = checked_people(group_weights, "group_weights", n=p.shape[1])
    if not (np.isfinite(need_weight) and need_weight >= 0):
        raise InvalidArray(f"need_weight: {need_weight} is not a number >= 0")
    lacking = (weights * p * depth).sum(axis=1)
    factor = 1 + need_weight * n_index if need_weight else np.ones(len(p))
    return np.where(p.sum(axis=1) > 0, lacking * factor, 0.0)


def shortage(
    population: ArrayLike, places: ArrayLike, *, per_thousand: float
) -> FloatArray:
    """Return the places that are missing for a standard, by area.

    Parameters
    ----------
    population : array_like, (n,)
        People whom the standard counts.
    places : array_like, (n,)
        Places that are accessible to them, such as their spatial availability.
    per_thousand : float
        Places per 1,000 people that the committee asks for, 0 or more.

    Returns
    -------
    ndarray, (n,)
        max(0, z P / 1000 - S). Too many here make up for nothing there: sum the
        areas, do not subtract totals.

    Examples
    --------
    >>> shortage([2000, 500], [3, 9], per_thousand=4)
    array([5., 0.])
    """
    people = checked_people(population, "population")
    there = checked_people(places, "places", n=len(people))
    if not (np.isfinite(per_thousand) and per_thousand >= 0):
        raise InvalidArray(f"per_thousand: {per_thousand} is not a number >= 0")
    return np.maximum(people * per_thousand / 1000 - there, 0.0)


def _ranked(indicator: Indicator, people: FloatArray) -> FloatArray:
    values = np.asarray(indicator.values, dtype=np.float64)
    if values.shape != people.shape:
        raise InvalidArray(
            f"{indicator.name}: shape {values.shape} where {people.shape} belongs"
        )
    counted = np.where(people > 0, values, np.nan)
    return percentile_ranks(counted if indicator.more_is_need else -counted)


def _summed_ranks(ranks: Sequence[FloatArray]) -> FloatArray:
    return percentile_ranks(np.round(np.sum(ranks, axis=0), RANK_DECIMALS))


def _gap_input(
    people: ArrayLike, gap: ArrayLike, need: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    p = np.asarray(people, dtype=np.float64)
    depth = np.asarray(gap, dtype=np.float64)
    index = np.asarray(need, dtype=np.float64)
    if p.ndim != 2 or depth.shape != p.shape or index.shape != p.shape[:1]:
        raise InvalidArray(
            f"people, gap, need: shapes {p.shape}, {depth.shape}, {index.shape} where "
            "(n, groups), (n, groups), (n,) belong"
        )
    checked_people(p.ravel(), "people")
    depth = np.where(p > 0, depth, 0.0)
    for name, values in (("gap", depth), ("need", index[~np.isnan(index)])):
        if not ((values >= 0) & (values <= 1)).all():
            raise InvalidArray(f"{name}: some are not from 0 to 1")
    return p, depth, index
