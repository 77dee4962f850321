"""The walking network, where one is loaded."""

from django.contrib.gis.db.models import LineStringField, PointField
from django.db import models

from layers.models.base import TEXT
from layers.models.constraints import at_least, lon_lat
from layers.models.municipality import Municipality


class StreetNetwork(models.Model):
    """Where a municipality's streets came from, and how much longer they make a walk.

    `digest` is of the streets as they were read: the same file again changes nothing.
    `detour` is the median of walks along the streets over straight lines, null until
    `calibrate_detour` has measured it; `calibration` says from what.
    """

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="+")
    source = models.CharField(max_length=TEXT)
    licence = models.CharField(max_length=TEXT, blank=True, default="")
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    detour = models.FloatField(null=True, blank=True)
    calibration = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (at_least("streetnetwork", "detour", 1),)

    def __str__(self) -> str:
        """Return the source."""
        return self.source


class StreetNode(models.Model):
    """A junction of the walking network; `source_id` is its id in the source (OSM).

    `local_detour` is how much longer walks from here are than straight lines to
    junctions a few hundred metres off; null where nobody has measured it.
    """

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    source_id = models.BigIntegerField()
    point = PointField(srid=4326)
    elevation_m = models.FloatField(null=True, blank=True)
    local_detour = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = (
            lon_lat("streetnode", "point"),
            at_least("streetnode", "local_detour", 1),
            models.UniqueConstraint(
                fields=["municipality", "source_id"], name="streetnode_source_unique"
            ),
        )

    def __str__(self) -> str:
        """Return the source's id."""
        return str(self.source_id)


class StreetEdge(models.Model):
    """A walkable stretch between two junctions; on foot there is no one-way street.

    `line` runs from `start` to `end`, null where it is straight. `length_m` is its
    length in METRIC_SRID, or what the source says where it says more and draws nothing.
    """

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
