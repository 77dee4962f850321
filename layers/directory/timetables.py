"""Stores when services are open, in the form that SQL evaluates.

A place's own schedules replace its service's; exceptions of both hold. A service or
place with neither has no row: its hours are not known.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, partial
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from layers.measures.opening_hours import (
    DAY_MIN,
    KEY_MIN,
    OpeningException,
    OpeningRule,
    Pattern,
    opening_minutes,
    timetable,
    weekly_open_minutes,
)
from layers.models import Schedule, ScheduleException, ServiceAtLocation
from layers.models import Timetable as StoredTimetable

Owner = tuple[UUID, UUID | None]
"""A service, and one of its places or None for the service itself."""


def write_timetables(
    service_ids: Sequence[UUID] | None, horizon: tuple[date, date]
) -> int:
    """Compute and store the timetables of some services, or of all (None).

    Returns
    -------
    int
        How many were stored: one per service or place that has hours of its own.
    """
    rules, exceptions = _by_owner(service_ids)
    stored = StoredTimetable.objects.all()
    if service_ids is not None:
        stored = stored.filter(service_id__in=service_ids)
    stored.delete()
    # Most services share their hours with others, so few timetables are really computed.
    columns_of = cache(partial(_columns, horizon))
    rows = [
        (*owner, *columns_of(*_effective(owner, rules, exceptions)))
        for owner in sorted(rules.keys() | exceptions.keys(), key=str)
    ]
    _insert(rows)
    return len(rows)


def week_of(base: Pattern) -> list[list[str]]:
    """Return the opening hours of Monday to Sunday as `HH:MM-HH:MM` texts.

    Closing times past midnight stay on the day they belong to, as on a door sign.
    """
    days: list[list[str]] = [[] for _ in range(7)]
    for start, end in base:
        while start < end:
            # Hours to the very end of one day's room touch the next one's.
            weekday, opens = divmod(start, KEY_MIN)
            closes = min(end - weekday * KEY_MIN, KEY_MIN)
            days[weekday].append(f"{_clock(opens)}-{_clock(closes)}")
            start = (weekday + 1) * KEY_MIN
    return days


def _clock(minute: int) -> str:
    if minute == DAY_MIN:
        return "24:00"
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _by_owner(
    service_ids: Sequence[UUID] | None,
) -> tuple[dict[Owner, list[OpeningRule]], dict[Owner, list[OpeningException]]]:
    places = ServiceAtLocation.objects.all()
    if service_ids is not None:
        places = places.filter(service_id__in=service_ids)
    service_of = dict(places.values_list("id", "service_id"))

    def owner(row: Schedule | ScheduleException) -> Owner | None:
        if row.service_id is not None:
            return row.service_id, None
        place = row.service_at_location_id
        return (service_of[place], place) if place in service_of else None

    rules: dict[Owner, list[OpeningRule]] = defaultdict(list)
    exceptions: dict[Owner, list[OpeningException]] = defaultdict(list)
    for schedule in _of_services(Schedule.objects.order_by("id"), service_ids):
        if (whose := owner(schedule)) is not None:
            rules[whose].append(_rule(schedule))
    for exception in _of_services(
        ScheduleException.objects.order_by("id"), service_ids
    ):
        if (whose := owner(exception)) is not None:
            exceptions[whose].append(_exception(exception))
    return rules, exceptions


def _of_services(rows: Any, service_ids: Sequence[UUID] | None) -> Iterable[Any]:
    if service_ids is None:
        whole: Iterable[Any] = rows.iterator()
        return whole
    ids = list(service_ids)
    direct = rows.filter(service_id__in=ids)
    placed = rows.filter(service_at_location__service_id__in=ids)
    return [*direct, *placed]


def _effective(
    owner: Owner,
    rules: dict[Owner, list[OpeningRule]],
    exceptions: dict[Owner, list[OpeningException]],
) -> tuple[tuple[OpeningRule, ...], tuple[OpeningException, ...]]:
    whole = (owner[0], None)
    own = rules.get(owner) or rules.get(whole) or []
    held = list(exceptions.get(whole, []))
    if owner != whole:
        held += exceptions.get(owner, [])
    return tuple(own), tuple(held)


def _rule(row: Schedule) -> OpeningRule:
    opens, closes = 0, DAY_MIN  # an appointment without hours
    if row.opens_at is not None and row.closes_at is not None:
        opens, closes = opening_minutes(row.opens_at, row.closes_at)
    return OpeningRule(
        opens,
        closes,
        tuple(row.byday),
        freq=row.freq,
        interval=row.interval,
        bymonthday=tuple(row.bymonthday),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        by_appointment=row.by_appointment,
    )


def _exception(row: ScheduleException) -> OpeningException:
    opens: int | None = None
    closes: int | None = None
    if row.opens_at is not None and row.closes_at is not None:
        opens, closes = opening_minutes(row.opens_at, row.closes_at)
    return OpeningException(row.starts_on, row.ends_on, row.is_closed, opens, closes)


def _multirange(pattern: Pattern) -> str:
    return "{" + ",".join(f"[{start},{end})" for start, end in pattern) + "}"


def _columns(
    horizon: tuple[date, date],
    rules: tuple[OpeningRule, ...],
    exceptions: tuple[OpeningException, ...],
) -> tuple[Any, ...]:
    table = timetable(rules, exceptions, horizon=horizon)
    return (
        table.known,
        table.by_appointment,
        _multirange(table.base),
        [f"[{s.start},{s.end})" for s in table.segments],
        [_multirange(s.pattern) for s in table.segments],
        [s.explicit for s in table.segments],
        weekly_open_minutes(table) or 0,
        orjson.dumps(week_of(table.base)).decode(),
    )


def _insert(rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(
            """COPY layers_timetable
                 (service_id, service_at_location_id, is_known, by_appointment, base,
                  segment_days, segment_hours, segment_explicit, weekly_open_min, week)
               FROM STDIN"""
        ) as copy,
    ):
        for row in rows:
            copy.write_row(row)
