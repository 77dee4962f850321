"""The published row of each district in a comparison: before, after, who gains or loses."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from layers.analysis.disclosure import Withheld, rounding_base
from layers.analysis.flags import Flag, ordered
from layers.analysis.scenario_intervals import (
    SAME,
    Bounds,
    Walks,
    difference_bounds,
    told_bounds,
    verdict_of,
)
from layers.analysis.told import people_told
from layers.analysis.zones import OUTSIDE, Zones
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.measures.priority import priority_class


@dataclass(frozen=True, slots=True)
class Split:
    """What becomes of the people of a row where places are only so large.

    Attributes
    ----------
    served, without_capacity, out_of_reach : float
        People who get a place; who reach one, but no seat is left; who reach none. They
        add up to the residents, but for rounding.
    """

    served: float
    without_capacity: float
    out_of_reach: float


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """What a change does to one district (or the outside, or all) for one term.

    Attributes
    ----------
    term_kind, term : str
        `category` or `committee`, and its slug.
    district_code, is_total
        As in `CoverageRow`.
    residents : float or None
        People; this and the shares are None where nobody lives or it is withheld.
    base_unserved, scenario_unserved : float or None
        People farther than the threshold from every place, today and then.
    difference : float or None
        The second less the first: above 0 is worse.
    base_share_served, scenario_share_served : float or None
        0 to 1.
    residents_gaining, residents_losing : float or None
        People who are within the threshold only then, or only today.
    base_class, scenario_class : int or None
        Priority class 1 to 5 of either state (`measures.priority`): its cuts are fixed, so
        that maps of several states may be compared.
    interval : (float, float) or None
        Between what the difference moves while the assumptions do: each run of the
        envelope is asked of both states, and their difference taken. None where withheld.
    interval_as_recorded : (float, float) or None
        The same where every place is as it is on record, so that only speed, detour and
        threshold are in doubt; within `interval`.
    verdict : str or None
        `better` or `worse` where the interval does not hold 0, `same` where it is 0 from
        end to end, else `unclear`; None where withheld.
    base_split, scenario_split : Split or None
        What becomes of people where places have so many seats; None where that was not
        asked, is not known, or is withheld.
    flags : list of str
        As in `CoverageRow`, of what is true of the people and the walks.
    is_suppressed : bool
        Whether the figures are withheld.
    """

    term_kind: str
    term: str
    district_code: str
    is_total: bool
    residents: float | None
    base_unserved: float | None = None
    scenario_unserved: float | None = None
    difference: float | None = None
    base_share_served: float | None = None
    scenario_share_served: float | None = None
    residents_gaining: float | None = None
    residents_losing: float | None = None
    base_class: int | None = None
    scenario_class: int | None = None
    interval: tuple[float, float] | None = None
    interval_as_recorded: tuple[float, float] | None = None
    verdict: str | None = None
    base_split: Split | None = None
    scenario_split: Split | None = None
    flags: list[str] = field(default_factory=list)
    is_suppressed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Seated:
    """What becomes of the people of each point, as `measures.capacity` splits them.

    Attributes
    ----------
    served, without_capacity, out_of_reach : ndarray, (n,)
        People; the three add up to those of the point.
    """

    served: FloatArray
    without_capacity: FloatArray
    out_of_reach: FloatArray

    @property
    def counts(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """All three."""
        return self.served, self.without_capacity, self.out_of_reach


Sides = tuple[Seated, Seated]


def rows_of_change(
    term: tuple[str, str],
    before: Walks,
    after: Walks,
    zones: Zones,
    withheld: Withheld,
    *,
    seated: Sides | None = None,
    split_withheld: tuple[BoolArray, bool] | None = None,
) -> Iterator[ScenarioRow]:
    """Yield the rows of one term: districts by code, the outside, the municipality.

    The outside has a row only where people live.

    Parameters
    ----------
    term : (str, str)
        Kind and slug.
    before, after : Walks
        Today and then.
    zones : Zones
        Who lives where.
    withheld : Withheld
        What is not published.
    seated : (Seated, Seated), optional
        Today and then, where capacity was asked about.
    split_withheld : (ndarray of bool, bool), optional
        Zones whose split is not published, and whether the municipality's is not.
    """
    threshold_m = zones.parameters.threshold_m
    base = rounding_base(zones.parameters)
    was, will = before.walk_m <= threshold_m, after.walk_m <= threshold_m
    n_zones = len(zones.codes)
    by_zone = _sums(zones.people, was, will, zones.zone, n_zones)
    bounds = difference_bounds(before, after, zones)
    splits, split_total = _splits(zones, seated, split_withheld)
    for n, code in enumerate(zones.codes):
        if code == OUTSIDE and not by_zone[n, 0]:
            continue
        yield _row(
            (*term, code, False),
            by_zone[n],
            zones.flags[n],
            base,
            _intervals(bounds, n, base, withheld.k),
            splits[n],
            is_withheld=bool(withheld.zones[n]),
            are_residents_withheld=bool(withheld.residents[n]),
        )
    yield _row(
        (*term, OUTSIDE, True),
        _sums(zones.people, was, will, zones.everywhere, 1)[0],
        zones.total_flags,
        base,
        _intervals(bounds, -1, base, withheld.k),
        split_total,
        is_withheld=withheld.total,
        are_residents_withheld=withheld.total_residents,
    )


def _sums(
    people: FloatArray, was: BoolArray, will: BoolArray, zone: IntArray, n_zones: int
) -> FloatArray:
    """Return residents, unserved before and after, gaining and losing: (n_zones, 5)."""
    everybody = np.ones(len(people), dtype=np.bool_)
    return np.column_stack(
        [
            np.bincount(zone, weights=people * who, minlength=n_zones)
            for who in (everybody, ~was, ~will, will & ~was, was & ~will)
        ]
    )


Interval = tuple[float, float]


def _intervals(bounds: Bounds, n: int, base: int, k: int) -> tuple[Interval, Interval]:
    """Return both intervals of a zone as they are published."""
    return (
        told_bounds(float(bounds.low[n]), float(bounds.high[n]), base, k),
        told_bounds(
            float(bounds.recorded_low[n]), float(bounds.recorded_high[n]), base, k
        ),
    )


BothSplits = tuple[Split, Split] | None


def _splits(
    zones: Zones,
    seated: Sides | None,
    withheld: tuple[BoolArray, bool] | None,
) -> tuple[list[BothSplits], BothSplits]:
    """Return the splits of today and then: of each zone, and of everybody."""
    n_zones = len(zones.codes)
    if seated is None or withheld is None:
        return [None] * n_zones, None
    is_withheld, is_total_withheld = withheld
    sums = np.array(
        [
            [
                np.bincount(zones.zone, weights=count, minlength=n_zones)
                for count in side.counts
            ]
            for side in seated
        ]
    )  # today and then, the three counts, zones
    of_all = _split_pair(sums.sum(axis=2))
    found = [
        None if is_withheld[n] else _split_pair(sums[:, :, n]) for n in range(n_zones)
    ]
    return found, None if is_total_withheld else of_all


def _split_pair(counts: FloatArray) -> tuple[Split, Split]:
    today, then = (
        Split(*(people_told(count, 1) for count in np.maximum(side, 0.0).tolist()))
        for side in counts
    )
    return today, then


def _row(
    key: tuple[str, str, str, bool],
    sums: FloatArray,
    flags: frozenset[Flag],
    base: int,
    intervals: tuple[Interval, Interval],
    splits: BothSplits,
    *,
    is_withheld: bool,
    are_residents_withheld: bool,
) -> ScenarioRow:
    residents, before, after, gaining, losing = (
        people_told(count, base) for count in sums.tolist()
    )
    told = None if are_residents_withheld else residents
    if is_withheld:
        return ScenarioRow(
            *key, told, flags=ordered(flags | {Flag.SUPPRESSED}), is_suppressed=True
        )
    base_share, share = (
        _share_served(before, residents),
        _share_served(after, residents),
    )
    # The difference of rounded counts may be a step beyond the bounds of the true one.
    difference = round(after - before, 6)
    whole, recorded = (
        (min(low, difference), max(high, difference)) for low, high in intervals
    )
    base_split, split = splits or (None, None)
    return ScenarioRow(
        *key,
        told,
        base_unserved=before,
        scenario_unserved=after,
        difference=difference,
        base_share_served=base_share,
        scenario_share_served=share,
        residents_gaining=gaining,
        residents_losing=losing,
        base_class=_class_of(base_share),
        scenario_class=_class_of(share),
        interval=whole,
        interval_as_recorded=recorded,
        verdict=verdict_of(whole) if residents else SAME,
        base_split=base_split,
        scenario_split=split,
        flags=ordered(flags),
    )


def _share_served(unserved: float, residents: float) -> float | None:
    if not residents:
        return None
    return round(max(1 - unserved / residents, 0.0), 6)


def _class_of(share_served: float | None) -> int | None:
    return priority_class(None if share_served is None else round(1 - share_served, 6))
