"""The demo city's activities and open calls, all of them invented."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from layers.directory.events import (
    ActivityRecord,
    CallRecord,
    Source,
    local_time,
    write_activities,
    write_calls,
)
from layers.errors import InvalidRecord, UnreadableFile
from layers.models import Location, Municipality, Organization, Service

FILE = "events.json"


def load_events(folder: Path, municipality_slug: str) -> tuple[int, int]:
    """Write the activities and calls of a folder; return how many of each.

    Their hosts and places are those of services that were loaded from the same folder,
    named by `source_id`. A second run changes nothing. Call inside a transaction.

    Raises
    ------
    UnreadableFile
        The file is missing or is not what it should be.
    InvalidRecord
        A record names a service that there is not, or breaks a rule.
    """
    said = _read(folder / FILE)
    city = Municipality.objects.get(slug=municipality_slug)
    source = Source(said["source"], said["licence"], is_demo=True)
    services = {
        row.source_id: row
        for row in Service.objects.filter(
            municipality=city, source=said["source"]
        ).select_related("organization")
    }
    return (
        write_activities(
            [_activity(row, services, city) for row in said["activities"]],
            city,
            source,
            publish=True,
        ),
        write_calls(
            [_call(row, services) for row in said["open_calls"]],
            city,
            source,
            publish=True,
        ),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise UnreadableFile(f"{path.name}: {fault}") from fault
    return found


def _activity(
    row: dict[str, Any], services: dict[str, Service], city: Municipality
) -> ActivityRecord:
    ends_at = row["ends_at"]
    return ActivityRecord(
        source_id=row["source_id"],
        organization=_host(row["host"], services),
        location=_place(row["place"], services),
        names=row["names"],
        descriptions=row["descriptions"],
        starts_at=local_time(row["starts_at"], city),
        ends_at=local_time(ends_at, city) if ends_at else None,
        recurrence=row["recurrence"],
        categories=tuple(row["categories"]),
        registration_required=row["registration_required"],
    )


def _call(row: dict[str, Any], services: dict[str, Service]) -> CallRecord:
    return CallRecord(
        source_id=row["source_id"],
        organization=_host(row["host"], services),
        kind=row["kind"],
        names=row["names"],
        descriptions=row["descriptions"],
        committee=row["committee"] or "",
        district=row["district"] or "",
        opens_on=_day(row["opens_on"]),
        closes_on=_day(row["closes_on"]),
    )


def _host(source_id: str, services: dict[str, Service]) -> Organization:
    if source_id not in services:
        raise InvalidRecord("host", source_id, "no service of the demo city")
    return services[source_id].organization


def _place(source_id: str | None, services: dict[str, Service]) -> Location | None:
    if source_id is None:
        return None
    found = Location.objects.filter(
        service_at_locations__service=services.get(source_id)
    ).first()
    if found is None:
        raise InvalidRecord("place", source_id, "no place of the demo city")
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
