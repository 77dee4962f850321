"""Offers as arrays: the places of each term, and who serves where, counted at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from layers.selectors.packed import unpacked
from layers.selectors.supply_places import (
    Places,
    months_of,
    numbered_points,
    weeks_of,
)

EVERYWHERE = "*"
"""Code under which services are counted that serve every district."""

IS_APPROXIMATE, IS_UNVERIFIED, ARE_HOURS_UNKNOWN, IS_UNCERTAIN = 1, 2, 4, 8
"""Bits of `Sites.quality`. The last, and worst: whether one may use it is not known."""

QUALITY = IS_APPROXIMATE | IS_UNVERIFIED | ARE_HOURS_UNKNOWN | IS_UNCERTAIN
IS_OWN, IS_ON_SITE, IS_PROTECTED, SERVES_EVERYWHERE, IS_BOUNDED = 16, 32, 64, 128, 256
IS_FOR_ALL = 512

BITS = {
    "approximate": IS_APPROXIMATE,
    "unverified": IS_UNVERIFIED,
    "hours_unknown": ARE_HOURS_UNKNOWN,
    "uncertain": IS_UNCERTAIN,
    "own": IS_OWN,
    "on_site": IS_ON_SITE,
    "protected": IS_PROTECTED,
    "everywhere": SERVES_EVERYWHERE,
    "bounded": IS_BOUNDED,
    "open_to_all": IS_FOR_ALL,
}
"""The bits by the names that the statement knows them under."""

_OFFER = {
    "high": "i8",
    "low": "i8",
    "x": "f8",
    "y": "f8",
    "zone": "i4",
    "marks": "i4",
    "capacity": "f8",
    "days": "i4",
}

_HALF = (1 << 64) - 1

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sites:
    """Places to walk to, each point once.

    Attributes
    ----------
    xy : ndarray, (m, 2)
        Metres in METRIC_SRID; sorted, so that equal data gives equal results.
    quality : ndarray of uint8, (m,)
        Bits of what is not well known of the best documented service there.
    """

    xy: NDArray[np.float64]
    quality: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Served:
    """Services counted by the set of terms that they carry, and by whom they serve.

    Attributes
    ----------
    serving, placeless : ndarray of int, (sets, codes)
        Services that serve each district; those of them that nobody can walk to.
    services, placeless_services : ndarray of int, (sets,)
        The same for any district, each service once.
    """

    serving: Integers
    placeless: Integers
    services: Integers
    placeless_services: Integers


@dataclass(frozen=True, slots=True)
class Offers:
    """Services at places, or without one: a row of each array for each.

    Attributes
    ----------
    carried : list of frozenset of str
        The sets of terms there are; `combo` points into it.
    codes : list of str
        "" for no district, the codes of the level, `EVERYWHERE`; `zone` points into it.
    service_ids : ndarray of int, (s, 2)
        Both halves of the uuids of the services there are; `service` points into it.
    x, y : ndarray, (n,)
        Metres in METRIC_SRID, NaN without a place that is known.
    marks : ndarray of int, (n,)
        Bits of `BITS`.
    is_place : ndarray of bool, (n,)
        People go there, whether or not the spot is public.
    capacity, months : ndarray, (n,)
        How many it takes, and since when it is verified; NaN where that is not known.
    units, hours : list of str
        What of; when it is open, as PostgreSQL writes it.
    """

    carried: list[frozenset[str]]
    codes: list[str]
    service_ids: Integers
    combo: Integers
    zone: Integers
    service: Integers
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    marks: Integers
    is_place: Booleans
    capacity: NDArray[np.float64]
    months: NDArray[np.float64]
    units: list[str]
    hours: list[str]

    @classmethod
    def read(
        cls,
        codes: Sequence[str],
        packed: bytes | None,
        lines: str | None,
        units: str | None,
        hours: str | None,
    ) -> "Offers":
        """Return offers from the statement's row: codes, records, lines of texts."""
        records = unpacked(packed, _OFFER)
        carried, combo = numbered_lines(_lines(lines))
        service_ids, service = _numbered_ids(records["high"], records["low"])
        marks = records["marks"].astype(np.int64)
        has_spot = ~np.isnan(records["x"]) | (marks & IS_PROTECTED > 0)
        return cls(
            carried=carried,
            codes=["", *codes, EVERYWHERE],
            service_ids=service_ids,
            combo=combo,
            zone=records["zone"].astype(np.int64),
            service=service,
            x=records["x"],
            y=records["y"],
            marks=marks,
            is_place=has_spot & (marks & IS_ON_SITE > 0),
            capacity=records["capacity"].copy(),
            months=months_of(records["days"].astype(np.int64)),
            units=_lines(units),
            hours=_lines(hours),
        )

    def has(self, bit: int) -> Booleans:
        """Return which offers carry a bit."""
        return self.marks & bit > 0

    def combos_by_term(self) -> dict[str, list[int]]:
        """Return the sets of terms that each term is in."""
        found: dict[str, list[int]] = defaultdict(list)
        for combo, terms in enumerate(self.carried):
            for slug in terms:
                found[slug].append(combo)
        return found

    def bounded_services(self) -> dict[UUID, int]:
        """Return the services with a service area of their own, and their numbers."""
        is_counted = self.has(IS_OWN) & ~self.has(IS_UNCERTAIN)
        bounded = np.unique(self.service[is_counted & self.has(IS_BOUNDED)])
        halves = self.service_ids[bounded].tolist()
        return {
            UUID(int=(high & _HALF) << 64 | low & _HALF): n
            for n, (high, low) in zip(bounded.tolist(), halves, strict=True)
        }

    def counted(self, combo: Integers, zone: Integers) -> Integers:
        """Return how often each set of terms stands with each code, (sets, codes)."""
        n_combos, n_codes = len(self.carried), len(self.codes)
        counts = np.bincount(combo * n_codes + zone, minlength=n_combos * n_codes)
        return counts.reshape(n_combos, n_codes)

    def located(self) -> Integers:
        """Return the places in each district, by set of terms: (sets, codes)."""
        here = self.is_place & self.has(IS_OWN) & ~self.has(IS_UNCERTAIN)
        return self.counted(self.combo[here], self.zone[here])

    def served(self, bounded: Iterable[tuple[UUID, str]]) -> "Served":
        """Return which services serve where, counted by set of terms.

        Parameters
        ----------
        bounded : iterable of (UUID, str)
            Services with a service area, each with every district that it serves.

        Notes
        -----
        A service without a service area serves where it is; with one, only there.
        """
        width = len(self.codes)
        pairs = np.unique(np.concatenate([self._unbounded(), self._paired(bounded)]))
        service, zone = pairs // width, pairs % width
        combo_of = np.zeros(len(self.service_ids), dtype=np.int64)
        combo_of[self.service] = self.combo
        is_placeless = np.ones(len(self.service_ids), dtype=bool)
        is_placeless[self.service[self.is_place]] = False
        here = is_placeless[service]
        once = np.unique(service)
        n_combos = len(self.carried)
        return Served(
            serving=self.counted(combo_of[service], zone),
            placeless=self.counted(combo_of[service[here]], zone[here]),
            services=np.bincount(combo_of[once], minlength=n_combos),
            placeless_services=np.bincount(
                combo_of[once[is_placeless[once]]], minlength=n_combos
            ),
        )

    def _unbounded(self) -> Integers:
        """Return service x zone of services that serve everywhere or where they are."""
        own = self.has(IS_OWN) & ~self.has(IS_UNCERTAIN)
        everywhere = self.has(SERVES_EVERYWHERE)
        there = own & ~everywhere & ~self.has(IS_BOUNDED) & self.is_place
        width = len(self.codes)
        return np.concatenate(
            [
                self.service[own & everywhere] * width + width - 1,
                self.service[there] * width + self.zone[there],
            ]
        )

    def _paired(self, bounded: Iterable[tuple[UUID, str]]) -> Integers:
        service_at = self.bounded_services()
        zone_at = {code: n for n, code in enumerate(self.codes)}
        width = len(self.codes)
        # A pair that came up between two statements is none of these offers.
        return np.array(
            [
                service_at[found] * width + zone_at[code]
                for found, code in bounded
                if found in service_at and code in zone_at
            ],
            dtype=np.int64,
        )

    def protected(self) -> set[int]:
        """Return the sets of terms with places of which only the district is public."""
        hidden = self.has(IS_OWN) & self.is_place & self.has(IS_PROTECTED)
        return set(self.combo[hidden].tolist())

    def by_code(self, counts: Integers, combos: list[int]) -> "Counter[str]":
        """Return the counts of some sets of terms together, by code of a district."""
        together = counts[combos].sum(axis=0)
        found = zip(self.codes, together.tolist(), strict=True)
        return Counter({code: n for code, n in found if n})

    def sites(self, combos: list[int]) -> Sites:
        """Return the places to walk to of some sets of terms, each point once.

        The best that is known of a point stands for it. Thousands of services at one
        address would also make a k-d tree deep and slow.
        """
        wanted = np.zeros(len(self.carried), dtype=bool)
        wanted[combos] = True
        here = np.flatnonzero(wanted[self.combo] & self.is_place & ~np.isnan(self.x))
        return sites_of(self.x[here], self.y[here], self.marks[here])

    def places(self, slugs: Iterable[str]) -> Places:
        """Return the places to walk to one by one, with those of each of some terms.

        Sorted by point and then by service, so that equal data give equal sums.
        """
        is_known = self.is_place & ~np.isnan(self.x) & ~self.has(IS_UNCERTAIN)
        here = np.flatnonzero(is_known)
        xy, point = numbered_points(self.x[here], self.y[here])
        order = np.lexsort((self.service[here], point))
        here, point = here[order], point[order]
        combos = self.combos_by_term()
        combo = self.combo[here]
        week, has_hours = weeks_of([self.hours[n] for n in here.tolist()])
        return Places(
            xy=xy,
            point=point,
            capacity=self.capacity[here],
            unit=np.array([self.units[n] for n in here.tolist()], dtype=np.str_),
            months=self.months[here],
            is_for_all=self.has(IS_FOR_ALL)[here],
            week=week,
            has_hours=has_hours,
            of_term={
                slug: np.flatnonzero(np.isin(combo, combos.get(slug, [])))
                for slug in slugs
            },
        )


def _lines(text: str | None) -> list[str]:
    return [] if text is None else text.split("\n")


def sites_of(x: NDArray[np.float64], y: NDArray[np.float64], marks: Integers) -> Sites:
    """Return places as sites: each point once, the best that is known of it."""
    quality = marks & QUALITY
    order = np.lexsort((quality, y, x))
    x, y, quality = x[order], y[order], quality[order]
    first = np.ones(len(x), dtype=bool)
    first[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    return Sites(np.column_stack((x, y))[first], quality[first].astype(np.uint8))


def numbered_lines(lines: list[str]) -> tuple[list[frozenset[str]], Integers]:
    """Return the different sets of terms, and which of them each line is."""
    number = {line: n for n, line in enumerate(dict.fromkeys(lines))}
    carried = [frozenset(line.split(",")) - {""} for line in number]
    return carried, np.array([number[line] for line in lines], dtype=np.int64)


def _numbered_ids(high: Integers, low: Integers) -> tuple[Integers, Integers]:
    """Return the different pairs of halves, and which of them each row is."""
    order = np.lexsort((low, high))
    high, low = high[order], low[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(is_new) - 1
    return np.column_stack((high, low))[is_new], number
