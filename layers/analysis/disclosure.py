"""What may be published of a run: small counts, and what gives them away, are withheld.

The question is decided for all district levels together, whichever level a run is of: a
count withheld for a neighbourhood must not follow from the counts of communities and of
the city. The pattern depends on data and parameters only, so runs made at different
times withhold alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.secondary_suppression import (
    ROUND_TO,
    is_small_difference,
    secondary_suppression,
)
from layers.measures.suppression import SMALL_COUNT, gives_away_small_count, is_small
from layers.measures.walking import SLOW_KMH, WALK_KMH, minutes_to_metres
from layers.selectors.demand import Partition

GROUP_THRESHOLDS_MIN = (10.0, 15.0, 20.0, 30.0)
"""The only thresholds at which the public may ask about a population group: whoever could
choose them freely would count the few people between two of them."""

GROUP_SPEEDS_KMH = (WALK_KMH, SLOW_KMH)


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
    """

    zones: BoolArray
    total: bool
    residents: BoolArray
    total_residents: bool


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
    """

    def __init__(
        self,
        parameters: CoverageParameters,
        people: FloatArray,
        partitions: Sequence[Partition],
    ) -> None:
        self._people = people
        self._thresholds_m = _family(parameters)
        zones = np.column_stack([partition.zone for partition in partitions])
        atoms, self._atom = np.unique(zones, axis=0, return_inverse=True)
        self._atom = self._atom.reshape(-1)
        self._cells, self._own, self._is_total = _cells(
            atoms, partitions, parameters.level
        )
        self._residents = self._cells @ self._summed(np.ones(len(people)))
        self._withheld_residents = secondary_suppression(
            self._cells,
            is_small(self._residents),
            self._residents,
            is_total=self._is_total,
        )

    def of_term(self, walk_m: FloatArray) -> Withheld:
        """Return what is withheld of a term that lies so far from each point.

        Parameters
        ----------
        walk_m : ndarray, (n,)
            Walking metres to the nearest place, inf where there is none.
        """
        return self._told(self._withheld(walk_m))

    def _withheld(self, walk_m: FloatArray) -> BoolArray:
        """Return the cells that one state withholds."""
        return secondary_suppression(
            self._cells, self._primary(walk_m), self._residents, is_total=self._is_total
        )

    def _primary(self, walk_m: FloatArray) -> BoolArray:
        """Return the cells of one state that show few people by themselves."""
        served = [
            self._cells @ self._summed(walk_m <= threshold_m)
            for threshold_m in self._thresholds_m
        ]
        primary = self._withheld_residents.copy()
        for cell in served:
            primary |= gives_away_small_count(
                self._residents, _within(cell, self._residents)
            )
        for nearer, farther in pairwise(served):
            primary |= is_small_difference(nearer, farther, k=SMALL_COUNT)
        return primary

    def _told(self, found: BoolArray) -> Withheld:
        return Withheld(
            zones=found[self._own],
            total=bool(found[-1]),
            residents=self._withheld_residents[self._own],
            total_residents=bool(self._withheld_residents[-1]),
        )

    def _summed(self, weight: FloatArray | BoolArray) -> FloatArray:
        n_atoms = self._cells.shape[1]
        sums = np.bincount(self._atom, weights=self._people * weight, minlength=n_atoms)
        return np.asarray(sums, dtype=np.float64)


def check_group_question(parameters: CoverageParameters) -> None:
    """Raise InvalidParameter where the public may not ask so about a group."""
    if parameters.group is None or parameters.is_restricted:
        return
    if parameters.threshold_min not in GROUP_THRESHOLDS_MIN:
        listed = ", ".join(f"{minutes:g}" for minutes in GROUP_THRESHOLDS_MIN)
        raise InvalidParameter(
            "threshold_min", parameters.threshold_min, f"with `group` one of {listed}"
        )
    if parameters.walk_kmh not in GROUP_SPEEDS_KMH:
        listed = " or ".join(f"{speed:g}" for speed in GROUP_SPEEDS_KMH)
        raise InvalidParameter(
            "walk_kmh", parameters.walk_kmh, f"with `group` {listed}"
        )


def rounding_base(parameters: CoverageParameters) -> int:
    """Return to multiples of what counts are rounded: 5 for a group, else 1."""
    return 1 if parameters.group is None or parameters.is_restricted else ROUND_TO


def _family(parameters: CoverageParameters) -> list[float]:
    """Return the thresholds in metres whose answers are safe side by side, ascending."""
    if parameters.group is None:
        return [parameters.threshold_m]
    minutes = {*GROUP_THRESHOLDS_MIN, parameters.threshold_min}
    return sorted(minutes_to_metres(m, parameters.walk_kmh) for m in minutes)


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
