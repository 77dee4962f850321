"""Districts: the areas in which a committee reads the city, and what is known of them."""

from django.contrib.gis.db.models import MultiPolygonField, PointField
from django.db import models
from django.db.models import Q

from layers.models.base import TEXT, Identified
from layers.models.constraints import (
    at_least,
    known_values,
    language_map,
    lon_lat,
    ordered,
    valid_polygon,
)
from layers.models.municipality import Municipality


class DistrictLevel(models.TextChoices):
    """The levels at which figures are published, coarse to fine."""

    MUNICIPALITY = "municipality"
    MUNICIPAL_COMMUNITY = "municipal_community"
    NEIGHBOURHOOD = "neighbourhood"


class District(Identified):
    """One area of one level.

    A point belongs to one district per level, or to none (the level's outside
    bucket); on a shared border the lower code wins. `valid_to` is null for the
    districts in force. `area_m2` is measured in the deployment's metric system.
    """

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="districts"
    )
    level = models.CharField(max_length=30, choices=DistrictLevel)
    code = models.CharField(max_length=40)
    names = models.JSONField()
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    boundary = MultiPolygonField(srid=4326)
    label_point = PointField(srid=4326)
    area_m2 = models.FloatField()
    boundary_source = models.CharField(max_length=TEXT, blank=True, default="")
    boundary_licence = models.CharField(max_length=TEXT, blank=True, default="")
    is_schematic = models.BooleanField(default=False, db_default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("level", "code")
        constraints = (
            known_values("district", "level", DistrictLevel),
            language_map("district", "names"),
            valid_polygon("district", "boundary"),
            lon_lat("district", "label_point"),
            at_least("district", "area_m2", 0),
            ordered("district", "valid_from", "valid_to"),
            models.UniqueConstraint(
                fields=["municipality", "level", "code"],
                condition=Q(valid_to__isnull=True),
                name="district_code_unique",
            ),
        )

    def __str__(self) -> str:
        """Return level and code."""
        return f"{self.level} {self.code}"


class IndicatorQuality(models.TextChoices):
    """How a figure came to be."""

    CENSUS = "census"
    REGISTER = "register"
    SURVEY = "survey"
    MODELLED = "modelled"


class DistrictIndicator(models.Model):
    """One figure about one district in one year; null value means not known."""

    district = models.ForeignKey(District, models.CASCADE, related_name="indicators")
    year = models.PositiveSmallIntegerField()
    name = models.SlugField(max_length=60)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=TEXT)
    quality = models.CharField(max_length=20, choices=IndicatorQuality)

    class Meta:
        constraints = (
            known_values("districtindicator", "quality", IndicatorQuality),
            models.UniqueConstraint(
                fields=["district", "year", "name", "source"],
                name="districtindicator_unique",
            ),
        )

    def __str__(self) -> str:
        """Return name and year."""
        return f"{self.name} {self.year}"
