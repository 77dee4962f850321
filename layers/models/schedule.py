"""Schedules: when a service is open, in its own clock, with its exceptions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from layers.models.constraints import (
    at_least,
    exactly_one,
    known_values,
    language_map,
    ordered,
    together,
)
from layers.models.service import Service
from layers.models.service_at_location import ServiceAtLocation


class Frequency(models.TextChoices):
    """How a schedule repeats (HSDS, iCal)."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Schedule(models.Model):
    """One stretch of opening time on some days (HSDS schedule).

    Of just one service, or of one place of it; a place's own schedules replace the
    service's there. `closes_at <= opens_at` means that it closes the next day; equal
    times are a whole day. Times are wall-clock times in `timezone`.
    """

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="schedules",
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    freq = models.CharField(max_length=10, choices=Frequency, default="WEEKLY")
    interval = models.PositiveSmallIntegerField(default=1)
    byday = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    bymonthday = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    by_appointment = models.BooleanField(default=False, db_default=False)
    timezone = models.CharField(max_length=60, default="Europe/Athens")
    notes = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            exactly_one("schedule", "service", "service_at_location"),
            known_values("schedule", "freq", Frequency),
            ordered("schedule", "valid_from", "valid_to"),
            together("schedule", "opens_at", "closes_at"),
            at_least("schedule", "interval", 1),
            language_map("schedule", "notes", blank=True),
            models.CheckConstraint(
                condition=Q(by_appointment=True) | Q(opens_at__isnull=False),
                name="schedule_hours_or_appointment",
            ),
            models.CheckConstraint(
                condition=Q(interval=1) | Q(valid_from__isnull=False),
                name="schedule_interval_has_start",
            ),
        )

    def __str__(self) -> str:
        """Return days and hours."""
        return f"{','.join(self.byday)} {self.opens_at}-{self.closes_at}"


class ScheduleException(models.Model):
    """Days on which the schedule does not hold: closed, or open at other hours."""

    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="schedule_exceptions",
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="schedule_exceptions",
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_closed = models.BooleanField(default=True, db_default=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    reason = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            exactly_one("scheduleexception", "service", "service_at_location"),
            ordered("scheduleexception", "starts_on", "ends_on"),
            together("scheduleexception", "opens_at", "closes_at"),
            language_map("scheduleexception", "reason", blank=True),
            models.CheckConstraint(
                condition=Q(is_closed=True, opens_at__isnull=True)
                | Q(is_closed=False, opens_at__isnull=False),
                name="scheduleexception_closed_or_hours",
            ),
        )

    def __str__(self) -> str:
        """Return the dates."""
        return f"{self.starts_on}/{self.ends_on}"
