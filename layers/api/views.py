"""A resource of `/api/v1/`: a public resource that the OpenAPI document describes."""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework.views import APIView

from layers.answers.answer import GEOJSON, JSON
from layers.answers.resource import Asked, PublicResource
from layers.api.openapi import Operation, Reply, ResourceSchema
from layers.params.reading import Parameters

__all__ = ["Asked", "GeoResource", "Resource"]


class Resource(PublicResource, APIView):
    """A resource that anybody may read.

    Attributes
    ----------
    summary, reply, tag
        For the OpenAPI document.
    operations : mapping of str to Operation
        Methods that have parameters or an answer of their own.
    """

    schema = ResourceSchema()
    summary: ClassVar[str] = ""
    reply: ClassVar[Reply]
    tag: ClassVar[str] = ""
    operations: ClassVar[Mapping[str, Operation]] = {}

    def parameters_for(self, method: str, path: Mapping[str, str]) -> Parameters:
        """Return what a request may hold, by its method."""
        own = self.operations.get("GET" if method == "HEAD" else method)
        return self.parameters_of(path) if own is None else own.parameters


class GeoResource(Resource):
    """A resource of GeoJSON features."""

    offers = (GEOJSON, JSON)
