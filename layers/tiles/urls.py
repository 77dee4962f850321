"""Where tiles are."""

from django.urls import path

from layers.tiles.tile import VectorTile
from layers.tiles.tilejson import TileJson, TileJsons

urlpatterns = [
    path("tiles/", TileJsons.as_view()),
    path("tiles/<str:layer>.json", TileJson.as_view()),
    path("tiles/<str:layer>/<int:z>/<int:x>/<int:y>.mvt", VectorTile.as_view()),
]
