"""The people of an analysis by zone, and what is true of each zone for every term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from layers.analysis.flags import Flag, flag_if
from layers.analysis.parameters import CoverageParameters
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.selectors.demand import Demand

OLD_YEARS = 5
"""People counted longer ago than this many years are flagged."""

SMALL_POPULATION = 100
"""Below so many residents a share moves by more than a point with one of them."""

OUTSIDE = ""
"""District code of people who live in no district of the level."""


@dataclass(frozen=True, slots=True)
class Zones:
    """What stays the same from term to term: people, their zones, and their flags.

    The last zone is the outside. `everywhere` is one zone with everybody in it.
    `engine_flags` are those of the engine that found the walks.
    """

    parameters: CoverageParameters
    codes: tuple[str, ...]
    people: FloatArray
    zone: IntArray
    everywhere: IntArray
    is_near_border: BoolArray
    flags: list[frozenset[Flag]]
    total_flags: frozenset[Flag]
    engine_flags: frozenset[Flag]

    @classmethod
    def of(
        cls,
        demand: Demand,
        parameters: CoverageParameters,
        engine_flags: frozenset[Flag],
        *,
        as_of: date,
        marks: Mapping[Flag, BoolArray] | None = None,
    ) -> "Zones":
        """Return the zones of some demand, with what is true of each for every term.

        `marks` are further flags that are true of some demand points, and of which.
        """
        always = engine_flags | flag_if(
            Flag.GROUP_POP_UNKNOWN, condition=not demand.is_group_known
        )
        n_zones = len(demand.district_codes) + 1
        all_marks = {
            **(marks or {}),
            Flag.POP_MODELLED: demand.is_modelled,
            Flag.POP_AGE: as_of.year - demand.vintage > OLD_YEARS,
        }
        residents = np.bincount(demand.zone, weights=demand.people, minlength=n_zones)
        by_zone = [
            always | flag_if(Flag.SMALL_N, condition=0 < people < SMALL_POPULATION)
            for people in residents.tolist()
        ]
        for flag, is_marked in all_marks.items():
            marked = is_marked & (demand.people > 0)
            for index in np.unique(demand.zone[marked]).tolist():
                by_zone[index] |= {flag}
        return cls(
            parameters=parameters,
            codes=(*demand.district_codes, OUTSIDE),
            people=demand.people,
            zone=demand.zone,
            everywhere=np.zeros(len(demand.people), dtype=np.int64),
            is_near_border=demand.is_near_border,
            flags=by_zone,
            total_flags=_of_total(by_zone, float(residents.sum())),
            engine_flags=engine_flags,
        )


def _of_total(by_zone: Iterable[frozenset[Flag]], residents: float) -> frozenset[Flag]:
    """Return what is true of some part; whether few live there is told anew."""
    together = frozenset[Flag]().union(*by_zone) - {Flag.SMALL_N}
    return together | flag_if(Flag.SMALL_N, condition=0 < residents < SMALL_POPULATION)
