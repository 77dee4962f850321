"""Arrow batches into a file that GDAL writes."""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyogrio
from pyproj import CRS

from layers.exports.arrow import field
from layers.exports.extract import Extract
from layers.published.layers.layer import Column, Geometry, GeometryKind

_TYPES: Mapping[GeometryKind, str] = {
    GeometryKind.POINT: "Point",
    GeometryKind.MULTIPOINT: "MultiPoint",
    GeometryKind.LINESTRING: "LineString",
    GeometryKind.MULTILINESTRING: "MultiLineString",
    GeometryKind.POLYGON: "Polygon",
    GeometryKind.MULTIPOLYGON: "MultiPolygon",
    GeometryKind.COLLECTION: "GeometryCollection",
    GeometryKind.ANY: "Unknown",
}


def geometry_type(geometry: Geometry) -> str:
    """Return what GDAL calls the kind of geometry, with Z where it has heights."""
    name = _TYPES[geometry.kind]
    has_heights = geometry.dimensions > 2 and geometry.kind is not GeometryKind.ANY
    return f"{name} Z" if has_heights else name


def schema_of(
    columns: Mapping[str, Column], geometry_name: str | None = None
) -> pa.Schema:
    """Return the Arrow schema of columns under their names in the file."""
    fields = [field(column, name) for name, column in columns.items()]
    if geometry_name is not None:
        fields.append(pa.field(geometry_name, pa.binary()))
    return pa.schema(fields)


def written(
    batches: Iterator[pa.RecordBatch],
    schema: pa.Schema,
    path: Path,
    **options: object,
) -> None:
    """Write batches to a file by pyogrio; `options` are those of `write_arrow`.

    Raises
    ------
    Exception
        What broke the batches, as it was raised; Arrow would hand on its text alone.
    """
    faults: list[Exception] = []

    def noted() -> Generator[pa.RecordBatch, None, None]:
        try:
            yield from batches
        except Exception as fault:
            faults.append(fault)
            raise

    source = noted()
    try:
        reader = pa.RecordBatchReader.from_batches(schema, source)
        pyogrio.write_arrow(reader, path, **options)
    except Exception:
        if not faults:
            raise
    finally:
        source.close()
    if faults:
        raise faults[0]


def wkt(extract: Extract) -> str:
    """Return the reference system as WKT; GIS take its coordinates as x before y."""
    return CRS.from_epsg(extract.wanted.system.srid).to_wkt()


def unique_names(
    columns: tuple[Column, ...], taken: tuple[str, ...] = ()
) -> dict[str, Column]:
    """Return the columns by names that differ in more than case, as SQLite and DBF want.

    A name that is taken gets `_2`, `_3` … behind it.
    """
    used = {name.lower() for name in taken}
    named: dict[str, Column] = {}
    for column in columns:
        name, n = column.name, 1
        while name.lower() in used:
            n += 1
            name = f"{column.name}_{n}"
        used.add(name.lower())
        named[name] = column
    return named
