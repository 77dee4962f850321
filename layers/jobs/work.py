"""Answers the questions of a job one after the other; each answer is stored for good.

Whoever dies in the middle leaves a job that anybody may take up: it goes on with the
first question that has no answer, and of two who work on one job each answer is computed
by one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from layers.analysis.checkpoints import checked_by
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import ATTEMPTS, current_versions, get_or_run
from layers.analysis.shown_runs import show
from layers.errors import NotFound, Unavailable
from layers.jobs.queue import end
from layers.models import AnalysisJob, AnalysisStep
from layers.models.job import UNDER_WAY, JobKind, JobState

LOOK_EVERY_S = 0.5
"""How often it is looked whether to stop; a small query each time."""


class Cancelled(Exception):
    """Somebody cancelled the job."""


class Stopped(Exception):
    """The worker has to stop; the job is to be taken up again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come: `done` of `n` questions, and the one being answered."""

    done: int
    n: int
    question: CoverageParameters | None


def _quiet(_progress: Progress) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


@dataclass(slots=True)
class _Check:
    """Raises where the job was cancelled or the worker has to stop."""

    job_id: UUID
    must_stop: Callable[[], bool]
    _next: float = field(default=0.0)

    def __call__(self) -> None:
        """Look, at most every `LOOK_EVERY_S`."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + LOOK_EVERY_S
        if self.must_stop():
            raise Stopped
        asked = AnalysisJob.objects.filter(
            pk=self.job_id, cancel_asked_at__isnull=False
        )
        if asked.exists():
            raise Cancelled


def work_on(
    job_id: UUID,
    *,
    must_stop: Callable[[], bool] = _never,
    tell: Callable[[Progress], None] = _quiet,
) -> AnalysisJob:
    """Answer what is not answered yet, and return the job as it is then.

    Parameters
    ----------
    job_id : UUID
        The job; one that has ended is left as it is.
    must_stop : callable
        Looked at about twice a second and between terms.
    tell : callable
        Told before each question and at the end.

    Raises
    ------
    NotFound
        No such job.
    Stopped
        `must_stop` said so. What is answered stays; the job is queued.
    Unavailable, OperationalError
        The data keep changing, other analyses take too long, or the database is gone:
        trying again later may work. The job is as it was.

    Notes
    -----
    The runs of a nightly job are shown all at once, when all are of the same data.
    """
    job = _begun(job_id)
    if not job.is_under_way:
        return job
    check = _Check(job_id, must_stop)
    try:
        with checked_by(check):
            for _ in range(ATTEMPTS):
                _answer_steps(job, check, tell)
                if _finished(job):
                    return job
    except Cancelled:
        end(job, JobState.CANCELLED)
        return job
    except Stopped:
        AnalysisJob.objects.filter(pk=job_id).update(state=JobState.QUEUED, doing="")
        raise
    raise Unavailable("the data are being changed all the time")


@transaction.atomic
def _begun(job_id: UUID) -> AnalysisJob:
    job = AnalysisJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound("job", job_id)
    if job.is_under_way:
        job.state = JobState.RUNNING
        job.started_at = job.started_at or timezone.now()
        job.save(update_fields=["state", "started_at", "updated_at"])
    return job


def _answer_steps(
    job: AnalysisJob, check: _Check, tell: Callable[[Progress], None]
) -> None:
    steps = list(job.steps.order_by("position"))
    done = sum(step.run_id is not None for step in steps)
    for step in steps:
        if step.run_id is not None:
            continue
        question = CoverageParameters.from_dict(step.parameters)
        check()
        AnalysisJob.objects.filter(pk=job.pk).update(doing=in_words(question))
        tell(Progress(done, len(steps), question))
        _answer(step, question)
        done += 1
    tell(Progress(done, len(steps), None))


def _answer(step: AnalysisStep, question: CoverageParameters) -> None:
    begun = time.monotonic()
    step.run = get_or_run(question)
    step.seconds = round(time.monotonic() - begun, 3)
    step.save(update_fields=["run", "seconds"])


class _Moved(Exception):
    """The data changed while the runs were being shown."""


def _finished(job: AnalysisJob) -> bool:
    """End a job that is answered; False where answers are of older data than others."""
    try:
        with transaction.atomic():
            fresh = AnalysisJob.objects.select_for_update().get(pk=job.pk)
            if not fresh.is_under_way:  # another worker was faster
                job.refresh_from_db()
                return True
            is_whole = job.kind != JobKind.NIGHTLY or _shown(job)
            if is_whole:
                end(job, JobState.FINISHED)
            return is_whole
    except _Moved:
        return False


def _shown(job: AnalysisJob) -> bool:
    """Show the runs of a nightly job; False where some have to be computed anew."""
    versions = current_versions(job.municipality)
    steps = list(job.steps.select_related("run"))
    runs = [step.run for step in steps if step.run is not None]
    stale = [
        step.pk
        for step in steps
        if step.run is None or step.run.data_versions != versions
    ]
    if stale:
        AnalysisStep.objects.filter(pk__in=stale).update(run=None, seconds=None)
        return False
    show(runs)
    if current_versions(job.municipality) != versions:
        raise _Moved
    return True


def in_words(question: CoverageParameters) -> str:
    """Return a question as operators read it, in English.

    Examples
    --------
    >>> in_words(CoverageParameters("athens", group="women", threshold_min=10))
    'athens: neighbourhood by category, women, 10 min'
    """
    whom = question.group or "everybody"
    return (
        f"{question.municipality}: {question.level} by {question.by}, {whom}, "
        f"{question.threshold_min:g} min"
    )


def fail(job_id: UUID, error: str) -> None:
    """Note that a job will not be tried again."""
    job = AnalysisJob.objects.filter(pk=job_id, state__in=UNDER_WAY).first()
    if job is not None:
        end(job, JobState.FAILED, error)


def wait(job_id: UUID, error: str) -> None:
    """Note that a job will be tried again, and why it was not finished."""
    AnalysisJob.objects.filter(pk=job_id, state__in=UNDER_WAY).update(
        state=JobState.QUEUED, error=error[:500], doing=""
    )
