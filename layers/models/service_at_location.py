"""The pair that "nearest" ranks and the map draws, and the area a service serves."""

from django.contrib.gis.db.models import MultiPolygonField
from django.db import models

from layers.models.base import Identified
from layers.models.constraints import known_values, language_map, valid_polygon
from layers.models.district import District
from layers.models.location import Location
from layers.models.service import Service


class ServiceAtLocation(Identified):
    """A service at one of its places (HSDS service_at_location)."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="service_at_locations"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, related_name="service_at_locations"
    )
    description = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["service", "location"], name="serviceatlocation_unique"
            ),
            language_map("serviceatlocation", "description", blank=True),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.id)


class AreaScope(models.TextChoices):
    """How far a service area reaches."""

    DISTRICT = "district"
    MUNICIPALITY = "municipality"
    REGION = "region"
    NATIONAL = "national"


class ServiceArea(models.Model):
    """The area whose residents may use a service: districts, or a drawn extent.

    With scope `municipality`, `region` or `national` no district is listed: such a
    service serves every spot of its municipality.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="service_areas")
    scope = models.CharField(max_length=20, choices=AreaScope, default="district")
    districts = models.ManyToManyField(District, blank=True, related_name="+")
    extent = MultiPolygonField(srid=4326, null=True, blank=True)
    description = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            known_values("servicearea", "scope", AreaScope),
            valid_polygon("servicearea", "extent"),
            language_map("servicearea", "description", blank=True),
        )

    def __str__(self) -> str:
        """Return the scope."""
        return self.scope
