"""How far is it on foot? One interface, and the engines that answer it.

Every engine answers in walking metres, so that thresholds, means and medians compare
whatever the engine. `straight_line` always works; an engine on the street network
registers itself under its own code and nothing else changes.
"""

from collections.abc import Callable
from typing import Protocol

from layers.analysis.flags import Flag
from layers.analysis.parameters import CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.arrays import FloatArray, IntArray
from layers.measures.closest import closest


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


register_engine("straight_line", lambda parameters: StraightLine(parameters.detour))
