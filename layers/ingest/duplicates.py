"""Services that may be one: the same name, and near each other or on the same phone."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from django.conf import settings

from layers.directory.names import name_key
from layers.directory.service_record import ServiceRecord
from layers.geo import WGS84, transformer
from layers.ingest.report import Report
from layers.models import Municipality, Phone, Service, ServiceAtLocation

NEAR_M = 150.0
"""Two places of one name this near are suspected to be one."""

CROWDED_ROWS = 5
"""So many rows on one point are reported: a geocoder's default, as a rule."""

MANY = 50
"""Of more services with one name only the first so many are compared."""

PHONE_DIGITS = 10
"""Last digits by which two telephone numbers are compared; a Greek number has ten."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as far as duplicates go; `row` is None for one that is stored."""

    row: int | None
    label: str
    name_keys: frozenset[str]
    phones: frozenset[str]
    point: tuple[float, float] | None
    protected: bool = False


def entry_of(row: int, record: ServiceRecord) -> Entry:
    """Return the entry of a row of the file."""
    place = record.place
    return Entry(
        row,
        record.source_id,
        frozenset(name_key(text) for text in record.names.values() if text),
        frozenset(map(_digits, record.phones)),
        place.point if place else None,
        place is not None and place.visibility != "public",
    )


def report_duplicates(
    entries: Sequence[Entry],
    municipality: Municipality,
    keys: set[tuple[str, str]],
    report: Report,
) -> None:
    """Report pairs within the file, and of the file with what is stored.

    Parameters
    ----------
    entries : sequence of Entry
        Of the file's accepted rows.
    keys : set of (source, source_id)
        Of the same rows; stored services with these are the rows themselves.
    """
    wanted = {key for entry in entries for key in entry.name_keys}
    by_name: dict[str, list[Entry]] = defaultdict(list)
    for entry in (*entries, *_stored(municipality, keys, wanted)):
        for key in entry.name_keys & wanted:
            by_name[key].append(entry)
    told: set[tuple[int | None, int | None, str]] = set()
    for group in by_name.values():
        for a, b in combinations(group[:MANY], 2):
            first, second = (a, b) if a.row is not None else (b, a)
            pair = (first.row, second.row, second.label)
            why = _why(first, second)
            if first.row is None or not why or pair in told:
                continue
            told.add(pair)
            _report_pair(first, second, why, report)


def report_crowds(entries: Iterable[Entry], report: Report) -> None:
    """Report points on which many rows of the file lie."""
    rows: dict[tuple[float, float], list[int]] = defaultdict(list)
    for entry in entries:
        if entry.point is not None and entry.row is not None and not entry.protected:
            lon, lat = entry.point
            rows[round(lon, 6), round(lat, 6)].append(entry.row)
    for (lon, lat), numbers in rows.items():
        if len(numbers) >= CROWDED_ROWS:
            said = ", ".join(map(str, numbers[:10])) + (
                "…" if len(numbers) > 10 else ""
            )
            report.find(
                "noted",
                numbers[0],
                "lon, lat",
                f"{lon}, {lat}",
                f"{len(numbers)} rows lie on this one point (rows {said}); is it where "
                "the geocoder puts what it cannot find?",
            )


def _report_pair(first: Entry, second: Entry, why: str, report: Report) -> None:
    other = "a stored service" if second.row is None else f"row {second.row}"
    if not (first.protected or second.protected):
        other += f" ({second.label})"
    label = None if first.protected else first.label
    report.find("duplicates", first.row, "", label, f"the same name as {other}, {why}")


def _why(a: Entry, b: Entry) -> str:
    if a.phones & b.phones:
        return "and the same telephone number"
    if a.point is None or b.point is None:
        return ""
    metres = _distance_m(a.point, b.point)
    if metres > NEAR_M:
        return ""
    return "and near it" if a.protected or b.protected else f"and {metres:.0f} m away"


def _distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.dist(_metres(a), _metres(b))


@lru_cache(maxsize=50_000)
def _metres(point: tuple[float, float]) -> tuple[float, float]:
    x, y = transformer(WGS84, settings.METRIC_SRID).transform(*point)
    return float(x), float(y)


def _stored(
    municipality: Municipality, keys: set[tuple[str, str]], wanted: set[str]
) -> Iterator[Entry]:
    """Yield the stored services with one of the names, without the file's own."""
    rows = Service.objects.filter(municipality=municipality).values_list(
        "id", "names", "source", "source_id"
    )
    found = {}
    for pk, names, source, source_id in rows.iterator():
        name_keys = frozenset(name_key(name) for name in names.values())
        if (source, source_id) not in keys and name_keys & wanted:
            found[pk] = (name_keys, source_id or str(pk))
    phones: dict[object, set[str]] = defaultdict(set)
    for pk, number in Phone.objects.filter(service__in=found.keys()).values_list(
        "service_id", "number"
    ):
        phones[pk].add(_digits(number))
    links = ServiceAtLocation.objects.filter(service__in=found.keys())
    places = {
        pk: (point, visibility)
        for pk, point, visibility in links.values_list(
            "service_id", "location__point", "location__visibility"
        )
    }
    for pk, (name_keys, label) in found.items():
        point, visibility = places.get(pk, (None, "public"))
        yield Entry(
            None,
            label,
            name_keys,
            frozenset(phones[pk]),
            (point.x, point.y) if point else None,
            visibility != "public",
        )


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isdigit())[-PHONE_DIGITS:]
