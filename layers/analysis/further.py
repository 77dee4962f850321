"""What a row says beside who is reached: room, access, depth, need, shortage, opening."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.analysis.disclosure import rounding_base
from layers.analysis.flags import Flag, flag_if
from layers.analysis.hidden import Hidden
from layers.analysis.measured import Measured
from layers.analysis.need import Need
from layers.analysis.told import DECIMALS, figure_told, part_told, people_told
from layers.analysis.zones import Zones
from layers.measures.arrays import BoolArray, FloatArray

PER = 1000
"""Access is told per so many people."""

ADDED = ("need_weighted_gap", "shortage_places")
"""Figures whose total is the sum of the districts': too much here makes up for nothing
there."""


@dataclass(frozen=True, slots=True)
class Further:
    """The further figures of one row.

    Attributes
    ----------
    fields : dict
        By name of a field of `CoverageRow`; None is unknown, undefined or withheld.
    figures : dict
        What few readers need, for `CoverageRow.figures`.
    flags : frozenset of Flag
        What is true of them.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    flags: frozenset[Flag] = frozenset()


NOTHING = Further()


def further_of(
    found: Measured, zones: Zones, need: Need | None, hidden: Hidden
) -> Iterator[Further]:
    """Yield the further figures of each zone in order, then of the municipality.

    Parameters
    ----------
    found : Measured
        What the term means at each point.
    zones : Zones
        Who lives where; its parameters are those of the term.
    need : Need or None
        Of the level's districts.
    hidden : Hidden
        What is withheld.
    """
    told = _Told(found, zones, need, hidden)
    by_zone = [told.zone(n) for n in range(len(zones.codes))]
    yield from by_zone
    total = told.zone(len(zones.codes))
    # Where any district's is withheld the sum is: a sum weighted by need, beside the
    # plain one that the gap's depth gives, would be a second equation about it.
    sums = {name: _added(one.fields[name] for one in by_zone) for name in ADDED}
    flags = total.flags | flag_if(
        Flag.NEED_UNKNOWN,
        condition=any(Flag.NEED_UNKNOWN in one.flags for one in by_zone),
    )
    yield Further({**total.fields, **sums}, total.figures, flags)


def _added(values: Iterable[float | None]) -> float | None:
    listed = list(values)
    known = [value for value in listed if value is not None]
    return round(math.fsum(known), DECIMALS) if len(known) == len(listed) else None


class _Told:
    """The figures of one term as they are published."""

    def __init__(
        self, found: Measured, zones: Zones, need: Need | None, hidden: Hidden
    ) -> None:
        self.found, self.zones, self.need, self.hidden = found, zones, need, hidden
        self.base = rounding_base(zones.parameters)
        self.sums = {name: self._summed(w) for name, w in _weights(found).items()}
        self.residents = self._summed(np.ones(len(zones.people)))
        room = found.with_place
        self.room = None if room is None else self._summed(room, of_people=False)

    def _summed(self, weight: FloatArray, *, of_people: bool = True) -> FloatArray:
        """Return people times a weight by zone, and at the end of everybody."""
        people = self.zones.people * weight if of_people else weight
        n_zones = len(self.zones.codes)
        by_zone = np.bincount(self.zones.zone, weights=people, minlength=n_zones)
        return np.append(by_zone, people.sum())

    def zone(self, n: int) -> Further:
        """Return the figures of one zone; of the municipality after the last."""
        found, standard = self.found, self.found.standard
        access = self._mean(n, "access", self.hidden.access, PER)
        depth = self._mean(n, "depth", self.hidden.row)
        index = self._index(n)
        is_read = bool(self.sums["has_hours"][n] or not self.sums["might_open"][n])
        opened = self._mean(n, "opened", self.hidden.opening)
        fields: dict[str, Any] = {
            "threshold_min": self.zones.parameters.threshold_min,
            "standard_min": standard.max_walk_min,
            "standard_per_1000": standard.per_1000,
            "need_index": index,
            "n_need_flags": self._n_need_flags(n),
            "access_per_1000": access,
            "access_per_1000_fresh": self._mean(n, "fresh", self.hidden.access, PER),
            "gap_depth": depth,
            "need_weighted_gap": self._weighted(n, depth, index),
            "shortage_places": self._missing(n, access),
            "open_share": opened if is_read else None,
            "open_share_high": self._mean(n, "opened_high", self.hidden.opening),
            "residents_with_capacity": self._with_place(n),
        }
        figures = {
            "access_unit": found.unit,
            "share_capacity_imputed": self._imputed(n),
            "share_supply_discounted": figure_told(found.share_discounted, 1),
        }
        return Further(fields, figures, self._flags(n, index))

    def _mean(
        self, n: int, name: str, is_hidden: BoolArray, times: float = 1
    ) -> float | None:
        if is_hidden[n] or not self.residents[n]:
            return None
        mean = times * float(self.sums[name][n]) / float(self.residents[n])
        return figure_told(mean, self.base)

    def _index(self, n: int) -> float | None:
        if self.need is None or n >= len(self.need.index):
            return None
        index = float(self.need.index[n])
        return None if math.isnan(index) else index

    def _n_need_flags(self, n: int) -> int | None:
        if self.need is None or self._index(n) is None:
            return None
        return int(self.need.n_flags[n])

    def _imputed(self, n: int) -> float | None:
        if self.hidden.row[n]:
            return None
        people, whole = float(self.sums["imputed"][n]), float(self.residents[n])
        return part_told(min(round(people, DECIMALS), whole), whole, self.hidden.k)

    def _people(self, n: int) -> float | None:
        if self.hidden.row[n]:
            return None
        return people_told(float(self.residents[n]), self.base)

    def _with_place(self, n: int) -> float | None:
        if self.room is None or self.hidden.room[n]:
            return None
        return people_told(float(self.room[n]), self.base)

    def _weighted(
        self, n: int, depth: float | None, index: float | None
    ) -> float | None:
        """Return people times depth times (1 + need), of these as they are published."""
        people = self._people(n)
        if people == 0:
            return 0.0
        if people is None or depth is None or index is None:
            return None
        return people_told(people * depth * (1 + index), self.base)

    def _missing(self, n: int, access: float | None) -> float | None:
        """Return the places that the standard asks for beyond those people have."""
        people, asked = self._people(n), self.found.standard.per_1000
        if people is None or asked is None or not self.found.are_places_known:
            return None
        if people == 0:
            return 0.0
        if access is None:
            return None
        return round(max(0.0, people * (asked - access) / PER), DECIMALS)

    def _flags(self, n: int, index: float | None) -> frozenset[Flag]:
        is_people = bool(self.residents[n])
        is_district = n < len(self.zones.codes)
        is_part = (self.hidden.access | self.hidden.opening) & ~self.hidden.row
        if self.room is not None:
            is_part |= self.hidden.room & ~self.hidden.row
        return (
            self.found.why
            | flag_if(
                Flag.NEED_UNKNOWN, condition=is_district and is_people and index is None
            )
            | flag_if(
                Flag.CAPACITY_IMPUTED,
                condition=not self.hidden.row[n] and bool(self.sums["imputed"][n]),
            )
            | flag_if(Flag.PART_SUPPRESSED, condition=bool(is_part[n]))
        )


def _weights(found: Measured) -> dict[str, FloatArray]:
    return {
        "access": found.access,
        "fresh": found.access_fresh,
        "depth": found.depth,
        "opened": found.opened,
        "opened_high": found.opened_high,
        "has_hours": found.has_hours.astype(np.float64),
        "might_open": (found.opened_high > 0).astype(np.float64),
        "imputed": found.is_imputed.astype(np.float64),
    }
