"""What changed since the last meeting, for what the page shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from layers.analysis.history import ChangeSince, change_since
from layers.analysis.run_changes import Cause, Change, Verdict
from layers.errors import NotFound
from layers.published.committee_rows import PublicPoint, public_points
from layers.published.pages import Text
from layers.web.committee.report import CommitteeReport

MEETING_DAYS = 28
"""Committees meet every month: without another day, the last meeting was so long ago."""


@dataclass(frozen=True, slots=True)
class ChangedArea:
    """An area on both dates; its figures are in `change`, None where withheld."""

    code: str
    name: Text
    change: Change


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a day.

    Attributes
    ----------
    day : date
        The day asked for: that of the last meeting.
    since : datetime or None
        From when on the figures of that day were in force; None where none are stored.
    total : Change or None
        The municipality.
    areas : tuple of ChangedArea
        Those whose figures differ, clear changes first.
    n_same : int
        Areas where nothing moved.
    causes : tuple of Cause
        What is not the same on both dates.
    is_comparable : bool
        Whether the two may be compared at all.
    is_same_run : bool
        Whether both are the same stored run: no data changed.
    opened, closed : tuple of PublicPoint
        Service points new in the list, and gone from it, that can still be read.
    """

    day: date
    since: datetime | None
    earlier_at: datetime | None = None
    total: Change | None = None
    areas: tuple[ChangedArea, ...] = ()
    n_same: int = 0
    causes: tuple[Cause, ...] = ()
    is_comparable: bool = False
    is_same_run: bool = False
    opened: tuple[PublicPoint, ...] = ()
    closed: tuple[PublicPoint, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether figures of that day are stored."""
        return self.earlier_at is not None


_CLEAR = (Verdict.WORSE, Verdict.BETTER, Verdict.UNCLEAR, Verdict.NOT_COMPARABLE)


def last_meeting(report: CommitteeReport) -> date:
    """Return the day of the last meeting: the one asked for, or four weeks before."""
    asked: date | None = report.question.asked["since"]
    shown = report.question.as_of or timezone.localdate()
    return asked or shown - timedelta(days=MEETING_DAYS)


def changes_since(report: CommitteeReport, day: date) -> Changes:
    """Return what changed since a day; one without figures where none are stored."""
    question = report.question
    try:
        found = change_since(report.run, day, terms=(question.term,))
    except NotFound:
        return Changes(day, None)
    return _told(found, report, day)


def _told(found: ChangeSince, report: CommitteeReport, day: date) -> Changes:
    names = {area.code: area.name for area in report.areas}
    areas = [
        ChangedArea(one.district_code, names[one.district_code], one)
        for one in found.changes
        if not one.is_total and one.district_code in names
    ]
    moved = [one for one in areas if one.change.verdict in _CLEAR and _differs(one)]
    moved.sort(
        key=lambda one: (
            _CLEAR.index(one.change.verdict),
            -abs(one.change.difference or 0.0),
            one.name.value,
        )
    )
    level, lang = report.question.parameters.level, report.lang
    return Changes(
        day=day,
        since=found.since,
        earlier_at=found.earlier.finished_at,
        total=next((one for one in found.changes if one.is_total), None),
        areas=tuple(moved),
        n_same=sum(one.change.verdict == Verdict.SAME for one in areas),
        causes=found.causes,
        is_comparable=found.is_comparable,
        is_same_run=found.earlier.pk == found.run.pk,
        opened=tuple(public_points(found.opened or (), level, lang)),
        closed=tuple(public_points(found.closed or (), level, lang)),
    )


def _differs(one: ChangedArea) -> bool:
    before, after = one.change.before, one.change.after
    if before is None or after is None:
        return False
    return before.residents_unserved != after.residents_unserved
