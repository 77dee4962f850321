"""How far is it on foot? One interface, and the engines that answer it.

Every engine answers in walking metres, so that thresholds, means and medians compare
whatever the engine. `straight_line` always works, `street_network` where streets are
loaded; another engine is registered under its own code and nothing else changes.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

from layers.analysis.flags import Flag
from layers.analysis.parameters import STRAIGHT_LINE, CoverageParameters
from layers.analysis.street_network import street_network
from layers.errors import InvalidParameter
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.closest import closest, k_closest
from layers.measures.pairs import with_data, within
from layers.measures.within import pairs_within

ROUNDING = 1e-12
"""Share by which a distance may round away from what it is."""


class TravelCost(Protocol):
    """An engine, made for one set of parameters."""

    @property
    def flags(self) -> frozenset[Flag]:
        """What is true of every figure that this engine made."""
        ...

    def to_closest(
        self, origins: FloatArray, sites: FloatArray
    ) -> tuple[FloatArray, IntArray]:
        """Return walking metres from each origin to its nearest site, and which.

        Parameters
        ----------
        origins, sites : ndarray, (n, 2) and (m, 2)
            x and y in METRIC_SRID, metres.

        Returns
        -------
        (ndarray, ndarray), (n,) and (n,)
            Metres, inf where no site can be reached; index of the site, then -1.
        """
        ...

    def k_closest(
        self, origins: FloatArray, sites: FloatArray, k: int
    ) -> tuple[FloatArray, IntArray]:
        """Return walking metres from each origin to its k nearest sites, and which.

        Returns
        -------
        (ndarray, ndarray), (n, k) and (n, k)
            Metres ascending in each row, inf where fewer are reached; index of the
            site, then -1. Two sites at one spot are two.

        Raises
        ------
        InvalidArray
            `k` below 1.
        """
        ...

    def pairs_within(
        self, origins: FloatArray, sites: FloatArray, limit_m: float
    ) -> csr_array:
        """Return every walk from an origin to a site of at most `limit_m`.

        Returns
        -------
        csr_array, (n, m)
            Walking metres; the stored entries are the pairs, a walk of 0 m included.
            What is not stored is out of reach.

        Raises
        ------
        InvalidArray
            A limit that is not a number of 0 or more.
        """
        ...

    def marks(self, origins: FloatArray) -> dict[Flag, BoolArray]:
        """Return flags that are true of some origins only, and of which, (n,) each."""
        ...

    def is_off(self, origins: FloatArray) -> BoolArray:
        """Return which origins the engine has no way from, wherever sites are, (n,)."""
        ...


class StraightLine:
    """Straight line in METRIC_SRID times a detour factor.

    Parameters
    ----------
    detour : float
        Walking metres for a metre of straight line, 1 or more.

    References
    ----------
    Detour factors: Newell (1980) 1.2; O'Sullivan & Morrall (1996) 1.21-1.23.
    """

    flags = frozenset({Flag.NO_NETWORK})

    def __init__(self, detour: float) -> None:
        self.detour = detour

    def to_closest(
        self, origins: FloatArray, sites: FloatArray
    ) -> tuple[FloatArray, IntArray]:
        """Return walking metres to the nearest site; see `TravelCost`."""
        straight_m, index = closest(origins, sites)
        return straight_m * self.detour, index

    def k_closest(
        self, origins: FloatArray, sites: FloatArray, k: int
    ) -> tuple[FloatArray, IntArray]:
        """Return walking metres to the k nearest sites; see `TravelCost`."""
        straight_m, index = k_closest(origins, sites, k=k)
        return straight_m * self.detour, index

    def pairs_within(
        self, origins: FloatArray, sites: FloatArray, limit_m: float
    ) -> csr_array:
        """Return all walks of at most `limit_m`; see `TravelCost`."""
        # A hair farther, as a walk of the very limit may round to just beyond it.
        straight_m = limit_m / self.detour * (1 + ROUNDING)
        found = pairs_within(origins, sites, straight_m)
        return within(with_data(found, found.data * self.detour), limit_m)

    def marks(self, origins: FloatArray) -> dict[Flag, BoolArray]:  # noqa: ARG002
        """Return nothing: of straight lines the same is true everywhere."""
        return {}

    def is_off(self, origins: FloatArray) -> BoolArray:
        """Return that a straight line leads away from everywhere."""
        return np.zeros(len(origins), dtype=np.bool_)


EngineFactory = Callable[[CoverageParameters], TravelCost]

_ENGINES: dict[str, EngineFactory] = {}


def register_engine(code: str, factory: EngineFactory) -> None:
    """Make an engine known under a code; a code is given once."""
    if code in _ENGINES:
        raise InvalidParameter("code", code, "a code that no engine has yet")
    _ENGINES[code] = factory


def engine_codes() -> list[str]:
    """Return the codes of the engines there are, sorted."""
    return sorted(_ENGINES)


def travel_cost(parameters: CoverageParameters) -> TravelCost:
    """Return the engine that the parameters ask for.

    Raises
    ------
    InvalidParameter
        When there is none of that code.
    """
    factory = _ENGINES.get(parameters.engine)
    if factory is None:
        raise InvalidParameter(
            "engine", parameters.engine, f"one of {', '.join(engine_codes())}"
        )
    return factory(parameters)


register_engine(STRAIGHT_LINE, lambda parameters: StraightLine(parameters.detour))
register_engine("street_network", street_network)
