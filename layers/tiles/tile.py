"""`/tiles/{layer}/{z}/{x}/{y}.mvt`: what MapLibre and QGIS draw."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from layers.answers.answer import Answer
from layers.answers.resource import Asked, PublicResource
from layers.params.collections import filter_parameters, filters_of
from layers.params.reading import Parameters
from layers.published.layers import catalogue, items, tiles
from layers.published.layers.layer import Layer
from layers.published.versions import DataState

_NOTHING = Parameters()

MVT = "application/vnd.mapbox-vector-tile"


def tile_parameters(layer: Layer) -> Parameters:
    """Return the filters that a tile takes: those of the layer, less the box."""
    return filter_parameters(layer).without("bbox", "bbox-crs")


class VectorTile(PublicResource):
    """A tile of a layer in Web Mercator; `x` before `y`, counted from the north-west.

    A tile where nothing is has no bytes. It has every feature of the layer that is on
    it, except where points crowd: then it shows the cells of a grid with their counts.
    """

    offers = (MVT,)

    def get(self, asked: Asked) -> Answer:
        """Return the tile."""
        path, values = asked.path, asked.values
        z, x, y = (int(path[name]) for name in ("z", "x", "y"))
        if values:
            found = tiles.tile(
                path["layer"], z, x, y, lambda layer: filters_of(layer, values)
            )
        else:
            found = tiles.tile(path["layer"], z, x, y)
        return Answer(found.body, MVT, state=found.state)

    def parameters_of(self, path: Mapping[str, str]) -> Parameters:
        """Return the filters of the layer, less the box: a tile is one."""
        if not self.request.META.get("QUERY_STRING"):
            return _NOTHING
        return tile_parameters(catalogue.layer(path["layer"]))

    def state_of(self, asked: Asked) -> DataState:
        """Return the state of the layer's data."""
        return items.layer_state(asked.path["layer"])

    def media_type_of(self, request: HttpRequest, values: Mapping[str, Any]) -> str:
        """Return the one format there is, whatever a map client says it accepts."""
        return MVT
