"""The peer: a list of service points by DRF-GIS, as people write it.

One table, one serializer, one view and DRF's own paging, over the very rows that the
project answers from, with the properties that its features carry. Nothing is slowed
down on purpose: the table is flat, so there is no query per row, and connections and
middleware are those of the project.
"""

import os

from django.contrib.gis.db.models.functions import Distance
from django.db.models import QuerySet
from django.urls import include, path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework_gis.filters import DistanceToPointFilter
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from layers.models import ServicePoint
from layers.published.layers import tiles
from layers.published.layers.tile_cache import TileCache


class ServicePointSerializer(GeoFeatureModelSerializer):
    class Meta:
        model = ServicePoint
        geo_field = "point"
        fields = (
            "id", "service", "location_id", "organization_id", "municipality_slug",
            "names", "organization_names", "category", "categories", "committees",
            "groups", "languages", "language_modes", "status", "audience",
            "delivery_mode", "gender", "step_free", "referral_required", "minimum_age",
            "maximum_age", "hours_known", "by_appointment", "weekly_open_min",
            "open_on_holidays", "assured_date", "update_frequency",
            "municipality_code", "municipal_community_code", "neighbourhood_code",
            "serves_everywhere", "serves_codes", "visibility", "precision", "capacity",
            "capacity_unit", "is_demo", "updated_at",
        )  # fmt: skip


class UpToThousand(LimitOffsetPagination):
    default_limit = 100
    max_limit = 1000


class ServicePointList(ListAPIView):  # type: ignore[type-arg]
    queryset = ServicePoint.objects.order_by("id")
    serializer_class = ServicePointSerializer
    pagination_class = UpToThousand


class NearestServicePoints(ListAPIView):  # type: ignore[type-arg]
    """The filter by distance that comes with DRF-GIS, nearest first, with the metres."""

    serializer_class = ServicePointSerializer
    pagination_class = UpToThousand
    filter_backends = (DistanceToPointFilter,)
    distance_filter_field = "point"
    distance_filter_convert_meters = True

    def get_queryset(self) -> "QuerySet[ServicePoint]":
        asked = self.request.query_params
        spot = DistanceToPointFilter().get_filter_point(self.request, srid=4326)
        return (
            ServicePoint.objects.filter(
                categories__contains=[asked["category"]],
                languages__contains=[asked["language"]],
                status="active",
            )
            .annotate(distance=Distance("point", spot))
            .order_by("distance")
        )


if os.environ.get("BENCH_KEEPS_NO_TILES"):
    # To be compared with the bare statement, a tile has to be made each time.
    tiles._cache = TileCache(0)

urlpatterns = [
    path("peer/service-points", ServicePointList.as_view()),
    path("peer/nearest", NearestServicePoints.as_view()),
    path("", include("tests.bench.published.peer_views")),
    path("", include("geo_accmr.urls")),
]
