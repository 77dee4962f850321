"""What is odd about rows of services that each for itself are good."""

from collections.abc import Iterator, Sequence

from layers.directory.names import name_key
from layers.directory.service_record import ServiceRecord
from layers.ingest.duplicates import Entry, entry_of, report_crowds, report_duplicates
from layers.ingest.places import Whereabouts
from layers.ingest.report import Report
from layers.models import Municipality
from layers.models.location import Visibility

Rows = dict[int, ServiceRecord]
"""Accepted records by their row."""


def organization_keys(record: ServiceRecord) -> set[str]:
    """Return the keys by which the record's organization is found."""
    return {name_key(name) for name in record.organization.names.values()}


def is_withheld(record: ServiceRecord) -> bool:
    """Tell whether the record has a place of which reports tell nothing."""
    return record.place is not None and record.place.visibility != Visibility.PUBLIC


def refuse_conflicts(rows: Rows, report: Report) -> None:
    """Refuse, and take out, rows that contradict an earlier one about what they share."""
    seen: dict[tuple[str, object], tuple[int, object]] = {}
    for number, record in list(rows.items()):
        for column, key, said in _shared(record):
            first, earlier = seen.setdefault((column, key), (number, said))
            if earlier != said and number in rows:
                reason = f"says otherwise than row {first} about the same one"
                report.refuse(number, column, None, reason)
                del rows[number]


def _shared(record: ServiceRecord) -> Iterator[tuple[str, object, object]]:
    """Yield column, key and value of what several rows may speak of."""
    if record.organization.org_type is not None:
        for key in organization_keys(record):
            yield "organization_type", key, record.organization.org_type
    if record.place is not None:
        yield "location_id", (record.source, record.place.source_id), record.place


def report_odd(rows: Rows, municipality: Municipality, report: Report) -> None:
    """Report what can be stored but is worth a look."""
    entries = [entry_of(number, record) for number, record in rows.items()]
    keys = {record.key for record in rows.values()}
    report_duplicates(entries, municipality, keys, report)
    report_crowds(entries, report)
    _report_outside(entries, municipality, report)
    unplaced = 0
    for number, record in rows.items():
        if record.place is None or record.place.point is None:
            unplaced += 1
            if record.place is None and record.area is None and "area" in record.given:
                report.find(
                    "noted", number, "service_area", None,
                    "neither a place nor a service area: it will serve everywhere",
                )  # fmt: skip
    report.figures["without a point"] = unplaced


def _report_outside(
    entries: Sequence[Entry], municipality: Municipality, report: Report
) -> None:
    placed = [entry for entry in entries if entry.point is not None]
    open_ones = [entry for entry in placed if not entry.protected]
    hidden = [entry for entry in placed if entry.protected]
    where = Whereabouts(municipality)
    for group, told in ((open_ones, True), (hidden, False)):
        points = [entry.point for entry in group if entry.point is not None]
        remarks = where.remarks(points, with_distance=told)
        for entry, remark in zip(group, remarks, strict=True):
            if remark:
                point = (
                    None
                    if entry.point is None or not told
                    else (f"{entry.point[0]:.6f}, {entry.point[1]:.6f}")
                )
                report.find("outside", entry.row, "lon, lat", point, remark)
