"""Services: what is offered, to whom, how to get it, and whether it may be seen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from layers.models.base import TEXT, Identified, Sourced, unique_source
from layers.models.constraints import at_least, known_values, language_map, ordered
from layers.models.municipality import Municipality
from layers.models.organization import Organization
from layers.models.taxonomy import TaxonomyTerm


class ServiceStatus(models.TextChoices):
    """Whether the service operates (HSDS service.status, same spelling)."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class ModerationState(models.TextChoices):
    """Whether the record may be seen; says nothing about whether the service operates."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ARCHIVED = "archived"


class Audience(models.TextChoices):
    """Who may turn to the service."""

    PROFESSIONALS = "professionals"
    BENEFICIARIES = "beneficiaries"
    BOTH = "both"


class DeliveryMode(models.TextChoices):
    """How the service reaches people."""

    ON_SITE = "on_site"
    REMOTE = "remote"
    OUTREACH = "outreach"


class Gender(models.TextChoices):
    """Whom the service admits."""

    ANY = "any"
    WOMEN = "women"
    MEN = "men"


class StepFree(models.TextChoices):
    """Whether the way in has no step; unknown is not no."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    UNKNOWN = "unknown"


class Service(Identified, Sourced):
    """What an organization offers (HSDS service).

    `status` (does it operate) and `moderation_state` (may it be seen) are two axes.
    `assured_date` is when somebody verified it; `updated_at` when the row changed.
    `update_of` points at the published service that a draft wants to replace.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="services"
    )
    names = models.JSONField()
    descriptions = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=20, choices=ServiceStatus, default="active")
    application_process = models.JSONField(default=dict, blank=True)
    eligibility = models.JSONField(default=dict, blank=True)
    minimum_age = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True
    )
    maximum_age = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True
    )
    fees = models.JSONField(default=dict, blank=True)
    alert = models.JSONField(default=dict, blank=True)
    url = models.URLField(max_length=500, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    audience = models.CharField(max_length=20, choices=Audience, default="both")
    delivery_mode = models.CharField(
        max_length=20, choices=DeliveryMode, default="on_site"
    )
    referral_required = models.BooleanField(null=True, blank=True)
    referral_method = ArrayField(
        models.CharField(max_length=40), default=list, blank=True
    )
    gender = models.CharField(max_length=10, choices=Gender, default="any")
    step_free = models.CharField(max_length=10, choices=StepFree, default="unknown")
    open_on_holidays = models.BooleanField(default=False, db_default=False)
    moderation_state = models.CharField(
        max_length=20, choices=ModerationState, default="draft"
    )
    update_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True)
    assured_date = models.DateField(null=True, blank=True)
    assurer = models.CharField(max_length=TEXT, blank=True, default="")
    update_frequency = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="months between two verifications"
    )

    class Meta:
        indexes = (
            models.Index(fields=["moderation_state", "status"], name="service_states"),
        )
        constraints = (
            known_values("service", "status", ServiceStatus),
            known_values("service", "moderation_state", ModerationState),
            known_values("service", "audience", Audience),
            known_values("service", "delivery_mode", DeliveryMode),
            known_values("service", "gender", Gender),
            known_values("service", "step_free", StepFree),
            language_map("service", "names"),
            language_map("service", "descriptions", blank=True),
            language_map("service", "application_process", blank=True),
            language_map("service", "eligibility", blank=True),
            language_map("service", "fees", blank=True),
            language_map("service", "alert", blank=True),
            ordered("service", "minimum_age", "maximum_age"),
            at_least("service", "minimum_age", 0),
            unique_source("service"),
            models.CheckConstraint(
                condition=Q(update_of__isnull=True) | ~Q(update_of=F("id")),
                name="service_update_of_other",
            ),
        )

    def __str__(self) -> str:
        """Return the id; names are shown by the edges, in the reader's language."""
        return str(self.id)


class Attribute(models.Model):
    """A term that a service carries (HSDS attribute).

    `position` 0 is the primary category, the one that the map draws.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="attributes")
    term = models.ForeignKey(TaxonomyTerm, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=["service", "term"], name="attribute_unique"
            ),
        )

    def __str__(self) -> str:
        """Return both ids."""
        return f"{self.service_id} {self.term_id}"
