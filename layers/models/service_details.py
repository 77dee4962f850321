"""What belongs to one service or place: languages, phones, contacts, costs, capacity."""

from django.db import models

from layers.models.base import TEXT
from layers.models.constraints import (
    at_least,
    exactly_one,
    known_values,
    language_map,
    ordered,
)
from layers.models.location import Location
from layers.models.organization import Organization
from layers.models.service import Service
from layers.models.service_at_location import ServiceAtLocation


class LanguageMode(models.TextChoices):
    """Who speaks the language."""

    STAFF = "staff"
    INTERPRETER = "interpreter"
    ON_REQUEST = "on_request"


class ServiceLanguage(models.Model):
    """A language in which the service is delivered (ISO 639-1 or -3)."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="languages")
    code = models.CharField(max_length=3)
    mode = models.CharField(max_length=20, choices=LanguageMode, default="staff")

    class Meta:
        constraints = (
            known_values("servicelanguage", "mode", LanguageMode),
            models.UniqueConstraint(
                fields=["service", "code"], name="servicelanguage_unique"
            ),
        )

    def __str__(self) -> str:
        """Return the code."""
        return self.code


class Phone(models.Model):
    """A telephone number of just one organization, service or place."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    number = models.CharField(max_length=60)
    extension = models.CharField(max_length=20, blank=True, default="")
    description = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            exactly_one(
                "phone", "organization", "service", "location", "service_at_location"
            ),
            language_map("phone", "description", blank=True),
        )

    def __str__(self) -> str:
        """Return the number."""
        return self.number


class Contact(models.Model):
    """A person to ask for; kept for staff and referrers, never published."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    name = models.CharField(max_length=TEXT)
    title = models.CharField(max_length=TEXT, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    is_focal_point = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = (exactly_one("contact", "organization", "service"),)

    def __str__(self) -> str:
        """Return the id, not the person."""
        return str(self.pk)


class CostOption(models.Model):
    """What the service costs in one case; no row means not known, amount 0 is free."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="cost_options")
    option = models.JSONField(default=dict, blank=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            at_least("costoption", "amount", 0),
            language_map("costoption", "option", blank=True),
            ordered("costoption", "valid_from", "valid_to"),
        )

    def __str__(self) -> str:
        """Return amount and currency."""
        return f"{self.amount} {self.currency}"


class RequiredDocument(models.Model):
    """A paper that one has to bring."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="required_documents"
    )
    document = models.JSONField()

    class Meta:
        constraints = (language_map("requireddocument", "document"),)

    def __str__(self) -> str:
        """Return the id."""
        return str(self.pk)


class Funding(models.Model):
    """Who pays for the service."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="funding")
    source = models.CharField(max_length=TEXT)

    def __str__(self) -> str:
        """Return the source."""
        return self.source


class ServiceCapacity(models.Model):
    """How many the service can take (HSDS service_capacity); units are never added up."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="capacities")
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="capacities",
    )
    unit = models.CharField(max_length=60)
    available = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    as_of = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "service capacities"
        constraints = (
            at_least("servicecapacity", "available", 0),
            at_least("servicecapacity", "maximum", 0),
        )

    def __str__(self) -> str:
        """Return maximum and unit."""
        return f"{self.maximum} {self.unit}"
