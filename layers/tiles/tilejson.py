"""`/tiles/{layer}.json`: where a layer's tiles are and what they hold (TileJSON 3.0.0)."""

from typing import Any

import orjson
from django.http import HttpRequest

from layers.answers.answer import JSON, Answer
from layers.answers.resource import Asked, PublicResource
from layers.errors import NotFound
from layers.params.languages import LANG
from layers.params.reading import Parameters
from layers.published.layers import catalogue, items
from layers.published.layers.extents import Extent, extent
from layers.published.layers.layer import Column, GeometryKind, Kind, Layer
from layers.published.layers.texts import text_in
from layers.published.layers.tile_sql import LABELS, MAX_ZOOM, has_labels, tile_columns
from layers.published.versions import DataState, data_state

_FIELD_TYPES = {
    Kind.INTEGER: "Number",
    Kind.NUMBER: "Number",
    Kind.BOOLEAN: "Boolean",
}
_CLUSTER_FIELDS = {
    "cluster": "Boolean: whether it stands for several points that crowd here",
    "point_count": "Number of points that a cell stands for",
}
_WORLD = (-180.0, -85.051129, 180.0, 85.051129)


class TileJson(PublicResource):
    """A layer's tiles, described for map clients."""

    parameters = Parameters(LANG)
    offers = (JSON,)

    def get(self, asked: Asked) -> Answer:
        """Return the description."""
        layer = catalogue.layer(asked.path["layer"])
        if layer.geometry is None:
            raise NotFound("tile layer", layer.id)
        reach = extent(layer)
        body = orjson.dumps(tilejson(asked.request, layer, reach, asked.lang))
        return Answer(body, JSON, asked.lang, reach.state)

    def state_of(self, asked: Asked) -> DataState:
        """Return the state of the layer's data."""
        return items.layer_state(asked.path["layer"])


class TileJsons(PublicResource):
    """The layers that have tiles."""

    parameters = Parameters(LANG)
    offers = (JSON,)

    def get(self, asked: Asked) -> Answer:
        """Return them by id."""
        listed = [
            {
                "id": layer.id,
                "name": text_in(layer.titles, asked.lang) or layer.id,
                "tilejson": asked.request.build_absolute_uri(f"/tiles/{layer.id}.json"),
            }
            for layer in catalogue.layers()
            if layer.geometry is not None
        ]
        body = orjson.dumps({"tilesets": listed})
        return Answer(body, JSON, asked.lang, data_state())


def tilejson(
    request: HttpRequest, layer: Layer, reach: Extent, lang: str
) -> dict[str, Any]:
    """Return the TileJSON of a layer; texts in a language."""
    west, south, east, north = reach.bounds or _WORLD
    said = {
        "tilejson": "3.0.0",
        "name": text_in(layer.titles, lang) or layer.id,
        "description": text_in(layer.descriptions, lang),
        "attribution": " ".join(filter(None, (layer.attribution, layer.licence))),
        "scheme": "xyz",
        "tiles": [
            f"{request.build_absolute_uri('/tiles/')}{layer.id}/{{z}}/{{x}}/{{y}}.mvt"
        ],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": [west, max(south, _WORLD[1]), east, min(north, _WORLD[3])],
        "center": [(west + east) / 2, (south + north) / 2, 10],
        "vector_layers": vector_layers(layer, lang),
    }
    return {name: value for name, value in said.items() if value not in ("", None)}


def vector_layers(layer: Layer, lang: str) -> list[dict[str, Any]]:
    """Return what each layer in the tiles holds: the features, and labels of areas."""
    fields = {c.name: _field(c, lang) for c in tile_columns(layer)}
    features = dict(fields)
    if layer.geometry is not None and layer.geometry.kind is GeometryKind.POINT:
        features |= _CLUSTER_FIELDS
    found = [{"id": layer.id, "fields": features, "minzoom": 0, "maxzoom": MAX_ZOOM}]
    if has_labels(layer):
        found.append(
            {
                "id": layer.id + LABELS,
                "description": "A point inside each area, in one tile only",
                "fields": fields,
                "minzoom": 0,
                "maxzoom": MAX_ZOOM,
            }
        )
    return found


def _field(column: Column, lang: str) -> str:
    kind = _FIELD_TYPES.get(column.kind, "String")
    title = text_in(column.titles, lang)
    return f"{kind}: {title}" if title else kind
