"""Wants that no service meets: requests, and searches that found nothing."""

from django.db import models

from layers.models.base import Identified
from layers.models.constraints import at_least, known_values
from layers.models.district import District
from layers.models.moderation import ReportState
from layers.models.municipality import Municipality
from layers.models.taxonomy import TaxonomyTerm


class ServiceRequest(Identified):
    """A missing service that a professional asks for, by district, without a person."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    category = models.ForeignKey(TaxonomyTerm, models.PROTECT, related_name="+")
    district = models.ForeignKey(District, models.SET_NULL, null=True, blank=True)
    language = models.CharField(max_length=3, blank=True, default="")
    text = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=ReportState, default="new")

    class Meta:
        constraints = (known_values("servicerequest", "state", ReportState),)

    def __str__(self) -> str:
        """Return the state."""
        return self.state


class SearchLogRow(models.Model):
    """How often a kind of search was made in a week: counts only, no position, no text.

    Rows below the disclosure threshold are not published.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    week = models.DateField()
    category = models.SlugField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=3, blank=True, default="")
    district_code = models.CharField(max_length=40, blank=True, default="")
    n_searches = models.PositiveIntegerField(default=0)
    n_without_result = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            at_least("searchlogrow", "n_searches", 0),
            models.CheckConstraint(
                condition=models.Q(n_without_result__lte=models.F("n_searches")),
                name="searchlogrow_order",
            ),
            models.UniqueConstraint(
                fields=[
                    "municipality",
                    "week",
                    "category",
                    "language",
                    "district_code",
                ],
                name="searchlogrow_unique",
            ),
        )

    def __str__(self) -> str:
        """Return week and count."""
        return f"{self.week} {self.n_searches}"
