"""Which run answered a standing question when, and which places it counted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from layers.models.constraints import known_values
from layers.models.district import DistrictLevel
from layers.models.municipality import Municipality
from layers.models.run import AnalysisRun, TermKind


class RunInForce(models.Model):
    """From when on a run was the answer to a standing question.

    It is in force until the next one of the same question. A standing question is told
    by level, kind of term, group (empty: everybody) and threshold; how the city walks
    (engine, detour) may change from one run to the next.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="in_force")
    level = models.CharField(max_length=30, choices=DistrictLevel)
    term_kind = models.CharField(max_length=20, choices=TermKind)
    group = models.SlugField(max_length=60, blank=True, default="")
    threshold_min = models.FloatField()
    since = models.DateTimeField()

    class Meta:
        constraints = (
            known_values("runinforce", "level", DistrictLevel),
            known_values("runinforce", "term_kind", TermKind),
            models.UniqueConstraint(
                fields=[
                    "municipality",
                    "term_kind",
                    "level",
                    "group",
                    "threshold_min",
                    "since",
                ],
                name="runinforce_moment_unique",
            ),
        )

    def __str__(self) -> str:
        """Return question and moment."""
        return f"{self.term_kind} {self.level} {self.group} {self.since}"


class ListedPlace(models.Model):
    """A public service point in the form in which standing runs counted it.

    One row for as long as it is listed with the same terms in the same districts:
    `listed_until` is null while it is. No name and no position is kept, so that nothing
    about a place that was withdrawn can be read here. `districts` maps levels to codes.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    service_point_id = models.UUIDField()
    service_id = models.UUIDField()
    categories = ArrayField(models.TextField(), default=list)
    committees = ArrayField(models.TextField(), default=list)
    districts = models.JSONField(default=dict)
    listed_from = models.DateTimeField(db_default=Now())
    listed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(listed_until__isnull=True)
                | Q(listed_until__gt=models.F("listed_from")),
                name="listedplace_order",
            ),
            models.UniqueConstraint(
                fields=["service_point_id"],
                condition=Q(listed_until__isnull=True),
                name="listedplace_current_unique",
            ),
        )
        indexes = (
            models.Index(
                fields=["municipality", "listed_until"], name="listedplace_until"
            ),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.service_point_id)
