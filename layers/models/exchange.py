"""Links to partners' records: what is shared, with whose consent, and how it stands."""

from django.db import models
from django.db.models import Q

from layers.models.activity import Activity
from layers.models.base import TEXT, Identified
from layers.models.constraints import exactly_one, known_values
from layers.models.organization import Organization
from layers.models.service import Service


class Direction(models.TextChoices):
    """Who owns the record."""

    OUT = "out"
    IN = "in"


class ExchangeLink(Identified):
    """One of our records and its twin at a partner.

    `consent` is the organization's; without it nothing goes out.
    """

    partner = models.SlugField(max_length=60)
    external_id = models.CharField(max_length=TEXT, blank=True, default="")
    direction = models.CharField(max_length=5, choices=Direction)
    consent = models.BooleanField(default=False, db_default=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="+"
    )
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="+"
    )
    checksum = models.CharField(max_length=64, blank=True, default="")
    etag = models.CharField(max_length=TEXT, blank=True, default="")
    synced_at = models.DateTimeField(null=True, blank=True)
    tombstone_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = (
            known_values("exchangelink", "direction", Direction),
            exactly_one("exchangelink", "organization", "service", "activity"),
            models.UniqueConstraint(
                fields=["partner", "external_id"],
                condition=~Q(external_id=""),
                name="exchangelink_external_unique",
            ),
        )

    def __str__(self) -> str:
        """Return the partner."""
        return self.partner
