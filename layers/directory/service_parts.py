"""The rows of other tables that make up a service, from its record."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from layers.directory.bulk import copy_rows
from layers.directory.service_record import ServiceRecord
from layers.directory.service_snapshot import YEARLY_CLOSURE
from layers.models import (
    Attribute,
    CostOption,
    District,
    Municipality,
    Phone,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceCapacity,
    ServiceLanguage,
    TaxonomyTerm,
)
from layers.models.taxonomy import TaxonomyKind

BATCH = 2_000
"""Rows in one INSERT."""

FIRST_GROUP = 100
"""Position of the first population group; categories begin at 0."""

Changes = Mapping[UUID, tuple[ServiceRecord, Collection[str]]]
"""Service id -> its record and the names of the fields that are to be written."""


class PartWriter:
    """Replaces parts of services of one municipality by those of their records."""

    def __init__(self, municipality: Municipality) -> None:
        """Load the ids of the terms and districts that records name by slug or code."""
        terms = TaxonomyTerm.objects.values_list("taxonomy__slug", "slug", "id")
        self._term_ids = {(kind, slug): pk for kind, slug, pk in terms}
        districts = District.objects.filter(
            municipality=municipality, valid_to__isnull=True
        ).order_by("-level")
        self._district_ids = dict(districts.values_list("code", "id"))

    def write(self, changes: Changes, stored: Collection[UUID]) -> None:
        """Delete the stored rows of the fields to be written, and write the record's.

        `stored` are the services that had rows before.
        """
        for name, (manager, owned, build) in self._kinds().items():
            ids = [pk for pk, (_, fields) in changes.items() if name in fields]
            if not ids:
                continue
            old = [pk for pk in ids if pk in stored]
            if old:
                manager.filter(owned, service__in=old).delete()
            rows = (row for pk in ids for row in build(pk, changes[pk][0]))
            copy_rows(rows)
        self._write_areas(changes, stored)

    def _kinds(self) -> dict[str, tuple[Any, Q, Callable[..., Iterable[Model]]]]:
        """Return for each field the rows' manager, those it owns, and their builder."""
        kind = TaxonomyKind
        every = Q()
        return {
            "categories": (
                Attribute.objects, Q(term__taxonomy__slug=kind.CATEGORY), self._categories,
            ),
            "groups": (
                Attribute.objects, Q(term__taxonomy__slug=kind.POPULATION_GROUP), self._groups,
            ),
            "languages": (ServiceLanguage.objects, every, _languages),
            "phones": (Phone.objects, every, _phones),
            "schedules": (Schedule.objects, every, _schedules),
            "closures": (ScheduleException.objects, Q(reason=YEARLY_CLOSURE), _closures),
            "capacity": (ServiceCapacity.objects, Q(service_at_location=None), _capacities),
            "cost": (CostOption.objects, every, _costs),
        }  # fmt: skip

    def _categories(self, pk: UUID, record: ServiceRecord) -> Iterator[Attribute]:
        return self._attributes(pk, TaxonomyKind.CATEGORY, record.categories, 0)

    def _groups(self, pk: UUID, record: ServiceRecord) -> Iterator[Attribute]:
        kind = TaxonomyKind.POPULATION_GROUP
        return self._attributes(pk, kind, record.groups, FIRST_GROUP)

    def _attributes(
        self, pk: UUID, kind: TaxonomyKind, slugs: Iterable[str], first: int
    ) -> Iterator[Attribute]:
        for position, slug in enumerate(slugs, start=first):
            term = self._term_ids[kind, slug]
            yield Attribute(service_id=pk, term_id=term, position=position)

    def _write_areas(self, changes: Changes, stored: Collection[UUID]) -> None:
        ids = [pk for pk, (_, fields) in changes.items() if "area" in fields]
        old = [pk for pk in ids if pk in stored]
        if old:
            ServiceArea.objects.filter(service__in=old).delete()
        said = {pk: area for pk in ids if (area := changes[pk][0].area) is not None}
        rows = [ServiceArea(service_id=pk, scope=a.scope) for pk, a in said.items()]
        ServiceArea.objects.bulk_create(rows, batch_size=BATCH)
        link = ServiceArea.districts.through
        copy_rows(
            link(servicearea_id=row.pk, district_id=self._district_ids[code])
            for row in rows
            for code in said[row.service_id].district_codes
        )


def put_plain_fields(row: Service, record: ServiceRecord, names: Iterable[str]) -> None:
    """Give the service the record's values of plain fields."""
    for name in names:
        value = getattr(record, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)


def _languages(pk: UUID, record: ServiceRecord) -> Iterator[ServiceLanguage]:
    for code, mode in record.languages:
        yield ServiceLanguage(service_id=pk, code=code, mode=mode)


def _phones(pk: UUID, record: ServiceRecord) -> Iterator[Phone]:
    for number in record.phones:
        yield Phone(service_id=pk, number=number)


def _schedules(pk: UUID, record: ServiceRecord) -> Iterator[Schedule]:
    for row in record.schedules:
        yield Schedule(
            service_id=pk,
            freq=row.freq,
            byday=list(row.byday),
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            by_appointment=row.by_appointment,
        )


def _closures(pk: UUID, record: ServiceRecord) -> Iterator[ScheduleException]:
    for row in record.closures:
        yield ScheduleException(
            service_id=pk,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            reason=YEARLY_CLOSURE,
        )


def _capacities(pk: UUID, record: ServiceRecord) -> Iterator[ServiceCapacity]:
    if (held := record.capacity) is not None:
        yield ServiceCapacity(service_id=pk, unit=held.unit, maximum=held.maximum)


def _costs(pk: UUID, record: ServiceRecord) -> Iterator[CostOption]:
    if record.cost is not None:
        yield CostOption(service_id=pk, amount=record.cost)
