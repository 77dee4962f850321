"""Creates and updates services with all their parts, from typed records, in bulk.

Call inside a transaction. What a record does not speak of is left as it is stored; the
read model is written in the same transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from layers.directory import read_model
from layers.directory.bulk import copy_rows
from layers.directory.service_organizations import (
    OrganizationFinder,
    OrganizationPlan,
    write_organizations,
)
from layers.directory.service_parts import BATCH, PartWriter, put_plain_fields
from layers.directory.service_places import (
    PlacePlan,
    place_differs,
    plan_places,
    services_at,
    write_links,
    write_places,
)
from layers.directory.service_record import (
    PART_FIELDS,
    PLAIN_FIELDS,
    TEXT_FIELDS,
    ServiceRecord,
    merged_texts,
)
from layers.directory.service_snapshot import (
    Key,
    StoredService,
    stored_places,
    stored_services,
)
from layers.models import Municipality, Organization, Service, VerificationEvent
from layers.models.location import Visibility
from layers.models.moderation import VerificationMethod, VerificationOutcome
from layers.models.service import ModerationState

SERVICE_COLUMNS = (
    *TEXT_FIELDS,
    *PLAIN_FIELDS,
    "organization",
    "assured_date",
    "assurer",
    "moderation_state",
    "updated_at",
)


@dataclass(slots=True)
class ServicePlan:
    """What a set of records would change; `write_services` does it.

    `new` and `changed` hold rows that are not saved yet; `changed` also says which
    fields. `absent` are the stored services of the same sources that no record names,
    with whether one of their places is protected.
    """

    municipality: Municipality
    new: dict[Key, Service] = field(default_factory=dict)
    changed: dict[Key, tuple[Service, set[str]]] = field(default_factory=dict)
    unchanged: list[Key] = field(default_factory=list)
    absent: dict[Key, bool] = field(default_factory=dict)
    organizations: OrganizationPlan = field(default_factory=OrganizationPlan)
    verified: dict[UUID, date] = field(default_factory=dict)
    records: dict[UUID, ServiceRecord] = field(default_factory=dict)
    stored: dict[UUID, StoredService] = field(default_factory=dict)
    places: PlacePlan = field(default_factory=PlacePlan)


def plan_services(
    records: Sequence[ServiceRecord],
    municipality: Municipality,
    *,
    publish: bool,
    sources: Collection[str] = (),
) -> ServicePlan:
    """Compare records with what is stored, and return what is to be written.

    Parameters
    ----------
    records : sequence of ServiceRecord
        Keys are distinct; slugs and codes are known ones.
    publish : bool
        New services, and drafts that are brought up to date, can be seen at once.
    sources : collection of str
        Further sources whose services count as absent.

    Raises
    ------
    InvalidRecord
        An organization is new and its type was not given.
    """
    named = {record.source for record in records} | set(sources)
    stored = stored_services(municipality, named)
    plan = ServicePlan(municipality)
    plan.places = plan_places(records, municipality, stored_places(municipality, named))
    finder = OrganizationFinder(municipality, plan.organizations)
    for record in records:
        found = stored.get(record.key)
        row = found.row if found else Service(municipality=municipality)
        fields = _put(row, record, finder.of(record))
        _verify(plan, row, record, fields)
        if _moderate(row, is_new=found is None, publish=publish):
            fields.add("moderation_state")
        plan.records[row.pk] = record
        if found is None:
            plan.new[record.key] = row
            continue
        plan.stored[row.pk] = found
        fields |= _changed_parts(record, found, plan.places)
        if fields:
            plan.changed[record.key] = (row, fields)
        else:
            plan.unchanged.append(record.key)
    for key in sorted(stored.keys() - {record.key for record in records}):
        plan.absent[key] = any(
            place.visibility != Visibility.PUBLIC
            for place in stored[key].places.values()
        )
    return plan


def write_services(plan: ServicePlan) -> int:
    """Write a plan and the read model's rows; return how many services were written."""
    write_organizations(plan.organizations)
    write_places(plan.places, plan.municipality)
    copy_rows(plan.new.values())
    Service.objects.bulk_create(
        (row for row, _ in plan.changed.values()),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=SERVICE_COLUMNS,
    )
    fields = {row.pk: names for row, names in plan.changed.values()}
    fields |= {row.pk: set(plan.records[row.pk].given) for row in plan.new.values()}
    records = {pk: plan.records[pk] for pk in fields}
    PartWriter(plan.municipality).write(
        {pk: (record, fields[pk]) for pk, record in records.items()}, plan.stored
    )
    moved = {pk: record for pk, record in records.items() if "place" in fields[pk]}
    write_links(moved, plan.stored, plan.places)
    _write_verifications(plan)
    _refresh(plan, records.keys())
    return len(records)


def _refresh(plan: ServicePlan, written: Iterable[UUID]) -> None:
    places = plan.places.touched
    ids = set(written) | services_at(places)
    if renamed := plan.organizations.changed:
        owned = Service.objects.filter(organization__in=renamed.keys())
        ids |= set(owned.values_list("id", flat=True))
    read_model.assign_districts(plan.municipality, places)
    read_model.refresh(ids)


def _put(row: Service, record: ServiceRecord, organization: Organization) -> set[str]:
    """Give the row the record's values; return the names of those that were different."""
    changed = set()
    for name in TEXT_FIELDS:
        texts = merged_texts(getattr(row, name), getattr(record, name))
        if texts != getattr(row, name):
            setattr(row, name, texts)
            changed.add(name)
    for name in PLAIN_FIELDS:
        if name in record.given and _plain(getattr(row, name)) != getattr(record, name):
            put_plain_fields(row, record, [name])
            changed.add(name)
    if row.organization_id != organization.pk:
        row.organization = organization
        changed.add("organization")
    row.source, row.source_id = record.key
    return changed


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _verify(
    plan: ServicePlan, row: Service, record: ServiceRecord, fields: set[str]
) -> None:
    """Take over a verification that is later than the one that is stored."""
    said = record.assured_date
    if said is not None and (row.assured_date is None or row.assured_date < said):
        row.assured_date, row.assurer = said, record.source
        plan.verified[row.pk] = said
        fields.add("assured_date")


def _moderate(row: Service, *, is_new: bool, publish: bool) -> bool:
    """Publish what is new or a draft, if asked to; what a moderator decided stays."""
    wanted = ModerationState.PUBLISHED if publish else ModerationState.DRAFT
    if not is_new and (not publish or row.moderation_state != ModerationState.DRAFT):
        return False
    changed = row.moderation_state != wanted
    row.moderation_state = wanted
    return changed


def _changed_parts(
    record: ServiceRecord, stored: StoredService, places: PlacePlan
) -> set[str]:
    changed = {
        name
        for name in PART_FIELDS
        if name in record.given and stored.parts[name] != getattr(record, name)
    }
    if "place" in record.given and place_differs(record, stored, places):
        changed.add("place")
    return changed


def _write_verifications(plan: ServicePlan) -> None:
    copy_rows(
        VerificationEvent(
            service_id=pk,
            verified_on=day,
            verified_by=plan.records[pk].source,
            method=VerificationMethod.IMPORT,
            outcome=VerificationOutcome.CONFIRMED,
        )
        for pk, day in plan.verified.items()
    )
