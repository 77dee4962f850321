"""OGC API - Tiles below `/ogc/`: which tilesets there are and how to ask for a tile."""

import math
from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest

from layers.answers.answer import JSON, Answer
from layers.answers.extensions import Link
from layers.answers.resource import Asked, PublicResource
from layers.errors import NotFound
from layers.params.kinds import Choice
from layers.params.languages import LANG
from layers.params.reading import Parameter, Parameters
from layers.published.layers import catalogue
from layers.published.layers.extents import extent
from layers.published.layers.layer import Layer
from layers.published.layers.texts import text_in
from layers.published.versions import data_state
from layers.tiles.matrix_sets import (
    CRS_URI,
    TILE_MATRIX_SET_URI,
    WEB_MERCATOR_QUAD,
    limits,
    web_mercator_quad,
)
from layers.tiles.tile import MVT
from layers.tiles.tilejson import vector_layers

_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
TILESETS_REL = f"{_REL}tilesets-vector"
SCHEMES_REL = f"{_REL}tiling-schemes"
SCHEME_REL = f"{_REL}tiling-scheme"
TILEJSON = "application/json"
F = Parameter("f", Choice(("json",)), "Format of the answer.")
_LAT_LIMIT = 85.051128


class _Described(PublicResource):
    """A description in JSON."""

    parameters = Parameters(F, LANG)
    offers = (JSON,)

    def said(self, asked: Asked) -> dict[str, Any]:
        """Return the JSON object."""
        raise NotImplementedError

    def get(self, asked: Asked) -> Answer:
        """Return it."""
        return Answer(orjson.dumps(self.said(asked)), JSON, asked.lang, data_state())


class MatrixSets(_Described):
    """The tile matrix sets that tiles come in."""

    def said(self, asked: Asked) -> dict[str, Any]:
        """Return the one there is."""
        href = root(asked.request) + f"/tileMatrixSets/{WEB_MERCATOR_QUAD}"
        listed = {
            "id": WEB_MERCATOR_QUAD,
            "title": "Google Maps Compatible for the World",
            "uri": TILE_MATRIX_SET_URI,
            "crs": CRS_URI,
            "links": [Link("self", href, JSON).member()],
        }
        return {"tileMatrixSets": [listed]}


class MatrixSet(_Described):
    """A tile matrix set."""

    def said(self, asked: Asked) -> dict[str, Any]:
        """Return its matrices."""
        check_scheme(asked.path["scheme"])
        return web_mercator_quad()


class DatasetTilesets(_Described):
    """The tilesets of all layers together."""

    def said(self, asked: Asked) -> dict[str, Any]:
        """Return the list."""
        here = root(asked.request) + "/tiles"
        own = [Link("self", here, JSON).member()]
        return {"tilesets": [_listed(here, "GeoACCMR")], "links": own}


class DatasetTileset(_Described):
    """The tileset of all layers together."""

    def said(self, asked: Asked) -> dict[str, Any]:
        """Return where its tiles are and which layers they hold."""
        check_scheme(asked.path["scheme"])
        here = root(asked.request) + "/tiles"
        layers = drawn()
        return _tileset(here, "GeoACCMR", layers, asked.lang, in_dataset=True)


class CollectionTilesets(_Described):
    """The tilesets of one layer."""

    def said(self, asked: Asked) -> dict[str, Any]:
        """Return the list."""
        layer = with_geometry(asked.path["layer"])
        here = f"{root(asked.request)}/collections/{layer.id}/tiles"
        own = [Link("self", here, JSON).member()]
        title = text_in(layer.titles, asked.lang) or layer.id
        return {"tilesets": [_listed(here, title)], "links": own}


class CollectionTileset(_Described):
    """The tileset of one layer."""

    def said(self, asked: Asked) -> dict[str, Any]:
        """Return where its tiles are and what they hold."""
        check_scheme(asked.path["scheme"])
        layer = with_geometry(asked.path["layer"])
        here = f"{root(asked.request)}/collections/{layer.id}/tiles"
        title = text_in(layer.titles, asked.lang) or layer.id
        described = asked.request.build_absolute_uri(f"/tiles/{layer.id}.json")
        said = _tileset(here, title, [layer], asked.lang)
        said["links"].append(
            Link("describedby", described, TILEJSON, "TileJSON").member()
        )
        return said


def root(request: HttpRequest) -> str:
    """Return the absolute address of `/ogc`."""
    return request.build_absolute_uri("/ogc")


def check_scheme(scheme: str) -> None:
    """Raise NotFound for any tile matrix set but the one there is."""
    if scheme != WEB_MERCATOR_QUAD:
        raise NotFound("tile matrix set", scheme)


def with_geometry(id_: str) -> Layer:
    """Return a layer that can be drawn; NotFound where it is a table, or none."""
    layer = catalogue.layer(id_)
    if layer.geometry is None:
        raise NotFound("tile layer", id_)
    return layer


def drawn() -> list[Layer]:
    """Return the layers that can be drawn."""
    return [layer for layer in catalogue.layers() if layer.geometry is not None]


def _listed(here: str, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "dataType": "vector",
        "crs": CRS_URI,
        "tileMatrixSetURI": TILE_MATRIX_SET_URI,
        "links": [
            Link("self", f"{here}/{WEB_MERCATOR_QUAD}", JSON).member(),
            _scheme_link(here).member(),
        ],
    }


def _scheme_link(here: str) -> Link:
    address = here[: here.index("/ogc") + len("/ogc")]
    return Link(SCHEME_REL, f"{address}/tileMatrixSets/{WEB_MERCATOR_QUAD}", JSON)


def _tileset(
    here: str,
    title: str,
    layers: Sequence[Layer],
    lang: str,
    *,
    in_dataset: bool = False,
) -> dict[str, Any]:
    reach = [found.bounds for found in map(extent, layers) if found.bounds]
    bounds = _around(reach)
    tile = f"{here}/{WEB_MERCATOR_QUAD}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    if in_dataset:
        tile += "{?collections}"
    said = _listed(here, title)
    said["links"] = [
        Link("self", f"{here}/{WEB_MERCATOR_QUAD}", JSON).member(),
        _scheme_link(here).member(),
        Link("item", tile, MVT, is_templated=True).member(),
    ]
    said["layers"] = [
        {"id": known["id"], "dataType": "vector", "title": known["id"]}
        for layer in layers
        for known in vector_layers(layer, lang)
    ]
    said["tileMatrixSetLimits"] = limits(bounds, tile_at)
    if bounds is not None:
        west, south, east, north = bounds
        said["boundingBox"] = {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        }
    return said


def _around(
    boxes: Sequence[tuple[float, float, float, float]],
) -> tuple[float, float, float, float] | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return column and row of the tile that a spot lies on; the map's edge is inside."""
    side = 1 << z
    lat = min(max(lat, -_LAT_LIMIT), _LAT_LIMIT)
    x = (lon + 180) / 360
    y = 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
    return min(int(x * side), side - 1), min(max(int(y * side), 0), side - 1)
