"""One organization, service or location with all that is published of it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from layers.errors import NotFound
from layers.published.connection import read_one
from layers.published.versions import VERSION_SQL, DataState

Texts = dict[str, str]
"""Language code -> text."""


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """An organization; `name` is in the reader's language, or in `name_lang`."""

    id: UUID
    municipality: str
    name: str
    name_lang: str
    names: Texts
    descriptions: Texts
    org_type: str
    parent_id: UUID | None
    member_since: date | None
    email: str
    phone: str
    url: str
    logo: str
    n_services: int
    source: str
    licence: str
    is_demo: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """A service; `assured_date` is when it was verified, `updated_at` when it changed."""

    id: UUID
    municipality: str
    organization_id: UUID
    name: str
    name_lang: str
    names: Texts
    descriptions: Texts
    status: str
    application_process: Texts
    eligibility: Texts
    minimum_age: float | None
    maximum_age: float | None
    fees: Texts
    alert: Texts
    url: str
    email: str
    audience: str
    delivery_mode: str
    referral_required: bool | None
    referral_method: list[str]
    gender: str
    step_free: str
    open_on_holidays: bool
    assured_date: date | None
    update_frequency: int | None
    service_point_ids: list[UUID]
    source: str
    licence: str
    is_demo: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LocationRecord:
    """A public place; `point` is EPSG:4326 in hexadecimal EWKB, None where unknown."""

    id: UUID
    municipality: str
    location_type: str
    name: str | None
    name_lang: str | None
    names: Texts
    address: Texts
    city: Texts
    postal_code: str
    region: str
    country: str
    point: str | None
    precision: str | None
    transportation: Texts
    service_point_ids: list[UUID]
    source: str
    licence: str
    is_demo: bool
    updated_at: datetime


Record = TypeVar("Record", OrganizationRecord, ServiceRecord, LocationRecord)

_RELATION: dict[type[Any], str] = {
    OrganizationRecord: "organization",
    ServiceRecord: "service",
    LocationRecord: "location",
}
_COMPUTED = {
    "municipality": "r.municipality_slug",
    "name": "layers_text(r.names, %(lang)s)",
    "name_lang": "layers_text_lang(r.names, %(lang)s)",
    "minimum_age": "r.minimum_age::float8",
    "maximum_age": "r.maximum_age::float8",
}


def record(kind: type[Record], id_: UUID, *, lang: str) -> tuple[Record, DataState]:
    """Return one record by its id; one statement.

    Raises
    ------
    NotFound
        There is none, or none that anybody may see; nobody can tell which.
    """
    relation = _RELATION[kind]
    columns = ", ".join(_COMPUTED.get(f.name, f"r.{f.name}") for f in fields(kind))
    row = read_one(
        f"SELECT {columns}, {VERSION_SQL} FROM published.{relation} r WHERE r.id = %(id)s",
        {"id": id_, "lang": lang},
    )
    if row is None:
        raise NotFound(relation, str(id_))
    return kind(*row[:-2]), DataState(*row[-2:])
