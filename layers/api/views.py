"""A resource of `/api/v1/`: a public resource that the OpenAPI document describes."""

from typing import ClassVar

from rest_framework.views import APIView

from layers.answers.answer import GEOJSON, JSON
from layers.answers.resource import Asked, PublicResource
from layers.api.openapi import Reply, ResourceSchema

__all__ = ["Asked", "GeoResource", "Resource"]


class Resource(PublicResource, APIView):
    """A resource that anybody may read.

    Attributes
    ----------
    summary, reply, tag
        For the OpenAPI document.
    """

    schema = ResourceSchema()
    summary: ClassVar[str] = ""
    reply: ClassVar[Reply]
    tag: ClassVar[str] = ""


class GeoResource(Resource):
    """A resource of GeoJSON features."""

    offers = (GEOJSON, JSON)
