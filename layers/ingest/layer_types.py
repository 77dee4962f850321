"""Arrow types of a file's columns as PostgreSQL types, and their values as COPY text.

A type is kept as the file declares it: integers stay integers of their width, lists
become arrays, moments are stored in UTC and one that names no zone is UTC already.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from layers.ingest.layer_source import SourceColumn

MOMENT = "timestamp with time zone"
DATE = "date"
TIME_TYPES = frozenset((DATE, MOMENT))
"""PostgreSQL types of what a feature's time can be."""

KEY_TYPES = frozenset(("smallint", "integer", "bigint", "text", "uuid"))
"""PostgreSQL types of what can name a feature."""

_SCALARS: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pt.is_boolean, "boolean"),
    (lambda t: t in (pa.int8(), pa.int16(), pa.uint8()), "smallint"),
    (lambda t: t in (pa.int32(), pa.uint16()), "integer"),
    (lambda t: t in (pa.int64(), pa.uint32()), "bigint"),
    (pt.is_uint64, "numeric"),
    (pt.is_decimal, "numeric"),
    (lambda t: t in (pa.float16(), pa.float32()), "real"),
    (pt.is_float64, "double precision"),
    (pt.is_date, DATE),
    (pt.is_time, "time without time zone"),
    (pt.is_timestamp, MOMENT),
    (lambda t: pt.is_string(t) or pt.is_large_string(t), "text"),
    (pt.is_null, "text"),
)

_IN_ARRAYS = frozenset(
    ("smallint", "integer", "bigint", "real", "double precision", "text")
)
"""What lists are arrays of; a list of anything else is JSON."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """What a column is in PostgreSQL, and how its values get there.

    Attributes
    ----------
    sql : str
        PostgreSQL's name of the type.
    copied : callable
        Takes an Arrow array and returns one that Arrow writes as CSV which COPY reads.
    """

    sql: str
    copied: Callable[[pa.Array], pa.Array]


def column_type(column: SourceColumn) -> ColumnType | None:
    """Return what a column becomes, or None for what no format could show: bytes, spans."""
    if column.is_json:
        return ColumnType("jsonb", _json_texts)
    if column.is_uuid:
        return ColumnType("uuid", _same)
    if column.is_moment:
        return ColumnType(MOMENT, _same)
    type_ = column.type
    if pt.is_dictionary(type_):
        inner = column_type(SourceColumn(column.name, type_.value_type))
        return inner and ColumnType(inner.sql, _decoded(inner.copied))
    if _is_list(type_):
        return _list_type(column.name, type_)
    if pt.is_struct(type_) or pt.is_map(type_):
        return ColumnType("jsonb", _as_json)
    found = next((sql for fits, sql in _SCALARS if fits(type_)), None)
    if found is None:
        return None
    return ColumnType(found, _moments if found == MOMENT else _same)


def _is_list(type_: pa.DataType) -> bool:
    lists = (pt.is_list, pt.is_large_list, pt.is_fixed_size_list, pt.is_list_view)
    return any(is_one(type_) for is_one in lists)


def _list_type(name: str, type_: Any) -> ColumnType | None:
    inner = column_type(SourceColumn(name, type_.value_type))
    if inner is None:
        return None
    if inner.sql in _IN_ARRAYS:
        return ColumnType(f"{inner.sql}[]", _array_literals)
    return ColumnType("jsonb", _as_json)


def _same(array: pa.Array) -> pa.Array:
    return array


def _decoded(copied: Callable[[pa.Array], pa.Array]) -> Callable[[pa.Array], pa.Array]:
    return lambda array: copied(array.dictionary_decode())


def _moments(array: pa.Array) -> pa.Array:
    """Return moments in UTC to the microsecond, which is as fine as PostgreSQL keeps."""
    return array.cast(pa.timestamp("us", "UTC"), safe=False)


def _json_texts(array: pa.Array) -> pa.Array:
    """Return texts that are JSON; what is none is a text itself.

    GDAL hands on a text among numbers and objects without its quotation marks.
    """
    return pa.array([_json_text(v) for v in array.to_pylist()], pa.string())


def _json_text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return json.dumps(text, ensure_ascii=False)
    return text


def _refuse_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _as_json(array: pa.Array) -> pa.Array:
    return pa.array(
        [
            None
            if value is None
            else json.dumps(_finite(value), ensure_ascii=False, default=str)
            for value in array.to_pylist()
        ],
        pa.string(),
    )


def _finite(value: Any) -> Any:
    """Return nested values with null for numbers that JSON does not know."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(k): _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    return value


def _array_literals(array: pa.Array) -> pa.Array:
    return pa.array([_array_literal(v) for v in array.to_pylist()], pa.string())


def _array_literal(values: list[Any] | None) -> str | None:
    if values is None:
        return None
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def is_text(array: pa.Array) -> bool:
    """Tell whether an array holds texts."""
    return bool(pt.is_string(array.type) or pt.is_large_string(array.type))


def without_nan(array: pa.Array) -> tuple[pa.Array, int]:
    """Return an array of reals with null for NaN, and how many there were."""
    nan = pc.is_nan(array)
    count = pc.sum(nan).as_py() or 0
    if not count:
        return array, 0
    return pc.if_else(nan, pa.scalar(None, array.type), array), count
