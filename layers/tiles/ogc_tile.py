"""Tiles below `/ogc/`: the same tiles, with the row before the column."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from layers.answers.answer import Answer
from layers.answers.resource import Asked, PublicResource
from layers.errors import InvalidParameter, NotFound
from layers.params.kinds import Code
from layers.params.reading import Parameter, Parameters
from layers.published.layers import catalogue, tiles
from layers.published.versions import data_state
from layers.tiles.tile import MVT, VectorTile
from layers.tiles.tilesets import check_scheme, drawn

COLLECTIONS = Parameter(
    "collections",
    Code(),
    "Only these collections; without it all that can be drawn, less the results of "
    "analyses, of which one theme has to be chosen.",
    many=True,
)


class CollectionTile(VectorTile):
    """A tile of one layer."""

    def get(self, asked: Asked) -> Answer:
        """Return the tile."""
        check_scheme(asked.path["scheme"])
        return super().get(asked)


class DatasetTile(PublicResource):
    """A tile of several layers, each under its own name."""

    parameters = Parameters(COLLECTIONS)
    offers = (MVT,)

    def get(self, asked: Asked) -> Answer:
        """Return the tile."""
        check_scheme(asked.path["scheme"])
        state = data_state()
        z, x, y = (int(asked.path[name]) for name in ("z", "x", "y"))
        wanted = _wanted(asked.values["collections"])
        body = b"".join(tiles.tile(id_, z, x, y).body for id_ in wanted)
        return Answer(body, MVT, state=state)

    def media_type_of(self, request: HttpRequest, values: Mapping[str, Any]) -> str:
        """Return the one format there is, whatever a map client says it accepts."""
        return MVT


def _wanted(ids: tuple[str, ...]) -> list[str]:
    """Return the collections of a tile; a layer's features of many themes are left out."""
    if not ids:
        return [layer.id for layer in drawn() if layer.is_in_dataset_tiles]
    for id_ in ids:
        try:
            layer = catalogue.layer(id_)
        except NotFound:
            layer = None
        if layer is None or layer.geometry is None:
            known = ", ".join(layer.id for layer in drawn())
            raise InvalidParameter("collections", id_, f"of {known}")
    return list(ids)
