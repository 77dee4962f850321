"""Where figures about a part of those served are withheld though their row is not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.analysis.disclosure import Disclosure, Withheld
from layers.analysis.measured import Measured
from layers.measures.arrays import BoolArray, FloatArray
from layers.measures.suppression import SMALL_COUNT


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is withheld, by zone and, at the end, of the municipality: (n_zones + 1,).

    Attributes
    ----------
    row : ndarray of bool
        Everything.
    room, access, opening : ndarray of bool
        Who finds a place; places per person; shares of the week.
    k : int
        The smallest count of people that may be told.
    """

    row: BoolArray
    room: BoolArray
    access: BoolArray
    opening: BoolArray
    k: int = SMALL_COUNT

    @classmethod
    def of(
        cls,
        disclosure: Disclosure,
        shown: Withheld,
        walk_m: FloatArray,
        people: FloatArray,
        side_by_side: Sequence[Measured],
    ) -> "Hidden":
        """Return what is withheld of a term.

        Parameters
        ----------
        disclosure : Disclosure
            The rule, with the term's threshold.
        shown : Withheld
            What is withheld of the rows.
        walk_m, people : ndarray, (n,)
            Walking metres to the nearest place, and people.
        side_by_side : sequence of Measured
            The term at each of `disclosure.thresholds_min`.
        """
        row = np.append(shown.zones, shown.total)

        def where(parts: list[FloatArray]) -> BoolArray:
            zones, total = disclosure.of_part(shown, walk_m, parts)
            return np.asarray(np.append(zones, total) | row, dtype=np.bool_)

        rooms = [one.with_place for one in side_by_side if one.with_place is not None]
        opening = where([people * (one.opened > 0) for one in side_by_side])
        if any((one.opened_high > one.opened).any() for one in side_by_side):
            opening |= where([people * (one.opened_high > 0) for one in side_by_side])
        return cls(
            row=row,
            room=where(rooms) if rooms else row,
            access=where([people * (one.access > 0) for one in side_by_side]),
            opening=opening,
            k=disclosure.k,
        )
