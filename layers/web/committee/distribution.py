"""How the people who are not reached are spread over the areas.

From the published rows alone: areas whose figures are withheld take no part, and how
many those are is said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from layers.measures.inequality import gini_index
from layers.published.pages import Text
from layers.web.committee.areas import Area
from layers.web.committee.classes import MapClass, Scale


@dataclass(frozen=True, slots=True)
class Bin:
    """People who live in the areas of one class, and those of them not reached."""

    map_class: MapClass
    n_areas: int
    residents: float
    unserved: float


@dataclass(frozen=True, slots=True)
class LorenzPoint:
    """A point of the Lorenz curve: both shares up to and with this area, 0 to 1.

    The first one, before any area, has an empty code.
    """

    code: str
    name: Text
    residents_share: float
    unserved_share: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the people not reached are spread.

    Attributes
    ----------
    bins : tuple of Bin
        By class of the map.
    lorenz : tuple of LorenzPoint
        Areas by the share of their residents not reached, the smallest first; empty
        where everybody is reached or nobody lives.
    gini : float or None
        Gini index of that share among the residents: 0 where it is the same in every
        area, towards 1 where all who are not reached live in one.
    n_half, half_residents_share : int, float or None
        In how few areas at least half of them live, and the share of all residents
        who live there.
    n_left_out : int
        Areas without figures.
    """

    bins: tuple[Bin, ...]
    lorenz: tuple[LorenzPoint, ...]
    gini: float | None
    n_half: int | None
    half_residents_share: float | None
    n_left_out: int


def distribution_of(areas: Sequence[Area], scale: Scale) -> Distribution:
    """Return the distribution over some areas."""
    known = [area for area in areas if area.drawn.map_class is not None]
    known.sort(key=lambda area: (area.row.share_unserved or 0.0, area.code))
    n_half, half_share = _half(known)
    return Distribution(
        bins=tuple(_bin(one, known) for one in scale.classes),
        lorenz=_lorenz(known),
        gini=_gini(known),
        n_half=n_half,
        half_residents_share=half_share,
        n_left_out=len(areas) - len(known),
    )


def _people(area: Area) -> tuple[float, float]:
    return area.row.residents or 0.0, area.row.unserved or 0.0


def _sums(areas: Sequence[Area]) -> tuple[float, float]:
    counts = [_people(area) for area in areas]
    return math.fsum(c[0] for c in counts), math.fsum(c[1] for c in counts)


def _bin(map_class: MapClass, known: Sequence[Area]) -> Bin:
    inside = [area for area in known if area.drawn.map_class == map_class.number]
    return Bin(map_class, len(inside), *_sums(inside))


def _lorenz(known: Sequence[Area]) -> tuple[LorenzPoint, ...]:
    residents, unserved = _sums(known)
    if not (residents > 0 and unserved > 0):
        return ()
    points = [LorenzPoint("", Text("", ""), 0.0, 0.0)]
    lived, missed = 0.0, 0.0
    for area in known:
        here = _people(area)
        lived, missed = lived + here[0], missed + here[1]
        points.append(
            LorenzPoint(
                area.code,
                area.name,
                min(lived / residents, 1.0),
                min(missed / unserved, 1.0),
            )
        )
    return tuple(points)


def _gini(known: Sequence[Area]) -> float | None:
    shares = [area.row.share_unserved or 0.0 for area in known]
    found = gini_index(shares, [_people(area)[0] for area in known])
    return None if math.isnan(found) else round(found, 4)


def _half(known: Sequence[Area]) -> tuple[int | None, float | None]:
    """Return the fewest areas with half of the people not reached, and who lives there."""
    residents, unserved = _sums(known)
    if not unserved > 0:
        return None, None
    most_first = sorted(known, key=lambda area: (-_people(area)[1], area.code))
    missed = lived = 0.0
    for n, area in enumerate(most_first, start=1):
        here = _people(area)
        lived, missed = lived + here[0], missed + here[1]
        if missed >= unserved / 2:
            return n, lived / residents
    return None, None
