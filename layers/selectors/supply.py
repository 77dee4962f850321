"""What is offered where, as arrays and counts for the analysis."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from layers.models import TaxonomyTerm
from layers.models.run import TermKind
from layers.selectors.eligibility import Eligibility
from layers.selectors.supply_arrays import BITS, Offers, Sites
from layers.selectors.supply_places import NEVER_DAYS, Places
from layers.selectors.supply_sql import SERVED_DISTRICTS, SUPPLY_ALL, SUPPLY_PUBLIC

UNRESTRICTED_GROUP = "general-public"
"""A service for this group is for everybody."""

EVERYBODY = Eligibility()
"""Whoever needs nothing in particular."""

WOMEN = "women"
"""Services for men are not for this group, nor for those within it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A category or committee, and the categories right below it."""

    slug: str
    children: tuple[str, ...] = ()


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
    n_services, n_placeless : Counter
        By term: services that serve anybody; those of them that nobody can walk to.
    protected : set of str
        Terms with places of which anybody may know the district but not the spot.
    places : Places or None
        The places to walk to one by one, with what they can take and when they are
        open; None where nobody asked for that.
    """

    sites: dict[str, Sites]
    located: dict[str, "Counter[str]"]
    serving: dict[str, "Counter[str]"]
    placeless: dict[str, "Counter[str]"]
    n_services: "Counter[str]"
    n_placeless: "Counter[str]"
    protected: set[str]
    places: Places | None = None


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
    eligibility: Eligibility = EVERYBODY,
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
    eligibility : Eligibility
        Leave out what the person asked about may not use, mark what is not known. Only
        without protected places.

    Notes
    -----
    One query, and one more where services have service areas. Places to walk to are those of
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
        "for_all": UNRESTRICTED_GROUP,
        "as_of": as_of,
        "never": NEVER_DAYS - 1,
        **BITS,
    }
    statement = SUPPLY_ALL
    if not include_protected:
        condition, bound = eligibility.condition(as_of)
        statement, values = (
            SUPPLY_PUBLIC.replace("{eligible}", condition),
            values | bound,
        )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        codes, *offered = cursor.fetchone()
        offers = Offers.read(codes or (), *offered)
        bounded = []
        if services := offers.bounded_services():
            cursor.execute(SERVED_DISTRICTS, {**values, "services": list(services)})
            bounded = cursor.fetchall()
    return _counted(offers, bounded, term_tree)


def _counted(
    offers: Offers, bounded: Iterable[tuple[UUID, str]], term_tree: Iterable[Term]
) -> Supply:
    """Count the offers by term."""
    combos_of = offers.combos_by_term()
    located = offers.located()
    served = offers.served(bounded)
    protected = offers.protected()
    tree = tuple(term_tree)
    places = offers.places(term.slug for term in tree)
    found = Supply({}, {}, {}, {}, Counter(), Counter(), set(), places)
    for term in tree:
        combos = combos_of.get(term.slug)
        if combos is None:
            continue
        # A parent is reached where a child is: its own places are the others.
        below = set(term.children)
        own = [n for n in combos if not below & offers.carried[n]]
        sites = offers.sites(own)
        if len(sites.xy):
            found.sites[term.slug] = sites
        for counters, counts in (
            (found.located, located),
            (found.serving, served.serving),
            (found.placeless, served.placeless),
        ):
            if counter := offers.by_code(counts, combos):
                counters[term.slug] = counter
        found.n_services[term.slug] = int(served.services[combos].sum())
        found.n_placeless[term.slug] = int(served.placeless_services[combos].sum())
        if protected.intersection(combos):
            found.protected.add(term.slug)
    return found


def _year_before(day: date) -> date:
    # 29 February has no anniversary; the day before has been a year, too.
    return day.replace(
        year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day
    )
