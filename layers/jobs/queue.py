"""Puts questions into the queue, once each, and takes them out again.

What is asked and how far it has come stands in `AnalysisJob` and `AnalysisStep`; the
queue of procrastinate only says which worker has it. Both are written in one
transaction, so that neither is ever without the other.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from layers.analysis.parameters import METHOD, CoverageParameters
from layers.analysis.standing import standing_questions
from layers.errors import InvalidParameter, NotAllowed, NotFound, TooManyQuestions
from layers.models import AnalysisJob, AnalysisStep, Municipality
from layers.models.job import UNDER_WAY, JobKind, JobState

MOST_QUESTIONS = 60
"""Of one job that somebody asks for; the standing ones are some 200."""

RETRY_AFTER_S = 60
"""When to come back where too much is under way."""

STALLED_AFTER_S = 20.0
"""A worker that gave no sign of life for so long is dead; a live one gives one every 5 s."""

QUEUE = "analysis"
TASK = "answer"

_LOCK = 7_261_095
"""Advisory lock under which jobs are counted and made."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A job under way.

    `token` cancels it; only who began it is told, and only then. None where the same
    was asked before.
    """

    job: AnalysisJob
    token: str | None


@transaction.atomic
def queue_questions(
    questions: Sequence[CoverageParameters], *, sender: str = ""
) -> Queued:
    """Put questions of somebody into the queue, or find the job that answers them.

    Parameters
    ----------
    questions : sequence of CoverageParameters
        Public ones about one municipality, 1 to `MOST_QUESTIONS`.
    sender : str
        What tells senders apart, a network address; it is not stored. Empty: not
        counted.

    Raises
    ------
    InvalidParameter
        None, too many, protected supply, or several municipalities.
    NotFound
        No such municipality.
    TooManyQuestions
        The sender, or all together, have too much under way.
    """
    asked = _checked(questions)
    _one_at_a_time()
    digest = _hash(JobKind.QUESTION, asked)
    found = AnalysisJob.objects.filter(hash=digest, state__in=UNDER_WAY).first()
    if found is not None:
        return Queued(found, None)
    asker = _keyed("asker", sender) if sender else ""
    _check_room(asker)
    token = secrets.token_urlsafe(24)
    job = _made(JobKind.QUESTION, asked, digest)
    job.token_hash, job.asker = _keyed("token", token), asker
    _enqueue(job)
    return Queued(job, token)


@transaction.atomic
def queue_night(municipality: str, night: date) -> AnalysisJob | None:
    """Put the standing questions of a municipality into the queue, once for each night.

    Returns
    -------
    AnalysisJob or None
        None where that night has its job, or the same questions are being answered.

    Raises
    ------
    NotFound, InvalidParameter
        As `standing_questions`.
    """
    _one_at_a_time()
    if AnalysisJob.objects.filter(
        municipality__slug=municipality, night=night
    ).exists():
        return None
    job = standing_job(municipality)
    if job.queue_id is not None:
        return None
    job.night = night
    _enqueue(job)
    return job


@transaction.atomic
def standing_job(municipality: str) -> AnalysisJob:
    """Return the job of the standing questions that is under way, or a new one.

    A new one is not in the queue: who asks here answers it, or puts it there.

    Raises
    ------
    NotFound, InvalidParameter
        As `standing_questions`.
    """
    asked = standing_questions(municipality)
    _one_at_a_time()
    digest = _hash(JobKind.NIGHTLY, asked)
    found = AnalysisJob.objects.filter(hash=digest, state__in=UNDER_WAY).first()
    return found or _made(JobKind.NIGHTLY, asked, digest)


@transaction.atomic
def enqueue_again(job: AnalysisJob) -> None:
    """Put a job that is under way but in no queue back into it."""
    _enqueue(job)


@transaction.atomic
def cancel(job_id: UUID, token: str) -> AnalysisJob:
    """Cancel a job: at once where it waits, within seconds where it is being answered.

    What is answered already stays. A job that has ended is left as it is.

    Raises
    ------
    NotFound
        No such job.
    NotAllowed
        The token is not the one that was given for the job; nightly jobs have none.
    """
    job = AnalysisJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound("job", job_id)
    if not job.token_hash or not constant_time_compare(
        _keyed("token", token), job.token_hash
    ):
        raise NotAllowed(f"the token does not cancel job {job_id}")
    return request_cancel(job)


@transaction.atomic
def request_cancel(job: AnalysisJob) -> AnalysisJob:
    """Cancel a job without asking who may; for operators."""
    if not job.is_under_way or job.cancel_asked_at is not None:
        return job
    job.cancel_asked_at = timezone.now()
    job.save(update_fields=["cancel_asked_at", "updated_at"])
    is_waiting = job.queue_id is not None and _queue().cancel_job_by_id(job.queue_id)
    if is_waiting:
        end(job, JobState.CANCELLED)
    return job


def end(job: AnalysisJob, state: JobState, error: str = "") -> None:
    """Note that a job is over; who asked is forgotten."""
    job.state, job.error, job.asker, job.doing = state, error[:500], "", ""
    job.finished_at = timezone.now()
    job.save(
        update_fields=["state", "error", "asker", "doing", "finished_at", "updated_at"]
    )


def _checked(questions: Sequence[CoverageParameters]) -> list[CoverageParameters]:
    asked = list(dict.fromkeys(questions))
    if not 1 <= len(asked) <= MOST_QUESTIONS:
        raise InvalidParameter(
            "questions", len(asked), f"from 1 to {MOST_QUESTIONS} of them"
        )
    if len({one.municipality for one in asked}) > 1:
        raise InvalidParameter("municipality", "several", "one at a time")
    for one in asked:
        if one.is_restricted:
            raise InvalidParameter("supply", one.supply, "public")
    return asked


def _check_room(asker: str) -> None:
    under_way = AnalysisJob.objects.filter(kind=JobKind.QUESTION, state__in=UNDER_WAY)
    if under_way.count() >= settings.QUESTIONS_QUEUED:
        raise TooManyQuestions(
            f"{settings.QUESTIONS_QUEUED} questions are being answered already, "
            "as many as at a time",
            RETRY_AFTER_S,
        )
    if asker and under_way.filter(asker=asker).count() >= settings.QUESTIONS_OF_ONE:
        raise TooManyQuestions(
            f"{settings.QUESTIONS_OF_ONE} of your questions are being answered already, "
            "as many as at a time",
            RETRY_AFTER_S,
        )


def _made(
    kind: JobKind, asked: Sequence[CoverageParameters], digest: str
) -> AnalysisJob:
    municipality = Municipality.objects.filter(slug=asked[0].municipality).first()
    if municipality is None:
        raise NotFound("municipality", asked[0].municipality)
    job = AnalysisJob.objects.create(municipality=municipality, kind=kind, hash=digest)
    AnalysisStep.objects.bulk_create(
        AnalysisStep(job=job, position=position, parameters=question.as_dict())
        for position, question in enumerate(asked)
    )
    return job


def _enqueue(job: AnalysisJob) -> None:
    """Hand a job to the workers; of each kind they answer one at a time."""
    deferrer = configure_task(
        name=TASK,
        job_manager=_queue(),
        queue=QUEUE,
        lock=f"{QUEUE} {job.kind}",
        queueing_lock=str(job.pk),
    )
    job.queue_id = deferrer.defer(job_id=str(job.pk))
    job.save(update_fields=["queue_id", "night", "token_hash", "asker", "updated_at"])


def _queue() -> JobManager:
    """Return the queue on Django's own connection, also inside a worker."""
    return JobManager(DjangoConnector())


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _hash(kind: JobKind, questions: Sequence[CoverageParameters]) -> str:
    text = json.dumps([kind.value, METHOD, sorted(one.hash for one in questions)])
    return hashlib.sha256(text.encode()).hexdigest()


def _keyed(purpose: str, value: str) -> str:
    key = f"layers.jobs.{purpose}"
    return salted_hmac(key, value, algorithm="sha256").hexdigest()
