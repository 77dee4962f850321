"""The read model: flat rows that public readers are answered from.

Only `directory/read_model.py` writes here. A row exists only for what anyone may see:
hidden places have none, `district_only` places have no point, address or place name.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.db.models import MultiPolygonField, PointField
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import Q

from layers.models.constraints import known_values, lon_lat
from layers.models.location import Visibility
from layers.models.municipality import Municipality
from layers.models.service import Service
from layers.models.service_at_location import ServiceAtLocation

if TYPE_CHECKING:
    _Column = models.Field[Any, Any]
else:  # Django's own class takes no type parameters
    _Column = models.Field


class IntMultiRangeField(_Column):
    """A PostgreSQL int4multirange; opaque to Python, evaluated in SQL."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 (Django's signature)
        """Return the SQL type."""
        return "int4multirange"


class DateRangeArrayField(_Column):
    """A PostgreSQL daterange[]."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 (Django's signature)
        """Return the SQL type."""
        return "daterange[]"


class IntMultiRangeArrayField(_Column):
    """A PostgreSQL int4multirange[]."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 (Django's signature)
        """Return the SQL type."""
        return "int4multirange[]"


def _slugs() -> "ArrayField[Any, Any]":
    return ArrayField(models.TextField(), default=list)


class Timetable(models.Model):
    """Opening hours of a service, or of one place of it, ready for SQL.

    Minutes are keyed by `weekday * 2880 + minute`, Monday 0; see
    `measures/opening_hours.py`, whose rule this stores.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, related_name="+"
    )
    is_known = models.BooleanField()
    by_appointment = models.BooleanField()
    base = IntMultiRangeField()
    segment_days = DateRangeArrayField()
    segment_hours = IntMultiRangeArrayField()
    segment_explicit = ArrayField(models.BooleanField())
    weekly_open_min = models.PositiveIntegerField()
    week = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["service", "service_at_location"],
                nulls_distinct=False,
                name="timetable_unique",
            ),
        )

    def __str__(self) -> str:
        """Return the minutes of a week."""
        return f"{self.weekly_open_min} min"


class ServicePoint(models.Model):
    """A published service at a place that may be shown, or without a place.

    `id` is the service-at-location's, or the service's own where there is no place to
    show. `point` is EPSG:4326 and null for services without a place and for
    `district_only` ones; `point_m` is the same in METRIC_SRID. `properties` is the
    prepared text of the GeoJSON properties that need no language.
    """

    id = models.UUIDField(primary_key=True)
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    municipality_slug = models.TextField()
    organization_id = models.UUIDField()
    location_id = models.UUIDField(null=True)
    visibility = models.TextField(choices=Visibility)
    names = models.JSONField()
    organization_names = models.JSONField()
    point = PointField(srid=4326, null=True, spatial_index=False)
    point_m = models.GeneratedField(
        expression=Transform("point", settings.METRIC_SRID),
        output_field=PointField(
            srid=settings.METRIC_SRID, spatial_index=False, null=True
        ),
        db_persist=True,
    )
    precision = models.TextField(null=True)
    category = models.TextField(blank=True)
    categories = _slugs()
    committees = _slugs()
    groups = _slugs()
    languages = _slugs()
    language_modes = models.JSONField(default=dict)
    status = models.TextField()
    audience = models.TextField()
    delivery_mode = models.TextField()
    gender = models.TextField()
    step_free = models.TextField()
    referral_required = models.BooleanField(null=True)
    minimum_age = models.FloatField(null=True)
    maximum_age = models.FloatField(null=True)
    open_on_holidays = models.BooleanField()
    hours_known = models.BooleanField()
    by_appointment = models.BooleanField()
    base_hours = IntMultiRangeField()
    segment_days = DateRangeArrayField()
    segment_hours = IntMultiRangeArrayField()
    segment_explicit = ArrayField(models.BooleanField())
    weekly_open_min = models.PositiveIntegerField(null=True)
    timezone = models.TextField()
    assured_date = models.DateField(null=True)
    update_frequency = models.PositiveSmallIntegerField(null=True)
    district_codes = _slugs()
    municipality_code = models.TextField(null=True)
    municipal_community_code = models.TextField(null=True)
    neighbourhood_code = models.TextField(null=True)
    serves_everywhere = models.BooleanField()
    serves_codes = _slugs()
    serves_extent = MultiPolygonField(srid=4326, null=True, spatial_index=False)
    capacity = models.FloatField(null=True)
    capacity_unit = models.TextField(blank=True)
    is_demo = models.BooleanField()
    updated_at = models.DateTimeField()
    search_text = models.TextField()
    geometry_json = models.TextField()
    properties = models.TextField()
    address = models.JSONField(default=dict, db_default={})
    phones = ArrayField(models.TextField(), default=list, db_default=[])
    email = models.TextField(blank=True, db_default="")
    url = models.TextField(blank=True, db_default="")

    class Meta:
        constraints = (
            known_values("servicepoint", "visibility", Visibility),
            lon_lat("servicepoint", "point"),
            models.CheckConstraint(
                condition=~Q(visibility="hidden"), name="servicepoint_never_hidden"
            ),
            models.CheckConstraint(
                condition=Q(visibility="public")
                | Q(
                    point__isnull=True, location_id__isnull=True, precision__isnull=True
                ),
                name="servicepoint_protected_has_no_place",
            ),
        )
        indexes = (
            GistIndex(fields=["point"], name="servicepoint_point"),
            GistIndex(fields=["point_m"], name="servicepoint_point_m"),
            GinIndex(fields=["categories"], name="servicepoint_categories"),
            GinIndex(fields=["committees"], name="servicepoint_committees"),
            GinIndex(fields=["groups"], name="servicepoint_groups"),
            GinIndex(fields=["languages"], name="servicepoint_languages"),
            GinIndex(fields=["district_codes"], name="servicepoint_districts"),
            GinIndex(
                OpClass("search_text", "gin_trgm_ops"), name="servicepoint_search"
            ),
            models.Index(fields=["organization_id"], name="servicepoint_organization"),
            models.Index(fields=["location_id"], name="servicepoint_location"),
            models.Index(fields=["assured_date"], name="servicepoint_assured"),
            models.Index(fields=["municipality", "id"], name="servicepoint_keyset"),
            # What cannot be drawn is counted in every list and listed with every nearest.
            models.Index(
                fields=["id"],
                include=["status"],
                condition=Q(point__isnull=True),
                name="servicepoint_placeless",
            ),
            GinIndex(
                fields=["categories"],
                condition=Q(point__isnull=True),
                name="servicepoint_placeless_cats",
            ),
        )

    def __str__(self) -> str:
        """Return the id."""
        return str(self.id)


class ServicePointText(models.Model):
    """The part of a service point's properties that depends on the reader's language.

    `properties` is the inside of a JSON object, ready to be joined with the rest.
    """

    service_point = models.ForeignKey(ServicePoint, models.CASCADE, db_index=False)
    lang = models.CharField(max_length=3)
    properties = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["service_point", "lang"], name="servicepointtext_unique"
            ),
        )

    def __str__(self) -> str:
        """Return the language."""
        return self.lang


class ServicePointFeature(models.Model):
    """A service point as layer `service-points` sends it: a GeoJSON feature as text.

    Beside the row and not in it, so that searches read rows without it.
    """

    service_point = models.OneToOneField(
        ServicePoint, models.CASCADE, primary_key=True, related_name="+"
    )
    feature = models.TextField()

    def __str__(self) -> str:
        """Return the id."""
        return str(self.service_point_id)


class ServicePointCategory(models.Model):
    """A service point under one of its categories or their parents.

    Its GiST index on (category, point) finds the nearest of one category without
    reading the others.
    """

    service_point = models.ForeignKey(ServicePoint, models.CASCADE)
    category = models.TextField()
    point_m = PointField(srid=settings.METRIC_SRID, spatial_index=False)

    class Meta:
        indexes = (
            GistIndex(
                fields=["category", "point_m"], name="servicepointcategory_nearest"
            ),
        )

    def __str__(self) -> str:
        """Return the category."""
        return self.category


class DataVersion(models.Model):
    """A counter per kind of data, raised in the same transaction as each change.

    ETags, tile caches and analysis runs are tied to it.
    """

    name = models.CharField(max_length=60, primary_key=True)
    version = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(version__gte=0), name="dataversion_positive"
            ),
        )

    def __str__(self) -> str:
        """Return name and number."""
        return f"{self.name} {self.version}"
