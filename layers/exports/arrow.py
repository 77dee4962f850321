"""Rows of a layer as Arrow columns, some thousand at a time.

PostgreSQL's CSV is parsed by Arrow's own reader, so that no value is ever a Python
object on its way into a file.
"""

from binascii import unhexlify
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import orjson
import pyarrow as pa
from pyarrow import csv

from layers.published.layers.copying import Records
from layers.published.layers.field_sql import value_sql, wkb_sql
from layers.published.layers.layer import Column, Condition, Kind
from layers.published.layers.streams import LayerReading

_JSON = {"ARROW:extension:name": "arrow.json", "ARROW:extension:metadata": ""}
"""Marks text that is JSON, for writers whose format knows such a thing."""

_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.STRING: pa.string(),
    Kind.UUID: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us", "UTC"),
    Kind.STRINGS: pa.string(),
    Kind.INTEGERS: pa.string(),
    Kind.NUMBERS: pa.string(),
    Kind.JSON: pa.string(),
}

_LISTS: Mapping[Kind, pa.DataType] = {
    Kind.STRINGS: pa.list_(pa.string()),
    Kind.INTEGERS: pa.list_(pa.int64()),
    Kind.NUMBERS: pa.list_(pa.float64()),
}

_PARSING = csv.ParseOptions(newlines_in_values=True)


def field(column: Column, name: str, *, has_lists: bool = False) -> pa.Field:
    """Return the Arrow field of a column under a name.

    With `has_lists` lists are lists of Arrow, otherwise text that is marked as JSON, as
    JSON always is.
    """
    if has_lists and column.kind in _LISTS:
        return pa.field(name, _LISTS[column.kind])
    marks = _JSON if column.kind in (*_LISTS, Kind.JSON) else None
    return pa.field(name, _TYPES[column.kind], metadata=marks)


def items_of(columns: Iterable[Column], shape_sql: str | None) -> list[str]:
    """Return the SQL of the fields of a row: its columns and, if any, its geometry."""
    items = [value_sql(column) for column in columns]
    if shape_sql is not None:
        items.append(wkb_sql(shape_sql))
    return items


def record_batches(
    reading: LayerReading, schema: pa.Schema, items: Sequence[str], condition: Condition
) -> Iterator[pa.RecordBatch]:
    """Yield rows of a layer as Arrow batches.

    Parameters
    ----------
    reading : LayerReading
        Of the layer.
    schema : pyarrow.Schema
        A field for each item; a binary one is WKB.
    items : sequence of str
        SQL of the fields, as `items_of` gives it; at least one.
    condition : Condition
        Which rows.
    """
    options = _conversion(schema)
    for records in reading.records(items, condition):
        yield _batch(records, schema, options)


def _conversion(schema: pa.Schema) -> csv.ConvertOptions:
    read = {
        field.name: pa.string() if pa.types.is_list(field.type) else field.type
        for field in schema
    }
    return csv.ConvertOptions(
        column_types=read,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )


def _batch(
    records: Records, schema: pa.Schema, options: csv.ConvertOptions
) -> pa.RecordBatch:
    text = b"".join(records)
    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(
            column_names=schema.names, block_size=len(text) + 1, use_threads=False
        ),
        parse_options=_PARSING,
        convert_options=options,
    )
    columns = [
        _column(column.combine_chunks(), field)
        for column, field in zip(table.columns, schema, strict=True)
    ]
    return pa.record_batch(columns, schema=schema)


def _column(values: pa.Array, field: pa.Field) -> pa.Array:
    if pa.types.is_binary(field.type):
        return _from_hexadecimal(values)
    if pa.types.is_list(field.type):
        return _from_json(values, field.type)
    return values


def _from_hexadecimal(values: pa.Array) -> pa.Array:
    """Return the bytes that texts of hexadecimal digits stand for, all at once."""
    validity, offsets, digits = values.buffers()
    starts = np.frombuffer(offsets, dtype=np.int32)[: len(values) + 1]
    data = unhexlify(memoryview(digits)[starts[0] : starts[-1]]) if digits else b""
    halves = ((starts - starts[0]) // 2).astype(np.int32)
    return pa.Array.from_buffers(
        pa.binary(), len(values), [validity, pa.py_buffer(halves), pa.py_buffer(data)]
    )


def _from_json(values: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return the lists that JSON texts hold, parsed as one text."""
    texts: Sequence[str | None] = values.to_pylist()
    whole = ",".join("null" if text is None else text for text in texts)
    return pa.array(orjson.loads(f"[{whole}]"), type=type_)
