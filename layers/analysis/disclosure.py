"""What may be published of a run: small counts, and what gives them away, are withheld.

The question is decided for all district levels together, whichever level a run is of: a
count withheld for a neighbourhood must not follow from the counts of communities and of
the city. The pattern depends on data and parameters only, so runs made at different
times withhold alike.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from layers.analysis.group_questions import GROUP_THRESHOLDS_MIN
from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.secondary_suppression import (
    ROUND_TO,
    is_small_difference,
    recoverable,
    secondary_suppression,
)
from layers.measures.suppression import SMALL_COUNT, gives_away_small_count, is_small
from layers.measures.walking import minutes_to_metres
from layers.selectors.demand import Partition

DUST = 1e-6
"""A remainder of adding up in another order, and no people."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What of one term is not published.

    Attributes
    ----------
    zones : ndarray of bool, (n_zones,)
        Rows of the level whose figures are withheld; the last zone is the outside.
    total : bool
        Whether the row of the municipality is.
    residents : ndarray of bool, (n_zones,)
        Rows in which even the residents are.
    total_residents : bool
        Whether the municipality's are.
    cells : ndarray of bool, (cells,), or None
        The same as `zones` for the cells of every level, for `Disclosure.of_part`.
    k : int
        The smallest count that may be told.
    """

    zones: BoolArray
    total: bool
    residents: BoolArray
    total_residents: bool
    cells: BoolArray | None = None
    k: int = SMALL_COUNT


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom one term serves, at each of the thresholds that stand side by side.

    Attributes
    ----------
    is_served : ndarray of bool, (n_thresholds, n)
        By point.
    few_served, few_unserved : ndarray of bool, (n_thresholds, n_cells)
        Cells in which so few are that the count must not be known.
    few_between : ndarray of bool, (n_thresholds - 1, n_cells)
        The same of those between one threshold and the next.
    """

    is_served: BoolArray
    few_served: BoolArray
    few_unserved: BoolArray
    few_between: BoolArray


class Disclosure:
    """The rule for one question, made once and asked for each term.

    Parameters
    ----------
    parameters : CoverageParameters
        The question.
    people : ndarray, (n,)
        Residents at each demand point.
    partitions : sequence of Partition
        How each level divides the points; the question's own is among them.
    everybody : ndarray, (n,), optional
        All residents at each point where `people` are those of a group. Nobody of a group
        where others are is as small a count as one: it says of everybody there that they
        are not of it. Nobody where nobody could be is no secret.
    k : int
        The smallest count that may be told.
    """

    def __init__(
        self,
        parameters: CoverageParameters,
        people: FloatArray,
        partitions: Sequence[Partition],
        *,
        everybody: FloatArray | None = None,
        k: int = SMALL_COUNT,
    ) -> None:
        self._people = people
        self._everybody = people if everybody is None else everybody
        self._k = k
        self._parameters = parameters
        self._thresholds_m = _family(parameters)
        zones = np.column_stack([partition.zone for partition in partitions])
        atoms, self._atom = np.unique(zones, axis=0, return_inverse=True)
        self._atom = self._atom.reshape(-1)
        self._cells, self._own, self._is_total = _cells(
            atoms, partitions, parameters.level
        )
        # Where nobody lives everybody knows it: such an atom protects no other one.
        self._cells = self._cells * (self._sums_of(self._everybody) > 0)
        self._residents = self._cells @ self._sums_of(people)
        self._withheld_residents = secondary_suppression(
            self._cells,
            self._are_few(np.ones(len(people), dtype=np.bool_)),
            self._residents,
            is_total=self._is_total,
        )

    def at(self, parameters: CoverageParameters) -> Self:
        """Return the rule for the same question with the longest walk of one term."""
        if parameters.threshold_min == self._parameters.threshold_min:
            return self
        changed = copy(self)
        changed._parameters = parameters  # noqa: SLF001 (a copy of itself)
        changed._thresholds_m = _family(parameters)  # noqa: SLF001 (the same)
        return changed

    @property
    def thresholds_min(self) -> tuple[float, ...]:
        """The thresholds whose answers stand side by side, in minutes, ascending."""
        return _family_min(self._parameters)

    def of_part(
        self,
        shown: Withheld,
        walk_m: FloatArray,
        parts: Sequence[FloatArray],
    ) -> tuple[BoolArray, bool]:
        """Return where a figure about a part of those served is withheld.

        Parameters
        ----------
        shown : Withheld
            What is withheld of the rows.
        walk_m : ndarray, (n,)
            Walking metres to the nearest place.
        parts : sequence of ndarray, each (n,)
            People of the part at each point, at each of `thresholds_min`: those who find a
            place, or who reach one that is open.

        Returns
        -------
        (ndarray of bool, bool), (n_zones,)
            Zones in which it is withheld, and whether it is in the municipality's row.

        Notes
        -----
        The part and those served who are not in it are two sides of one count: either
        gives the other away, as the row says how many are served. So where either is
        small the figure goes, and with it whatever would give it away. Where a side is
        nobody a reader may know so (nobody is served there, or a district around it says
        0), and that protects no other district: each side is looked at without them.
        """
        if shown.cells is None:
            raise InvalidParameter("shown", "none", "what of_term returned")
        primary = shown.cells.copy()
        counts, sides = [], []
        for threshold_m, part in zip(self._thresholds_m, parts, strict=True):
            served = self._summed(walk_m <= threshold_m)
            inside = self._sums_of(np.minimum(part, self._people))
            count = self._cells @ inside
            primary |= gives_away_small_count(
                self._cells @ served, _within(count, self._cells @ served), k=self._k
            )
            counts.append(count)
            sides += [inside > 0, served - inside > DUST]
        for nearer, farther in pairwise(counts):
            primary |= is_small_difference(nearer, farther, k=self._k)
        found = shown.cells
        if not (primary & ~found).any():
            return shown.zones, shown.total
        found = self._protected(primary, sides)
        return found[self._own], bool(found[-1])

    def counted(self, walk_m: FloatArray) -> Counted:
        """Return who is served by a term that lies so far from each point."""
        served = [walk_m <= threshold_m for threshold_m in self._thresholds_m]
        cells = [self._cells @ self._summed(who) for who in served]
        differ = [
            is_small_difference(nearer, farther, k=self._k)
            for nearer, farther in pairwise(cells)
        ]
        return Counted(
            np.array(served),
            np.array([self._are_few(who) for who in served]),
            np.array([self._are_few(~who) for who in served]),
            np.array(differ, dtype=np.bool_).reshape(-1, len(self._cells)),
        )

    @property
    def k(self) -> int:
        """The smallest count of people that may be told."""
        return self._k

    @property
    def withheld_residents(self) -> BoolArray:
        """Cells of all levels of which even the residents are withheld."""
        return self._withheld_residents

    @property
    def people(self) -> FloatArray:
        """People at each point, (n,)."""
        return self._people

    @property
    def is_inhabited(self) -> BoolArray:
        """Points at which anybody lives, of the group asked about or not, (n,)."""
        return self._everybody > 0

    @property
    def atom(self) -> IntArray:
        """The atom of each point, (n,)."""
        return self._atom

    @property
    def cells(self) -> FloatArray:
        """Which inhabited atoms each cell of all levels adds up, (n_cells, n_atoms)."""
        return self._cells

    @property
    def is_total(self) -> BoolArray:
        """Which cell is the municipality, (n_cells,)."""
        return self._is_total

    @property
    def residents(self) -> FloatArray:
        """People of each cell, (n_cells,)."""
        return self._residents

    def of_cells(self, cells: BoolArray) -> Withheld:
        """Return what is withheld of a term of which these cells of all levels are."""
        return self._told(cells)

    def of_term(self, walk_m: FloatArray) -> Withheld:
        """Return what is withheld of a term that lies so far from each point.

        Parameters
        ----------
        walk_m : ndarray, (n,)
            Walking metres to the nearest place, inf where there is none.
        """
        return self._told(self.cells_of(walk_m))

    def cells_of(self, walk_m: FloatArray) -> BoolArray:
        """Return the cells that one state withholds."""
        primary = self._primary(walk_m)
        if not primary.any():
            return primary
        sides = []
        for threshold_m in self._thresholds_m:
            is_served = walk_m <= threshold_m
            sides += [
                self._sums_of(self._everybody * side) > 0
                for side in (is_served, ~is_served)
            ]
        return self._protected(primary, sides)

    def _protected(self, primary: BoolArray, sides: Sequence[BoolArray]) -> BoolArray:
        """Return the primary cells and what gives them away.

        `sides` say of each count where it is anybody at all, by atom: a side of nobody
        may be known, from a district that says all or none are served, and then it
        protects no other district.
        """
        found = primary.copy()
        for is_anybody in sides:
            cells = self._cells * is_anybody
            # What hides one side often hides the other, too.
            if (primary & recoverable(cells, found) & cells.any(axis=1)).any():
                found |= secondary_suppression(
                    cells, primary, self._residents, is_total=self._is_total
                )
        return found

    def _primary(self, walk_m: FloatArray) -> BoolArray:
        """Return the cells of one state that show few people by themselves."""
        primary = self._withheld_residents.copy()
        served = []
        for threshold_m in self._thresholds_m:
            is_served = walk_m <= threshold_m
            primary |= self._are_few(is_served) | self._are_few(~is_served)
            served.append(self._cells @ self._summed(is_served))
        for nearer, farther in pairwise(served):
            primary |= is_small_difference(nearer, farther, k=self._k)
        return primary

    def _are_few(self, holds: BoolArray) -> BoolArray:
        """Return the cells with few people of whom something holds, by point."""
        count = self._cells @ self._summed(holds)
        of_all = self._cells @ self._sums_of(self._everybody * holds)
        is_nobody_of_some = (count == 0) & (of_all > 0)
        return np.asarray(is_small(count, k=self._k) | is_nobody_of_some)

    def _told(self, found: BoolArray) -> Withheld:
        return Withheld(
            zones=found[self._own],
            total=bool(found[-1]),
            residents=self._withheld_residents[self._own],
            total_residents=bool(self._withheld_residents[-1]),
            cells=found,
            k=self._k,
        )

    def _summed(self, weight: FloatArray | BoolArray) -> FloatArray:
        return self._sums_of(self._people * weight)

    def _sums_of(self, people: FloatArray) -> FloatArray:
        n_atoms = self._cells.shape[1]
        sums = np.bincount(self._atom, weights=people, minlength=n_atoms)
        return np.asarray(sums, dtype=np.float64)


def rounding_base(parameters: CoverageParameters) -> int:
    """Return to multiples of what counts are rounded: 5 for a group, else 1."""
    return 1 if parameters.group is None or parameters.is_restricted else ROUND_TO


def _family(parameters: CoverageParameters) -> list[float]:
    """Return the thresholds in metres whose answers are safe side by side, ascending."""
    minutes = _family_min(parameters)
    return [minutes_to_metres(each, parameters.walk_kmh) for each in minutes]


def _family_min(parameters: CoverageParameters) -> tuple[float, ...]:
    if parameters.group is None:
        return (parameters.threshold_min,)
    return tuple(sorted({*GROUP_THRESHOLDS_MIN, parameters.threshold_min}))


def _within(part: FloatArray, whole: FloatArray) -> FloatArray:
    # Sums of the same people in another order differ in the last digits.
    return np.minimum(part, whole)


def _cells(
    atoms: IntArray, partitions: Sequence[Partition], level: str
) -> tuple[FloatArray, slice, BoolArray]:
    """Return cells x atoms, where the level's own cells lie, and which is the total."""
    rows: list[BoolArray] = []
    own = slice(0, 0)
    for column, partition in enumerate(partitions):
        n_zones = partition.n_districts + 1
        if partition.level == level:
            own = slice(len(rows), len(rows) + n_zones)
        rows += [atoms[:, column] == zone for zone in range(n_zones)]
    rows.append(np.ones(len(atoms), dtype=np.bool_))
    is_total = np.zeros(len(rows), dtype=np.bool_)
    is_total[-1] = True
    return np.array(rows, dtype=np.float64), own, is_total
