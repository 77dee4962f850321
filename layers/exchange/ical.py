"""Activities and open calls as calendars (iCalendar, RFC 5545), for phones and offices."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, vGeo, vRecur

from layers.published.events import ActivityRow, CallRow
from layers.published.pages import Text

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//GeoACCMR//Activities and open calls//EN"
REFRESH = timedelta(hours=6)
"""How often a subscribed calendar should ask again."""

ZONE_AHEAD = timedelta(days=5 * 365)
"""How far ahead a calendar describes when clocks change; it is asked for again before."""


def activities_calendar(
    rows: Iterable[ActivityRow], *, name: str, host: str, url_of: dict[Any, str]
) -> bytes:
    """Return activities as a calendar.

    Parameters
    ----------
    rows : iterable of ActivityRow
        What happens again and again stands once, with its rule.
    name : str
        Of the calendar.
    host : str
        Makes the identifiers unique in the world.
    url_of : dict
        Absolute address of the page about each, by id.

    Returns
    -------
    bytes
        UTF-8, lines of at most 75 octets, time zones described inside.
    """
    calendar = _calendar(name)
    held = list(rows)
    for row in held:
        calendar.add_component(_activity(row, host, url_of[row.id]))
    first = min((row.starts_at.date() for row in held), default=None)
    if first is not None:
        last = max(row.next_at or row.starts_at for row in held).date()
        calendar.add_missing_timezones(first, last + ZONE_AHEAD)
    return bytes(calendar.to_ical())


def calls_calendar(
    rows: Iterable[CallRow], *, name: str, host: str, url_of: dict[Any, str]
) -> bytes:
    """Return the closing days of open calls as a calendar; those without one are left out.

    Parameters as for `activities_calendar`.
    """
    calendar = _calendar(name)
    for row in rows:
        if row.closes_on is not None:
            calendar.add_component(_call(row, host, url_of[row.id]))
    return bytes(calendar.to_ical())


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _activity(row: ActivityRow, host: str, url: str) -> Event:
    event = _event(row.id, row.name, row.description, row.updated_at, host, url)
    event.add("dtstart", row.starts_at)
    if row.ends_at is not None:
        event.add("dtend", row.ends_at)
    if rule := _rule(row.recurrence):
        event.add("rrule", rule)
    where = ", ".join(
        str(part) for part in (row.place, row.address, row.city) if part
    ) or str(row.district)
    if where:
        event.add("location", where)
    if row.lat is not None and row.lon is not None:
        event.add("geo", vGeo((row.lat, row.lon)))
    if row.categories:
        event.add("categories", list(row.categories))
    return event


def _call(row: CallRow, host: str, url: str) -> Event:
    event = _event(row.id, row.name, row.description, row.updated_at, host, url)
    event.add("dtstart", row.closes_on)
    event.add("transp", "TRANSPARENT")  # nobody is busy because a call closes
    return event


def _event(
    id_: object,
    name: Text,
    description: Text,
    updated_at: datetime,
    host: str,
    url: str,
) -> Event:
    event = Event()
    event.add("uid", f"{id_}@{host}")
    event.add("dtstamp", updated_at)
    event.add("last-modified", updated_at)
    event.add("summary", name.value, parameters={"LANGUAGE": name.lang})
    if description:
        event.add(
            "description", description.value, parameters={"LANGUAGE": description.lang}
        )
    event.add("url", url)
    return event


def _rule(text: str) -> vRecur | None:
    """Return a rule, None where it cannot be read: then the first time alone is told."""
    if not text:
        return None
    try:
        found: vRecur = vRecur.from_ical(text)
    except ValueError:
        return None
    return found
