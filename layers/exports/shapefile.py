"""Shapefiles in a zip, in UTF-8, with what the format cannot say in files beside them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from layers.errors import InvalidParameter
from layers.exports.arrow import field, items_of, record_batches
from layers.exports.dbf_names import dbf_names
from layers.exports.extract import Extract
from layers.exports.gdal import geometry_type, wkt, written
from layers.published.layers.layer import (
    Column,
    Condition,
    Geometry,
    GeometryKind,
    Kind,
)

MOST_COLUMNS = 255
LONGEST_TEXT = 254
"""Bytes of UTF-8 that a DBF field holds."""

LARGEST = {pa.int64(): 10**17, pa.float64(): 1e15}
"""Numbers from here on do not fit the fields (N 18 and N 24.15) that GDAL makes."""

_MIXED = (GeometryKind.ANY, GeometryKind.COLLECTION)
_PARTS = (("points", "MultiPoint"), ("lines", "LineString"), ("polygons", "Polygon"))


@dataclass(frozen=True, slots=True)
class _Part:
    """One shapefile: its name, which rows, and their geometry; None is a bare table."""

    name: str
    condition: Condition
    shape_sql: str | None
    geometry_type: str | None


@dataclass(slots=True)
class _Dbf:
    """The columns as DBF has them, and what was lost on the way."""

    columns: tuple[Column, ...]
    names: dict[str, str]
    cut: dict[str, int] = default(default_factory=dict)
    """Column -> how many of its texts were longer than a field."""
    left_out: dict[str, int] = default(default_factory=dict)
    """Column -> how many of its numbers a field cannot hold."""


def shapefile_zip(extract: Extract, folder: Path) -> Path:
    """Write the extract into `folder` and return the zip.

    x before y. A shapefile holds one kind of geometry: a layer with several becomes one
    each for points, lines and polygons, and a table of what has no place. `…_fields.csv`
    lists for each column its short name, its kind there, how many texts had to be cut to
    254 bytes (at a letter, never within one), and how many numbers are null because they
    do not fit (beyond 10^15, whole ones beyond 10^17, infinite or none). Moments, lists
    and JSON are text.

    Raises
    ------
    InvalidParameter
        There are more than 255 columns.
    """
    columns = extract.columns
    if len(columns) > MOST_COLUMNS:
        raise InvalidParameter(
            "format",
            f"shp.zip of {len(columns)} columns",
            f"a DBF file holds {MOST_COLUMNS}; choose some by `properties`",
        )
    dbf = _Dbf(columns, dbf_names(c.name for c in columns))
    shapes = folder / "shapes"
    shapes.mkdir()
    for part in _parts(extract):
        _write(extract, part, dbf, shapes)
    name = extract.layer.id
    (shapes / f"{name}_fields.csv").write_text(_fields(dbf), "utf-8", newline="")
    (shapes / f"{name}_about.txt").write_text(_about(extract), "utf-8")
    return _zipped(shapes, folder / f"{name}.shp.zip", extract)


def _parts(extract: Extract) -> Iterator[_Part]:
    name, condition = extract.layer.id, extract.condition
    geometry, shape = extract.geometry, extract.shape_sql
    if geometry is None or shape is None:
        yield _Part(name, condition, None, None)
    elif geometry.kind not in _MIXED:
        yield _Part(name, condition, shape, geometry_type(geometry))
    else:
        yield from _mixed_parts(extract, geometry, shape, condition)


def _mixed_parts(
    extract: Extract, geometry: Geometry, shape: str, condition: Condition
) -> Iterator[_Part]:
    # A collection is taken apart: its points, its lines, its polygons.
    held = [f"ST_CollectionExtract({geometry.sql}, {n})" for n in (1, 2, 3)]
    rest = f"{geometry.sql} IS NULL OR ST_IsEmpty({geometry.sql})"
    tests = [*(f"NOT ST_IsEmpty({one})" for one in held), f"({rest})"]
    counts = extract.reading.one(
        ", ".join(f"count(*) FILTER (WHERE {test})" for test in tests), condition
    )
    height = " Z" if geometry.dimensions > 2 else ""
    name = extract.layer.id
    for n, (suffix, kind) in enumerate(_PARTS):
        if counts[n]:
            yield _Part(
                f"{name}_{suffix}",
                _both(condition, tests[n]),
                f"ST_Multi(ST_CollectionExtract({shape}, {n + 1}))",
                kind + height,
            )
    if counts[3] or not any(counts):
        yield _Part(f"{name}_without_place", _both(condition, tests[3]), None, None)


def _both(condition: Condition, test: str) -> Condition:
    return Condition(f"({condition.sql}) AND {test}", condition.values)


def _write(extract: Extract, part: _Part, dbf: _Dbf, folder: Path) -> None:
    read = pa.schema([field(c, c.name).remove_metadata() for c in dbf.columns])
    options: dict[str, object] = {}
    if part.shape_sql is not None:
        place = _free("geometry", set(dbf.names.values()))
        read = read.append(pa.field(place, pa.binary()))
        options = {
            "geometry_name": place,
            "geometry_type": part.geometry_type,
            "crs": wkt(extract),
        }
    items = items_of(dbf.columns, part.shape_sql)
    schema = pa.schema(
        [pa.field(dbf.names.get(f.name, f.name), _dbf_type(f.type)) for f in read]
    )
    batches = record_batches(extract.reading, read, items, part.condition)
    suffix = "shp" if part.shape_sql is not None else "dbf"
    written(
        (_as_dbf(batch, schema, dbf) for batch in batches),
        schema,
        folder / f"{part.name}.{suffix}",
        driver="ESRI Shapefile",
        layer=part.name,
        encoding="UTF-8",
        **options,
    )


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _dbf_type(type_: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_timestamp(type_) else type_


def _as_dbf(batch: pa.RecordBatch, schema: pa.Schema, dbf: _Dbf) -> pa.RecordBatch:
    columns = []
    for name, values in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_timestamp(values.type):
            columns.append(pc.strftime(values, format="%Y-%m-%dT%H:%M:%SZ"))
        elif pa.types.is_string(values.type):
            columns.append(_cut(name, values, dbf))
        elif values.type in LARGEST:
            columns.append(_fitting(name, values, dbf))
        else:
            columns.append(values)
    return pa.record_batch(columns, schema=schema)


def _fitting(name: str, values: pa.Array, dbf: _Dbf) -> pa.Array:
    largest = LARGEST[values.type]
    # NaN is neither below nor above.
    fits = pc.and_(pc.less(values, largest), pc.greater(values, -largest))
    n_left_out = len(values) - values.null_count - (pc.sum(fits).as_py() or 0)
    if not n_left_out:
        return values
    dbf.left_out[name] = dbf.left_out.get(name, 0) + n_left_out
    return pc.if_else(fits, values, None)


def _cut(name: str, values: pa.Array, dbf: _Dbf) -> pa.Array:
    is_long = pc.greater(pc.binary_length(values), LONGEST_TEXT)
    n_long = pc.sum(is_long).as_py()
    if not n_long:
        return values
    dbf.cut[name] = dbf.cut.get(name, 0) + n_long
    texts = (None if v is None else _first_bytes(v) for v in values.to_pylist())
    return pa.array(texts, type=pa.string())


def _first_bytes(text: str) -> str:
    return text.encode()[:LONGEST_TEXT].decode(errors="ignore")


def _fields(dbf: _Dbf) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["column", "dbf_name", "kind", "dbf_kind", "texts_cut", "left_out"])
    for column in dbf.columns:
        kind = _KINDS.get(column.kind, "text")
        lost = dbf.cut.get(column.name, 0), dbf.left_out.get(column.name, 0)
        writer.writerow([column.name, dbf.names[column.name], column.kind, kind, *lost])
    return text.getvalue()


_KINDS = {
    Kind.INTEGER: "number",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "logical",
    Kind.DATE: "date",
}


def _about(extract: Extract) -> str:
    return "".join(f"{name}: {value}\n" for name, value in extract.about.items())


def _zipped(files: Path, path: Path, extract: Extract) -> Path:
    changed_at = extract.reading.state.changed_at or extract.wanted.made_at
    moment = changed_at.timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
        for file in sorted(files.iterdir()):
            member = zipfile.ZipInfo(file.name, max(moment, (1980, 1, 1, 0, 0, 0)))
            member.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as source, whole.open(member, "w") as target:
                while piece := source.read(1_048_576):
                    target.write(piece)
            file.unlink()
    return path
