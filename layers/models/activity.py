"""Activities with a date, and open calls of organizations to each other."""

from django.db import models
from django.db.models import F, Q

from layers.models.base import Identified, Sourced, unique_source
from layers.models.constraints import known_values, language_map, ordered
from layers.models.district import District
from layers.models.location import Location
from layers.models.municipality import Municipality
from layers.models.organization import Organization
from layers.models.service import ModerationState
from layers.models.taxonomy import TaxonomyTerm


class Activity(Identified, Sourced):
    """Something that happens at a time: a course, a meeting, a distribution."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="activities"
    )
    location = models.ForeignKey(Location, models.SET_NULL, null=True, blank=True)
    names = models.JSONField()
    descriptions = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    recurrence = models.CharField(max_length=400, blank=True, default="")
    categories = models.ManyToManyField(TaxonomyTerm, blank=True, related_name="+")
    url = models.URLField(max_length=500, blank=True, default="")
    registration_required = models.BooleanField(null=True, blank=True)
    moderation_state = models.CharField(
        max_length=20, choices=ModerationState, default="draft"
    )

    class Meta:
        verbose_name_plural = "activities"
        constraints = (
            known_values("activity", "moderation_state", ModerationState),
            language_map("activity", "names"),
            language_map("activity", "descriptions", blank=True),
            unique_source("activity"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="activity_order",
            ),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.id)


class CallKind(models.TextChoices):
    """Whether an organization offers something or needs it."""

    OFFER = "offer"
    NEED = "need"


class OpenCall(Identified, Sourced):
    """An offer or a need of one organization, for the others to answer."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="open_calls"
    )
    kind = models.CharField(max_length=10, choices=CallKind)
    names = models.JSONField()
    descriptions = models.JSONField(default=dict, blank=True)
    committee = models.ForeignKey(
        TaxonomyTerm, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    district = models.ForeignKey(District, models.SET_NULL, null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True, default="")
    moderation_state = models.CharField(
        max_length=20, choices=ModerationState, default="draft"
    )

    class Meta:
        constraints = (
            known_values("opencall", "kind", CallKind),
            known_values("opencall", "moderation_state", ModerationState),
            language_map("opencall", "names"),
            language_map("opencall", "descriptions", blank=True),
            ordered("opencall", "opens_on", "closes_on"),
            unique_source("opencall"),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.id)
