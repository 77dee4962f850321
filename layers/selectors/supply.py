"""What is offered where, as arrays and counts for the analysis."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from layers.models import TaxonomyTerm
from layers.models.run import TermKind
from layers.selectors.packed import unpacked
from layers.selectors.supply_sql import SUPPLY_ALL, SUPPLY_PUBLIC

EVERYWHERE = "*"
"""Code under which services are counted that serve every district."""

IS_APPROXIMATE, IS_UNVERIFIED, ARE_HOURS_UNKNOWN = 1, 2, 4
"""Bits of `Sites.quality`."""

UNRESTRICTED_GROUP = "general-public"
"""A service for this group is for everybody."""

WOMEN = "women"
"""Services for men are not for this group, nor for those within it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A category or committee, and the categories right below it."""

    slug: str
    children: tuple[str, ...] = ()


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
class Supply:
    """What is offered under each term.

    Attributes
    ----------
    sites : dict of str to Sites
        By term: the places of services that carry the term itself and no child of
        it. A term without an entry has none of its own.
    located : dict of str to Counter
        By term: places by code of their district; "" is outside of every district.
    serving : dict of str to Counter
        By term: services by code of the district they serve; `EVERYWHERE` for those
        that serve all of them.
    placeless : dict of str to Counter
        As `serving`, only services that nobody can walk to.
    n_services : Counter
        By term: services that serve anybody.
    protected : frozenset of str
        Terms with places of which anybody may know the district but not the spot.
    """

    sites: dict[str, Sites]
    located: dict[str, "Counter[str]"]
    serving: dict[str, "Counter[str]"]
    placeless: dict[str, "Counter[str]"]
    n_services: "Counter[str]"
    protected: frozenset[str]


def terms(by: str) -> tuple[Term, ...]:
    """Return all categories or all committees, in their order; one query."""
    rows = TaxonomyTerm.objects.filter(taxonomy__slug=by).order_by("position", "slug")
    pairs = list(rows.values_list("slug", "parent__slug"))
    return tuple(
        Term(slug, tuple(child for child, parent in pairs if parent == slug))
        for slug, _ in pairs
    )


def groups_served_with(group: str) -> tuple[str, ...]:
    """Return the groups whose services are for people of `group`; one query.

    Itself, those it belongs to, those that belong to it, and everybody's. Empty when
    there is no such group.
    """
    paths = TaxonomyTerm.objects.filter(
        taxonomy__slug="population_group", path__contains=[group]
    ).values_list("path", flat=True)
    related = {slug for path in paths for slug in path}
    return tuple(sorted(related | {UNRESTRICTED_GROUP})) if related else ()


def supply(
    municipality_id: UUID,
    *,
    level: str,
    by: str,
    term_tree: Iterable[Term],
    groups: tuple[str, ...] | None,
    reach_m: float,
    as_of: date,
    include_protected: bool = False,
) -> Supply:
    """Return the active services that people may turn to, by term.

    Parameters
    ----------
    municipality_id : UUID
        Whose people ask. Places of other municipalities take part in distances where
        they are within twice the reach of these people.
    level : str
        District level in which places and services are counted.
    by : str
        `category` or `committee`.
    term_tree : iterable of Term
        The terms of interest; others are left out.
    groups : tuple of str, optional
        Count only services for one of these groups or for everybody.
    reach_m : float
        Straight-line metres that count as near.
    as_of : date
        A service verified more than a year before is unverified.
    include_protected : bool
        Also places that are not public. The result is then not for the public.

    Notes
    -----
    One query, so everything is of the same moment. Places to walk to are those of
    `on_site` services; remote and outreach services only count as serving. Services
    for professionals only, and those not active, are left out.
    """
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "level": level,
        "by_category": by == TermKind.CATEGORY,
        "groups": None if groups is None else list(groups),
        "for_women": groups is not None and WOMEN in groups,
        "near_m": 2 * reach_m,
        "verified_since": _year_before(as_of),
        "srid": settings.METRIC_SRID,
        "approximate": IS_APPROXIMATE,
        "unverified": IS_UNVERIFIED,
        "hours_unknown": ARE_HOURS_UNKNOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(SUPPLY_ALL if include_protected else SUPPLY_PUBLIC, values)
        return _collected(cursor.fetchall(), {term.slug: term for term in term_tree})


def _collected(rows: Iterable[tuple[Any, ...]], tree: dict[str, Term]) -> Supply:
    """Take the statement's sets of terms apart, by what each row speaks of."""
    packed: dict[str, list[bytes]] = defaultdict(list)
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for kind, carried, code, n, data in rows:
        for slug in tree.keys() & set(carried):
            if kind != "sites":
                counts[kind][slug][code] += n
            # A parent is reached where a child is: its own places are the others.
            elif not set(tree[slug].children) & set(carried):
                packed[slug].append(data)
    return Supply(
        sites={slug: _sites(b"".join(parts)) for slug, parts in packed.items()},
        located=dict(counts["located"]),
        serving=dict(counts["serving"]),
        placeless=dict(counts["placeless"]),
        n_services=Counter({slug: n[""] for slug, n in counts["services"].items()}),
        protected=frozenset(counts["protected"]),
    )


def _sites(data: bytes) -> Sites:
    """Sort places and keep each point once, with the best that is known of it.

    Thousands of services at one address would also make a k-d tree deep and slow.
    """
    records = np.unique(unpacked(data, {"x": "f8", "y": "f8", "quality": "i4"}))
    x, y = records["x"], records["y"]
    first = np.ones(len(records), dtype=bool)
    first[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    return Sites(
        xy=np.column_stack((x, y))[first],
        quality=records["quality"][first].astype(np.uint8),
    )


def _year_before(day: date) -> date:
    # 29 February has no anniversary; the day before has been a year, too.
    return day.replace(
        year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day
    )
