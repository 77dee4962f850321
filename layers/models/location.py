"""Locations: where a service is, how well that is known, and who may know it."""

from django.db import models
from django.db.models import Q

from layers.models.base import TEXT, Identified, Sourced, unique_source
from layers.models.constraints import (
    known_values,
    language_map,
    lon_lat,
    lon_lat_point,
    together,
)
from layers.models.district import District, DistrictLevel
from layers.models.municipality import Municipality


class LocationType(models.TextChoices):
    """What kind of place it is (HSDS)."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class Precision(models.TextChoices):
    """How near the point is to the door."""

    ROOFTOP = "rooftop"
    STREET = "street"
    DISTRICT = "district"
    UNKNOWN = "unknown"


class Visibility(models.TextChoices):
    """Who may learn where it is.

    `public`: anyone. `district_only`: anyone learns the district, nobody the place.
    `hidden`: no public output may let anyone find that it exists.
    """

    PUBLIC = "public"
    DISTRICT_ONLY = "district_only"
    HIDDEN = "hidden"


class Location(Identified, Sourced):
    """A place (HSDS location); the point is EPSG:4326, lon before lat, null if none."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    location_type = models.CharField(
        max_length=10, choices=LocationType, default="physical"
    )
    names = models.JSONField(default=dict, blank=True)
    address = models.JSONField(default=dict, blank=True)
    city = models.JSONField(default=dict, blank=True)
    postal_code = models.CharField(max_length=20, blank=True, default="")
    region = models.CharField(max_length=TEXT, blank=True, default="")
    country = models.CharField(max_length=2, default="GR")
    point = lon_lat_point(null=True, blank=True)
    precision = models.CharField(
        max_length=10, choices=Precision, null=True, blank=True
    )
    visibility = models.CharField(max_length=20, choices=Visibility, default="public")
    transportation = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            known_values("location", "location_type", LocationType),
            known_values("location", "precision", Precision),
            known_values("location", "visibility", Visibility),
            language_map("location", "names", blank=True),
            language_map("location", "address", blank=True),
            language_map("location", "city", blank=True),
            language_map("location", "transportation", blank=True),
            lon_lat("location", "point"),
            together("location", "point", "precision"),
            unique_source("location"),
            models.CheckConstraint(
                condition=Q(location_type="physical") | Q(point__isnull=True),
                name="location_only_physical_has_point",
            ),
            models.CheckConstraint(
                condition=Q(location_type="physical") | Q(visibility="public"),
                name="location_only_physical_is_protected",
            ),
        )

    def __str__(self) -> str:
        """Return the id, never the place."""
        return str(self.id)


class LocationDistrict(models.Model):
    """The district of a location at one level; null is the level's outside bucket.

    Derived by `directory`; a location without a point has rows only where somebody
    said the district.
    """

    location = models.ForeignKey(Location, models.CASCADE, related_name="districts")
    level = models.CharField(max_length=30, choices=DistrictLevel)
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True)
    is_derived = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = (
            known_values("locationdistrict", "level", DistrictLevel),
            models.UniqueConstraint(
                fields=["location", "level"], name="locationdistrict_level_unique"
            ),
        )

    def __str__(self) -> str:
        """Return the level."""
        return self.level


class Accessibility(models.Model):
    """An arrangement for people with disabilities (HSDS accessibility)."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="accessibility")
    description = models.JSONField()
    details = models.JSONField(default=dict, blank=True)
    url = models.URLField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name_plural = "accessibility"
        constraints = (
            language_map("accessibility", "description"),
            language_map("accessibility", "details", blank=True),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.pk)
