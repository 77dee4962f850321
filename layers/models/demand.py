"""Demand: where people live, as points that carry them, and how that is known."""

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.contrib.gis.db.models.functions import Transform
from django.db import models

from layers.models.base import TEXT
from layers.models.constraints import at_least, known_values, lon_lat
from layers.models.municipality import Municipality


class DemandQuality(models.TextChoices):
    """Counted, or modelled from something coarser; never shown as the other."""

    CENSUS = "census"
    MODELLED = "modelled"


class DemandPoint(models.Model):
    """People at a point (EPSG:4326): the unit in which coverage is computed.

    `groups` maps population-group slugs to people of that group, where known; groups
    may overlap and are never added up. `point_m` is the same point in METRIC_SRID.
    People beyond the border, loaded for what happens near it, are no residents.
    """

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="demand"
    )
    point = PointField(srid=4326)
    point_m = models.GeneratedField(
        expression=Transform("point", settings.METRIC_SRID),
        output_field=PointField(srid=settings.METRIC_SRID, spatial_index=False),
        db_persist=True,
    )
    population = models.FloatField()
    groups = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=TEXT)
    source_id = models.CharField(max_length=TEXT, blank=True, default="")
    licence = models.CharField(max_length=TEXT, blank=True, default="")
    vintage = models.PositiveSmallIntegerField()
    quality = models.CharField(max_length=20, choices=DemandQuality)
    method = models.CharField(max_length=TEXT, blank=True, default="")
    is_resident = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = (
            known_values("demandpoint", "quality", DemandQuality),
            lon_lat("demandpoint", "point"),
            at_least("demandpoint", "population", 0),
        )

    def __str__(self) -> str:
        """Return the people at the point."""
        return f"{self.population:g}"
