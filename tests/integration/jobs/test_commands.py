"""`manage.py run_analysis` and `run_coverage --if-missing`; when a night is due."""

import io
from datetime import UTC, datetime, time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.analysis import standing
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.jobs import work
from layers.jobs.queue import queue_questions, standing_job
from layers.jobs.tasks import begin_nights, settle_jobs
from layers.models import AnalysisJob, AnalysisRun, District, RunInForce
from layers.models.job import JobState
from layers.selectors.results import latest_default_run


@pytest.fixture(autouse=True)
def short_nights(monkeypatch):
    """Let a night have 24 questions."""
    monkeypatch.setattr(standing, "THRESHOLDS_MIN", (15.0,))
    monkeypatch.setattr(work, "LOOK_EVERY_S", 0)


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(
        "run_analysis", "--municipality=athens", *arguments, stdout=out, stderr=err
    )
    return out.getvalue(), err.getvalue()


# --- run_analysis ---------------------------------------------------------------------------


def test_the_command_answers_and_shows_the_night(city):
    out, err = run()

    assert "24 questions answered and shown" in out
    assert err.splitlines()[0].startswith("0/24 ")
    assert err.splitlines()[-1] == "24/24"
    assert RunInForce.objects.count() == 24


def test_a_command_that_was_killed_goes_on(city, monkeypatch):
    job = standing_job("athens")
    original, answered = work.get_or_run, []

    def dies(question, **given):
        if len(answered) == 5:
            raise KeyboardInterrupt
        answered.append(question)
        return original(question, **given)

    monkeypatch.setattr(work, "get_or_run", dies)
    with pytest.raises(CommandError, match="goes on"):
        run()
    monkeypatch.setattr(work, "get_or_run", original)

    _, err = run()
    assert err.splitlines()[0].startswith("5/24 ")
    assert AnalysisJob.objects.get().pk == job.pk


def test_the_command_can_leave_it_to_the_worker(city):
    out, _ = run("--queue")
    run("--queue")

    job = AnalysisJob.objects.get()
    assert out == f"queued: /en/runs/{job.pk}\n"
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1
    assert not AnalysisRun.objects.exists()


def test_a_city_without_districts_is_refused_with_what_to_do(city):
    District.objects.all().delete()

    with pytest.raises(CommandError, match="import_districts"):
        run()


def test_a_municipality_that_does_not_exist_is_refused(db):
    with pytest.raises(CommandError, match="athens"):
        run()


# --- run_coverage ---------------------------------------------------------------------------


def test_default_runs_of_an_older_method_are_replaced(city):
    old = get_or_run(CoverageParameters("athens"), as_default=True)
    AnalysisRun.objects.update(code_version="coverage-0", hash="of the older method")

    call_command(
        "run_coverage", "--municipality=athens", "--if-missing", stdout=io.StringIO()
    )

    shown = latest_default_run("athens", by="category", level="neighbourhood")
    assert shown.pk != old.pk
    assert shown.code_version != "coverage-0"


def test_default_runs_of_the_method_in_use_are_left_alone(city):
    first = get_or_run(CoverageParameters("athens"), as_default=True)
    city.people(500, 7)

    call_command(
        "run_coverage", "--municipality=athens", "--if-missing", stdout=io.StringIO()
    )

    shown = latest_default_run("athens", by="category", level="neighbourhood")
    assert shown == first


# --- when a night is due -----------------------------------------------------------------------


def at(hour: int, minute: int = 0) -> datetime:
    """Return a moment of a winter's day; Athens is two hours ahead."""
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_due"),
    [(at(0, 29), False), (at(0, 30), True), (at(15), True), (at(21, 59), True)],
)
def test_the_night_begins_at_its_hour_on_the_clock_of_the_municipality(
    city, settings, moment, is_due
):
    settings.NIGHTLY_AT = time(2, 30)

    begun = begin_nights(moment)

    assert [job.night.isoformat() for job in begun] == ["2026-11-22"] * is_due


def test_late_in_the_evening_utc_it_is_the_next_night_already(city, settings):
    settings.NIGHTLY_AT = time(0, 15)

    (job,) = begin_nights(at(22, 20))

    assert job.night.isoformat() == "2026-11-23"


def test_a_night_is_begun_once_however_often_somebody_looks(city):
    assert len(begin_nights(at(3))) == 1
    assert begin_nights(at(3, 5)) == []
    work.work_on(AnalysisJob.objects.get().pk)
    assert begin_nights(at(4)) == []


def test_a_municipality_without_districts_has_no_night_and_stops_no_other(city):
    District.objects.all().delete()

    assert begin_nights(at(3)) == []


# --- jobs and queue come together again ----------------------------------------------------------


QUESTION = CoverageParameters("athens", threshold_min=7)


def test_a_job_that_the_queue_lost_is_queued_again(city):
    job = queue_questions([QUESTION]).job
    with_queue_id = job.queue_id
    _execute("DELETE FROM procrastinate_jobs WHERE id = %s", with_queue_id)

    settle_jobs()

    job.refresh_from_db()
    assert job.queue_id != with_queue_id
    assert ProcrastinateJob.objects.filter(pk=job.queue_id, status="todo").exists()


def test_a_job_that_the_queue_gave_up_has_failed(city):
    job = queue_questions([QUESTION]).job
    _execute(
        "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", job.queue_id
    )

    settle_jobs()

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "given up" in job.error


def test_what_waits_or_is_answered_is_left_alone(city):
    job = queue_questions([QUESTION]).job

    settle_jobs()

    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def _execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
