"""What changed since the last meeting, and which run was shown on which day.

Two squares of a kilometre, A and B (`city.py`): 100 people of A at the door of a clinic,
300 of B a kilometre and more away. A clinic that opens beside the 300 serves them, too.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from layers.analysis import shown_runs
from layers.analysis.history import change_since
from layers.analysis.parameters import CoverageParameters
from layers.analysis.past_runs import public_run, run_of_day
from layers.analysis.run_changes import Cause, Verdict
from layers.analysis.runs import get_or_run
from layers.analysis.shown_runs import show
from layers.errors import InvalidParameter, NotFound
from layers.models import AnalysisRun, ListedPlace, ResultRow, RunInForce
from layers.selectors.run_history import run_in_force
from tests import factories as make

ATHENS = CoverageParameters("athens")
AUTUMN = datetime(2026, 9, 1, 1, tzinfo=UTC)


@pytest.fixture
def town(city):
    city.people(500, 100)
    city.people(1950, 300)
    sure(city, 500)
    return city


@pytest.fixture
def at(monkeypatch):
    """Return a function that sets the clock by which runs come into force."""

    def set_clock(moment: datetime) -> None:
        clock = SimpleNamespace(now=lambda: moment)
        monkeypatch.setattr(shown_runs, "timezone", clock)

    return set_clock


def shown(question: CoverageParameters = ATHENS) -> AnalysisRun:
    run = get_or_run(question, today=date(2026, 9, 1))
    show([run])
    return run


def sure(town, x: float):
    """Return a clinic of which everything is known, so that no doubt widens an interval."""
    service = town.place(x, "clinic", assured_date=date(2026, 8, 30))
    make.ScheduleFactory(service=service)
    town.publish()
    return service


def cells(found, term="clinic"):
    return {
        ("total" if c.is_total else c.district_code): c
        for c in found.changes
        if c.term == term
    }


# --- what changed --------------------------------------------------------------------------


def test_a_clinic_that_opened_is_better_for_its_district_and_for_the_city(town, at):
    at(AUTUMN)
    before = shown()
    at(AUTUMN + timedelta(days=20))
    sure(town, 1940)
    found = change_since(shown(), before)

    changes = cells(found)
    assert (changes["B"].verdict, changes["B"].difference) == (Verdict.BETTER, -300)
    assert (changes["B"].n_opened, changes["B"].n_closed) == (1, 0)
    assert (changes["A"].verdict, changes["A"].difference) == (Verdict.SAME, 0)
    assert (changes["A"].n_opened, changes["A"].n_closed) == (0, 0)
    assert changes["total"].verdict == Verdict.BETTER
    assert changes["total"].n_opened == 1
    assert found.causes == (Cause.SERVICES,)
    assert found.since == AUTUMN
    assert (len(found.opened), found.closed) == (1, ())


def test_a_clinic_that_closed_is_worse(town, at):
    second = sure(town, 1940)
    at(AUTUMN)
    before = shown()
    second.status = "inactive"
    second.save()
    town.publish()
    at(AUTUMN + timedelta(days=1))
    found = change_since(shown(), before)

    changes = cells(found)
    assert (changes["B"].verdict, changes["B"].difference) == (Verdict.WORSE, 300)
    assert (changes["B"].n_opened, changes["B"].n_closed) == (0, 1)
    assert (found.opened, len(found.closed)) == ((), 1)


def test_better_is_not_said_where_the_intervals_overlap(town, at):
    at(AUTUMN)
    before = shown()
    # So far from the 300 that some assumptions reach it and others do not.
    town.place(1100, "clinic")
    town.publish()
    at(AUTUMN + timedelta(days=1))
    change = cells(change_since(shown(), before))["B"]

    low, high = change.after.share_served_interval
    assert low < high
    assert change.verdict == Verdict.UNCLEAR
    assert change.difference is not None


def test_a_day_finds_the_run_that_was_shown_at_its_end(town, at):
    at(AUTUMN)
    before = shown()
    sure(town, 1940)
    at(AUTUMN + timedelta(days=20))
    run = shown()

    assert change_since(run, date(2026, 9, 10)).earlier == before
    assert change_since(run, date(2026, 9, 1)).earlier == before
    with pytest.raises(NotFound, match="2026-08-31"):
        change_since(run, date(2026, 8, 31))


def test_a_change_against_itself_is_none(town, at):
    at(AUTUMN)
    run = shown()
    found = change_since(run, run)

    assert {c.verdict for c in found.changes} <= {Verdict.SAME, Verdict.NOT_COMPARABLE}
    assert (found.causes, found.opened, found.closed) == ((), (), ())


def test_some_terms_can_be_asked_for(town, at):
    at(AUTUMN)
    run = shown()

    assert {c.term for c in change_since(run, run, terms=("health",)).changes} == {
        "health"
    }


def test_other_people_are_a_cause_and_no_obstacle(town, at):
    at(AUTUMN)
    before = shown()
    town.people(1950, 100)
    at(AUTUMN + timedelta(days=1))
    found = change_since(shown(), before)

    assert Cause.RESIDENTS in found.causes
    assert found.is_comparable
    assert cells(found)["B"].difference == 100


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"code_version": "coverage-0"}, Cause.METHOD),
        ({"districts": "other"}, Cause.DISTRICTS),
        ({"detour": 1.4}, Cause.WALKS),
    ],
)
def test_no_difference_is_given_where_something_else_moves_the_figures(
    town, at, changed, cause
):
    at(AUTUMN)
    before = shown()
    if "code_version" in changed:
        before.code_version = changed["code_version"]
    if "districts" in changed:
        before.data_versions["districts"] = changed["districts"]
    if "detour" in changed:
        before.parameters["detour"] = changed["detour"]
    before.save()
    town.people(1950, 100)
    at(AUTUMN + timedelta(days=1))
    found = change_since(shown(), before)

    assert cause in found.causes
    assert not found.is_comparable
    assert {c.verdict for c in found.changes} == {Verdict.NOT_COMPARABLE}
    assert {c.difference for c in found.changes} == {None}


@pytest.mark.parametrize("side", ["before", "after"])
def test_what_is_withheld_at_one_date_has_no_difference_and_no_figures(town, at, side):
    at(AUTUMN)
    before = shown()
    town.people(1950, 100)
    at(AUTUMN + timedelta(days=1))
    run = shown()
    withheld = before if side == "before" else run
    ResultRow.objects.filter(run=withheld, district_code="B", term="clinic").update(
        is_suppressed=True, residents_unserved=None, share_served=None, interval={}
    )

    change = cells(change_since(run, before))["B"]

    assert change.verdict == Verdict.WITHHELD
    assert (change.before, change.after, change.difference) == (None, None, None)


def test_nobody_says_what_opened_where_no_list_was_kept(town, at):
    before = get_or_run(ATHENS, today=date(2026, 9, 1))  # never shown
    sure(town, 1940)
    at(AUTUMN)
    found = change_since(shown(), before)

    assert (found.opened, found.closed, found.since) == (None, None, None)
    assert cells(found)["B"].n_opened is None
    assert cells(found)["B"].verdict == Verdict.BETTER


def test_a_place_that_must_not_be_known_any_more_leaves_neither_name_nor_point(
    town, at
):
    at(AUTUMN)
    shown()

    fields = {field.name for field in ListedPlace._meta.get_fields()}
    assert fields.isdisjoint({"names", "point", "point_m", "address", "location_id"})


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        replace(ATHENS, level="municipality"),
        replace(ATHENS, by="committee"),
        replace(ATHENS, group="women"),
        replace(ATHENS, threshold_min=10),
        replace(ATHENS, codes=("clinic",)),
    ],
    ids=["level", "by", "group", "threshold", "codes"],
)
def test_only_runs_of_one_question_are_compared(town, other):
    run, earlier = get_or_run(ATHENS), get_or_run(other)

    with pytest.raises(InvalidParameter) as caught:
        change_since(run, earlier)
    assert caught.value.name == "since"


def test_the_earlier_run_is_not_the_later_one(town):
    before = get_or_run(ATHENS)
    town.people(500, 1)
    later = get_or_run(ATHENS)

    with pytest.raises(InvalidParameter, match="later"):
        change_since(before, later)


def test_runs_that_the_public_may_not_see_are_not_compared(town):
    run = get_or_run(replace(ATHENS, supply="all"), restricted=True)

    with pytest.raises(InvalidParameter, match="public"):
        change_since(run, run)
    with pytest.raises(NotFound):
        public_run(run.pk)


def test_only_standing_questions_have_a_history(town):
    with pytest.raises(InvalidParameter, match="as_of"):
        run_of_day(replace(ATHENS, threshold_min=25), date(2026, 9, 1))
    with pytest.raises(NotFound):
        run_of_day(ATHENS, date(2026, 9, 1))


def test_a_municipality_that_does_not_exist_has_no_history(db):
    assert run_in_force("nowhere", date(2026, 9, 1), by="category", level="x") is None


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(town, at, day):
    at(AUTUMN)
    run = shown()
    found = run_in_force("athens", day, by="category", level="neighbourhood")

    assert (found and found.run) == (run if day == date.max else None)


# --- how much is kept ---------------------------------------------------------------------------


def changed(town) -> AnalysisRun:
    town.people(500, 1)
    return shown()


def test_a_day_ends_at_midnight_of_the_municipality(town, at):
    # 22:30 UTC is half past one in the morning of the next day in Athens in summer.
    at(datetime(2026, 9, 1, 22, 30, tzinfo=UTC))
    run = shown()
    at(timezone.now())

    def on(day):
        found = run_in_force("athens", day, by="category", level="neighbourhood")
        return found and found.run

    assert (on(date(2026, 9, 1)), on(date(2026, 9, 2))) == (None, run)


def test_of_one_day_the_last_run_stays(town, at):
    at(AUTUMN)
    shown()
    at(AUTUMN + timedelta(hours=3))
    last = changed(town)

    assert RunInForce.objects.get().run == last


def test_the_last_two_weeks_stay_and_the_first_of_each_month_before(town, at):
    two = [shown(), changed(town)]
    RunInForce.objects.all().delete()
    for day in range(70):
        at(AUTUMN + timedelta(days=day))
        show([two[day % 2]])

    kept = sorted(RunInForce.objects.values_list("since", flat=True))
    ages = [(AUTUMN + timedelta(days=69) - since).days for since in kept]
    # 69 is the 1st of September, 39 that of October, 8 the 1st of November; the 15th
    # was the one in force as the fortnight began.
    assert ages == [69, 39, *range(15, -1, -1)]


def test_what_was_shown_is_not_pruned_and_what_is_forgotten_is(town, at, monkeypatch):
    monkeypatch.setattr(shown_runs, "MAX_KEPT_RUNS", 1)
    at(AUTUMN)
    first = shown()
    at(AUTUMN + timedelta(days=1))
    second = changed(town)
    other = get_or_run(replace(ATHENS, threshold_min=7))

    assert AnalysisRun.objects.filter(pk__in=[first.pk, second.pk]).count() == 2
    get_or_run(replace(ATHENS, threshold_min=8))
    assert not AnalysisRun.objects.filter(pk=other.pk).exists()


def test_two_municipalities_are_not_shown_as_one(town):
    run = get_or_run(ATHENS)
    other = AnalysisRun(municipality_id=run.pk, parameters=run.parameters)

    with pytest.raises(InvalidParameter, match="one municipality"):
        show([run, other])
