"""Is somebody there to answer long questions, and how much is waiting."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Count, Max, Q
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from layers.jobs.queue import STALLED_AFTER_S
from layers.models import AnalysisJob
from layers.models.job import JobKind, JobState


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How the workers are.

    Attributes
    ----------
    n_workers : int
        Workers that gave a sign of life lately.
    last_seen : datetime or None
        The latest sign of life of any; None where none ever ran.
    n_queued, n_running : int
        Jobs that wait, and that are being answered.
    last_night : datetime or None
        When the last nightly job was finished.
    """

    n_workers: int
    last_seen: datetime | None
    n_queued: int
    n_running: int
    last_night: datetime | None


def queue_health() -> QueueHealth | None:
    """Return how the workers are, None where the database does not say; two queries."""
    since = timezone.now() - timedelta(seconds=STALLED_AFTER_S)
    try:
        workers = ProcrastinateWorker.objects.aggregate(
            n=Count("pk", filter=Q(last_heartbeat__gte=since)),
            last=Max("last_heartbeat"),
        )
        jobs = AnalysisJob.objects.aggregate(
            queued=Count("pk", filter=Q(state=JobState.QUEUED)),
            running=Count("pk", filter=Q(state=JobState.RUNNING)),
            night=Max(
                "finished_at", filter=Q(kind=JobKind.NIGHTLY, state=JobState.FINISHED)
            ),
        )
    except DatabaseError:
        return None
    return QueueHealth(
        workers["n"], workers["last"], jobs["queued"], jobs["running"], jobs["night"]
    )
