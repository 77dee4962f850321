"""Which service points are asked for, as SQL conditions with bound values.

Each condition is kept under its parameter's name, so that facet counts and the
explanation of an empty answer can leave one out.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from layers.geo import BBox
from layers.published.clocks import open_at
from layers.published.vocabulary import EVERYBODY, check_codes, vocabulary

SHOWN_STATUS = ("active", "temporarily closed")
"""What a list shows unless another status is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePointFilters:
    """What a reader asks for; values of one field are alternatives, fields add up.

    Attributes
    ----------
    municipality, district, committee, category, organization
        Codes. A category takes in those below it. A district takes in the services
        located there and, of those without a place, the ones that serve it.
    bbox : BBox or None
        Points inside, edges included. What has no point lies in every box (OGC API -
        Features 7.15.3), so that a service without a place is never lost by panning.
    group : tuple of str
        Population groups: services for them, for groups above or below them, and those
        for everybody.
    language : tuple of str
        Spoken by staff or an interpreter; `on_request` is not enough.
    audience : tuple of str
        `professionals` and `beneficiaries` keep what is for `both`.
    gender : tuple of str
        `women` and `men` keep what admits `any`.
    status : tuple of str
        Whether it operates.
    step_free, delivery_mode : tuple of str
        As stored.
    referral_required : tuple of str
        `true`, `false`, `unknown`.
    age : float or None
        Years; services that admit it, or that say nothing of age.
    open_at : datetime or None
        Open then for walk-in; unknown hours are not open.
    verified_since : date or None
        Verified on that day or later.
    q : str or None
        Every word occurs in the names, the place, the address or the categories.
    """

    municipality: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    bbox: BBox | None = None
    committee: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    organization: tuple[UUID, ...] = ()
    status: tuple[str, ...] = SHOWN_STATUS
    step_free: tuple[str, ...] = ()
    delivery_mode: tuple[str, ...] = ()
    referral_required: tuple[str, ...] = ()
    age: float | None = None
    open_at: datetime | None = None
    verified_since: date | None = None
    q: str | None = None

    def given(self) -> dict[str, Any]:
        """Return the filters that ask for something, by name."""
        named = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: value for name, value in named if value not in ((), None)}

    def check(self) -> None:
        """Raise InvalidParameter for a code that does not exist."""
        check_codes(
            {
                "municipality": self.municipality,
                "district": self.district,
                "committee": self.committee,
                "category": self.category,
                "group": self.group,
                "organization": tuple(str(id_) for id_ in self.organization),
            }
        )


@dataclass(frozen=True, slots=True)
class Conditions:
    """SQL conditions on service point `p` by parameter name, and all their values."""

    sql: Mapping[str, str]
    values: Mapping[str, Any]

    def where(self, *, without: Collection[str] = ()) -> str:
        """Return the conditions joined by AND, less some; `true` where none is left."""
        kept = [sql for name, sql in self.sql.items() if name not in without]
        return " AND ".join(kept) or "true"


def conditions(filters: ServicePointFilters) -> Conditions:
    """Return the conditions of some filters.

    Notes
    -----
    The text depends on which filters are given and never on their values, so that a
    server that has prepared one statement can use it for the next reader.
    """
    sql: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, value in filters.given().items():
        text, bound = _CONDITION[name](value)
        sql[name] = text
        values.update(bound)
    return Conditions(sql, values)


Built = tuple[str, dict[str, Any]]


def _among(column: str) -> Callable[[tuple[Any, ...]], Built]:
    return lambda wanted: (f"p.{column} = ANY(%({column})s)", {column: list(wanted)})


def _overlaps(name: str, column: str) -> Callable[[tuple[str, ...]], Built]:
    return lambda wanted: (f"p.{column} && %({name})s", {name: list(wanted)})


def _or_for_all(column: str, for_all: str) -> Callable[[tuple[str, ...]], Built]:
    """Return a builder that keeps what is for everybody with every value asked for."""
    return lambda wanted: (
        f"p.{column} = ANY(%({column})s)",
        {column: list(dict.fromkeys((*wanted, for_all)))},
    )


def _municipality(wanted: tuple[str, ...]) -> Built:
    return "p.municipality_slug = ANY(%(municipality)s)", {"municipality": list(wanted)}


def _district(wanted: tuple[str, ...]) -> Built:
    return (
        "(p.district_codes && %(district)s OR (p.point IS NULL AND "
        "(p.serves_codes && %(district)s OR (p.serves_everywhere AND "
        "p.municipality_slug IN (SELECT d.municipality_slug FROM published.district d "
        "WHERE d.code = ANY(%(district)s))))))",
        {"district": list(wanted)},
    )


def _bbox(box: BBox) -> Built:
    # && compares boxes rounded to float32 and lets points outside through: it picks the
    # rows by index, the comparison of coordinates decides.
    inside, values = [], {}
    for n, part in enumerate(box.parts()):
        edges = {
            f"{edge}{n}": getattr(part, edge)
            for edge in ("west", "south", "east", "north")
        }
        inside.append(
            f"(p.point && ST_MakeEnvelope(%(west{n})s, %(south{n})s, %(east{n})s, "
            f"%(north{n})s, 4326) AND ST_X(p.point) BETWEEN %(west{n})s AND %(east{n})s "
            f"AND ST_Y(p.point) BETWEEN %(south{n})s AND %(north{n})s)"
        )
        values.update(edges)
    return f"(p.point IS NULL OR {' OR '.join(inside)})", values


def _group(wanted: tuple[str, ...]) -> Built:
    lineage = vocabulary().lineage
    related = {other for slug in wanted for other in lineage.get(slug, (slug,))}
    return (
        "(p.groups = '{}' OR p.groups && %(group)s)",
        {"group": sorted({*related, EVERYBODY})},
    )


def _language(wanted: tuple[str, ...]) -> Built:
    # The array has an index and holds `on_request` too; the modes decide.
    return (
        "(p.languages && %(language)s AND EXISTS (SELECT FROM "
        "unnest(%(language)s::text[]) AS l(code) WHERE "
        "p.language_modes ->> l.code IN ('staff', 'interpreter')))",
        {"language": list(wanted)},
    )


def _referral(wanted: tuple[str, ...]) -> Built:
    return (
        "coalesce(p.referral_required::text, 'unknown') = ANY(%(referral_required)s)",
        {"referral_required": list(wanted)},
    )


def _age(years: float) -> Built:
    return (
        "coalesce(p.minimum_age <= %(age)s, true) "
        "AND coalesce(p.maximum_age >= %(age)s, true)",
        {"age": years},
    )


def _open_at(moment: datetime) -> Built:
    found = open_at(moment, vocabulary().municipalities, "asked")
    return f"{found.sql} IS TRUE", dict(found.values)


def _verified_since(day: date) -> Built:
    return "p.assured_date >= %(verified_since)s", {"verified_since": day}


def _q(text: str) -> Built:
    words = list(dict.fromkeys(text.split()))
    named = {f"q{n}": word for n, word in enumerate(words)}
    return (
        "("
        + " AND ".join(
            f"p.search_text LIKE '%%' || layers_fold(%({name})s) || '%%'"
            for name in named
        )
        + ")",
        named,
    )


_CONDITION: Mapping[str, Callable[[Any], Built]] = {
    "municipality": _municipality,
    "district": _district,
    "bbox": _bbox,
    "committee": _overlaps("committee", "committees"),
    "category": _overlaps("category", "categories"),
    "group": _group,
    "language": _language,
    "audience": _or_for_all("audience", "both"),
    "gender": _or_for_all("gender", "any"),
    "organization": lambda ids: (
        "p.organization_id = ANY(%(organization)s)",
        {"organization": list(ids)},
    ),
    "status": _among("status"),
    "step_free": _among("step_free"),
    "delivery_mode": _among("delivery_mode"),
    "referral_required": _referral,
    "age": _age,
    "open_at": _open_at,
    "verified_since": _verified_since,
    "q": _q,
}
