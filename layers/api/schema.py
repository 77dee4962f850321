"""The OpenAPI document: made once per process, from the routes and their declarations."""

from functools import lru_cache
from typing import Any, ClassVar

import orjson
from drf_spectacular.generators import SchemaGenerator

from layers.answers.answer import JSON, Answer
from layers.api.components import COMPONENTS
from layers.api.openapi import Reply
from layers.api.views import Asked, Resource
from layers.params.reading import Parameters

OPENAPI_JSON = "application/vnd.oai.openapi+json;version=3.0"

_DESCRIPTION = (
    "Services of the city for migrants and refugees: where they are, which is nearest, "
    "and where people are not reached. Longitude comes before latitude. Unknown "
    "parameters are an error. Repeated or comma-separated values are alternatives; "
    "different parameters add up."
)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the document; OpenAPI 3.0.3."""
    from layers.api.urls import urlpatterns

    made = _generated(urlpatterns)
    made["info"] = {
        "title": "GeoACCMR API",
        "version": "1",
        "description": _DESCRIPTION,
    }
    made["servers"] = [{"url": "/"}]
    made.setdefault("components", {}).setdefault("schemas", {}).update(COMPONENTS)
    return made


def _generated(patterns: list[Any]) -> dict[str, Any]:
    generator: Any = SchemaGenerator  # comes without types
    made: dict[str, Any] = generator(patterns=patterns).get_schema(public=True)
    return made


class SchemaResource(Resource):
    """Every resource, parameter, answer and error of the API."""

    parameters = Parameters()
    offers: ClassVar[tuple[str, ...]] = (JSON, OPENAPI_JSON)
    is_kept = False
    summary = "The OpenAPI document"
    reply = Reply({JSON: {"type": "object"}, OPENAPI_JSON: {"type": "object"}})

    def get(self, asked: Asked) -> Answer:
        """Return the document."""
        return Answer(orjson.dumps(document()), asked.media_type, "en")
