"""`/api/v1/service-points`: what the map draws and the list shows."""

from typing import Any
from uuid import UUID

import orjson

from layers.answers.answer import GEOJSON, JSON, Answer
from layers.api.components import collection, ref
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.pages import page
from layers.api.views import Asked, GeoResource
from layers.errors import NotFound
from layers.params.kinds import Choice, Flag, Uuid
from layers.params.languages import LANG
from layers.params.paging import LIMIT, cursor
from layers.params.reading import Parameter, Parameters
from layers.params.service_points import SERVICE_POINT_FILTERS, filters_of
from layers.published import service_points
from layers.published.facets import FACETS

COUNT = Parameter(
    "count",
    Flag(),
    "Count all that match, as `numberMatched`; on large data that costs more than a page.",
    default=False,
)
PAGING = Parameters(LIMIT, cursor(1), COUNT, LANG)

_FACETS = Parameter(
    "facets",
    Choice(FACETS),
    "Facets to count: how many would match if a value were chosen in it, all other filters "
    "kept.",
    many=True,
)

_COUNTS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": {"type": "integer"},
    },
}
_PAGE = collection(
    ref("ServicePoint"),
    unmapped_count={
        "type": "integer",
        "minimum": 0,
        "description": "How many of all that match have no point to be drawn at.",
    },
    facets=_COUNTS,
)


class ServicePoints(GeoResource):
    """Published services at their places, and those without a place, by id.

    What has no point to draw is listed with geometry null and counted in
    `unmapped_count`: services without a place, and places of which only the district is
    public. Without `status` those are shown that are active or closed for a time.
    """

    parameters = SERVICE_POINT_FILTERS + Parameters(_FACETS) + PAGING
    summary = "Service points that match"
    tag = "service points"
    reply = Reply({GEOJSON: _PAGE, JSON: _PAGE})

    def get(self, asked: Asked) -> Answer:
        """Return a page."""
        values = asked.values
        found = service_points.page(
            filters_of(values),
            lang=asked.lang,
            limit=values["limit"],
            after=key_of(values["cursor"]),
            count=values["count"],
            facets=values["facets"],
        )
        members: dict[str, Any] = {"unmapped_count": found.unmapped}
        if found.facets is not None:
            members["facets"] = found.facets
        return page(
            asked,
            features=found.features,
            n=found.n,
            next_key=None if found.next_key is None else (found.next_key,),
            matched=found.matched,
            state=found.state,
            members=members,
        )


class ServicePoint(GeoResource):
    """One service at one place, or one service without a place."""

    summary = "One service point"
    tag = "service points"
    reply = Reply({GEOJSON: ref("ServicePoint"), JSON: ref("ServicePoint")})

    def get(self, asked: Asked) -> Answer:
        """Return the feature."""
        id_ = asked.uuid("service point")
        text, state = service_points.feature(id_, lang=asked.lang)
        if text is None:
            raise NotFound("service point", str(id_))
        said = orjson.dumps(metadata(asked.lang, state=state))
        body = b"%b,%b" % (text.encode()[:-1], said[1:])
        return Answer(body, asked.media_type, asked.lang, state)


_KEY = Uuid()


def key_of(key: tuple[str, ...] | None) -> UUID | None:
    """Return the id that a cursor names."""
    if key is None:
        return None
    id_: UUID = _KEY.from_text("cursor", key[0])
    return id_
