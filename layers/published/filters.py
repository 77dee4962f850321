"""Which service points are asked for, as SQL conditions with bound values.

Each condition is kept under its parameter's name, so that facet counts and the
explanation of an empty answer can leave one out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from layers.geo import BBox
from layers.published.filter_sql import CONDITIONS, inside
from layers.published.vocabulary import check_codes

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
        Every word occurs in the names, the place, the address or the categories. One
        that occurs nowhere is taken as misspelt and stands for those one slip beside it.
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
    """SQL conditions on service point `p` by parameter name, and all their values.

    `placed` holds a simpler condition where what has a point needs less: an OR for what
    has none would keep an index from being used.
    """

    sql: Mapping[str, str]
    values: Mapping[str, Any]
    placed: Mapping[str, str]

    def where(self, *, without: Collection[str] = ()) -> str:
        """Return the conditions joined by AND, less some; `true` where none is left."""
        kept = [sql for name, sql in self.sql.items() if name not in without]
        return " AND ".join(kept) or "true"

    def where_placed(self, *, without: Collection[str] = ()) -> str:
        """Return the conditions for service points that have a point."""
        kept = [
            self.placed.get(name, sql)
            for name, sql in self.sql.items()
            if name not in without
        ]
        return " AND ".join(kept) or "true"


def conditions(filters: ServicePointFilters) -> Conditions:
    """Return the conditions of some filters.

    Notes
    -----
    The text depends on which filters are given and never on their values, so that a
    server that has prepared one statement can use it for the next reader.
    """
    sql: dict[str, str] = {}
    placed: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, value in filters.given().items():
        sql[name], bound = CONDITIONS[name](value)
        values.update(bound)
    if filters.district:
        placed["district"] = "p.district_codes && %(district)s"
    if filters.bbox:
        placed["bbox"] = inside(filters.bbox)
    return Conditions(sql, values, placed)
