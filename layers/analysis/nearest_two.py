"""The nearest place and the next one, so that a change touches only whom it concerns."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from layers.analysis.travel_cost import TravelCost
from layers.measures.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class NearestTwo:
    """How far everybody walks to the nearest of some places, and to the next one.

    Attributes
    ----------
    places : ndarray, (m, 2)
        x and y in METRIC_SRID, each point once.
    walk_m : ndarray, (n, 2)
        Walking metres, inf where there is none.
    index : ndarray of int32, (n, 2)
        Which place it is, then -1.
    """

    places: FloatArray
    walk_m: FloatArray
    index: IntArray

    @property
    def nbytes(self) -> int:
        """How much is kept, in bytes."""
        return self.places.nbytes + self.walk_m.nbytes + self.index.nbytes

    @classmethod
    def of(cls, origins: FloatArray, places: FloatArray, engine: TravelCost) -> Self:
        """Return the two nearest places of each origin; one search."""
        walk_m, index = engine.k_closest(origins, places, 2)
        return cls(places, walk_m, index.astype(np.int32))

    def after(
        self, places: FloatArray, origins: FloatArray, engine: TravelCost
    ) -> FloatArray:
        """Return walking metres to the nearest of other places, as a new search would.

        Parameters
        ----------
        places : ndarray, (k, 2)
            The places there are then, each point once; most of them as before.
        origins : ndarray, (n, 2)
            The same as in `of`.
        engine : TravelCost
            The same as in `of`.

        Notes
        -----
        Who walks to a place that stays is not looked at again, except whether something
        new is nearer. Who loses the nearest place walks to the next one, and is searched
        anew only where that one goes, too.
        """
        is_kept = is_in(self.places, places)
        walk_m = self.walk_m[:, 0].copy()
        if not is_kept.all():
            self._close(walk_m, is_kept, origins, engine)
        new = places[~is_in(places, self.places)]
        if len(new):
            found, _ = engine.to_closest(origins, new)
            np.minimum(walk_m, found, out=walk_m)
        return walk_m

    def _close(
        self,
        walk_m: FloatArray,
        is_kept: BoolArray,
        origins: FloatArray,
        engine: TravelCost,
    ) -> None:
        """Write the walks of those whose nearest place is not kept."""
        nearest, following = self.index.T
        touched = np.flatnonzero((nearest >= 0) & ~is_kept[nearest])
        walk_m[touched] = self.walk_m[touched, 1]
        following = following[touched]
        lost_both = touched[(following >= 0) & ~is_kept[following]]
        if len(lost_both):
            walk_m[lost_both], _ = engine.to_closest(
                origins[lost_both], self.places[is_kept]
            )


def is_in(some: FloatArray, others: FloatArray) -> BoolArray:
    """Return which points are exactly among others."""
    # A point as one complex number: the parts are kept as they are.
    return np.isin(some[:, 0] + 1j * some[:, 1], others[:, 0] + 1j * others[:, 1])
