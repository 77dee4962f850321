"""Finds the organization that a record names, or plans a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from layers.directory.names import name_key
from layers.directory.service_record import (
    OrganizationRecord,
    ServiceRecord,
    merged_texts,
)
from layers.errors import InvalidRecord
from layers.models import Municipality, Organization


@dataclass(slots=True)
class OrganizationPlan:
    """Organizations that are to be created, and those that changed, by id."""

    new: dict[UUID, Organization] = field(default_factory=dict)
    changed: dict[UUID, Organization] = field(default_factory=dict)


def organizations_by_name(municipality: Municipality) -> dict[str, Organization]:
    """Return the organizations of a municipality by `name_key` of each of their names."""
    rows = Organization.objects.filter(municipality=municipality).order_by("created_at")
    found: dict[str, Organization] = {}
    for row in rows:
        for name in row.names.values():
            found.setdefault(name_key(name), row)
    return found


class OrganizationFinder:
    """Finds organizations of one municipality by any of their names."""

    def __init__(self, municipality: Municipality, plan: OrganizationPlan) -> None:
        """Load the organizations; what has to be written is put into `plan`."""
        self._municipality = municipality
        self._plan = plan
        self._known = organizations_by_name(municipality)

    def of(self, record: ServiceRecord) -> Organization:
        """Return the record's organization; one of the same source is brought up to date.

        Raises
        ------
        InvalidRecord
            It is new and its type was not given.
        """
        said = record.organization
        keys = [name_key(name) for name in said.names.values()]
        row = next((self._known[key] for key in keys if key in self._known), None)
        if row is None:
            row = self._new(said, record)
        elif row.source == record.source:
            self._update(row, said)
        for key in keys:
            self._known.setdefault(key, row)
        return row

    def _new(self, said: OrganizationRecord, record: ServiceRecord) -> Organization:
        name = next(iter(said.names.values()))
        if said.org_type is None:
            raise InvalidRecord("organization_type", "", f"{name!r} is new; needed")
        row = Organization(
            municipality=self._municipality,
            names=dict(said.names),
            org_type=said.org_type,
            url=said.url or "",
            source=record.source,
            source_id=name_key(name)[:200],
            licence=record.licence,
            is_demo=record.is_demo,
        )
        self._plan.new[row.pk] = row
        return row

    def _update(self, row: Organization, said: OrganizationRecord) -> None:
        wanted: Mapping[str, object] = {
            "names": merged_texts(row.names, said.names),
            "org_type": said.org_type or row.org_type,
            "url": row.url if said.url is None else said.url,
        }
        if all(getattr(row, name) == value for name, value in wanted.items()):
            return
        for name, value in wanted.items():
            setattr(row, name, value)
        if row.pk not in self._plan.new:
            self._plan.changed[row.pk] = row


def write_organizations(plan: OrganizationPlan) -> None:
    """Write what the plan holds."""
    Organization.objects.bulk_create(plan.new.values())
    Organization.objects.bulk_update(
        plan.changed.values(), ["names", "org_type", "url", "updated_at"]
    )
