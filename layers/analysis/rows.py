"""The published row of each district: figures, flags, and what is withheld."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from layers.analysis.disclosure import Withheld, rounding_base
from layers.analysis.figures import QUALITY_BITS, Figures, figures_of
from layers.analysis.flags import Flag, flag_if, ordered
from layers.analysis.further import NOTHING, Further
from layers.analysis.intervals import intervals
from layers.analysis.parameters import CoverageParameters
from layers.analysis.reach import Reach
from layers.analysis.told import part_told, people_told
from layers.analysis.zones import OUTSIDE, Zones
from layers.measures.priority import priority_class
from layers.measures.walking import metres_to_minutes
from layers.selectors.supply import Supply
from layers.selectors.supply_arrays import EVERYWHERE


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What is known of one district (or the outside, or all) and one term.

    Counts are people. Distances are walking metres to the nearest place. None is
    unknown, undefined or withheld; `flags` and `is_suppressed` say which.
    `figures` holds what few readers need: `mean_walk_min`, `p90_walk_m`,
    `mean_walk_m_of_reachable`, `share_reachable`, `n_placeless`, and the share of
    residents behind each flag (`share_unverified`, ...). `interval` says between what
    figures move when the assumptions do (`intervals.py`).
    """

    term: str
    district_code: str
    is_total: bool
    residents: float | None
    residents_served: float | None
    residents_unserved: float | None
    share_served: float | None
    mean_walk_m: float | None
    median_walk_m: float | None
    n_located: int
    n_serving: int
    priority_class: int | None
    rank: int | None = None
    threshold_min: float | None = None
    residents_with_capacity: float | None = None
    residents_without_capacity: float | None = None
    access_per_1000: float | None = None
    access_per_1000_fresh: float | None = None
    need_index: float | None = None
    n_need_flags: int | None = None
    gap_depth: float | None = None
    need_weighted_gap: float | None = None
    shortage_places: float | None = None
    standard_min: float | None = None
    standard_per_1000: float | None = None
    open_share: float | None = None
    open_share_high: float | None = None
    interval: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, float | int | str | None] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    is_suppressed: bool = False


def rows_of_term(
    term: str,
    reach: Reach,
    zones: Zones,
    offered: Supply,
    withheld: Withheld,
    further: Sequence[Further] = (),
) -> Iterator[CoverageRow]:
    """Yield the rows of one term: districts by code, the outside, the municipality.

    `further` are the further figures of each zone and of the municipality, where there
    are any.

    The outside has a row only where people live or places are. The municipality's
    row is summed from people, not from districts.
    """
    located = offered.located.get(term, Counter())
    serving = offered.serving.get(term, Counter())
    placeless = offered.placeless.get(term, Counter())
    by_zone, total = figures_of(reach, zones)
    spread = intervals(reach, zones, withheld)
    told = partial(_row, parameters=zones.parameters, k=withheld.k)
    beside = further or [NOTHING] * (len(zones.codes) + 1)
    for n, (code, figures) in enumerate(zip(zones.codes, by_zone, strict=True)):
        if code == OUTSIDE and not figures.residents and not located[OUTSIDE]:
            continue
        yield told(
            figures,
            zones.flags[n],
            is_withheld=bool(withheld.zones[n]),
            are_residents_withheld=bool(withheld.residents[n]),
            interval=spread.zones[n],
            further=beside[n],
            term=term,
            district_code=code,
            is_total=False,
            n_located=located[code],
            n_serving=serving[code] + serving[EVERYWHERE],
            n_placeless=placeless[code] + placeless[EVERYWHERE],
        )
    protected = flag_if(Flag.PROTECTED_EXCLUDED, condition=term in offered.protected)
    yield told(
        total,
        zones.total_flags | protected,
        is_withheld=withheld.total,
        are_residents_withheld=withheld.total_residents,
        interval=spread.total,
        further=beside[-1],
        term=term,
        district_code=OUTSIDE,
        is_total=True,
        n_located=located.total(),
        n_serving=offered.n_services[term],
        n_placeless=offered.n_placeless[term],
    )


def _row(
    figures: Figures,
    flags: frozenset[Flag],
    *,
    parameters: CoverageParameters,
    is_withheld: bool,
    are_residents_withheld: bool,
    n_placeless: int,
    k: int,
    interval: dict[str, Any],
    further: Further,
    **place: Any,
) -> CoverageRow:
    """Return the row of some figures; `place` says where, and what is offered there."""
    known = (
        flags | further.flags | flag_if(Flag.WITHOUT_PLACE, condition=n_placeless > 0)
    )
    base = rounding_base(parameters)
    residents = None if are_residents_withheld else people_told(figures.residents, base)
    if is_withheld:
        # Flags that follow from how few people they hold for would tell it, too.
        return CoverageRow(
            **place,
            residents=residents,
            residents_served=None,
            residents_unserved=None,
            share_served=None,
            mean_walk_m=None,
            median_walk_m=None,
            priority_class=None,
            **further.fields,
            figures={"n_placeless": n_placeless, **further.figures},
            flags=ordered(known | {Flag.SUPPRESSED}),
            is_suppressed=True,
        )
    served = people_told(figures.served, base)
    return CoverageRow(
        **place,
        **_with_capacity(further, served),
        residents=residents,
        residents_served=served,
        residents_unserved=people_told(figures.unserved, base),
        share_served=_share_of(figures, base),
        mean_walk_m=_metres(figures.mean_m),
        median_walk_m=_metres(figures.median_m),
        priority_class=priority_class(_share_unserved(figures)),
        interval=interval,
        figures=_minor_figures(
            figures, walk_kmh=parameters.walk_kmh, n_placeless=n_placeless, k=k
        )
        | further.figures,
        flags=ordered(known | _doubts(figures)),
    )


def _with_capacity(further: Further, served: float) -> dict[str, Any]:
    """Return the further fields; who finds a place and who does not add up to served."""
    found = further.fields.get("residents_with_capacity")
    if found is None:
        return further.fields
    found = min(found, served)
    return {
        **further.fields,
        "residents_with_capacity": found,
        "residents_without_capacity": people_told(served - found, 1),
    }


def _doubts(figures: Figures) -> frozenset[Flag]:
    found = flag_if(Flag.EDGE, condition=figures.at_edge > 0)
    for flag, people in zip(QUALITY_BITS, figures.doubtful, strict=True):
        found |= flag_if(flag, condition=people > 0)
    return found


def _share_unserved(figures: Figures) -> float | None:
    return figures.unserved / figures.residents if figures.residents else None


def _minor_figures(
    figures: Figures, *, walk_kmh: float, n_placeless: int, k: int
) -> dict[str, float | int | str | None]:
    def _part(people: float) -> float | None:
        # Sums of the same people in another order differ in the last digits.
        whole = figures.residents
        return part_told(min(round(people, 6), whole), whole, k) if whole else None

    mean_m = _metres(figures.mean_m)
    mean_min = None if mean_m is None else round(metres_to_minutes(mean_m, walk_kmh), 2)
    result: dict[str, float | int | str | None] = {
        "mean_walk_min": mean_min,
        "mean_walk_m_of_reachable": _metres(figures.mean_of_reachable_m),
        "share_reachable": _part(figures.share_reachable * figures.residents),
        "p90_walk_m": _metres(figures.p90_m),
        "n_placeless": n_placeless,
    }
    shares = dict(zip(QUALITY_BITS, figures.doubtful, strict=True))
    for flag, people in {**shares, Flag.EDGE: figures.at_edge}.items():
        result[f"share_{flag.value.lower()}"] = _part(people)
    return result


def _share_of(figures: Figures, base: int) -> float | None:
    """Return the share served, of counts as they are published."""
    if base == 1:
        return _share(figures.share_served)
    residents = people_told(figures.residents, base)
    served = min(people_told(figures.served, base), residents)
    return _share(served / residents) if residents else None


def _share(number: float) -> float | None:
    return None if math.isnan(number) else round(number, 6)


def _metres(number: float) -> float | None:
    return round(number, 2) if math.isfinite(number) else None
