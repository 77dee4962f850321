"""The queue: an equal job is one job, so many at a time, and only the token cancels."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from layers.analysis.parameters import CoverageParameters
from layers.analysis.standing import THRESHOLDS_MIN, is_standing, standing_questions
from layers.errors import InvalidParameter, NotAllowed, NotFound, TooManyQuestions
from layers.jobs import queue
from layers.jobs.queue import (
    cancel,
    queue_night,
    queue_questions,
    standing_job,
)
from layers.jobs.work import work_on
from layers.models import AnalysisJob, District
from layers.models.job import JobState

SEVEN = CoverageParameters("athens", threshold_min=7, detour=1)
EIGHT = replace(SEVEN, threshold_min=8)
NIGHT = date(2026, 11, 22)


def waiting() -> list[str]:
    """Return the queueing locks of what waits in the queue itself."""
    jobs = ProcrastinateJob.objects.filter(status="todo")
    return list(jobs.values_list("queueing_lock", flat=True))


# --- one job ------------------------------------------------------------------------------


def test_questions_are_queued_with_their_steps_in_order(city):
    queued = queue_questions([SEVEN, EIGHT])

    steps = queued.job.steps.order_by("position")
    assert [s.parameters["threshold_min"] for s in steps] == [7, 8]
    assert waiting() == [str(queued.job.pk)]
    assert queued.job.state == JobState.QUEUED


def test_the_same_questions_in_another_order_are_the_same_job(city):
    first = queue_questions([SEVEN, EIGHT])
    second = queue_questions([EIGHT, SEVEN, EIGHT])

    assert second.job == first.job
    assert second.token is None
    assert len(waiting()) == 1


def test_another_set_of_questions_is_another_job(city):
    assert queue_questions([SEVEN]).job != queue_questions([SEVEN, EIGHT]).job


def test_a_job_that_has_ended_does_not_stand_in_the_way(city):
    first = queue_questions([SEVEN])
    work_on(first.job.pk)

    second = queue_questions([SEVEN])

    assert second.job != first.job
    assert second.token


def test_nothing_of_a_sender_is_stored_as_it_is_and_nothing_after_the_end(city):
    job = queue_questions([SEVEN], sender="192.0.2.7").job
    assert "192.0.2.7" not in repr(AnalysisJob.objects.values().get())
    assert job.asker

    work_on(job.pk)

    assert AnalysisJob.objects.get().asker == ""


def test_a_token_is_not_stored_as_it_is(city):
    queued = queue_questions([SEVEN])

    assert queued.token not in repr(AnalysisJob.objects.values().get())


# --- so many --------------------------------------------------------------------------------


def test_one_sender_has_so_many_under_way(city, settings):
    settings.QUESTIONS_OF_ONE = 1
    queue_questions([SEVEN], sender="192.0.2.7")

    with pytest.raises(TooManyQuestions, match="1 of your questions"):
        queue_questions([EIGHT], sender="192.0.2.7")
    assert queue_questions([EIGHT], sender="192.0.2.8").token


def test_what_is_under_way_already_is_no_question_more(city, settings):
    settings.QUESTIONS_OF_ONE = 1
    first = queue_questions([SEVEN], sender="192.0.2.7")

    assert queue_questions([SEVEN], sender="192.0.2.7").job == first.job


def test_all_together_have_so_many_under_way(city, settings):
    settings.QUESTIONS_QUEUED = 1
    queue_questions([SEVEN], sender="192.0.2.7")

    with pytest.raises(TooManyQuestions) as caught:
        queue_questions([EIGHT], sender="192.0.2.8")
    assert caught.value.retry_after_s == queue.RETRY_AFTER_S


def test_a_deployment_may_take_no_questions(city, settings):
    settings.QUESTIONS_QUEUED = 0

    with pytest.raises(TooManyQuestions):
        queue_questions([SEVEN])


def test_the_night_does_not_count_as_a_question(city, settings):
    settings.QUESTIONS_QUEUED = 1
    queue_night("athens", NIGHT)

    assert queue_questions([SEVEN]).token


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ([], "questions"),
        ([replace(SEVEN, threshold_min=1 + n / 10) for n in range(61)], "questions"),
        ([SEVEN, replace(SEVEN, municipality="patras")], "municipality"),
        ([replace(SEVEN, supply="all")], "supply"),
    ],
    ids=["none", "too many", "two municipalities", "protected places"],
)
def test_what_nobody_may_queue_is_refused_by_name(city, asked, named):
    with pytest.raises(InvalidParameter) as caught:
        queue_questions(asked)

    assert caught.value.name == named
    assert not AnalysisJob.objects.exists()
    assert waiting() == []


def test_a_municipality_that_does_not_exist_is_not_found(city):
    with pytest.raises(NotFound):
        queue_questions([replace(SEVEN, municipality="nowhere")])
    assert waiting() == []


# --- cancelling ------------------------------------------------------------------------------


def test_the_token_cancels_what_waits_at_once(city):
    queued = queue_questions([SEVEN], sender="192.0.2.7")

    job = cancel(queued.job.pk, queued.token)

    assert (job.state, job.asker) == (JobState.CANCELLED, "")
    assert waiting() == []


def test_whoever_has_no_token_cancels_nothing(city):
    queued = queue_questions([SEVEN])
    other = queue_questions([EIGHT])

    for token in ("", "guess", other.token):
        with pytest.raises(NotAllowed):
            cancel(queued.job.pk, token)
    assert AnalysisJob.objects.get(pk=queued.job.pk).state == JobState.QUEUED


def test_nobody_has_a_token_for_the_night(city):
    job = queue_night("athens", NIGHT)

    with pytest.raises(NotAllowed):
        cancel(job.pk, "")


def test_what_has_ended_is_left_as_it_is(city):
    queued = queue_questions([SEVEN])
    work_on(queued.job.pk)

    assert cancel(queued.job.pk, queued.token).state == JobState.FINISHED


def test_a_job_that_does_not_exist_is_not_found(city):
    with pytest.raises(NotFound):
        cancel(uuid4(), "token")


# --- the night -------------------------------------------------------------------------------


def test_the_standing_questions_are_every_combination_once(city):
    asked = standing_questions("athens")

    groups = {None, "refugees-migrants", "women", "general-public"}
    assert len(asked) == len(set(asked)) == 3 * 2 * len(groups) * len(THRESHOLDS_MIN)
    assert {q.group for q in asked} == groups
    assert all(q.is_default for q in asked[:6])
    assert all(is_standing(q) for q in asked)


def test_each_night_of_a_municipality_has_one_job(city):
    job = queue_night("athens", NIGHT)
    assert queue_night("athens", NIGHT) is None
    work_on(job.pk)

    assert queue_night("athens", NIGHT) is None
    assert queue_night("athens", date(2026, 11, 23)) is not None


def test_a_night_that_takes_longer_than_a_day_is_not_begun_twice(city):
    queue_night("athens", NIGHT)

    assert queue_night("athens", date(2026, 11, 23)) is None
    assert len(waiting()) == 1


def test_a_command_that_was_killed_leaves_a_job_that_the_night_takes_up(city):
    left = standing_job("athens")

    assert queue_night("athens", NIGHT) == left
    assert waiting() == [str(left.pk)]


def test_a_municipality_without_districts_has_no_night(city):
    District.objects.all().delete()

    with pytest.raises(InvalidParameter, match="districts"):
        queue_night("athens", NIGHT)
    assert not AnalysisJob.objects.exists()


def test_a_night_of_nowhere_is_not_found(city):
    with pytest.raises(NotFound):
        queue_night("nowhere", NIGHT)


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold_min": 30},
        {"codes": ("clinic",)},
        {"walk_kmh": 4.4},
        {"supply": "all"},
        {"group": "women", "walk_kmh": 2.9},
    ],
)
def test_what_nobody_asks_every_night_is_no_standing_question(city, changed):
    assert not is_standing(replace(CoverageParameters("athens"), **changed))
