"""Service standards: what a committee calls covered, in one municipality."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from layers.models.constraints import at_least
from layers.models.municipality import Municipality
from layers.models.taxonomy import TaxonomyTerm


class ServiceStandard(models.Model):
    """The longest walk and the least supply for a category, for all or for some groups.

    A walk of exactly `max_walk_min` minutes is covered. `target_per_1000` counts
    places (capacity) per 1,000 people of the group; null means no target was set.
    `target_unit` is the unit of capacity that the target counts (beds, appointments per
    week); empty is whichever most of the services give theirs in.
    """

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="standards"
    )
    category = models.ForeignKey(TaxonomyTerm, models.CASCADE, related_name="+")
    groups = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    max_walk_min = models.FloatField(null=True, blank=True)
    target_per_1000 = models.FloatField(null=True, blank=True)
    target_unit = models.CharField(max_length=60, blank=True, default="", db_default="")
    note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = (
            at_least("servicestandard", "max_walk_min", 0),
            at_least("servicestandard", "target_per_1000", 0),
            models.UniqueConstraint(
                fields=["municipality", "category", "groups"],
                name="servicestandard_unique",
            ),
        )

    def __str__(self) -> str:
        """Return the minutes."""
        return f"{self.max_walk_min} min"
