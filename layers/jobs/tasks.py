"""What workers do: answer jobs, begin the night's, take up what a dead worker left.

Only a worker imports this; whoever queues a job names its task (`queue.TASK`).
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job, Status

from layers.errors import LayersError, Unavailable
from layers.jobs.queue import (
    QUEUE,
    STALLED_AFTER_S,
    TASK,
    enqueue_again,
    queue_night,
)
from layers.jobs.work import Stopped, fail, wait, work_on
from layers.models import AnalysisJob, Municipality
from layers.models.job import UNDER_WAY

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""How often a job is taken up, or a worker may die of it."""

WAIT_S = 30
"""Before the second attempt; twice as long before the third, and so on."""

CLOCK = "clock"
KEPT_DAYS = 30
"""Of jobs that are over."""

_PASSING = (Unavailable, OperationalError, InterfaceError)


class AgainLater(BaseRetryStrategy):
    """Tries a job again after what passes, and after the worker was told to stop."""

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> RetryDecision | None:
        """Return when to try again; None where that would not help."""
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_at=timezone.now())
        if isinstance(exception, _PASSING) and job.attempts < MOST_ATTEMPTS:
            return RetryDecision(retry_in={"seconds": WAIT_S * (job.attempts + 1)})
        return None


@app.task(name=TASK, queue=QUEUE, retry=AgainLater(), pass_context=True)
def answer(context: JobContext, job_id: str) -> None:
    """Answer a job of `AnalysisJob`."""
    id_ = UUID(job_id)
    try:
        job = work_on(id_, must_stop=context.should_abort)
        logger.info("job %s of %s: %s", id_, job.kind, job.state)
    except Stopped as fault:
        raise JobAborted from fault
    except _PASSING as fault:
        # In words of ours: a driver's text may hold what nobody should read.
        told = (
            fault.detail if isinstance(fault, Unavailable) else "the database is away"
        )
        note = wait if context.job.attempts < MOST_ATTEMPTS else fail
        note(id_, told)
        raise
    except Exception as fault:
        told = fault.detail if isinstance(fault, LayersError) else "a mistake of ours"
        fail(id_, told)
        raise


@app.periodic(cron="*/5 * * * *")
@app.task(name="nights", queue=CLOCK, queueing_lock="nights")
def nights(timestamp: int) -> None:
    """Begin the nightly job of each municipality whose hour has come, once a day.

    A machine that was off at the hour begins as soon as it is on.
    """
    now = datetime.fromtimestamp(timestamp, ZoneInfo("UTC"))
    begin_nights(now)
    AnalysisJob.objects.filter(finished_at__lt=now - timedelta(days=KEPT_DAYS)).delete()


def begin_nights(now: datetime) -> list[AnalysisJob]:
    """Queue the jobs of the night that are due at a moment, and return them."""
    begun = []
    for slug, zone in Municipality.objects.values_list("slug", "timezone"):
        local = now.astimezone(ZoneInfo(zone))
        if local.time() < settings.NIGHTLY_AT:
            continue
        try:
            job = queue_night(slug, local.date())
        except LayersError as fault:  # no districts yet, say
            logger.info("no nightly run of %s: %s", slug, fault.detail)
            continue
        if job is not None:
            begun.append(job)
    return begun


# The sixth place is seconds.
@app.periodic(cron="* * * * * */15")
@app.task(name="revive", queue=CLOCK, queueing_lock="revive", pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Give the jobs of dead workers to living ones."""
    manager = context.app.job_manager
    stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S)
    for job in stalled:
        if job.attempts >= MOST_ATTEMPTS:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
            continue
        logger.warning("job %s of a dead worker is taken up again", job.call_string)
        await manager.retry_job(job)


@app.periodic(cron="* * * * * 7")
@app.task(name="settle", queue=CLOCK, queueing_lock="settle")
def settle(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Bring jobs and queue together again where somebody came between them."""
    settle_jobs()


def settle_jobs() -> None:
    """Queue again what the queue lost; fail what it has given up."""
    for job in AnalysisJob.objects.filter(state__in=UNDER_WAY, queue_id__isnull=False):
        status = (
            ProcrastinateJob.objects.filter(pk=job.queue_id)
            .values_list("status", flat=True)
            .first()
        )
        if status is None:
            enqueue_again(job)
        elif status not in (Status.TODO.value, Status.DOING.value):
            fail(job.pk, f"given up after {MOST_ATTEMPTS} attempts")
