"""The walking network, where one is loaded."""

from django.contrib.gis.db.models import LineStringField, PointField
from django.db import models

from layers.models.base import TEXT
from layers.models.constraints import at_least, lon_lat
from layers.models.municipality import Municipality


class StreetNode(models.Model):
    """A junction of the walking network; `source_id` is its id in the source (OSM)."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    source_id = models.BigIntegerField()
    point = PointField(srid=4326)
    elevation_m = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = (
            lon_lat("streetnode", "point"),
            models.UniqueConstraint(
                fields=["municipality", "source_id"], name="streetnode_source_unique"
            ),
        )

    def __str__(self) -> str:
        """Return the source's id."""
        return str(self.source_id)


class StreetEdge(models.Model):
    """A walkable stretch between two junctions; on foot there is no one-way street."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    start = models.ForeignKey(StreetNode, models.CASCADE, related_name="+")
    end = models.ForeignKey(StreetNode, models.CASCADE, related_name="+")
    line = LineStringField(srid=4326, null=True, blank=True)
    length_m = models.FloatField()
    highway = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=TEXT, blank=True, default="")

    class Meta:
        constraints = (at_least("streetedge", "length_m", 0),)

    def __str__(self) -> str:
        """Return the length."""
        return f"{self.length_m:.0f} m"
