"""What may be published of several states side by side: today, and what could be.

Every state alone follows the rule of a run (`disclosure.py`). Beside that whoever
subtracts one state from another, or one scenario from another one asked on another day,
must not come upon few people.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from layers.analysis.disclosure import Disclosure, Withheld
from layers.errors import InvalidParameter
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.joint_disclosure import patterns, people_by_pattern, spanned
from layers.measures.secondary_suppression import (
    is_small_difference,
    secondary_suppression,
)
from layers.measures.suppression import is_small

Near = Callable[[IntArray, float], BoolArray]
"""Which of the changed spots are within some metres of some points: (spots, points)."""


class StatesDisclosure(Disclosure):
    """The rule of a question for any number of states; see `Disclosure`."""

    def of_change(
        self,
        before_m: FloatArray,
        after_m: FloatArray,
        today: Withheld | None = None,
    ) -> Withheld:
        """Return what is withheld of today and one state; see `of_states`."""
        return self.of_states([before_m, after_m], today=today)

    def of_states(
        self,
        walks_m: Sequence[FloatArray],
        near: Near | None = None,
        today: Withheld | None = None,
    ) -> Withheld:
        """Return what is withheld of a term in today and every state alike.

        Parameters
        ----------
        walks_m : sequence of ndarray, each (n,)
            Walking metres to the nearest place; today first, whose counts are published
            as a run.
        near : callable, optional
            Which changed spots are within reach of points.
        today : Withheld, optional
            What the run withholds; without it what it would if this were its only term.

        Notes
        -----
        Withheld is what any state withholds; and where few people are reached in just the
        same states, or two states differ by few. Those who are reached in the same states
        are told apart by the changed spots that they reach: so every set of these places
        may close in questions of their own, and no sum or difference of the answers
        consists of few people of one district.

        Where nobody's walk crosses the threshold two states are known to be equal, so
        what gives a difference away is looked for among the others only: of the city's
        difference and one district's, another district's follows that no place of the
        scenario is near. At the end all states are asked together whether anything that
        must not be told is a linear combination of what is. Then the whole term is
        withheld, which is rare.
        """
        known = today or self.of_term(walks_m[0])
        if known.cells is None:
            raise InvalidParameter("today", "none", "what of_term returned")
        found = known.cells
        primary = found.copy()
        for walk_m in walks_m[1:]:
            primary |= self._primary(walk_m)
        moved: list[BoolArray] = []
        reached_at = [
            np.array([walk_m <= threshold_m for walk_m in walks_m])
            for threshold_m in self._thresholds_m
        ]
        for threshold_m, reached in zip(self._thresholds_m, reached_at, strict=True):
            primary |= self._few_alike(reached, threshold_m, near)
            for one, other in combinations(reached, 2):
                gaining, losing = self._summed(other & ~one), self._summed(one & ~other)
                gain, loss = self._cells @ gaining, self._cells @ losing
                primary |= is_small_difference(gain, loss, k=self._k)
                moved.append((gaining > 0) | (losing > 0))
        found = found | primary
        for is_moved in moved:
            found = found | secondary_suppression(
                self._cells * is_moved,
                primary,
                self._residents,
                is_total=self._is_total,
            )
        for reached in reached_at:
            if self._is_told_together(found, primary, reached):
                found = np.ones_like(found)
        return self._told(found)

    def of_counts(
        self, shown: Withheld, counts: Sequence[FloatArray]
    ) -> tuple[BoolArray, bool]:
        """Return the zones whose further counts are withheld, and whether the total's are.

        Parameters
        ----------
        shown : Withheld
            What is withheld of the rows.
        counts : sequence of ndarray, each (n,)
            People at each point, of every state in the same order.

        Notes
        -----
        The municipality's counts follow from what is public (who reaches a place, how
        many seats there are), so they are no secret of their own. Those of a district say
        who lives nearest.
        """
        own = np.zeros(len(self._cells), dtype=np.bool_)
        own[self._own] = shown.zones
        own[-1] = shown.total
        cells = [self._cells @ self._summed(count) for count in counts]
        few = own.copy()
        for cell in cells:
            few |= is_small(np.maximum(cell, 0.0), k=self._k) & ~self._is_total
        for one, other in combinations(cells, 2):
            few |= is_small_difference(one, other, k=self._k) & ~self._is_total
        found = own | secondary_suppression(
            self._cells, few, self._residents, is_total=self._is_total
        )
        return found[self._own], bool(found[-1])

    def _few_alike(
        self, reached: BoolArray, threshold_m: float, near: Near | None
    ) -> BoolArray:
        """Return the cells in which few people are reached in just the same states."""
        crossing = np.flatnonzero(reached.any(axis=0) & ~reached.all(axis=0))
        if not len(crossing):
            return np.zeros(len(self._cells), dtype=np.bool_)
        alike = reached[:, crossing]
        if near is not None:
            alike = np.vstack([alike, near(crossing, threshold_m)])
        by_atom = people_by_pattern(
            self._people[crossing],
            self._atom[crossing],
            patterns(alike),
            n_atoms=self._cells.shape[1],
        )
        few: BoolArray = is_small((self._cells @ by_atom).ravel(), k=self._k)
        return np.asarray(few.reshape(len(self._cells), -1).any(axis=1))

    def _is_told_together(
        self, found: BoolArray, primary: BoolArray, reached: BoolArray
    ) -> bool:
        """Return whether all states together give a cell away that must not be told."""
        crossing = np.flatnonzero(reached.any(axis=0) & ~reached.all(axis=0))
        if len(reached) < 3 or not primary.any() or not len(crossing):
            return False
        pattern = patterns(reached[:, crossing])
        n_atoms = self._cells.shape[1]
        by_atom = people_by_pattern(
            self._people[crossing], self._atom[crossing], pattern, n_atoms=n_atoms
        )
        atom, which = np.nonzero(by_atom)
        if not len(atom):
            return False
        _, example = np.unique(pattern, return_index=True)
        bits = reached[:, crossing[example]].astype(np.float64)
        change = (bits[1:] - bits[:1])[:, which]
        table = self._cells[:, None, atom] * change[None, :, :]
        shown = table[~found].reshape(-1, len(atom))
        kept = table[primary].reshape(-1, len(atom))
        return bool(spanned(shown, kept).any())
