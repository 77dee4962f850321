"""Writes the places that records name, and which service is at which."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point

from layers.directory.bulk import copy_rows
from layers.directory.service_parts import BATCH
from layers.directory.service_record import PlaceRecord, ServiceRecord, merged_texts
from layers.directory.service_snapshot import Key, StoredPlaces, StoredService
from layers.geo import WGS84
from layers.models import (
    District,
    Location,
    LocationDistrict,
    Municipality,
    ServiceAtLocation,
)
from layers.models.location import Precision, Visibility

PLACE_FIELDS = (
    "names",
    "address",
    "city",
    "postal_code",
    "point",
    "precision",
    "visibility",
    "licence",
    "is_demo",
)


@dataclass(slots=True)
class PlacePlan:
    """What has to be done about places; `row_of` finds a record's place."""

    new: list[Location] = field(default_factory=list)
    changed: list[Location] = field(default_factory=list)
    said: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    row_of: dict[Key, Location] = field(default_factory=dict)

    @property
    def touched(self) -> set[UUID]:
        """Ids of the places that are new or changed."""
        return {row.pk for row in (*self.new, *self.changed)} | self.said.keys()


def plan_places(
    records: Iterable[ServiceRecord], municipality: Municipality, stored: StoredPlaces
) -> PlacePlan:
    """Return what the records' places need; nothing is written yet."""
    plan = PlacePlan()
    for record in records:
        place = record.place
        if place is None:
            continue
        key = (record.source, place.source_id)
        if key in plan.row_of:
            continue
        row = stored.rows.get(key)
        plan.row_of[key] = row or Location(
            municipality=municipality,
            country=municipality.country,
            source=record.source,
            source_id=place.source_id,
        )
        changed = _put(plan.row_of[key], place, record)
        if row is None:
            plan.new.append(plan.row_of[key])
        elif changed:
            plan.changed.append(row)
        pk = plan.row_of[key].pk
        said = stored.said_codes.get(pk, ())
        if "district_codes" in place.given and place.district_codes != said:
            plan.said[pk] = place.district_codes
    return plan


def place_differs(
    record: ServiceRecord, stored: StoredService, plan: PlacePlan
) -> bool:
    """Tell whether the service is to be at another place than it is, or its place changed."""
    own = _own_places(stored, record)
    if record.place is None:
        return bool(own)
    wanted = plan.row_of[record.source, record.place.source_id].pk
    elsewhere = any(place.pk != wanted for place in own.values())
    there = any(place.pk == wanted for place in stored.places.values())
    return elsewhere or not there or wanted in plan.touched


def write_places(plan: PlacePlan, municipality: Municipality) -> None:
    """Write new and changed places, and the districts that somebody said of them."""
    copy_rows(plan.new)
    Location.objects.bulk_create(
        plan.changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*PLACE_FIELDS, "updated_at"],
    )
    unplaced = [r.pk for r in plan.changed if r.point is None]
    LocationDistrict.objects.filter(location__in=[*unplaced, *plan.said]).delete()
    districts = District.objects.filter(municipality=municipality, valid_to=None)
    of_code = {d.code: d for d in districts.defer("boundary").order_by("-level")}
    LocationDistrict.objects.bulk_create(
        LocationDistrict(
            location_id=pk,
            level=of_code[code].level,
            district=of_code[code],
            is_derived=False,
        )
        for pk, codes in plan.said.items()
        for code in codes
    )


def write_links(
    changes: Mapping[UUID, ServiceRecord],
    stored: Mapping[UUID, StoredService],
    plan: PlacePlan,
) -> None:
    """Put each service at its record's place, and away from its source's other places.

    Places that people added are left. A place that no service is at any more goes.
    """
    new: list[ServiceAtLocation] = []
    gone: list[UUID] = []
    left: set[UUID] = set()
    for pk, record in changes.items():
        wanted = None
        if record.place is not None:
            wanted = plan.row_of[record.source, record.place.source_id].pk
        places = stored[pk].places if pk in stored else {}
        own = _own_places(stored[pk], record) if pk in stored else {}
        away = {k: p.pk for k, p in own.items() if p.pk != wanted}
        gone += away.keys()
        left |= set(away.values())
        if wanted is not None and wanted not in {p.pk for p in places.values()}:
            new.append(ServiceAtLocation(service_id=pk, location_id=wanted))
    ServiceAtLocation.objects.filter(pk__in=gone).delete()
    copy_rows(new)
    Location.objects.filter(pk__in=left, service_at_locations=None).delete()


def _own_places(stored: StoredService, record: ServiceRecord) -> dict[UUID, Location]:
    """Return the places that the record's source may take a service away from.

    Not those that people added, and no protected one: without it the service would be
    published as one that has no place.
    """
    return {
        pk: place
        for pk, place in stored.places.items()
        if place.source == record.source and place.visibility == Visibility.PUBLIC
    }


def services_at(places: Collection[UUID]) -> set[UUID]:
    """Return the ids of all services at some places."""
    links = ServiceAtLocation.objects.filter(location__in=places)
    return set(links.values_list("service_id", flat=True))


def _put(row: Location, place: PlaceRecord, record: ServiceRecord) -> bool:
    """Give the row the record's values; tell whether any was different."""
    wanted: dict[str, Any] = {
        "names": merged_texts(row.names, place.names),
        "address": merged_texts(row.address, place.address),
        "city": merged_texts(row.city, place.city),
    }
    for name in ("licence", "is_demo"):
        if name in record.given:
            wanted[name] = getattr(record, name)
    if "postal_code" in place.given:
        wanted["postal_code"] = place.postal_code
    if "visibility" in place.given:
        wanted["visibility"] = place.visibility
    wanted |= _position(row, place)
    changed = any(getattr(row, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(row, name, value)
    return changed


def _position(row: Location, place: PlaceRecord) -> dict[str, Any]:
    """Return point and precision, which are given together or not at all."""
    if "point" not in place.given:
        return {}
    if place.point is None:
        return {"point": None, "precision": None}
    kept = None if "precision" in place.given else row.precision
    return {
        "point": Point(*place.point, srid=WGS84),
        "precision": place.precision or kept or Precision.UNKNOWN.value,
    }
