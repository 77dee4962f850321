"""Public places one by one, so that "what if this one closed?" can be asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from layers.models.run import TermKind
from layers.selectors.eligibility import Eligibility, months_before
from layers.selectors.packed import unpacked
from layers.selectors.supply import EVERYBODY, WOMEN, Term
from layers.selectors.supply_arrays import (
    ARE_HOURS_UNKNOWN,
    BITS,
    IS_UNCERTAIN,
    Sites,
    numbered_lines,
    sites_of,
)
from layers.selectors.supply_sql import PLACES_PUBLIC

_PLACE = {
    "high": "i8",
    "low": "i8",
    "x": "f8",
    "y": "f8",
    "capacity": "f8",
    "marks": "i4",
}

_HALF = (1 << 64) - 1

NO_ID = UUID(int=0)
"""Stands for the id of a place that is only supposed."""

Carried = Mapping[str, frozenset[str]]
"""By `category` and `committee`: the terms of a service, parents among them."""


@dataclass(frozen=True, slots=True)
class PublicPlaces:
    """Service points that people walk to: a row of each array for each.

    Attributes
    ----------
    ids : tuple of UUID
        Of the service points, sorted; `NO_ID` comes last.
    xy : ndarray, (n, 2)
        Metres in METRIC_SRID.
    carried : mapping of str to list of frozenset of str
        By `category` and `committee`: the sets of terms there are.
    combo : mapping of str to ndarray of int, (n,)
        By the same: which set each service point carries.
    marks : ndarray of int, (n,)
        Bits of `Sites.quality`.
    capacity : ndarray, (n,)
        How many it takes, NaN where that is not on record.
    unit : ndarray of str, (n,)
        What of (`beds`, `places`, ...); "" where that is not on record.
    """

    ids: tuple[UUID, ...]
    xy: NDArray[np.float64]
    carried: Mapping[str, list[frozenset[str]]]
    combo: Mapping[str, NDArray[np.int64]]
    marks: NDArray[np.int64]
    capacity: NDArray[np.float64]
    unit: NDArray[np.object_]

    @property
    def is_certain(self) -> NDArray[np.bool_]:
        """Which service points can surely be used by whoever is asked about, (n,)."""
        return np.asarray(self.marks & IS_UNCERTAIN == 0)

    def terms_at(self, kind: str, at: Sequence[int]) -> set[str]:
        """Return the terms of a kind that some of these service points carry."""
        combos = np.unique(self.combo[kind][np.asarray(at, dtype=np.int64)]).tolist()
        return {slug for n in combos for slug in self.carried[kind][n]}

    def own(self, kind: str, term: Term) -> NDArray[np.float64]:
        """Return the places that carry a term and no child of it, each point once.

        They are sorted as `supply` sorts them, so that both give equal walks.
        """
        return self.sites(kind, term).xy

    def sites(self, kind: str, term: Term) -> Sites:
        """Return the same with the best that is known of each point, as `supply` does."""
        below = set(term.children)
        combos = [
            n
            for n, terms in enumerate(self.carried[kind])
            if term.slug in terms and not below & terms
        ]
        here = np.flatnonzero(np.isin(self.combo[kind], combos))
        return sites_of(self.xy[here, 0], self.xy[here, 1], self.marks[here])

    def below(self, kind: str, slug: str) -> NDArray[np.int64]:
        """Return the rows of service points that carry a term or a child of it."""
        combos = [n for n, terms in enumerate(self.carried[kind]) if slug in terms]
        return np.flatnonzero(np.isin(self.combo[kind], combos))

    def only(self, rows: NDArray[Any]) -> Self:
        """Return some rows, by a mask or by index."""
        return replace(
            self,
            ids=tuple(np.array(self.ids, dtype=object)[rows]),
            xy=self.xy[rows],
            combo={kind: combo[rows] for kind, combo in self.combo.items()},
            marks=self.marks[rows],
            capacity=self.capacity[rows],
            unit=self.unit[rows],
        )

    def without(self, gone: Sequence[int]) -> Self:
        """Return the places less some rows."""
        stays = np.ones(len(self.xy), dtype=bool)
        stays[np.asarray(gone, dtype=np.int64)] = False
        return self.only(stays)

    def moved(self, at: Sequence[int], xy: NDArray[np.float64]) -> Self:
        """Return the places with some rows at other spots."""
        everywhere = self.xy.copy()
        everywhere[np.asarray(at, dtype=np.int64)] = xy.reshape(-1, 2)
        return replace(self, xy=everywhere)

    def with_capacity(self, at: Sequence[int], capacity: Sequence[float]) -> Self:
        """Return the places with another capacity at some rows."""
        changed = self.capacity.copy()
        changed[np.asarray(at, dtype=np.int64)] = capacity
        return replace(self, capacity=changed)

    def with_hours(self) -> Self:
        """Return the places with their hours on record."""
        return replace(self, marks=self.marks & ~ARE_HOURS_UNKNOWN)

    def with_new(
        self,
        xy: NDArray[np.float64],
        carried: Sequence[Carried],
        capacity: Sequence[float] = (),
    ) -> Self:
        """Return the places and some that have no id (`NO_ID`), and no doubts."""
        n = len(carried)
        new = capacity or [np.nan] * n
        return replace(
            self,
            ids=(*self.ids, *[NO_ID] * n),
            xy=np.concatenate([self.xy, xy.reshape(-1, 2)]),
            carried={
                kind: [*sets, *(terms[kind] for terms in carried)]
                for kind, sets in self.carried.items()
            },
            combo={
                kind: np.concatenate([combo, len(self.carried[kind]) + np.arange(n)])
                for kind, combo in self.combo.items()
            },
            marks=np.concatenate([self.marks, np.zeros(n, dtype=np.int64)]),
            capacity=np.concatenate([self.capacity, np.array(new, dtype=np.float64)]),
            unit=np.concatenate([self.unit, np.full(n, "", dtype=object)]),
        )

    def and_those(self, others: Self) -> Self:
        """Return these places, then others with ids, sorted by id again.

        `others` were read from the same data, so that their rows may be put in.
        """
        n_sets = {kind: len(sets) for kind, sets in self.carried.items()}
        both = replace(
            self,
            ids=self.ids + others.ids,
            xy=np.concatenate([self.xy, others.xy]),
            carried={
                kind: [*sets, *others.carried[kind]]
                for kind, sets in self.carried.items()
            },
            combo={
                kind: np.concatenate([combo, n_sets[kind] + others.combo[kind]])
                for kind, combo in self.combo.items()
            },
            marks=np.concatenate([self.marks, others.marks]),
            capacity=np.concatenate([self.capacity, others.capacity]),
            unit=np.concatenate([self.unit, others.unit]),
        )
        order = sorted(range(len(both.ids)), key=lambda n: both.ids[n])
        return both.only(np.array(order, dtype=np.int64))


def public_places(
    municipality_id: UUID,
    *,
    groups: tuple[str, ...] | None,
    reach_m: float,
    as_of: date,
    eligibility: Eligibility = EVERYBODY,
) -> PublicPlaces:
    """Return the public places that `supply` takes distances to, by the same rules.

    Parameters
    ----------
    municipality_id, groups, reach_m, as_of, eligibility
        As in `supply`.

    Notes
    -----
    One query. Places of which only the district is public, and hidden ones, are in
    neither.
    """
    found = possible_places(
        municipality_id,
        groups=groups,
        reach_m=reach_m,
        as_of=as_of,
        eligibility=eligibility,
    )
    return found.only(found.is_certain)


def possible_places(
    municipality_id: UUID,
    *,
    groups: tuple[str, ...] | None,
    reach_m: float,
    as_of: date,
    eligibility: Eligibility = EVERYBODY,
) -> PublicPlaces:
    """Return the same, and those of which it is not known whether one may use them."""
    condition, bound = eligibility.condition(as_of)
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "groups": None if groups is None else list(groups),
        "for_women": groups is not None and WOMEN in groups,
        "near_m": 2 * reach_m,
        "srid": settings.METRIC_SRID,
        "verified_since": months_before(as_of, 12),
        **BITS,
        **bound,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACES_PUBLIC.replace("{eligible}", condition), values)
        packed, *lines, units = cursor.fetchone()
    found = unpacked(packed, _PLACE)
    carried, combo = {}, {}
    for kind, text in zip(TermKind.values, lines, strict=True):
        carried[kind], combo[kind] = numbered_lines(
            [] if text is None else text.split("\n")
        )
    halves = zip(found["high"].tolist(), found["low"].tolist(), strict=True)
    return PublicPlaces(
        ids=tuple(UUID(int=(high & _HALF) << 64 | low & _HALF) for high, low in halves),
        xy=np.column_stack((found["x"], found["y"])),
        carried=carried,
        combo=combo,
        marks=found["marks"].astype(np.int64),
        capacity=found["capacity"].copy(),
        unit=np.array([] if units is None else units.split("\n"), dtype=object),
    )


_PUBLIC_IDS = """
SELECT id FROM layers_servicepoint
WHERE id = ANY(%s) AND visibility = 'public' AND point_m IS NOT NULL
"""


def public_ids(ids: Iterable[UUID]) -> set[UUID]:
    """Return those of some service points whose place anybody may see; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_PUBLIC_IDS, [list(ids)])
        return {row[0] for row in cursor.fetchall()}
