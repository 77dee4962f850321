"""The peer in Django: a layer by DRF-GIS, as its manual shows it.

An unmanaged model of the peers' table, a `GeoFeatureModelSerializer`, the bbox filter
that comes with DRF-GIS and DRF's own paging. Connections are kept open and middleware is
the project's own.
"""

from django.contrib.gis.db import models
from django.urls import path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework_gis.filters import InBBoxFilter
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from tests.bench.published.attributes import ATTRIBUTES


class Place(models.Model):
    code = models.CharField()
    name_el = models.CharField()
    name_en = models.CharField()
    category = models.CharField()
    organization = models.CharField()
    address = models.CharField()
    postcode = models.CharField()
    phone = models.CharField()
    website = models.CharField()
    capacity = models.IntegerField()
    area_m2 = models.FloatField()
    step_free = models.BooleanField()
    opened_on = models.DateField()
    checked_at = models.DateTimeField()
    geom = models.PointField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = 'peer"."points'  # Django quotes the whole: schema and table

    def __str__(self) -> str:
        return self.code


class PlaceSerializer(GeoFeatureModelSerializer):
    class Meta:
        model = Place
        geo_field = "geom"
        fields = ("id", *ATTRIBUTES)


class UpToTenThousand(LimitOffsetPagination):
    default_limit = 100
    max_limit = 10_000


class PlaceList(ListAPIView):  # type: ignore[type-arg]
    queryset = Place.objects.order_by("id")
    serializer_class = PlaceSerializer
    pagination_class = UpToTenThousand
    filter_backends = (InBBoxFilter,)
    bbox_filter_field = "geom"


urlpatterns = [path("peer/places", PlaceList.as_view())]
