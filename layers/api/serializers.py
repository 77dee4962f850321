"""What one record looks like; each row is frozen and comes from `published`.

Language maps are given whole here: whoever asks for one record may want all its texts.
"""

from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField

from layers.geo import COORDINATE_DECIMALS

# The metaclass takes declared fields off the class, so that a field may be called `source`
# or `parent` as attributes of the framework are; its types do not know.


@extend_schema_field({"$ref": "#/components/schemas/Geometry"})
class StoredGeometry(GeometryField):  # type: ignore[misc]
    """A geometry that comes as hexadecimal EWKB, out as GeoJSON."""

    def __init__(self, **kwargs: Any) -> None:
        """Round coordinates as every other answer does."""
        super().__init__(precision=COORDINATE_DECIMALS, **kwargs)

    def to_representation(self, value: str | None) -> Any:
        """Return the GeoJSON geometry, None for none."""
        return super().to_representation(GEOSGeometry(value)) if value else None


class Texts(serializers.DictField):
    """Language code -> text."""

    child = serializers.CharField()


class _Record(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    municipality = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    name_lang = serializers.CharField(allow_null=True)
    names = Texts()


class _Sourced(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    licence = serializers.CharField()
    demo = serializers.BooleanField(source="is_demo")
    updated_at = serializers.DateTimeField()


class OrganizationSerializer(_Record, _Sourced):
    """An organization."""

    descriptions = Texts()
    org_type = serializers.CharField()
    parent_id = serializers.UUIDField(allow_null=True)
    member_since = serializers.DateField(allow_null=True)
    email = serializers.CharField()
    phone = serializers.CharField()
    url = serializers.CharField()
    logo = serializers.CharField()
    n_services = serializers.IntegerField()


class ServiceSerializer(_Record, _Sourced):
    """A service; `verified_on` and `updated_at` are two dates."""

    organization_id = serializers.UUIDField()
    descriptions = Texts()
    status = serializers.CharField()
    application_process = Texts()
    eligibility = Texts()
    minimum_age = serializers.FloatField(allow_null=True)
    maximum_age = serializers.FloatField(allow_null=True)
    fees = Texts()
    alert = Texts()
    url = serializers.CharField()
    email = serializers.CharField()
    audience = serializers.CharField()
    delivery_mode = serializers.CharField()
    referral_required = serializers.BooleanField(allow_null=True)
    referral_method = serializers.ListField(child=serializers.CharField())
    gender = serializers.CharField()
    step_free = serializers.CharField()
    open_on_holidays = serializers.BooleanField()
    verified_on = serializers.DateField(source="assured_date", allow_null=True)
    verify_every_months = serializers.IntegerField(
        source="update_frequency", allow_null=True
    )
    service_point_ids = serializers.ListField(child=serializers.UUIDField())


class _LocationProperties(_Sourced):
    municipality = serializers.CharField()
    location_type = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    name_lang = serializers.CharField(allow_null=True)
    names = Texts()
    address = Texts()
    city = Texts()
    postal_code = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    precision = serializers.CharField(allow_null=True)
    transportation = Texts()
    service_point_ids = serializers.ListField(child=serializers.UUIDField())


class _Feature(serializers.Serializer[Any]):
    type = serializers.SerializerMethodField()
    id = serializers.UUIDField()

    def get_type(self, _row: object) -> str:
        return "Feature"


class LocationFeature(_Feature):
    """A public place, as a GeoJSON feature."""

    geometry = StoredGeometry(source="point")
    properties = _LocationProperties(source="*")


class _DistrictProperties(serializers.Serializer[Any]):
    municipality = serializers.CharField()
    level = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    name_lang = serializers.CharField()
    names = Texts()
    parent_code = serializers.CharField(allow_null=True)
    area_m2 = serializers.FloatField()
    is_schematic = serializers.BooleanField()
    boundary_source = serializers.CharField()
    boundary_licence = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    label_point = StoredGeometry()


class DistrictFeature(_Feature):
    """A district, as a GeoJSON feature."""

    geometry = StoredGeometry(source="boundary")
    properties = _DistrictProperties(source="*")


class TaxonomySerializer(serializers.Serializer[Any]):
    """A taxonomy."""

    slug = serializers.CharField()
    name = serializers.CharField()
    name_lang = serializers.CharField()
    n_terms = serializers.IntegerField()


class TermSerializer(serializers.Serializer[Any]):
    """A term; `path` runs from the root to it."""

    slug = serializers.CharField()
    name = serializers.CharField()
    name_lang = serializers.CharField()
    names = Texts()
    descriptions = Texts()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    path = serializers.ListField(child=serializers.CharField())
    icon = serializers.CharField()
    committees = serializers.ListField(child=serializers.CharField())
    sectors = serializers.ListField(child=serializers.CharField())
    n_services = serializers.IntegerField()


class CommitteeSerializer(serializers.Serializer[Any]):
    """A working committee and the categories that are its business."""

    slug = serializers.CharField()
    name = serializers.CharField()
    name_lang = serializers.CharField()
    names = Texts()
    descriptions = Texts()
    categories = serializers.ListField(child=serializers.CharField())
    n_services = serializers.IntegerField()


class StandardSerializer(serializers.Serializer[Any]):
    """What a municipality calls covered."""

    municipality = serializers.CharField()
    category = serializers.CharField()
    groups = serializers.ListField(child=serializers.CharField())
    max_walk_min = serializers.FloatField(allow_null=True)
    target_per_1000 = serializers.FloatField(allow_null=True)
    note = serializers.CharField()
