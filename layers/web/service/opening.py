"""Whether a place is open now, and until when or from when, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext

from layers.models.service import ServiceStatus
from layers.published.service_hours import Hours


@dataclass(frozen=True, slots=True)
class Opening:
    """What can be said now.

    Attributes
    ----------
    state : str
        `open`, `closed` or `unknown`: the name of its look.
    words : str
        The state in words.
    change : str
        Until when, or from when; empty where nothing can be said.
    """

    state: str
    words: str
    change: str = ""


def opening_of(hours: Hours, status: str, *, by_appointment: bool = False) -> Opening:
    """Return what can be said of hours; a service that has stopped is never open.

    Where no walk-in hours are known, that it is by appointment says more.
    """
    if status != ServiceStatus.ACTIVE:
        return Opening("closed", _stopped(status))
    if hours.is_open is None and by_appointment:
        return Opening("unknown", gettext("By appointment"))
    if hours.is_open is None:
        return Opening("unknown", gettext("Hours not known"))
    if hours.is_open:
        return Opening("open", gettext("Open now"), _until(hours))
    return Opening("closed", gettext("Closed now"), _from(hours))


def _stopped(status: str) -> str:
    if status == ServiceStatus.TEMPORARILY_CLOSED:
        return gettext("Temporarily closed")
    return (
        gettext("Ended")
        if status == ServiceStatus.DEFUNCT
        else gettext("Not operating")
    )


def _until(hours: Hours) -> str:
    if hours.changes_at is None:
        return gettext("day and night")
    if hours.changes_at.date() == hours.now.date():
        return gettext("until %(time)s") % {"time": _clock(hours.changes_at)}
    return gettext("until %(day)s, %(time)s") % _day_and_time(hours)


def _from(hours: Hours) -> str:
    if hours.changes_at is None:
        return gettext("and not open in the next two weeks")
    if hours.changes_at.date() == hours.now.date():
        return gettext("opens at %(time)s") % {"time": _clock(hours.changes_at)}
    return gettext("opens %(day)s, %(time)s") % _day_and_time(hours)


def _day_and_time(hours: Hours) -> dict[str, str]:
    at = hours.changes_at
    assert at is not None  # noqa: S101 (asked for only where there is one)
    ahead = (at.date() - hours.now.date()).days
    if ahead == 1:
        day = gettext("tomorrow")
    elif ahead < timedelta(days=7).days:
        day = formats.date_format(at, "l")
    else:
        day = formats.date_format(at, "j E")
    return {"day": day, "time": _clock(at)}


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
