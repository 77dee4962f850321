"""The engine that walks along the streets."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from layers.analysis.flags import Flag
from layers.analysis.parameters import CoverageParameters
from layers.analysis.street_graphs import PreparedStreets, prepared_streets
from layers.errors import InvalidArray, InvalidParameter, NotFound
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.street_graph import Spots
from layers.measures.street_pairs import costs_of_near_pairs
from layers.measures.street_search import k_nearest_places, nearest_places
from layers.measures.within import as_matrix, pairs_within
from layers.models import Municipality

SNAP_LIMIT_M = 250.0
"""Whoever is farther than this from any street is not reached: r5r#373, R5#934."""

FAR_M = 50.0
"""People farther than this from the street are flagged: the last metres are a guess."""

DECIMALS = 6
"""Of a metre: parts of a street add up to it, so that a limit includes its end."""

ROUNDING_M = 1e-5
"""What is looked for beyond a limit, and left out again once it is rounded."""


class Unreached(IntEnum):
    """Why an origin reaches no site."""

    REACHED = 0
    """It does."""

    SNAP = 1
    """No street within the snap limit of the origin."""

    COMPONENT = 2
    """Streets, but none that leads to a site: another part of the network."""

    NO_SITE = 3
    """No site at all, or none within the snap limit of a street."""

    LIMIT = 4
    """A site, but farther than the engine was told to look."""


class StreetNetwork:
    """Walks over the streets, with a leg off the network at both ends.

    Each place is snapped to the nearest point on any street, exactly, not to a
    junction; the straight line to it is part of the walk, for origins and sites alike.

    Parameters
    ----------
    streets : PreparedStreets
        The network.
    snap_limit_m : float
        Longest leg off the network; exactly so long is allowed.
    limit_m : float
        Longest walk looked for. Without one every walk is found, which means and
        medians need.

    References
    ----------
    Legs at both ends: a place 256 m off the network counted as 0 minutes in
    conveyal/r5#934; a place across water snapped to 0 m in UDST/pandana#170.
    """

    def __init__(
        self,
        streets: PreparedStreets,
        *,
        snap_limit_m: float = SNAP_LIMIT_M,
        limit_m: float = np.inf,
    ) -> None:
        self.streets = streets
        self.snap_limit_m = snap_limit_m
        self.limit_m = limit_m

    @property
    def flags(self) -> frozenset[Flag]:
        """What is true of every figure of this engine."""
        return frozenset({Flag.NO_SLOPE} if self.streets.is_level_unknown else ())

    def to_closest(
        self, origins: FloatArray, sites: FloatArray
    ) -> tuple[FloatArray, IntArray]:
        """Return walking metres to the nearest site; see `TravelCost`."""
        walk_m, index = nearest_places(
            self.streets.graph,
            self._spots(origins),
            self._spots(sites),
            limit=self.limit_m,
        )
        return walk_m.round(DECIMALS), index

    def k_closest(
        self, origins: FloatArray, sites: FloatArray, k: int
    ) -> tuple[FloatArray, IntArray]:
        """Return walking metres to the k nearest sites; see `TravelCost`."""
        walk_m, index = k_nearest_places(
            self.streets.graph,
            self._spots(origins),
            self._spots(sites),
            k,
            limit=self.limit_m,
        )
        return walk_m.round(DECIMALS), index

    def pairs_within(
        self, origins: FloatArray, sites: FloatArray, limit_m: float
    ) -> csr_array:
        """Return all walks of at most `limit_m`; see `TravelCost`.

        Notes
        -----
        No walk is shorter than the straight line, so only pairs within the limit as
        the crow flies are looked at.
        """
        if not limit_m >= 0:
            raise InvalidArray(f"limit_m: {limit_m} is not a number >= 0")
        near = pairs_within(sites, origins, limit_m + ROUNDING_M)
        site = np.repeat(np.arange(len(sites)), np.diff(near.indptr))
        origin = near.indices.astype(np.int64)
        walk_m = costs_of_near_pairs(
            self.streets.graph,
            self.streets.xy,
            self._spots(origins),
            self._spots(sites),
            sites,
            origin,
            site,
            limit=min(limit_m, self.limit_m) + ROUNDING_M,
        ).round(DECIMALS)
        is_in = walk_m <= min(limit_m, self.limit_m)
        shape = (len(origins), len(sites))
        return as_matrix(origin[is_in], site[is_in], walk_m[is_in], shape)

    def marks(self, origins: FloatArray) -> dict[Flag, BoolArray]:
        """Return for each flag the origins of which it is true; see `TravelCost`."""
        away_m = self.streets.snapped(origins, self.snap_limit_m).away_m
        return {Flag.SNAP: away_m > FAR_M}

    def is_off(self, origins: FloatArray) -> BoolArray:
        """Return which origins are beyond the snap limit of every street."""
        return ~self._spots(origins).is_on

    def why_unreached(self, origins: FloatArray, sites: FloatArray) -> NDArray[np.int8]:
        """Return for each origin an `Unreached`: whether it reaches a site, or why not.

        Parameters
        ----------
        origins, sites : ndarray, (n, 2) and (m, 2)
            x and y in METRIC_SRID, metres.
        """
        here, there = self._spots(origins), self._spots(sites)
        walk_m, _ = nearest_places(self.streets.graph, here, there, limit=self.limit_m)
        parts = self.streets.parts(here)
        with_site = np.unique(self.streets.parts(there.take(there.is_on)))
        reasons = np.select(
            [
                np.isfinite(walk_m),
                ~here.is_on,
                np.full(len(here), not len(with_site)),
                ~np.isin(parts, with_site),
            ],
            [
                Unreached.REACHED,
                Unreached.SNAP,
                Unreached.NO_SITE,
                Unreached.COMPONENT,
            ],
            Unreached.LIMIT,
        )
        return reasons.astype(np.int8)

    def _spots(self, points: FloatArray) -> Spots:
        return self.streets.spots(points, self.snap_limit_m)


def street_network(parameters: CoverageParameters) -> StreetNetwork:
    """Return the engine for the streets of the municipality that is asked about.

    Raises
    ------
    NotFound
        No such municipality.
    InvalidParameter
        It has no streets; the message says how to load some.
    """
    slug = parameters.municipality
    found = Municipality.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("municipality", slug)
    streets = prepared_streets(found)
    if streets is None:
        raise InvalidParameter(
            "engine",
            parameters.engine,
            f"straight_line: no streets of {slug} are loaded (import_streets loads them)",
        )
    return StreetNetwork(streets)
