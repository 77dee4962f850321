"""The walks between people and places of what is offered, made once for all terms."""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack

from layers.analysis.travel_cost import TravelCost
from layers.measures.arrays import FloatArray, IntArray
from layers.measures.pairs import within
from layers.selectors.demand import Demand
from layers.selectors.neighbours import Neighbours
from layers.selectors.supply_places import Places

BLOCK = 5_000
"""Places whose walks are found at once."""


@dataclass(frozen=True, slots=True)
class TermPlaces:
    """The places of one term, and who reaches them.

    Attributes
    ----------
    rows : ndarray of int, (s,)
        The services, as rows of `Places`.
    at : ndarray of int, (s,)
        Which column of `pairs` each is at.
    pairs : csr_array, (n + o, k)
        Walking metres of at most the threshold from n demand points, and after them
        from o points of neighbours, to k spots.
    """

    rows: IntArray
    at: IntArray
    pairs: csr_array

    def summed(self, values: FloatArray) -> FloatArray:
        """Return a figure of each service summed by spot, (k,)."""
        n_spots = self.pairs.shape[1]
        sums = np.bincount(self.at, weights=values, minlength=n_spots)
        return np.asarray(sums, dtype=np.float64)


@dataclass(frozen=True)
class PlacesInReach:
    """Everybody, every place, and the walks between them.

    Attributes
    ----------
    places : Places
        Services at places.
    people, everybody : ndarray, (n + o,)
        Those of the group asked about, and all: residents, and then neighbours.
    is_group : bool
        Whether `people` are a group of `everybody`, and not all of them.
    n_residents : int
        How many of these points are residents' (n).
    origins : ndarray, (n + o, 2)
        Where they live.
    engine : TravelCost
        How walks are found.
    limit_m : float
        The longest walk that any term asks for.

    Notes
    -----
    Walks are found when the first term asks, and kept: 12 bytes for each pair.
    """

    places: Places
    people: FloatArray
    everybody: FloatArray
    is_group: bool
    n_residents: int
    origins: FloatArray
    engine: TravelCost
    limit_m: float
    _walks: list[csc_array] = field(default_factory=list, repr=False)

    @classmethod
    def of(
        cls,
        places: Places,
        demand: Demand,
        neighbours: Neighbours | None,
        engine: TravelCost,
        limit_m: float,
    ) -> "PlacesInReach":
        """Return residents and neighbours together with what is offered."""
        people, everybody, origins = [demand.people], [demand.residents], [demand.xy]
        if neighbours is not None:
            people.append(neighbours.people)
            everybody.append(neighbours.everybody)
            origins.append(neighbours.xy)
        return cls(
            places,
            np.concatenate(people),
            np.concatenate(everybody),
            demand.everybody is not None,
            len(demand.people),
            np.concatenate(origins),
            engine,
            limit_m,
        )

    def of_term(self, slug: str, threshold_m: float) -> TermPlaces:
        """Return the places of a term with the walks of at most a threshold."""
        rows = self.places.of_term.get(slug, np.empty(0, dtype=np.int64))
        spots, at = np.unique(self.places.point[rows], return_inverse=True)
        chosen = csr_array(self._all_walks()[:, spots])
        return TermPlaces(rows, at.reshape(-1), within(chosen, threshold_m))

    def _all_walks(self) -> csc_array:
        if not self._walks:
            # Some places at a time: while they are found, pairs take three times as much.
            spots = self.places.xy
            blocks = [
                csc_array(
                    self.engine.pairs_within(
                        self.origins, spots[begin : begin + BLOCK], self.limit_m
                    )
                )
                for begin in range(0, len(spots), BLOCK)
            ]
            empty = csc_array((len(self.origins), 0))
            self._walks.append(csc_array(hstack(blocks)) if blocks else empty)
        return self._walks[0]
