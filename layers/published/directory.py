"""Organizations, services and locations: pages of each as JSON text, by id.

Whoever is listed has at least one service point that passes the filters; so the filters
mean the same everywhere, and nothing is listed whose every place is hidden.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from layers.geo import COORDINATE_DECIMALS
from layers.published.connection import read_one
from layers.published.filters import ServicePointFilters, conditions
from layers.published.json_text import joined, without_last
from layers.published.versions import VERSION_SQL, DataState


def _text(column: str, name: str) -> str:
    return (
        f"layers_text(r.{column}, %(lang)s) AS {name}, "
        f"layers_text_lang(r.{column}, %(lang)s) AS {name}_lang"
    )


_SHARED = "r.source, r.licence, r.is_demo AS demo, r.updated_at"

_ORGANIZATION = f"""(SELECT row_to_json(z)::text FROM (SELECT r.id,
 r.municipality_slug AS municipality, {_text("names", "name")},
 {_text("descriptions", "description")}, r.org_type, r.parent_id, r.member_since,
 nullif(r.email, '') AS email, nullif(r.phone, '') AS phone, nullif(r.url, '') AS url,
 nullif(r.logo, '') AS logo, r.n_services, {_SHARED}) z)"""

_SERVICE = f"""(SELECT row_to_json(z)::text FROM (SELECT r.id,
 r.municipality_slug AS municipality, r.organization_id, {_text("names", "name")},
 {_text("descriptions", "description")}, r.status, r.audience, r.delivery_mode, r.gender,
 r.step_free, r.referral_required, r.referral_method, r.minimum_age::float8 AS minimum_age,
 r.maximum_age::float8 AS maximum_age, nullif(r.email, '') AS email,
 nullif(r.url, '') AS url, r.assured_date AS verified_on,
 r.update_frequency AS verify_every_months, r.service_point_ids, {_SHARED}) z)"""

_LOCATION = f"""'{{"type":"Feature","id":"' || r.id || '","geometry":' ||
 coalesce(ST_AsGeoJSON(r.point, {COORDINATE_DECIMALS}), 'null') || ',"properties":' ||
 (SELECT row_to_json(z)::text FROM (SELECT r.municipality_slug AS municipality,
 r.location_type, {_text("names", "name")}, {_text("address", "address")},
 layers_text(r.city, %(lang)s) AS city, r.postal_code, r.country, r.precision,
 r.service_point_ids, {_SHARED}) z) || '}}'"""


class Listing(Enum):
    """A kind of record, its relation, the column that points at it, and its text."""

    ORGANIZATIONS = ("organization", "organization_id", _ORGANIZATION)
    SERVICES = ("service", "service_id", _SERVICE)
    LOCATIONS = ("location", "location_id", _LOCATION)


@dataclass(frozen=True, slots=True)
class Records:
    """A page of records.

    Attributes
    ----------
    items : bytes
        JSON texts in UTF-8, separated by commas; GeoJSON features for locations.
    n : int
        How many.
    next_key : UUID or None
        The last record's id where more follow.
    matched : int or None
        How many match in all, where asked or known anyway.
    state : DataState
        What the page was made from.
    """

    items: bytes
    n: int
    next_key: UUID | None
    matched: int | None
    state: DataState


def records(
    listing: Listing,
    filters: ServicePointFilters,
    *,
    lang: str,
    limit: int,
    after: UUID | None = None,
    count: bool = False,
) -> Records:
    """Return a page of one kind of record by id; one statement.

    Parameters
    ----------
    listing : Listing
        Which kind.
    filters : ServicePointFilters
        What at least one service point of the record has to be.
    lang, limit, after, count
        As for `service_points.page`.

    Raises
    ------
    InvalidParameter
        A code of the filters that does not exist.
    """
    filters.check()
    asked = conditions(filters)
    relation, column, text = listing.value
    values: dict[str, Any] = {**asked.values, "lang": lang}
    key = ""
    if after is not None:
        key, values["after"] = " AND r.id > %(after)s", after
    matching = (
        f"SELECT p.{column} FROM published.service_point p WHERE {asked.where()} "
        f"AND p.{column} IS NOT NULL"
    )
    matched = f"(SELECT count(*) FROM (SELECT DISTINCT {matching[7:]}) c)"
    row = read_one(
        f"""
SELECT {joined("f.item", "f.id")}, count(*),
 (array_agg(f.id ORDER BY f.id))[{limit}], {matched if count else "NULL"}, {VERSION_SQL}
FROM (SELECT r.id, {text} AS item FROM published.{relation} r
 WHERE r.id IN ({matching}){key} ORDER BY r.id LIMIT {limit + 1}) f""",
        values,
        binary=True,
    )
    assert row is not None  # noqa: S101 (an aggregate always has a row)
    items, fetched, last_id, total, *state = row
    has_more = fetched > limit
    if has_more:
        items = without_last(items)
    elif after is None:
        total = fetched
    return Records(
        items=items or b"",
        n=min(fetched, limit),
        next_key=last_id if has_more else None,
        matched=total,
        state=DataState(*state),
    )
