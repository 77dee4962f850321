"""Who gets a seat, today and then: the capacity split, solved anew only where it changes.

Which people compete for a seat is decided by who reaches which places: people and places
that no walk joins do not know of each other. Such connected parts are solved one by one,
and a part that no change touches keeps its solution of today, to the last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

from layers.analysis.scenario_rows import Seated
from layers.analysis.today import Today
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.capacity import capacity_split
from layers.selectors.public_places import PublicPlaces

MAX_PAIRS = 200_000
"""Walks within the threshold up to which seats are handed out: a few seconds of solving."""

COMPUTED, NO_CAPACITY, SEVERAL_UNITS, TOO_LARGE = (
    "computed", "no_capacity", "several_units", "too_large",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CapacityNote:
    """How a split of one term was made, or why there is none.

    Attributes
    ----------
    status : str
        `computed`; `no_capacity`: no place says how many it takes; `several_units`: they
        count different things (beds, appointments), which are never added up;
        `too_large`: too many people reach too many places.
    unit : str
        What is counted.
    n_imputed : int
        Places that do not say how many they take; the median of the others stands for
        each.
    share_recomputed : float or None
        Residents of the connected parts that were solved anew, as a share of all.
    """

    status: str
    unit: str = ""
    n_imputed: int = 0
    share_recomputed: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Seats:
    """Places and how many each takes: (m, 2), (m,)."""

    xy: FloatArray
    capacity: FloatArray

    def rows(self) -> FloatArray:
        return np.column_stack([self.xy, self.capacity])


def seated_states(
    today: Today, slug: str, states: Sequence[PublicPlaces]
) -> tuple[list[Seated] | None, CapacityNote]:
    """Return what becomes of people in each state, where places are only so large.

    Parameters
    ----------
    today : Today
        Whose people, how far they walk.
    slug : str
        The term; every place that carries it or a child of it counts.
    states : sequence of PublicPlaces
        Today, then the others.

    Returns
    -------
    (list of Seated or None, CapacityNote)
        In the order of the states; None where it is not known.
    """
    rows = [places.below(today.kind, slug) for places in states]
    of_term = [
        places.only(n[places.is_certain[n]])
        for places, n in zip(states, rows, strict=True)
    ]
    note, imputed = _note(of_term)
    if note.status != COMPUTED:
        return None, note
    seats = [_seats(places, imputed) for places in of_term]
    limit_m = today.zones.parameters.threshold_m
    pairs = [today.engine.pairs_within(today.origins, one.xy, limit_m) for one in seats]
    if max(one.nnz for one in pairs) > MAX_PAIRS:
        return None, CapacityNote(TOO_LARGE, note.unit, note.n_imputed)
    people = today.zones.people
    first = _solved(people, seats[0], pairs[0])
    found, shares = [first], [0.0]
    for one, walks in zip(seats[1:], pairs[1:], strict=True):
        touched = _touched(seats[0], pairs[0], one, walks)
        if not touched.any():
            found.append(first)
            continue
        then = _solved(people, one, walks, touched)
        found.append(np.where(touched[:, None], then, first))
        shares.append(float(people[touched].sum() / max(people.sum(), 1e-300)))
    told = CapacityNote(COMPUTED, note.unit, note.n_imputed, round(max(shares), 4))
    return [Seated(*split.T) for split in found], told


def _note(states: Sequence[PublicPlaces]) -> tuple[CapacityNote, float]:
    """Return whether seats can be counted, and how many a place has that says nothing."""
    known = ~np.isnan(states[0].capacity)
    units = sorted({str(unit) for unit in states[0].unit[known]} - {""})
    if not known.any():
        return CapacityNote(NO_CAPACITY), 0.0
    if len(units) > 1:
        return CapacityNote(SEVERAL_UNITS, ", ".join(units)), 0.0
    n_imputed = max(int(np.isnan(one.capacity).sum()) for one in states)
    median = float(np.median(states[0].capacity[known]))
    return CapacityNote(COMPUTED, "".join(units), n_imputed), median


def _seats(places: PublicPlaces, imputed: float) -> _Seats:
    """Return places by spot and seats, in an order that ids have no part in."""
    capacity = np.where(np.isnan(places.capacity), imputed, places.capacity)
    order = np.lexsort((capacity, places.xy[:, 1], places.xy[:, 0]))
    return _Seats(places.xy[order], capacity[order])


def _solved(
    people: FloatArray, seats: _Seats, pairs: csr_array, wanted: BoolArray | None = None
) -> FloatArray:
    """Return served, without capacity, out of reach of each point: (n, 3)."""
    found = np.zeros((len(people), 3))
    found[:, 2] = people
    part_of_point, part_of_site = _parts(pairs)
    reaches = np.diff(pairs.indptr) > 0
    for part in np.unique(part_of_point[reaches]).tolist():
        points = np.flatnonzero((part_of_point == part) & reaches)
        if wanted is not None and not wanted[points].any():
            continue
        sites = np.flatnonzero(part_of_site == part)
        split = capacity_split(
            people[points],
            seats.capacity[sites],
            pairs[points][:, sites],
            threshold=np.inf,
        )
        found[points] = np.column_stack(
            [split.served, split.without_capacity, split.out_of_reach]
        )
    return found


def _parts(pairs: csr_array) -> tuple[IntArray, IntArray]:
    """Return the connected part of each point and of each site."""
    n, m = pairs.shape
    joined = csr_array((np.ones(pairs.nnz), pairs.indices, pairs.indptr), shape=(n, m))
    _, label = connected_components(
        block_array([[None, joined], [joined.T, None]], format="csr"), directed=False
    )
    return label[:n], label[n:]


def _touched(
    one: _Seats, one_pairs: csr_array, other: _Seats, other_pairs: csr_array
) -> BoolArray:
    """Return the points of which some change is known in either state, (n,)."""
    found = np.zeros(one_pairs.shape[0], dtype=np.bool_)
    for mine, pairs, yours in (
        (one, one_pairs, other), (other, other_pairs, one),
    ):  # fmt: skip
        part_of_point, part_of_site = _parts(pairs)
        parts = part_of_site[_changed(mine.rows(), yours.rows())]
        found |= np.isin(part_of_point, parts)
    return found


def _changed(rows: FloatArray, others: FloatArray) -> BoolArray:
    """Return which rows the others have not, or not so often."""
    both = np.vstack([rows, others])
    unique, number = np.unique(both, axis=0, return_inverse=True)
    number = number.reshape(-1)
    here, there = (
        np.bincount(part, minlength=len(unique))
        for part in (number[: len(rows)], number[len(rows) :])
    )
    return np.asarray((here != there)[number[: len(rows)]])
