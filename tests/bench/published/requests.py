"""What is asked of the layers: seeded boxes, keys and tiles, for each server in its way."""

import math
from collections.abc import Sequence

import numpy as np

from tests.bench.city import Array, drawn
from tests.bench.client import get
from tests.bench.published.worlds import PEER_SCHEMA

N_QUESTIONS = 40

Box = tuple[float, float, float, float]
Tile = tuple[int, int, int]


def places_of(n: int, seed: int) -> Array:
    """Return lon, lat of the points of a layer of that size."""
    return drawn(seed, n, 1).places


def boxes(lon_lat: Array, holding: int, seed: int) -> list[Box]:
    """Return boxes around random points that hold about so many points each."""
    rng = np.random.default_rng(seed + 4)
    holding = min(holding, len(lon_lat))
    found = []
    for middle in lon_lat[rng.integers(0, len(lon_lat), N_QUESTIONS)]:
        away = np.abs(lon_lat - middle).max(axis=1)
        reach = float(np.partition(away, holding - 1)[holding - 1])
        west, south = np.round(middle - reach, 6)
        east, north = np.round(middle + reach, 6)
        found.append((float(west), float(south), float(east), float(north)))
    return found


def tiles(lon_lat: Array, zoom: int, seed: int, n: int = N_QUESTIONS) -> list[Tile]:
    """Return tiles of a zoom, those with more points more likely."""
    rng = np.random.default_rng(seed + 5)
    asked = [
        _tile(zoom, *place) for place in lon_lat[rng.integers(0, len(lon_lat), 40 * n)]
    ]
    return list(dict.fromkeys(asked))[:n]


def _tile(zoom: int, lon: float, lat: float) -> Tile:
    """Return the tile of a place, as slippy maps number them."""
    side = 2**zoom
    y = math.asinh(math.tan(math.radians(lat)))
    return zoom, int((lon + 180) / 360 * side), int((1 - y / math.pi) / 2 * side)


def our_items(layer: str, asked: Sequence[Box], limit: int) -> list[str]:
    """Return paths of OGC API - Features."""
    return [f"/ogc/collections/{layer}/items?bbox={_text(box)}&limit={limit}" for box in asked]  # fmt: skip


def tipg_items(layer: str, asked: Sequence[Box], limit: int) -> list[str]:
    """Return the same paths for tipg."""
    where = f"/collections/{PEER_SCHEMA}.{layer}/items"
    return [f"{where}?bbox={_text(box)}&limit={limit}" for box in asked]


def pygeoapi_items(layer: str, asked: Sequence[Box], limit: int) -> list[str]:
    """Return the same paths for pygeoapi."""
    where = f"/collections/{layer}/items?f=json"
    return [f"{where}&bbox={_text(box)}&limit={limit}" for box in asked]


def drf_items(asked: Sequence[Box], limit: int) -> list[str]:
    """Return the same paths for the view by DRF-GIS, which has the ordinary layer only."""
    return [f"/peer/places?in_bbox={_text(box)}&limit={limit}" for box in asked]


def keys(n: int, seed: int) -> list[int]:
    """Return keys of random features of a layer of n rows, which count from 1."""
    rng = np.random.default_rng(seed + 6)
    return [int(key) for key in rng.integers(1, n + 1, 10 * N_QUESTIONS)]


def gets(paths: Sequence[str]) -> list[bytes]:
    """Return GET requests."""
    return [get(path) for path in paths]


def _text(box: Box) -> str:
    return ",".join(f"{number:.6f}" for number in box)
