"""Layers of GeoParquet files, read by Arrow: the GDAL of pyogrio knows none."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.ingest.layer_files import LayerFile
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_source import BATCH_ROWS, Batch, Source, SourceColumn

_CRS84 = "OGC:CRS84"
"""The system of a GeoParquet file that names none (GeoParquet 1.1, "crs")."""


@contextmanager
def parquet_source(file: LayerFile, options: LayerOptions) -> Iterator[Source]:
    """Open a GeoParquet file; the table of a Parquet file without geometry, too.

    Raises
    ------
    UnreadableFile
        It is broken, or its geometries are not WKB.
    InvalidParameter
        A layer was chosen: there is only one.
    """
    if options.layer is not None:
        raise InvalidParameter("layer", options.layer, "none: a Parquet file has one")
    try:
        with pq.ParquetFile(file.real, memory_map=False) as opened:
            yield _source(file, opened)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(
            f"{file.name}: Arrow cannot read it ({shown(str(error), limit=200)})"
        ) from error


def _source(file: LayerFile, opened: pq.ParquetFile) -> Source:
    schema = opened.schema_arrow
    geo = _geo(file, schema.metadata or {})
    primary = geo.get("primary_column", "")
    described = geo.get("columns", {})
    own: Mapping[str, Any] = described.get(primary, {})
    if primary and own.get("encoding") != "WKB":
        raise UnreadableFile(
            f"{file.name}: geometries are stored as {shown(own.get('encoding'))!r}; "
            "write the file with WKB geometries"
        )
    boxes = {names[0] for names in _covering(own) if names}
    left_out = {*described, *boxes} - {primary}
    remarks = [
        f"column {shown(name)!r} is left out: it only describes the geometries"
        for name in schema.names
        if name in left_out
    ]
    at = [n for n, name in enumerate(schema.names) if name not in {primary, *left_out}]
    return Source(
        name=file.real.name.split(".")[0],
        columns=[_column(schema.field(n)) for n in at],
        batches=_batches(opened, at, schema.get_field_index(primary)),
        has_geometry=bool(primary),
        geometry_name=primary,
        geometry_type=_declared(own.get("geometry_types", ())),
        crs=_crs(own) if primary else None,
        announced=opened.metadata.num_rows,
        remarks=remarks,
    )


def _geo(file: LayerFile, metadata: Mapping[bytes, bytes]) -> Mapping[str, Any]:
    try:
        geo = json.loads(metadata.get(b"geo", b"{}"))
    except ValueError as error:
        raise UnreadableFile(
            f"{file.name}: its description of geometries is broken"
        ) from error
    return geo if isinstance(geo, dict) else {}


def _covering(own: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    box = own.get("covering", {}).get("bbox", {})
    return list(box.values()) if isinstance(box, dict) else []


def _crs(own: Mapping[str, Any]) -> str | None:
    if "crs" not in own:
        return _CRS84
    return None if own["crs"] is None else json.dumps(own["crs"])


def _declared(types: Sequence[str]) -> str:
    return str(types[0]) if len(types) == 1 else "Unknown"


def _column(column: pa.Field) -> SourceColumn:
    type_ = column.type
    kind = getattr(type_, "extension_name", "")
    return SourceColumn(
        name=column.name,
        type=getattr(type_, "storage_type", type_),
        is_json=kind == "arrow.json",
        is_uuid=kind == "arrow.uuid",
    )


def _batches(
    opened: pq.ParquetFile, at: Sequence[int], at_geometry: int
) -> Iterator[Batch]:
    for batch in opened.iter_batches(batch_size=BATCH_ROWS):
        columns = [batch.column(n) for n in at]
        yield Batch(
            columns=[getattr(c, "storage", c) for c in columns],
            ids=None,
            geometries=None if at_geometry < 0 else batch.column(at_geometry),
            rows=batch.num_rows,
        )
