"""Services as they are stored, in the shape of a record, so that the two compare.

One query per kind of part, whatever the number of services.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from layers.directory.service_record import (
    AreaRecord,
    CapacityRecord,
    ClosureRecord,
    ScheduleRecord,
)
from layers.models import (
    Attribute,
    CostOption,
    Location,
    LocationDistrict,
    Municipality,
    Phone,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceLanguage,
)
from layers.models.schedule import Frequency
from layers.models.taxonomy import TaxonomyKind

YEARLY_CLOSURE = {"el": "Ετήσια διακοπή", "en": "Yearly closure"}
"""Reason of the closures that a record owns; others were set by people and stay."""

OTHER = "more than a record can say"
"""Stands for stored parts that no record equals, such as hours of a season."""

Key = tuple[str, str]
Services = QuerySet[Service, Any]
"""The ids of some services, as a subquery."""


Owner = TypeVar("Owner", int, UUID)


@dataclass(slots=True)
class StoredService:
    """A stored service, its parts as in `ServiceRecord`, and its places by their id."""

    row: Service
    parts: dict[str, Any]
    places: dict[UUID, Location] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredPlaces:
    """The places of some sources by (source, source_id), and the districts said."""

    rows: dict[Key, Location]
    said_codes: dict[UUID, tuple[str, ...]]


def stored_services(
    municipality: Municipality, sources: Collection[str]
) -> dict[Key, StoredService]:
    """Return the services of some sources, by (source, source_id)."""
    rows = Service.objects.filter(
        municipality=municipality, source__in=sources
    ).exclude(source_id="")
    found = {
        row.pk: StoredService(row, {}) for row in rows.select_for_update(no_key=True)
    }
    ids = rows.values("pk")
    for name, values in _parts(ids).items():
        for pk, stored in found.items():
            stored.parts[name] = values.get(pk, _NOTHING.get(name, ()))
    links = ServiceAtLocation.objects.filter(service__in=ids).select_related("location")
    for link in links:
        found[link.service_id].places[link.pk] = link.location
    return {(s.row.source, s.row.source_id): s for s in found.values()}


def stored_places(municipality: Municipality, sources: Collection[str]) -> StoredPlaces:
    """Return the places of some sources."""
    rows = Location.objects.filter(
        municipality=municipality, source__in=sources
    ).exclude(source_id="")
    said = (
        LocationDistrict.objects.filter(
            location__in=rows, is_derived=False, district__isnull=False
        )
        .order_by("district__code")
        .values_list("location_id", "district__code")
    )
    return StoredPlaces(
        {(row.source, row.source_id): row for row in rows}, _grouped(said)
    )


_NOTHING: dict[str, Any] = {"area": None, "capacity": None, "cost": None}


def _parts(ids: Services) -> dict[str, dict[UUID, Any]]:
    terms = Attribute.objects.filter(service__in=ids).order_by("position", "term__slug")
    rows = terms.values_list("service_id", "term__slug", "term__taxonomy__slug")
    of_kind: dict[str, list[tuple[UUID, str]]] = defaultdict(list)
    for service, slug, kind in rows:
        of_kind[kind].append((service, slug))
    languages = ServiceLanguage.objects.filter(service__in=ids).order_by("code")
    phones = Phone.objects.filter(service__in=ids).order_by("id")
    return {
        "categories": _grouped(of_kind[TaxonomyKind.CATEGORY]),
        "groups": _grouped(of_kind[TaxonomyKind.POPULATION_GROUP]),
        "languages": _grouped(
            (service, (code, mode))
            for service, code, mode in languages.values_list(
                "service_id", "code", "mode"
            )
        ),
        "phones": _grouped(phones.values_list("service_id", "number")),
        "schedules": _schedules(ids),
        "closures": _closures(ids),
        "area": _areas(ids),
        "capacity": _capacities(ids),
        "cost": _costs(ids),
    }


def _grouped(pairs: Iterable[tuple[Owner, Any]]) -> dict[Owner, tuple[Any, ...]]:
    lists: dict[Owner, list[Any]] = defaultdict(list)
    for pk, value in pairs:
        lists[pk].append(value)
    return {pk: tuple(values) for pk, values in lists.items()}


def _schedules(ids: Services) -> dict[UUID, tuple[Any, ...]]:
    def record(row: Schedule) -> ScheduleRecord | str:
        if row.interval != 1 or row.valid_from or row.valid_to or row.bymonthday:
            return OTHER
        frequency = Frequency(row.freq).value
        return ScheduleRecord(
            tuple(row.byday), row.opens_at, row.closes_at, frequency, row.by_appointment
        )

    rows = Schedule.objects.filter(service__in=ids).order_by("id")
    return _grouped((row.service_id, record(row)) for row in rows if row.service_id)


def _closures(ids: Services) -> dict[UUID, tuple[Any, ...]]:
    rows = ScheduleException.objects.filter(service__in=ids, reason=YEARLY_CLOSURE)
    return _grouped(
        (pk, ClosureRecord(starts_on, ends_on))
        for pk, starts_on, ends_on in rows.order_by("starts_on", "ends_on").values_list(
            "service_id", "starts_on", "ends_on"
        )
    )


def _areas(ids: Services) -> dict[UUID, Any]:
    codes = _grouped(
        ServiceArea.districts.through.objects.filter(servicearea__service__in=ids)
        .order_by("district__code")
        .values_list("servicearea_id", "district__code")
    )
    found: dict[UUID, Any] = {}
    rows = ServiceArea.objects.filter(service__in=ids)
    for pk, service, scope, extent in rows.values_list(
        "id", "service_id", "scope", "extent"
    ):
        plain = service not in found and extent is None
        found[service] = AreaRecord(scope, codes.get(pk, ())) if plain else OTHER
    return found


def _capacities(ids: Services) -> dict[UUID, Any]:
    rows = ServiceCapacity.objects.filter(
        service__in=ids, service_at_location__isnull=True
    )
    found: dict[UUID, Any] = {}
    for service, unit, maximum in rows.values_list("service_id", "unit", "maximum"):
        plain = service not in found and maximum is not None
        found[service] = CapacityRecord(unit, maximum or 0) if plain else OTHER
    return found


def _costs(ids: Services) -> dict[UUID, Any]:
    rows = CostOption.objects.filter(service__in=ids)
    found: dict[UUID, Any] = {}
    for service, amount, currency, option in rows.values_list(
        "service_id", "amount", "currency", "option"
    ):
        plain = service not in found and currency == "EUR" and not option
        found[service] = amount if plain else OTHER
    return found
