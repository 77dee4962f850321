"""GeoParquet 1.0, written by Arrow and sent while it is written."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely
from pyarrow import parquet
from pyproj import CRS

from layers.crs import ReferenceSystem
from layers.exports.arrow import field, items_of, record_batches
from layers.exports.extract import Extract
from layers.published.layers.layer import Geometry, GeometryKind

VERSION = "1.0.0"
ROWS_OF_A_GROUP = 65_536
BYTES_OF_A_GROUP = 32 * 1024 * 1024

_TYPES = {
    GeometryKind.POINT: "Point",
    GeometryKind.MULTIPOINT: "MultiPoint",
    GeometryKind.LINESTRING: "LineString",
    GeometryKind.MULTILINESTRING: "MultiLineString",
    GeometryKind.POLYGON: "Polygon",
    GeometryKind.MULTIPOLYGON: "MultiPolygon",
    GeometryKind.COLLECTION: "GeometryCollection",
}


def geoparquet(extract: Extract) -> Iterator[bytes]:
    """Yield a Parquet file; without a geometry an ordinary one.

    Geometries are WKB, x before y as the format wants whatever the system; lists are
    lists, moments are UTC. The footer says what the layer says of itself, the reference
    system (PROJJSON) and the box of the rows.
    """
    schema = _schema(extract)
    sink = _Sink()
    box = _Box()
    writer = parquet.ParquetWriter(sink, schema, compression="zstd")
    for group in _groups(extract, schema):
        if extract.geometry is not None:
            box.include(group.column(extract.geometry.name))
        writer.write_table(group, row_group_size=ROWS_OF_A_GROUP)
        yield sink.taken()
    if extract.geometry is not None:
        said = _geo(extract.geometry, extract.wanted.system, box.edges)
        writer.add_key_value_metadata({"geo": orjson.dumps(said).decode()})
    writer.close()
    yield sink.taken()


def _schema(extract: Extract) -> pa.Schema:
    fields = [field(c, c.name, has_lists=True) for c in extract.columns]
    if extract.geometry is not None:
        fields.append(pa.field(extract.geometry.name, pa.binary()))
    return pa.schema(fields, metadata=dict(extract.about))


def _groups(extract: Extract, schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the rows in groups that are worth reading at a time."""
    held: list[pa.RecordBatch] = []
    rows = size = 0
    items = items_of(extract.columns, extract.shape_sql)
    for batch in record_batches(extract.reading, schema, items, extract.condition):
        held.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= ROWS_OF_A_GROUP or size >= BYTES_OF_A_GROUP:
            yield pa.Table.from_batches(held, schema)
            held, rows, size = [], 0, 0
    if held:
        yield pa.Table.from_batches(held, schema)


def _geo(
    geometry: Geometry, system: ReferenceSystem, edges: list[float] | None
) -> dict[str, Any]:
    name = _TYPES.get(geometry.kind)
    suffix = " Z" if geometry.dimensions > 2 else ""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [name + suffix] if name else [],  # empty: any
        "crs": _crs(system).to_json_dict(),
    }
    if edges is not None:
        column["bbox"] = edges
    return {
        "version": VERSION,
        "primary_column": geometry.name,
        "columns": {geometry.name: column},
    }


def _crs(system: ReferenceSystem) -> CRS:
    authority = "/OGC/" in system.uri
    return CRS.from_user_input("OGC:CRS84") if authority else CRS(system.srid)


class _Box:
    """The box of all places so far, x before y."""

    def __init__(self) -> None:
        self.edges: list[float] | None = None

    def include(self, column: pa.ChunkedArray) -> None:
        found = shapely.total_bounds(
            shapely.from_wkb(column.to_numpy(zero_copy_only=False))
        )
        if np.isnan(found).any():
            return
        if self.edges is not None:
            found[:2] = np.minimum(found[:2], self.edges[:2])
            found[2:] = np.maximum(found[2:], self.edges[2:])
        self.edges = [float(edge) for edge in found]


class _Sink(io.RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Return true."""
        return True

    def write(self, data: Any) -> int:
        """Keep the bytes."""
        part = bytes(data)
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
