"""Answering a job: step by step, once each, stopped and taken up again, shown at once."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from layers.analysis import coverage, standing
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.analysis.shown_runs import show
from layers.errors import InvalidParameter, NotFound, Unavailable
from layers.jobs import work
from layers.jobs.queue import queue_night, queue_questions, request_cancel, standing_job
from layers.jobs.work import Stopped, fail, work_on
from layers.models import AnalysisJob, AnalysisRun, ListedPlace, RunInForce
from layers.models.job import JobState
from layers.selectors.results import latest_default_run

QUESTIONS = [
    CoverageParameters("athens", threshold_min=minutes, detour=1)
    for minutes in (5, 6, 7)
]


@pytest.fixture(autouse=True)
def looks_always(monkeypatch):
    monkeypatch.setattr(work, "LOOK_EVERY_S", 0)


@pytest.fixture(autouse=True)
def short_nights(monkeypatch):
    """Let a night have 24 questions."""
    monkeypatch.setattr(standing, "THRESHOLDS_MIN", (15.0,))


@pytest.fixture
def computed(monkeypatch):
    """Return the thresholds of the questions that were computed, as they are."""
    found = []
    original = coverage.analyse

    def analyse(parameters, **given):
        found.append(parameters.threshold_min)
        return original(parameters, **given)

    monkeypatch.setattr(coverage, "analyse", analyse)
    return found


def ran(job):
    return [step.run_id for step in job.steps.order_by("position")]


def test_every_question_is_answered_and_told(city, computed):
    told = []
    job = work_on(queue_questions(QUESTIONS).job.pk, tell=told.append)

    assert job.state == JobState.FINISHED
    assert all(ran(job))
    assert [(p.done, p.n) for p in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [p.question for p in told] == [*QUESTIONS, None]
    assert computed == [5, 6, 7]


def test_what_was_answered_before_is_not_computed_again(city, computed):
    before = get_or_run(QUESTIONS[1])
    job = work_on(queue_questions(QUESTIONS).job.pk)

    assert ran(job)[1] == before.pk
    assert computed == [6, 5, 7]


def test_a_job_that_was_stopped_goes_on_where_it_was(city, computed):
    job = queue_questions(QUESTIONS).job

    def after_two():
        return len(computed) == 2 and AnalysisRun.objects.count() == 2

    with pytest.raises(Stopped):
        work_on(job.pk, must_stop=after_two)
    job.refresh_from_db()
    assert (job.state, [bool(run) for run in ran(job)]) == (
        JobState.QUEUED,
        [True, True, False],
    )

    work_on(job.pk)
    assert computed == [5, 6, 7]


def test_a_job_cancelled_between_questions_keeps_what_is_answered(city, computed):
    job = queue_questions(QUESTIONS).job

    def cancels(progress):
        if progress.done == 1:
            AnalysisJob.objects.update(cancel_asked_at="2026-11-22T00:00Z")

    done = work_on(job.pk, tell=cancels)

    assert done.state == JobState.CANCELLED
    assert computed[0] == 5
    assert [bool(run) for run in ran(done)] == [True, False, False]


def test_a_job_cancelled_inside_a_question_ends_there_and_stores_nothing(
    city, monkeypatch
):
    job = queue_questions(QUESTIONS[:1]).job
    original = coverage.reaches
    begun = []

    def reaches(*args):
        # Somebody cancels while the first of many terms is being computed.
        AnalysisJob.objects.update(cancel_asked_at="2026-11-22T00:00Z")
        for found in original(*args):
            begun.append(found)
            yield found

    monkeypatch.setattr(coverage, "reaches", reaches)

    assert work_on(job.pk).state == JobState.CANCELLED
    assert begun == []
    assert not AnalysisRun.objects.exists()


def test_a_job_that_has_ended_is_left_alone(city, computed):
    job = queue_questions(QUESTIONS).job
    request_cancel(job)

    assert work_on(job.pk).state == JobState.CANCELLED
    assert computed == []


def test_a_job_that_failed_says_why_and_forgets_who_asked(city):
    job = queue_questions(QUESTIONS, sender="192.0.2.7").job
    fail(job.pk, "no such group")

    job.refresh_from_db()
    assert (job.state, job.error, job.asker) == (JobState.FAILED, "no such group", "")
    assert job.finished_at is not None


def test_a_job_that_does_not_exist_is_not_found(db):
    with pytest.raises(NotFound):
        work_on(uuid4())


# --- the night ---------------------------------------------------------------------------------


def test_the_runs_of_a_night_are_shown_together(city):
    job = queue_night("athens", date(2026, 11, 22))
    shown_before_the_end = []

    def tell(progress):
        shown_before_the_end.append(RunInForce.objects.count())

    done = work_on(job.pk, tell=tell)

    assert done.state == JobState.FINISHED
    assert set(shown_before_the_end) == {0}
    assert RunInForce.objects.count() == done.steps.count()
    assert len(set(RunInForce.objects.values_list("since", flat=True))) == 1
    shown = latest_default_run("athens", by="category", level="neighbourhood")
    assert shown.pk in ran(done)
    assert ListedPlace.objects.count() == 1


def test_data_that_change_meanwhile_make_older_answers_be_computed_again(
    city, computed
):
    job = standing_job("athens")

    def tell(progress):
        if progress.done == 5:
            city.people(400, 50)

    done = work_on(job.pk, tell=tell)

    assert done.state == JobState.FINISHED
    versions = {
        str(run.data_versions) for run in AnalysisRun.objects.filter(pk__in=ran(done))
    }
    assert len(versions) == 1
    # Five were answered before the change; they alone are computed twice.
    assert len(computed) == done.steps.count() + 5


def test_data_that_never_rest_leave_yesterday_shown_and_the_job_under_way(city):
    yesterday = get_or_run(CoverageParameters("athens"), as_default=True)
    job = standing_job("athens")

    with pytest.raises(Unavailable):
        work_on(job.pk, tell=lambda _: city.people(400, 50))

    job.refresh_from_db()
    assert job.is_under_way
    assert (
        latest_default_run("athens", by="category", level="neighbourhood") == yesterday
    )


def test_a_set_larger_than_what_is_kept_is_not_pruned_before_it_is_shown(
    city, monkeypatch
):
    monkeypatch.setattr("layers.analysis.shown_runs.MAX_KEPT_RUNS", 2)
    done = work_on(standing_job("athens").pk)

    assert all(ran(done))
    assert AnalysisRun.objects.count() == done.steps.count()


def test_a_day_without_a_change_adds_nothing(city, computed):
    work_on(standing_job("athens").pk)
    runs, n = AnalysisRun.objects.count(), len(computed)

    work_on(standing_job("athens").pk)

    assert (AnalysisRun.objects.count(), len(computed)) == (runs, n)
    assert RunInForce.objects.count() == runs


def test_a_restricted_question_never_comes_into_the_history(city):
    run = get_or_run(
        replace(CoverageParameters("athens"), supply="all"), restricted=True
    )
    with pytest.raises(InvalidParameter, match="standing"):
        show([run])
    assert not RunInForce.objects.exists()
