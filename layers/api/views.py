"""A resource of `/api/v1/`: a public resource that the OpenAPI document describes."""

from collections.abc import Mapping
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
    post_summary, post_description, post_reply
        The same of POST, where the resource has another method that differs.
    delete_summary, delete_description, delete_reply, delete_headers
        The same of DELETE; headers that must be sent, name -> what it holds.
    """

    schema = ResourceSchema()
    summary: ClassVar[str] = ""
    reply: ClassVar[Reply]
    tag: ClassVar[str] = ""
    post_summary: ClassVar[str] = ""
    post_description: ClassVar[str] = ""
    post_reply: ClassVar[Reply | None] = None
    delete_summary: ClassVar[str] = ""
    delete_description: ClassVar[str] = ""
    delete_reply: ClassVar[Reply | None] = None
    delete_headers: ClassVar[Mapping[str, str]] = {}


class GeoResource(Resource):
    """A resource of GeoJSON features."""

    offers = (GEOJSON, JSON)
