"""Where tiles are, by themselves and below the OGC API."""

from django.urls import path

from layers.answers.extensions import extend
from layers.tiles import tilesets
from layers.tiles.ogc_tile import CollectionTile, DatasetTile
from layers.tiles.openapi import extension
from layers.tiles.tile import VectorTile
from layers.tiles.tilejson import TileJson, TileJsons

_OF_LAYER = "ogc/collections/<str:layer>/tiles"
_ADDRESS = "<str:scheme>/<int:z>/<int:y>/<int:x>"

urlpatterns = [
    path("tiles/<str:layer>/<int:z>/<int:x>/<int:y>.mvt", VectorTile.as_view()),
    path("tiles/", TileJsons.as_view()),
    path("tiles/<str:layer>.json", TileJson.as_view()),
    path("ogc/tileMatrixSets", tilesets.MatrixSets.as_view()),
    path("ogc/tileMatrixSets/<str:scheme>", tilesets.MatrixSet.as_view()),
    path("ogc/tiles", tilesets.DatasetTilesets.as_view()),
    path("ogc/tiles/<str:scheme>", tilesets.DatasetTileset.as_view()),
    path(f"ogc/tiles/{_ADDRESS}", DatasetTile.as_view()),
    path(_OF_LAYER, tilesets.CollectionTilesets.as_view()),
    path(f"{_OF_LAYER}/<str:scheme>", tilesets.CollectionTileset.as_view()),
    path(f"{_OF_LAYER}/{_ADDRESS}", CollectionTile.as_view()),
]

extend(extension())
