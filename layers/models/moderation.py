"""What happened to a service: revisions, verifications, and what readers reported."""

from django.conf import settings
from django.db import models

from layers.models.base import TEXT, Identified
from layers.models.constraints import known_values
from layers.models.service import ModerationState, Service


class ServiceRevision(Identified):
    """A change of a service's record: what it was, what it became, who decided."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="revisions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=ModerationState)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            known_values("servicerevision", "state", ModerationState),
            models.UniqueConstraint(
                fields=["service", "number"], name="servicerevision_number_unique"
            ),
        )

    def __str__(self) -> str:
        """Return the number."""
        return str(self.number)


class VerificationMethod(models.TextChoices):
    """How somebody came to know."""

    PHONE = "phone"
    VISIT = "visit"
    EMAIL = "email"
    SIGNED_LINK = "signed_link"
    IMPORT = "import"


class VerificationOutcome(models.TextChoices):
    """What came of it."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    CLOSED = "closed"
    NO_ANSWER = "no_answer"


class VerificationEvent(Identified):
    """Somebody checked whether a service is as recorded (not the same as an update)."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="verifications")
    verified_on = models.DateField()
    verified_by = models.CharField(max_length=TEXT, blank=True, default="")
    method = models.CharField(max_length=20, choices=VerificationMethod)
    outcome = models.CharField(max_length=20, choices=VerificationOutcome)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            known_values("verificationevent", "method", VerificationMethod),
            known_values("verificationevent", "outcome", VerificationOutcome),
        )

    def __str__(self) -> str:
        """Return date and outcome."""
        return f"{self.verified_on} {self.outcome}"


class FeedbackKind(models.TextChoices):
    """What a reader tells of a service."""

    WRONG_HOURS = "wrong_hours"
    WRONG_PLACE = "wrong_place"
    CLOSED = "closed"
    NOT_SERVED = "not_served"
    OTHER = "other"


class ReportState(models.TextChoices):
    """How far a report has come."""

    NEW = "new"
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


class Feedback(Identified):
    """A reader's report about a service; no position, no name is asked."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="feedback")
    kind = models.CharField(max_length=20, choices=FeedbackKind)
    text = models.TextField(blank=True, default="")
    language = models.CharField(max_length=3, blank=True, default="")
    state = models.CharField(max_length=10, choices=ReportState, default="new")

    class Meta:
        constraints = (
            known_values("feedback", "kind", FeedbackKind),
            known_values("feedback", "state", ReportState),
        )

    def __str__(self) -> str:
        """Return the kind."""
        return self.kind
