"""The text of a GeoJSON feature, written by PostGIS."""

from dataclasses import dataclass

from layers.geo import COORDINATE_DECIMALS, WGS84
from layers.published.layers.layer import (
    ROW,
    Column,
    Geometry,
    GeometryKind,
    Kind,
    Layer,
    quoted,
)

METRIC_DECIMALS = 3
"""Decimals of coordinates in metres: a millimetre."""

_WITHOUT_RING = (
    GeometryKind.POINT,
    GeometryKind.MULTIPOINT,
    GeometryKind.LINESTRING,
    GeometryKind.MULTILINESTRING,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """In which form features are wanted.

    Attributes
    ----------
    srid : int
        EPSG code of the coordinates.
    is_flipped : bool
        Whether y (north, latitude) comes first, as the authority of the system says.
    decimals : int
        Of the coordinates.
    properties : tuple of str or None
        Only these columns; None is all.
    has_geometry : bool
        False: geometry is null.
    """

    srid: int = WGS84
    is_flipped: bool = False
    decimals: int = COORDINATE_DECIMALS
    properties: tuple[str, ...] | None = None
    has_geometry: bool = True


def feature_sql(layer: Layer, shape: Shape) -> str:
    """Return the SQL of one feature's text, for a row `r` of the layer.

    Where the layer keeps ready-made texts and they are what is wanted, they are handed
    on as they are: three times as quick as writing them anew.
    """
    if layer.feature_text and shape == Shape():
        return f"{ROW}.{quoted(layer.feature_text)}"
    geometry = "'null'"
    if layer.geometry is not None and shape.has_geometry:
        geometry = geometry_json_sql(layer.geometry, shape)
    return (
        f"""'{{"type":"Feature","id":' || to_json({layer.key_sql})::text || """
        f"""',"geometry":' || {geometry} || ',"properties":' || """
        f"""{properties_json_sql(layer, shape.properties)} || '}}'"""
    )


def geometry_json_sql(geometry: Geometry, shape: Shape) -> str:
    """Return the SQL of a geometry as GeoJSON text, `null` where there is none.

    Outer rings run against the clock (RFC 7946 3.1.6), also where y comes first: the
    ring is turned before the axes are.
    """
    sql = geometry.sql
    if shape.srid != geometry.srid:
        sql = f"ST_Transform({sql}, {shape.srid})"
    if geometry.kind not in _WITHOUT_RING:
        sql = f"ST_ForcePolygonCCW({sql})"
    if shape.is_flipped:
        sql = f"ST_FlipCoordinates({sql})"
    # 0: no "crs" member, which GeoJSON no longer has.
    return f"coalesce(ST_AsGeoJSON({sql}, {shape.decimals}, 0), 'null')"


def properties_json_sql(layer: Layer, names: tuple[str, ...] | None = None) -> str:
    """Return the SQL of the properties as the text of a JSON object."""
    columns = [c for c in layer.columns if names is None or c.name in names]
    if not columns:
        return "'{}'"
    # A record made by row_to_json is written several times as quickly as by
    # json_build_object, and needs no limit of 50 columns.
    listed = ", ".join(f"{_value_sql(c)} AS {quoted(c.name)}" for c in columns)
    return f"(SELECT row_to_json(p)::text FROM (SELECT {listed}) p)"


def _value_sql(column: Column) -> str:
    """Return a column as it goes into JSON: a number that has decimals shows some.

    QGIS and GDAL take a column for whole numbers if its first ten values look whole, and
    then lose the decimals (GDAL) or the values (QGIS) of those that follow: 12 of a column
    of doubles is written 12.0.
    """
    if column.kind is not Kind.NUMBER:
        return column.sql
    sql = column.sql
    looks_whole = f"scale({sql}) = 0"
    if not column.sql_type.startswith("numeric"):
        # From 1e15 on (1e6 for `real`) PostgreSQL writes an exponent, which says as much.
        most = "1e6" if column.sql_type == "real" else "1e15"
        looks_whole = f"{sql} = trunc({sql}) AND abs({sql}) < {most}"
    return f"CASE WHEN {looks_whole} THEN ({sql}::text || '.0')::json ELSE to_json({sql}) END"
