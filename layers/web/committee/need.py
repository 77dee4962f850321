"""Where need is great and services are far: two classes of each area on one map."""

from collections.abc import Sequence
from dataclasses import dataclass

from layers.web.committee.areas import Area

NEED_CUTS = (1 / 3, 2 / 3)
"""The need index is a percentile rank, so these are thirds of the city's areas."""

ACCESS_CUTS = (0.10, 0.50)
"""Shares not reached, fixed: two of the limits of the coverage map."""


@dataclass(frozen=True, slots=True)
class NeedArea:
    """An area with both classes, 1 to 3; None where either figure is missing.

    `need` is the need index, 0 to 1; `need_class` and `access_class` rise with need and
    with the share that is not reached.
    """

    area: Area
    need: float | None
    need_class: int | None
    access_class: int | None
    weighted_gap: float | None


@dataclass(frozen=True, slots=True)
class NeedMap:
    """The areas by need and access.

    Attributes
    ----------
    areas : tuple of NeedArea
        Both high first, then by people not reached.
    counts : tuple of tuple of int
        Areas by access class (row, most first) and need class (column).
    n_missing : int
        Areas without one of the two.
    """

    areas: tuple[NeedArea, ...]
    counts: tuple[tuple[int, int, int], ...]
    n_missing: int

    @property
    def is_known(self) -> bool:
        """Whether any area has both."""
        return self.n_missing < len(self.areas)


def need_map(areas: Sequence[Area]) -> NeedMap:
    """Return the areas by need and access."""
    found = sorted((_need_area(area) for area in areas), key=_order)
    both = [
        (one.access_class, one.need_class)
        for one in found
        if one.access_class and one.need_class
    ]
    counts = tuple(
        (both.count((up, 1)), both.count((up, 2)), both.count((up, 3)))
        for up in (3, 2, 1)
    )
    return NeedMap(tuple(found), counts, len(found) - len(both))


def _need_area(area: Area) -> NeedArea:
    need = area.row.figures.get("need_index")
    share = area.row.share_unserved
    if area.row.is_suppressed or need is None or share is None:
        return NeedArea(area, need, None, None, None)
    return NeedArea(
        area,
        need,
        1 + sum(need > cut for cut in NEED_CUTS),
        1 + sum(share > cut for cut in ACCESS_CUTS),
        area.row.figures.get("need_weighted_gap"),
    )


def _order(one: NeedArea) -> tuple[int, float, str]:
    both = (one.need_class or 0) + (one.access_class or 0)
    return -both, -(one.area.row.unserved or 0.0), one.area.code
