"""Long analyses: what was asked for, how far it has come, and who may cancel it."""

from django.db import models
from django.db.models import Q

from layers.models.base import Identified
from layers.models.constraints import known_values
from layers.models.municipality import Municipality
from layers.models.run import AnalysisRun


class JobKind(models.TextChoices):
    """Who asked: the clock, or somebody."""

    NIGHTLY = "nightly"
    QUESTION = "question"


class JobState(models.TextChoices):
    """How far a job has come; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)


class AnalysisJob(Identified):
    """A set of questions to answer one after the other, each stored when it is done.

    `hash` is over the questions; only one job of a hash is under way at a time. `night`
    is the local day of a nightly job; each has one. `token_hash` is of the secret that
    cancels, `asker` of the address that asked, both keyed; the latter is emptied when
    the job ends. `doing` is what is being computed now.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=JobKind)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    hash = models.CharField(max_length=64)
    night = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, default="")
    asker = models.CharField(max_length=64, blank=True, default="")
    queue_id = models.BigIntegerField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    doing = models.CharField(max_length=200, blank=True, default="")
    error = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = (
            known_values("analysisjob", "kind", JobKind),
            known_values("analysisjob", "state", JobState),
            models.UniqueConstraint(
                fields=["hash"],
                condition=Q(state__in=[state.value for state in UNDER_WAY]),
                name="analysisjob_under_way_unique",
            ),
            models.UniqueConstraint(
                fields=["municipality", "night"],
                condition=Q(night__isnull=False),
                name="analysisjob_night_unique",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[state.value for state in UNDER_WAY],
                    finished_at__isnull=True,
                )
                | (
                    ~Q(state__in=[state.value for state in UNDER_WAY])
                    & Q(finished_at__isnull=False, asker="")
                ),
                name="analysisjob_finished",
            ),
        )
        indexes = (
            models.Index(fields=["state", "created_at"], name="analysisjob_state"),
        )

    def __str__(self) -> str:
        """Return kind and state."""
        return f"{self.kind} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether there is still something to do, or to cancel."""
        return self.state in UNDER_WAY


class AnalysisStep(models.Model):
    """One question of a job, and the run that answers it once it is done.

    `run` is null before, and after the run was pruned; `seconds` is null before, and 0
    where the answer was there already.
    """

    job = models.ForeignKey(AnalysisJob, models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    parameters = models.JSONField()
    run = models.ForeignKey(AnalysisRun, models.SET_NULL, null=True, related_name="+")
    seconds = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["job", "position"], name="analysisstep_position_unique"
            ),
        )

    def __str__(self) -> str:
        """Return the position."""
        return str(self.position)
