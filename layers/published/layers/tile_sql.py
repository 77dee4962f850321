"""The statement of a vector tile: every feature that it shows, and their labels."""

import math

from layers.geo import WEB_MERCATOR, WGS84
from layers.published.layers.layer import Column, GeometryKind, Kind, Layer, quoted
from layers.published.layers.tile_grid import CELLS, EXTENT

BUFFER = 64
"""Units beyond the edge that a tile shows, so that symbols are not cut."""

HALF_PIXEL = 4
"""Units that a pixel's half is wide: detail finer than this is left out below MAX_ZOOM."""

MAX_ZOOM = 16
"""At this zoom shapes are as they are; clients enlarge its tiles beyond it."""

LABELS = "_labels"
"""What the layer of label points is called behind the layer's name."""

_LISTS = (Kind.STRINGS, Kind.INTEGERS, Kind.NUMBERS)
_SMALL = (GeometryKind.POINT, GeometryKind.MULTIPOINT)
_AREAS = (
    GeometryKind.POLYGON,
    GeometryKind.MULTIPOLYGON,
    GeometryKind.COLLECTION,
    GeometryKind.ANY,
)


def tile_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns that the features of a tile carry."""
    if not layer.tile_columns:
        return layer.columns
    return tuple(c for c in layer.columns if c.name in layer.tile_columns)


def has_labels(layer: Layer) -> bool:
    """Tell whether the layer's tiles hold label points besides."""
    return layer.geometry is not None and layer.geometry.kind in _AREAS


def feature_id_sql(layer: Layer) -> str | None:
    """Return the SQL of the number that a tile knows a feature by, None for none.

    Whole numbers are the key itself. Of a uuid it is the first 52 bits: the same in every
    tile, and exact in JavaScript. Other keys have no number; they are a property.
    """
    if layer.key.kind is Kind.INTEGER:
        return f"CASE WHEN {layer.key_sql} >= 0 THEN {layer.key_sql}::bigint END"
    if layer.key.kind is Kind.UUID:
        digits = f"left(replace({layer.key_sql}::text, '-', ''), 13)"
        return f"('x' || {digits})::bit(52)::bigint"
    return None


def tile_sql(layer: Layer, z: int, where: str = "true") -> str:
    """Return the select item of a tile as MVT bytes, for `tile_values`.

    `where` is a condition on the layer's rows besides.

    The envelope is brought to the data and not the data to the envelope, so that the
    index is used. Features come in the order of their key: the same tile is the same
    bytes.
    """
    shapes = _mvt(layer, z, layer.id, _shape(layer, z), where)
    if not has_labels(layer):
        return f"coalesce({shapes}, '')"
    assert layer.geometry is not None  # noqa: S101 (has_labels)
    point = f"ST_PointOnSurface({layer.geometry.sql})"
    inside = f"{_mercator(layer, point)} && {_ENVELOPE}"
    is_area = f"ST_Dimension({layer.geometry.sql}) = 2"
    labels = _mvt(
        layer, z, layer.id + LABELS, _mercator(layer, point), where, inside, is_area
    )
    return f"coalesce({shapes}, '') || coalesce({labels}, '')"


_ENVELOPE = "ST_TileEnvelope(%(z)s, %(x)s, %(y)s)"
_EDGES = "%(west)s, %(south)s, %(east)s, %(north)s"
_WIDE_EDGES = "%(wide_west)s, %(wide_south)s, %(wide_east)s, %(wide_north)s"


def n_points_sql(layer: Layer, z: int, most: int, where: str = "true") -> str:
    """Return the select item that counts the features on a tile, up to one over `most`."""
    return (
        f"(SELECT count(*) FROM (SELECT FROM {layer.relation} "
        f"WHERE {_on_tile(layer, _EDGES, z)} AND {where} LIMIT {most + 1}) c)"
    )


def cells_sql(layer: Layer, z: int, where: str) -> str:
    """Return the select item of a tile of cells, gathered from the points there.

    For what is asked with a filter; without one the cells are ready.
    """
    id_ = feature_id_sql(layer) or "NULL::bigint"
    shape = (
        f"ST_AsMVTGeom({_mercator(layer, layer.geometry.sql if layer.geometry else '')}, "
        f"{_ENVELOPE}, {EXTENT}, 0, true)"
    )
    size = EXTENT // CELLS
    return f"""coalesce((SELECT ST_AsMVT(t, {_literal(layer.id)}, {EXTENT}, '_shape', '_id') FROM (
SELECT count(*)::integer AS point_count, count(*) > 1 AS cluster,
 CASE WHEN count(*) = 1 THEN min(p.id) END AS _id,
 ST_Point(round(avg(ST_X(p.at))), round(avg(ST_Y(p.at)))) AS _shape
FROM (SELECT {id_} AS id, {shape} AS at FROM {layer.relation}
 WHERE {_on_tile(layer, _EDGES, z)} AND {where}) p
WHERE p.at IS NOT NULL
GROUP BY floor(ST_X(p.at) / {size}), floor(ST_Y(p.at) / {size})
ORDER BY floor(ST_X(p.at) / {size}), floor(ST_Y(p.at) / {size})) t), '')"""


def tile_values(z: int, x: int, y: int) -> dict[str, float]:
    """Return the values that the statements bind: the tile, and its edges in degrees.

    The wider edges take in the buffer and stop at the ends of the map: beyond 180 degrees
    they would come back on the other side.
    """
    values: dict[str, float] = {"z": z, "x": x, "y": y}
    for prefix, margin in (("", 0.0), ("wide_", BUFFER / EXTENT)):
        values[f"{prefix}west"] = _lon((x - margin) / (1 << z))
        values[f"{prefix}east"] = _lon((x + 1 + margin) / (1 << z))
        values[f"{prefix}north"] = _lat((y - margin) / (1 << z))
        values[f"{prefix}south"] = _lat((y + 1 + margin) / (1 << z))
    return values


def _lon(share: float) -> float:
    return min(max(share, 0.0), 1.0) * 360 - 180


def _lat(share: float) -> float:
    return math.degrees(
        math.atan(math.sinh(math.pi * (1 - 2 * min(max(share, 0.0), 1.0))))
    )


def _on_tile(layer: Layer, edges: str, z: int) -> str:
    assert layer.geometry is not None  # noqa: S101 (only layers with one have tiles)
    box = f"ST_MakeEnvelope({edges}, {WGS84})"
    if layer.geometry.srid == WGS84:
        return f"{layer.geometry.sql} && {box}"
    if z < _CONTINENT and layer.geometry.srid != WEB_MERCATOR:
        # Half the world has no place in a country's own system.
        return f"ST_Transform({layer.geometry.sql}, {WGS84}) && {box}"
    step = "greatest((%(wide_east)s::float8 - %(wide_west)s::float8) / 8, 1e-9)"
    bent = f"ST_Transform(ST_Segmentize({box}, {step}), {layer.geometry.srid})"
    return f"{layer.geometry.sql} && {bent}"


_CONTINENT = 5
"""Below this zoom a tile is wider than 11 degrees."""


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _mvt(layer: Layer, z: int, name: str, shape: str, *conditions: str) -> str:
    assert layer.geometry is not None  # noqa: S101 (only layers with one have tiles)
    id_ = feature_id_sql(layer)
    columns = [f"{_value(c)} AS {quoted(c.name)}" for c in tile_columns(layer)]
    if id_ is not None:
        columns.append(f"{id_} AS _id")
    where = " AND ".join([_on_tile(layer, _WIDE_EDGES, z), *conditions])
    by_id = ", '_id'" if id_ is not None else ""
    return f"""(SELECT ST_AsMVT(t, {_literal(name)}, {EXTENT}, '_shape'{by_id}) FROM (
SELECT {", ".join(columns)}{", " if columns else ""}ST_AsMVTGeom({shape}, {_ENVELOPE}, {EXTENT}, {BUFFER}) AS _shape
FROM {layer.relation} WHERE {where} ORDER BY {layer.key_sql}) t WHERE t._shape IS NOT NULL)"""


def _mercator(layer: Layer, sql: str) -> str:
    assert layer.geometry is not None  # noqa: S101 (only layers with one have tiles)
    if layer.geometry.srid == WEB_MERCATOR:
        return sql
    if layer.geometry.srid == WGS84 and layer.geometry.kind is not GeometryKind.POINT:
        # The poles lie infinitely far away on this map: PROJ refuses them.
        sql = (
            f"CASE WHEN ST_YMin({sql}) < -85.06 OR ST_YMax({sql}) > 85.06 THEN "
            f"ST_Intersection({sql}, ST_MakeEnvelope(-180, -85.06, 180, 85.06, {WGS84})) "
            f"ELSE {sql} END"
        )
    return f"ST_Transform({sql}, {WEB_MERCATOR})"


def _shape(layer: Layer, z: int) -> str:
    assert layer.geometry is not None  # noqa: S101 (only layers with one have tiles)
    shape = _mercator(layer, f"ST_Force2D({layer.geometry.sql})")
    if layer.geometry.kind in _SMALL or z >= MAX_ZOOM:
        return shape
    # Snapping moves a corner that two areas share to the same spot in both, so that no
    # gap opens between neighbours; simplifying each by itself would tear them apart.
    width = 2 * 20037508.342789244 / (1 << z) / EXTENT * HALF_PIXEL
    return f"ST_SnapToGrid({shape}, {width!r})"


def _value(column: Column) -> str:
    """Return the SQL of a value that a tile can hold: text, number or truth."""
    if column.kind in _LISTS:
        return f"array_to_string({column.sql}, ',')"
    if column.kind is Kind.NUMBER:
        return f"{column.sql}::float8"
    if column.kind in (Kind.INTEGER, Kind.BOOLEAN):
        return column.sql
    return f"{column.sql}::text"
