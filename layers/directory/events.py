"""Writes activities and open calls from typed records; a record is known by its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from layers.directory import read_model
from layers.errors import InvalidRecord
from layers.models import (
    Activity,
    District,
    Location,
    Municipality,
    OpenCall,
    Organization,
    TaxonomyTerm,
)
from layers.models.activity import CallKind
from layers.models.service import ModerationState
from layers.models.taxonomy import TaxonomyKind

COUNTER = "events"
"""Name of the data version of activities and open calls."""

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@dataclass(frozen=True, slots=True)
class Source:
    """Where records came from; `is_demo` where they are invented."""

    name: str
    licence: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """An activity; times carry their zone, `recurrence` is an RRULE of iCalendar or empty."""

    source_id: str
    organization: Organization
    names: Mapping[str, str]
    starts_at: datetime
    descriptions: Mapping[str, str]
    ends_at: datetime | None = None
    recurrence: str = ""
    location: Location | None = None
    categories: tuple[str, ...] = ()
    url: str = ""
    registration_required: bool | None = None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """An open call; `committee` and `district` are a slug and a code, or empty."""

    source_id: str
    organization: Organization
    kind: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    committee: str = ""
    district: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    url: str = ""


def write_activities(
    records: Sequence[ActivityRecord],
    municipality: Municipality,
    source: Source,
    *,
    publish: bool,
) -> int:
    """Create or update activities; return how many were changed.

    Call inside a transaction. What a moderator decided about a stored one stays.

    Raises
    ------
    InvalidRecord
        A rule that cannot be read, an end before the start, an unknown category.
    """
    terms = _terms(TaxonomyKind.CATEGORY)
    n_changed = 0
    for record in records:
        if record.ends_at is not None and record.ends_at < record.starts_at:
            raise InvalidRecord("ends_at", record.ends_at, "not before starts_at")
        check_recurrence(record.recurrence, record.starts_at)
        row, is_other = _store(
            Activity,
            record.source_id,
            municipality,
            source,
            publish=publish,
            values={
                "organization": record.organization,
                "location": record.location,
                "names": dict(record.names),
                "descriptions": dict(record.descriptions),
                "starts_at": record.starts_at,
                "ends_at": record.ends_at,
                "recurrence": record.recurrence,
                "url": record.url,
                "registration_required": record.registration_required,
            },
        )
        wanted = {_known(terms, "category", slug) for slug in record.categories}
        n_changed += _set_categories(row, wanted) or is_other
    if n_changed:
        read_model.bump(COUNTER)
    return n_changed


def write_calls(
    records: Sequence[CallRecord],
    municipality: Municipality,
    source: Source,
    *,
    publish: bool,
) -> int:
    """Create or update open calls; return how many were changed.

    Call inside a transaction. What a moderator decided about a stored one stays.

    Raises
    ------
    InvalidRecord
        An unknown kind, committee or district; an end before the beginning.
    """
    committees = _terms(TaxonomyKind.COMMITTEE)
    districts: dict[str, Any] = {
        row.code: row
        for row in District.objects.filter(
            municipality=municipality, valid_to__isnull=True
        )
    }
    n_changed = 0
    for record in records:
        if record.kind not in CallKind.values:
            raise InvalidRecord("kind", record.kind, "offer or need")
        if record.opens_on and record.closes_on and record.closes_on < record.opens_on:
            raise InvalidRecord("closes_on", record.closes_on, "not before opens_on")
        _, is_other = _store(
            OpenCall,
            record.source_id,
            municipality,
            source,
            publish=publish,
            values={
                "organization": record.organization,
                "kind": record.kind,
                "names": dict(record.names),
                "descriptions": dict(record.descriptions),
                "committee": _known(committees, "committee", record.committee),
                "district": _known(districts, "district", record.district),
                "opens_on": record.opens_on,
                "closes_on": record.closes_on,
                "url": record.url,
            },
        )
        n_changed += is_other
    if n_changed:
        read_model.bump(COUNTER)
    return n_changed


def check_recurrence(rule: str, starts_at: datetime) -> None:
    """Raise InvalidRecord for a rule that is no RRULE, or repeats within a day.

    Examples
    --------
    >>> from datetime import UTC
    >>> check_recurrence("FREQ=WEEKLY;BYDAY=TU", datetime(2026, 9, 8, tzinfo=UTC))
    """
    if not rule:
        return
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if parts.get("FREQ") not in FREQUENCIES or {"BYHOUR", "BYMINUTE"} & parts.keys():
        raise InvalidRecord("recurrence", rule, f"FREQ is {', '.join(FREQUENCIES)}")
    try:
        found = rrulestr(f"RRULE:{rule}", dtstart=starts_at)
        found.after(starts_at, inc=True)
    except (ValueError, TypeError) as fault:
        raise InvalidRecord("recurrence", rule, f"no RRULE of RFC 5545: {fault}") from (
            fault
        )


def local_time(text: str, municipality: Municipality) -> datetime:
    """Return a local time like 2026-09-08T18:00 with the zone of a municipality."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(municipality.timezone))


def _store(
    model: Any,
    source_id: str,
    municipality: Municipality,
    source: Source,
    *,
    publish: bool,
    values: dict[str, Any],
) -> tuple[Any, bool]:
    """Return the row of a record, and whether anything of it was another or not there."""
    said = {**values, "licence": source.licence, "is_demo": source.is_demo}
    key = {"municipality": municipality, "source": source.name, "source_id": source_id}
    row = model.objects.filter(**key).first()
    if row is None:
        state = ModerationState.PUBLISHED if publish else ModerationState.DRAFT
        return model.objects.create(**key, **said, moderation_state=state), True
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, said[name])
        row.save()
    return row, bool(changed)


def _set_categories(row: Activity, wanted: set[Any]) -> bool:
    if set(row.categories.all()) == wanted:
        return False
    row.categories.set(wanted)
    return True


def _terms(kind: TaxonomyKind) -> dict[str, Any]:
    return {row.slug: row for row in TaxonomyTerm.objects.filter(taxonomy__slug=kind)}


def _known(rows: Mapping[str, Any], field: str, code: str) -> Any:
    if not code:
        return None
    if code not in rows:
        raise InvalidRecord(field, code, "there is no such one")
    return rows[code]
