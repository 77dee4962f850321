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

from layers.models import TaxonomyTerm
from layers.models.run import TermKind
from layers.selectors.eligibility import Eligibility
from layers.selectors.packed import unpacked
from layers.selectors.supply import EVERYBODY, WOMEN, Term
from layers.selectors.supply_arrays import numbered_lines
from layers.selectors.supply_sql import PLACES_PUBLIC

_PLACE = {"high": "i8", "low": "i8", "x": "f8", "y": "f8"}

_HALF = (1 << 64) - 1

Carried = Mapping[str, frozenset[str]]
"""By `category` and `committee`: the terms of a service, parents among them."""


@dataclass(frozen=True, slots=True)
class PublicPlaces:
    """Service points that people walk to: a row of each array for each.

    Attributes
    ----------
    ids : tuple of UUID
        Of the service points, sorted.
    xy : ndarray, (n, 2)
        Metres in METRIC_SRID.
    carried : mapping of str to list of frozenset of str
        By `category` and `committee`: the sets of terms there are.
    combo : mapping of str to ndarray of int, (n,)
        By the same: which set each service point carries.
    """

    ids: tuple[UUID, ...]
    xy: NDArray[np.float64]
    carried: Mapping[str, list[frozenset[str]]]
    combo: Mapping[str, NDArray[np.int64]]

    def terms_at(self, kind: str, at: Sequence[int]) -> set[str]:
        """Return the terms of a kind that some of these service points carry."""
        combos = np.unique(self.combo[kind][np.asarray(at, dtype=np.int64)]).tolist()
        return {slug for n in combos for slug in self.carried[kind][n]}

    def own(self, kind: str, term: Term) -> NDArray[np.float64]:
        """Return the places that carry a term and no child of it, each point once.

        They are sorted as `supply` sorts them, so that both give equal walks.
        """
        below = set(term.children)
        combos = [
            n
            for n, terms in enumerate(self.carried[kind])
            if term.slug in terms and not below & terms
        ]
        return np.unique(self.xy[np.isin(self.combo[kind], combos)], axis=0)

    def below(self, kind: str, slug: str) -> NDArray[np.int64]:
        """Return the rows of service points that carry a term or a child of it."""
        combos = [n for n, terms in enumerate(self.carried[kind]) if slug in terms]
        return np.flatnonzero(np.isin(self.combo[kind], combos))

    def without(self, gone: Sequence[int]) -> Self:
        """Return the places less some rows."""
        stays = np.ones(len(self.xy), dtype=bool)
        stays[np.asarray(gone, dtype=np.int64)] = False
        return replace(
            self,
            ids=tuple(np.array(self.ids, dtype=object)[stays]),
            xy=self.xy[stays],
            combo={kind: combo[stays] for kind, combo in self.combo.items()},
        )

    def moved(self, at: Sequence[int], xy: NDArray[np.float64]) -> Self:
        """Return the places with some rows at other spots."""
        everywhere = self.xy.copy()
        everywhere[np.asarray(at, dtype=np.int64)] = xy.reshape(-1, 2)
        return replace(self, xy=everywhere)

    def with_new(self, xy: NDArray[np.float64], carried: Sequence[Carried]) -> Self:
        """Return the places and some that have no id yet."""
        return replace(
            self,
            xy=np.concatenate([self.xy, xy.reshape(-1, 2)]),
            carried={
                kind: [*sets, *(terms[kind] for terms in carried)]
                for kind, sets in self.carried.items()
            },
            combo={
                kind: np.concatenate(
                    [combo, len(self.carried[kind]) + np.arange(len(carried))]
                )
                for kind, combo in self.combo.items()
            },
        )


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
    condition, bound = eligibility.condition(as_of)
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "groups": None if groups is None else list(groups),
        "for_women": groups is not None and WOMEN in groups,
        "near_m": 2 * reach_m,
        "srid": settings.METRIC_SRID,
        **bound,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACES_PUBLIC.replace("{eligible}", condition), values)
        packed, *lines = cursor.fetchone()
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
    )


def terms_of_new(categories: Iterable[str]) -> dict[str, Carried]:
    """Return which terms a service of each category carries: parents and committees.

    Categories that do not exist are left out. One query.
    """
    wanted = TaxonomyTerm.objects.filter(
        taxonomy__slug=TermKind.CATEGORY.value, slug__in=set(categories)
    )
    with connection.cursor() as cursor:
        cursor.execute(_COMMITTEES, [[term.pk for term in wanted]])
        committees = dict(cursor.fetchall())
    return {
        term.slug: {
            TermKind.CATEGORY.value: frozenset(term.path),
            TermKind.COMMITTEE.value: frozenset(committees.get(term.pk, ())),
        }
        for term in wanted
    }


_COMMITTEES = """
SELECT link.term_id, array_agg(k.slug::text)
FROM layers_termlink link JOIN layers_taxonomyterm k ON k.id = link.other_id
WHERE link.term_id = ANY(%s) AND link.relation = 'category_committee'
GROUP BY link.term_id
"""

# The point is transformed only where that is safe: a projection knows no far side of the
# earth. Half a degree is some 50 km.
_SPOTS = """
WITH spot AS (
    SELECT n, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
    FROM unnest(%(lon)s::float8[], %(lat)s::float8[]) WITH ORDINALITY AS s(lon, lat, n)
), city AS (
    SELECT coalesce(
        (SELECT boundary::geometry FROM layers_municipality WHERE id = %(municipality)s),
        (SELECT ST_SetSRID(ST_Extent(point)::geometry, 4326) FROM layers_demandpoint
         WHERE municipality_id = %(municipality)s)) AS area
), placed AS (
    SELECT n, CASE WHEN ST_DWithin(city.area, point, 0.5)
                   THEN ST_Transform(point, %(srid)s) END AS point_m
    FROM spot, city
)
SELECT ST_X(point_m), ST_Y(point_m) FROM placed ORDER BY n
"""


def spots_m(
    municipality_id: UUID, lon_lat: Sequence[tuple[float, float]]
) -> NDArray[np.float64]:
    """Return spots in metres of METRIC_SRID, (n, 2); NaN far from the municipality.

    Notes
    -----
    One query. PostGIS transforms, as for the places there are: the same spot is then the
    same to the last digit.
    """
    values: dict[str, Any] = {
        "lon": [lon for lon, _ in lon_lat],
        "lat": [lat for _, lat in lon_lat],
        "municipality": municipality_id,
        "srid": settings.METRIC_SRID,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPOTS, values)
        rows = cursor.fetchall()
    return np.array(rows, dtype=np.float64).reshape(-1, 2)
