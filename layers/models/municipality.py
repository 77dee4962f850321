"""A municipality: everything else belongs to one, and none is a constant."""

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.postgres.fields import ArrayField
from django.db import models

from layers.models.base import TEXT, Identified
from layers.models.constraints import language_map, valid_polygon


class Municipality(Identified):
    """A city of the network, with its boundary, its clock and its languages.

    `boundary` is a MultiPolygon in EPSG:4326, null until it is loaded. `is_demo` says
    that districts or people of it are drawn or modelled for show.
    """

    code = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    names = models.JSONField()
    country = models.CharField(max_length=2, default="GR")
    boundary = MultiPolygonField(srid=4326, null=True, blank=True)
    boundary_source = models.CharField(max_length=TEXT, blank=True, default="")
    boundary_licence = models.CharField(max_length=TEXT, blank=True, default="")
    timezone = models.CharField(max_length=60, default="Europe/Athens")
    languages = ArrayField(models.CharField(max_length=3), default=list)
    settings = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("slug",)
        verbose_name_plural = "municipalities"
        constraints = (
            language_map("municipality", "names"),
            valid_polygon("municipality", "boundary"),
        )

    def __str__(self) -> str:
        """Return the slug."""
        return self.slug
