"""Vector tiles of a layer: one statement each, or ready from before.

A kept tile is sent only while its data is what it was made from, so that a change shows
at once. A tile crowded with points shows the cells of a grid, gathered once for each
state of the data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from layers.errors import NotFound
from layers.geo import WGS84, transformer
from layers.published.connection import read_one
from layers.published.layers.catalogue import CATALOGUE_VERSION_SQL
from layers.published.layers.filters import LayerFilters, condition
from layers.published.layers.items import on_current, one_row
from layers.published.layers.layer import GeometryKind, Layer
from layers.published.layers.tile_cache import TileCache
from layers.published.layers.tile_grid import (
    EXTENT,
    Cells,
    Pyramid,
    crowded,
    pyramid,
)
from layers.published.layers.tile_sql import (
    cells_sql,
    feature_id_sql,
    n_points_sql,
    tile_sql,
    tile_values,
)
from layers.published.versions import DataState, version_sql
from layers.selectors.packed import unpacked

KEPT_BYTES = 64 * 1024 * 1024
"""Tiles that a process keeps, in all."""

KEPT_GRIDS = 8
"""Layers whose points a process keeps gathered."""

DEEPEST_ZOOM = 22
"""Tiles are made to this zoom, for clients that do not enlarge those of MAX_ZOOM."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile.

    Attributes
    ----------
    body : bytes
        Mapbox Vector Tile 2.1; empty where nothing is there.
    state : DataState
        What it was made from.
    """

    body: bytes
    state: DataState


_cache = TileCache(KEPT_BYTES)
_grids: dict[str, tuple[DataState, Pyramid]] = {}
_building = Lock()


def tile(
    layer_id: str,
    z: int,
    x: int,
    y: int,
    filters_of: Callable[[Layer], LayerFilters] = lambda _: LayerFilters(),
) -> Tile:
    """Return a tile of a layer in WebMercatorQuad, `y` counted from the north.

    Parameters
    ----------
    layer_id : str
        Of a published layer with a geometry.
    z, x, y : int
        Zoom, column, row.
    filters_of : callable
        Which features, from the layer's description; without it all of them.

    Raises
    ------
    NotFound
        There is no such layer, it has no geometry, or there is no tile of that number.
    InvalidParameter
        The filter cannot be computed on the data.
    """
    if not (0 <= z <= DEEPEST_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise NotFound("tile", f"{z}/{x}/{y}")
    return on_current(layer_id, lambda layer: _tile(layer, z, x, y, filters_of(layer)))


def forget() -> None:
    """Keep neither tiles nor grids."""
    _cache.clear()
    _grids.clear()


def _tile(
    layer: Layer, z: int, x: int, y: int, filters: LayerFilters
) -> tuple[Tile, int]:
    if layer.geometry is None:
        raise NotFound("tile layer", layer.id)
    if not filters.asks_nothing:
        return _made(layer, z, x, y, filters)
    address = (layer.id, z, x, y)
    kept = _cache.get(address)
    if kept is not None:
        state, catalogue_version = _state(layer)
        if kept[0] == state:
            return Tile(kept[1], state), catalogue_version
    made, catalogue_version = _made(layer, z, x, y, filters)
    _cache.put(address, made.state, made.body)
    return made, catalogue_version


def _state(layer: Layer) -> tuple[DataState, int]:
    row = read_one(f"SELECT {version_sql(layer.counters)}, {CATALOGUE_VERSION_SQL}")
    assert row is not None  # noqa: S101 (no FROM: always one row)
    return DataState(*row[:2]), row[2]


def _made(
    layer: Layer, z: int, x: int, y: int, filters: LayerFilters
) -> tuple[Tile, int]:
    asked = condition(layer, filters)
    values = {**asked.values, **tile_values(z, x, y)}
    sql = _statement(layer, z, None if filters.asks_nothing else asked.sql)
    body, version, changed_at, catalogue_version = one_row(sql, values)
    state = DataState(version, changed_at)
    if body is None:
        state, grid = _grid(layer, state)
        body = _cells_tile(layer, grid, z, x, y)
    return Tile(body, state), catalogue_version


def _statement(layer: Layer, z: int, where: str | None) -> str:
    """Return the statement of a tile; its body is null where ready cells are wanted."""
    body = tile_sql(layer, z, where or "true")
    most = crowded(z)
    is_points = layer.geometry is not None and layer.geometry.kind is GeometryKind.POINT
    if most is not None and is_points:
        cells = "NULL" if where is None else cells_sql(layer, z, where)
        n = n_points_sql(layer, z, most, where or "true")
        body = f"CASE WHEN {n} <= {most} THEN {body} ELSE {cells} END"
    return f"SELECT {body}, {version_sql(layer.counters)}, {CATALOGUE_VERSION_SQL}"


def _grid(layer: Layer, state: DataState) -> tuple[DataState, Pyramid]:
    kept = _grids.get(layer.id)
    if kept is not None and kept[0] == state:
        return kept
    with _building:  # one thread gathers, the others wait for it
        kept = _grids.get(layer.id)
        if kept is None or kept[0] != state:
            kept = _read_grid(layer)
            while len(_grids) >= KEPT_GRIDS:
                _grids.pop(next(iter(_grids)))
            _grids[layer.id] = kept
        return kept


def _read_grid(layer: Layer) -> tuple[DataState, Pyramid]:
    assert layer.geometry is not None  # noqa: S101 (checked before)
    point = layer.geometry.sql
    id_ = feature_id_sql(layer) or "NULL"
    row = read_one(
        f"""SELECT {version_sql(layer.counters)}, (
            SELECT string_agg(float8send(ST_X({point})) || float8send(ST_Y({point}))
                              || int8send(coalesce({id_}, -1)), '' ORDER BY {layer.key_sql})
            FROM {layer.relation} WHERE NOT ST_IsEmpty({point}))""",
        binary=True,
    )
    assert row is not None  # noqa: S101 (no FROM: always one row)
    version, changed_at, packed = row
    points = unpacked(packed, {"x": "f8", "y": "f8", "id": "i8"})
    lon, lat = points["x"], points["y"]
    if layer.geometry.srid != WGS84:
        lon, lat = transformer(layer.geometry.srid, WGS84).transform(lon, lat)
    return DataState(version, changed_at), pyramid(lon, lat, points["id"])


def _cells_tile(layer: Layer, grid: Pyramid, z: int, x: int, y: int) -> bytes:
    cells = grid.by_zoom[z].of_tile(x, y)
    across, down = _places(cells, z, x, y)
    ids = np.where(cells.n_points == 1, grid.keys[cells.first], -1)
    row = read_one(
        f"""SELECT ST_AsMVT(t, %(name)s, {EXTENT}, '_shape', '_id') FROM (
            SELECT c.n AS point_count, c.n > 1 AS cluster,
                   CASE WHEN c.id >= 0 THEN c.id END AS _id, ST_Point(c.x, c.y) AS _shape
            FROM unnest(%(x)s::integer[], %(y)s::integer[], %(n)s::integer[],
                        %(id)s::bigint[]) AS c(x, y, n, id)) t""",
        {
            "name": layer.id,
            "x": across.tolist(),
            "y": down.tolist(),
            "n": cells.n_points.tolist(),
            "id": ids.tolist(),
        },
        binary=True,
    )
    assert row is not None  # noqa: S101 (an aggregate: always one row)
    return bytes(row[0] or b"")


def _places(cells: Cells, z: int, x: int, y: int) -> tuple[Any, Any]:
    """Return where cells lie on their tile, in its units from the north-west."""
    side = EXTENT * (1 << z)
    across = np.rint(cells.x * side - x * EXTENT).astype(np.int64)
    down = np.rint(cells.y * side - y * EXTENT).astype(np.int64)
    return np.clip(across, 0, EXTENT), np.clip(down, 0, EXTENT)
