"""Streets ready to be searched, kept by the process while nobody changes them."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import numpy as np

from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.snapping import LineIndex, Snapped
from layers.measures.street_graph import Spots, StreetGraph
from layers.measures.walking import slope_factor
from layers.selectors.streets import Streets, streets, streets_version

KEPT_NETWORKS = 2
"""Municipalities whose streets a process holds; 100,000 junctions are some 60 MB."""

KEPT_ORIGINS = 4
"""Sets of points whose places on the streets are kept with them: people, mostly."""

MANY_POINTS = 2_000
"""Smaller sets are placed anew each time: that is quicker than it is worth keeping."""


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A set of points, and where it meets the streets."""

    points: FloatArray
    limit_m: float
    snapped: Snapped
    spots: Spots


class PreparedStreets:
    """Streets with everything that each search needs, made once and never changed.

    Parameters
    ----------
    found : Streets
        As in the database.

    Attributes
    ----------
    graph : StreetGraph
        Costs are walking metres: metres along the street, times what its slope takes
        more where the heights of both ends are known.
    component : ndarray of int, (n,)
        For each junction the part of the network that it belongs to.
    is_level_unknown : bool
        Whether there is a street without heights.
    """

    def __init__(self, found: Streets) -> None:
        rise = found.elevation_m[found.end] - found.elevation_m[found.start]
        self.is_level_unknown = bool(np.isnan(rise).any())
        self.graph = StreetGraph.of(
            len(found.xy),
            found.start,
            found.end,
            found.length_m * slope_factor(rise, found.length_m),
        )
        self.component: IntArray = self.graph.components()
        self.xy: FloatArray = found.xy
        self._lines = LineIndex(found.vertices, found.first)
        self._placed: list[_Placed] = []
        self._lock = Lock()

    def snapped(self, points: FloatArray, limit_m: float) -> Snapped:
        """Return where points meet the streets; large sets are remembered."""
        return self._at(points, limit_m)[0]

    def spots(self, points: FloatArray, limit_m: float) -> Spots:
        """Return points as the network sees them; none where nothing is near enough."""
        return self._at(points, limit_m)[1]

    def _at(self, points: FloatArray, limit_m: float) -> tuple[Snapped, Spots]:
        if len(points) < MANY_POINTS:
            return self._place(points, limit_m)
        with self._lock:
            placed = list(self._placed)
        for kept in placed:
            # Compared number by number: an array may have been changed by its owner.
            if kept.limit_m == limit_m and np.array_equal(kept.points, points):
                self._keep(kept)
                return kept.snapped, kept.spots
        snapped, spots = self._place(points, limit_m)
        self._keep(_Placed(points.copy(), limit_m, snapped, spots))
        return snapped, spots

    def _keep(self, used: "_Placed") -> None:
        """Keep the sets that were used last: people stay, however many sites come by."""
        with self._lock:
            others = [kept for kept in self._placed if kept is not used]
            self._placed = [*others[-KEPT_ORIGINS + 1 :], used]

    def _place(self, points: FloatArray, limit_m: float) -> tuple[Snapped, Spots]:
        at = self._lines.snap(points, limit_m)
        return at, Spots.on(self.graph, at.line, at.fraction, at.away_m)

    def parts(self, spots: Spots) -> IntArray:
        """Return the component that each place is connected with, -1 off the network."""
        if not len(self.component):
            return np.full(len(spots), -1, dtype=np.int64)
        is_on: BoolArray = spots.is_on
        return np.where(is_on, self.component[spots.start], -1)


_kept: OrderedDict[UUID, tuple[str, PreparedStreets]] = OrderedDict()
_lock = Lock()


def prepared_streets(municipality_id: UUID) -> PreparedStreets | None:
    """Return the streets of a municipality, None where none are loaded.

    Notes
    -----
    Asks the database for their version each time, and for the streets only where the
    process does not hold that version. It holds those of `KEPT_NETWORKS`
    municipalities, the last used ones.
    """
    version = streets_version(municipality_id)
    with _lock:
        held = _kept.get(municipality_id)
        if held is not None and held[0] == version:
            _kept.move_to_end(municipality_id)
            return held[1]
    found = streets(municipality_id)
    if not len(found.start):
        return None
    made = PreparedStreets(found)
    with _lock:
        _kept[municipality_id] = (version, made)
        _kept.move_to_end(municipality_id)
        while len(_kept) > KEPT_NETWORKS:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Drop what is held; for tests, and for a process short of memory."""
    with _lock:
        _kept.clear()
