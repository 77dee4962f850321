"""The one way in which the world is cut into tiles: WebMercatorQuad (OGC 17-083r4)."""

from typing import Any

from layers.published.layers.tile_sql import MAX_ZOOM

WEB_MERCATOR_QUAD = "WebMercatorQuad"
TILE_MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"

_ORIGIN_M = 20037508.3427892
_PIXELS = 256
_METRES_OF_A_PIXEL = 0.00028
"""The standard's pixel, by which it turns a resolution into a scale."""


def web_mercator_quad() -> dict[str, Any]:
    """Return the tile matrix set as OGC Two Dimensional Tile Matrix Set 2.0 says it."""
    return {
        "id": WEB_MERCATOR_QUAD,
        "title": "Google Maps Compatible for the World",
        "uri": TILE_MATRIX_SET_URI,
        "crs": CRS_URI,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": (
            "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
        ),
        "tileMatrices": [_matrix(z) for z in range(MAX_ZOOM + 1)],
    }


def _matrix(z: int) -> dict[str, Any]:
    cell_m = 2 * _ORIGIN_M / (_PIXELS << z)
    return {
        "id": str(z),
        "scaleDenominator": cell_m / _METRES_OF_A_PIXEL,
        "cellSize": cell_m,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_ORIGIN_M, _ORIGIN_M],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 1 << z,
        "matrixHeight": 1 << z,
    }


def limits(
    bounds: tuple[float, float, float, float] | None, tile_of: Any
) -> list[dict[str, Any]]:
    """Return the rows and columns of each zoom that a layer's bounds touch.

    Parameters
    ----------
    bounds : tuple of float or None
        West, south, east, north in degrees; None is nowhere.
    tile_of : callable
        (lon, lat, z) -> (column, row).
    """
    if bounds is None:
        return []
    west, south, east, north = bounds
    found = []
    for z in range(MAX_ZOOM + 1):
        (x0, y0), (x1, y1) = tile_of(west, north, z), tile_of(east, south, z)
        found.append(
            {
                "tileMatrix": str(z),
                "minTileRow": y0,
                "maxTileRow": y1,
                "minTileCol": x0,
                "maxTileCol": x1,
            }
        )
    return found
