"""The rows that belong to a service: terms, languages, hours, phones, places, areas."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from tests.bench.rows import Rows

Row = tuple[Any, ...]
Table = tuple[str, str, Iterable[Row]]
"""Name of a table, its columns, its rows."""

LANGUAGES = ("el", "en", "fr", "ar", "fa", "ur", "sq", "uk")
LANGUAGE_SHARES = (0.95, 0.6, 0.2, 0.25, 0.2, 0.12, 0.1, 0.08)


def detail_tables(rows: "Rows") -> Iterator[Table]:
    """Yield the tables of what belongs to a service."""
    yield (
        "layers_attribute",
        "service_id, term_id, position",
        _attributes(rows),
    )
    yield "layers_servicelanguage", "service_id, code, mode", _languages(rows)
    yield (
        "layers_schedule",
        "service_id, freq, interval, byday, bymonthday, opens_at, closes_at,"
        " by_appointment, timezone, notes",
        _schedules(rows),
    )
    yield (
        "layers_scheduleexception",
        "service_id, starts_on, ends_on, is_closed, reason",
        ((key, date(2026, 8, 1), date(2026, 8, 31), True, "{}") for key in _rich(rows)),
    )
    yield (
        "layers_phone",
        "service_id, number, extension, description",
        (
            (key, f"210 {n % 10_000_000:07d}", "", "{}")
            for n, key in enumerate(rows.services)
        ),
    )
    yield (
        "layers_servicecapacity",
        "service_id, unit, maximum",
        ((key, "places", 40.0) for key in _rich(rows)),
    )
    placeless = rows.services[
        rows.sizes.placed : rows.sizes.placed + rows.sizes.placeless
    ]
    yield (
        "layers_servicearea",
        "service_id, scope, description",
        ((key, "municipality", "{}") for key in placeless[::2]),
    )


def _rich(rows: "Rows") -> Iterator[UUID]:
    return (key for key, rich in zip(rows.services, rows.is_rich, strict=True) if rich)


def _attributes(rows: "Rows") -> Iterator[Row]:
    groups = rows.rng.integers(
        0, len(rows.terms.groups), (rows.sizes.services, 2)
    ).tolist()
    for i, key in enumerate(rows.services):
        first, second = (rows.terms.categories[c][0] for c in rows.category[i])
        yield key, first, 0
        if first != second and i % 2:
            yield key, second, 1
        for place, group in enumerate(dict.fromkeys(groups[i]), start=2):
            yield key, rows.terms.groups[group], place


def _languages(rows: "Rows") -> Iterator[Row]:
    speaks = rows.rng.random((rows.sizes.services, len(LANGUAGES)))
    has = (speaks < LANGUAGE_SHARES).tolist()
    for key, spoken in zip(rows.services, has, strict=True):
        for code, is_spoken in zip(LANGUAGES, spoken, strict=True):
            if is_spoken:
                yield key, code, "staff" if code == "el" else "interpreter"


def _schedules(rows: "Rows") -> Iterator[Row]:
    opens = rows.rng.integers(8, 11, rows.sizes.services).tolist()
    for i, key in enumerate(rows.services):
        if i % 10 == 0:
            continue  # nobody knows its hours
        rest: Row = ([], time(opens[i]), time(opens[i] + 7), False, "Europe/Athens", "{}")  # fmt: skip
        yield key, "WEEKLY", 1, ["MO", "TU", "WE", "TH", "FR"], *rest
        if rows.is_rich[i]:
            late: Row = ([], time(20), time(2), False, "Europe/Athens", "{}")
            yield key, "WEEKLY", 1, ["SA"], *late
