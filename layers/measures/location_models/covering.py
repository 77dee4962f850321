"""Covering as an array problem: rows merged, greedy, and swaps until none helps."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from layers.measures.arrays import FloatArray, IntArray
from layers.measures.location_models.question import Question
from layers.measures.location_models.solution import PROVEN

SLACK = 1e-9
"""Share of all demand that a change must bring to count as one."""

WHOLE_SLACK = 1e-6
"""By how much a bound on a whole number may be off for rounding alone."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Demand that new sites can cover, rows with the same candidates merged.

    Attributes
    ----------
    pairs : csr_array, (n_rows, n_candidates)
        Ones where a candidate covers a row; every row has at least one.
    by_site : csr_array, (n_candidates, n_rows)
        The same pairs with candidates as rows.
    weight : ndarray, (n_rows,)
        Demand of each merged row, above 0.
    site : ndarray of int, (n_candidates,)
        Column of each candidate in the question.
    held : float
        Demand that the fixed sites cover already.
    """

    pairs: csr_array
    by_site: csr_array
    weight: FloatArray
    site: IntArray
    held: float

    def covered(self, chosen: IntArray) -> float:
        """Return the demand that is covered once `chosen` candidates are open."""
        counts = counted(self, chosen)
        return self.held + float(self.weight[counts > 0].sum())

    @property
    def is_whole(self) -> bool:
        """Whether every set covers a whole number."""
        weights = np.append(self.weight, self.held)
        return bool((weights == np.rint(weights)).all())

    def better_than(self, demand: float) -> float:
        """Return the least demand that counts as more than `demand`."""
        if self.is_whole:
            return demand + 1 - WHOLE_SLACK
        return demand * (1 + PROVEN)

    def whole_bound(self, bound: float) -> float:
        """Return the bound, rounded down where only whole numbers can be covered."""
        return math.floor(bound + WHOLE_SLACK) if self.is_whole else bound


def merged_cover(question: Question, radius: float, *, empty_rows: bool) -> Cover:
    """Return what new sites can cover, as few rows as say the same.

    Parameters
    ----------
    question : Question
        What is asked.
    radius : float
        Largest cost that still covers; inclusive.
    empty_rows : bool
        Whether rows without demand must be covered, too; they then weigh 1 each, as
        every other row does.

    Notes
    -----
    Rows that a fixed site covers, that no candidate covers, or that nobody lives in
    say nothing about where to build; rows with equal sets of candidates are one row
    with their demand summed. On a city this leaves a fraction of the rows.
    """
    within = question.costs.within(radius)
    weight = np.ones(len(question.demand)) if empty_rows else question.demand
    site = question.candidates
    is_fixed = np.zeros(question.costs.n_sites)
    is_fixed[list(question.fixed)] = 1
    is_held = within @ is_fixed > 0
    pairs = within[:, site]
    kept = np.flatnonzero((np.diff(pairs.indptr) > 0) & ~is_held & (weight > 0))
    first, group = _groups(pairs[kept])
    merged = pairs[kept[first]]
    return Cover(
        pairs=merged,
        by_site=merged.T.tocsr(),
        weight=_summed(weight[kept], group, len(first)),
        site=site,
        held=float(weight[is_held].sum()),
    )


def _groups(pairs: csr_array) -> tuple[IntArray, IntArray]:
    """Return the first row of each set of equal rows, and the set of each row."""
    pairs.sort_indices()
    seen: dict[bytes, int] = {}
    first: list[int] = []
    group = np.empty(pairs.shape[0], dtype=np.int64)
    for row, (start, end) in enumerate(
        zip(pairs.indptr[:-1], pairs.indptr[1:], strict=True)
    ):
        key = pairs.indices[start:end].tobytes()
        if key not in seen:
            seen[key] = len(first)
            first.append(row)
        group[row] = seen[key]
    return np.asarray(first, dtype=np.int64), group


def _summed(weight: FloatArray, group: IntArray, n: int) -> FloatArray:
    return np.bincount(group, weights=weight, minlength=n).astype(np.float64)


def counted(cover: Cover, chosen: IntArray) -> FloatArray:
    """Return how many of the `chosen` candidates cover each row."""
    is_open = np.zeros(len(cover.site))
    is_open[chosen] = 1
    return np.asarray(cover.pairs @ is_open, dtype=np.float64)


def greedy(cover: Cover, n_new: int) -> IntArray:
    """Return `n_new` candidates, each the one that adds most demand; ties: the first.

    References
    ----------
    Nemhauser, Wolsey & Fisher (1978), doi:10.1007/BF01588971: at least 63 % of the
    best possible.
    """
    uncovered, by_site = cover.weight.copy(), cover.by_site
    is_free = np.ones(len(cover.site), dtype=np.bool_)
    chosen = []
    for _ in range(n_new):
        gain = np.where(is_free, by_site @ uncovered, -1.0)
        best = int(np.argmax(gain))
        chosen.append(best)
        is_free[best] = False
        ends = slice(by_site.indptr[best], by_site.indptr[best + 1])
        uncovered[by_site.indices[ends]] = 0.0
    return np.asarray(chosen, dtype=np.int64)


def greedy_until(cover: Cover, demand: float) -> IntArray:
    """Return candidates taken greedily until they cover `demand`, or all that can be.

    Fixed sites count towards `demand`. A candidate that adds nothing is never taken.
    """
    uncovered, by_site = cover.weight.copy(), cover.by_site
    total = cover.weight.sum() + cover.held
    chosen: list[int] = []
    while cover.held + (cover.weight.sum() - uncovered.sum()) < demand - SLACK * total:
        gain = by_site @ uncovered
        best = int(np.argmax(gain)) if len(gain) else -1
        if best < 0 or gain[best] <= 0:
            break
        chosen.append(best)
        ends = slice(by_site.indptr[best], by_site.indptr[best + 1])
        uncovered[by_site.indices[ends]] = 0.0
    return np.asarray(chosen, dtype=np.int64)


def swap_gains(cover: Cover, chosen: IntArray) -> FloatArray:
    """Return what every swap would add to the demand covered, (p, n_candidates).

    Entry k, j is the change when chosen candidate k closes and candidate j opens;
    -inf where j is open already.
    """
    counts = counted(cover, chosen)
    gain = cover.by_site @ np.where(counts == 0, cover.weight, 0.0)
    position = np.full(len(cover.site), 0.0)
    position[chosen] = np.arange(len(chosen))
    is_open = np.zeros(len(cover.site))
    is_open[chosen] = 1
    # Rows with exactly one open site are what closing it would lose; a newcomer that
    # covers them, too, gives them back.
    alone = np.flatnonzero(counts == 1)
    pairs = cover.pairs[alone]
    owner = np.rint(pairs @ (position * is_open)).astype(np.int64)
    loss = np.bincount(owner, weights=cover.weight[alone], minlength=len(chosen))
    owners = np.repeat(owner, np.diff(pairs.indptr))
    weights = np.repeat(cover.weight[alone], np.diff(pairs.indptr))
    width = len(cover.site)
    back = np.bincount(
        owners * width + pairs.indices, weights, minlength=len(chosen) * width
    ).reshape(len(chosen), width)
    change = gain[np.newaxis, :] + back - loss[:, np.newaxis]
    change[:, chosen] = -np.inf
    return np.asarray(change, dtype=np.float64)


def improved(cover: Cover, chosen: IntArray) -> IntArray:
    """Return the set that the best swaps lead to, until none helps (ties: the first).

    References
    ----------
    Teitz & Bart (1968), doi:10.1287/opre.16.5.955, with the best swap taken.
    """
    chosen = chosen.copy()
    least = SLACK * (cover.weight.sum() + cover.held)
    while len(chosen):
        change = swap_gains(cover, chosen)
        k, j = np.unravel_index(int(np.argmax(change)), change.shape)
        if change[k, j] <= least:
            break
        chosen[k] = j
    return chosen
