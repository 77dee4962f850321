"""Arrow types as PostgreSQL types, and values as text that COPY reads."""

import datetime
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from layers.ingest.layer_source import SourceColumn
from layers.ingest.layer_types import column_type, without_nan


def sql_type(type_: pa.DataType, **kw: bool) -> str | None:
    found = column_type(SourceColumn("a", type_, **kw))
    return found and found.sql


def copied(array: pa.Array, **kw: bool) -> list[Any]:
    found = column_type(SourceColumn("a", array.type, **kw))
    assert found is not None
    values: list[Any] = found.copied(array).to_pylist()
    return values


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (pa.bool_(), "boolean"),
        (pa.int8(), "smallint"),
        (pa.uint8(), "smallint"),
        (pa.int16(), "smallint"),
        (pa.int32(), "integer"),
        (pa.uint16(), "integer"),
        (pa.int64(), "bigint"),
        (pa.uint32(), "bigint"),
        (pa.uint64(), "numeric"),
        (pa.float32(), "real"),
        (pa.float64(), "double precision"),
        (pa.decimal128(10, 2), "numeric"),
        (pa.date32(), "date"),
        (pa.time32("ms"), "time without time zone"),
        (pa.timestamp("ms"), "timestamp with time zone"),
        (pa.timestamp("ns", "Europe/Athens"), "timestamp with time zone"),
        (pa.string(), "text"),
        (pa.large_string(), "text"),
        (pa.dictionary(pa.int8(), pa.string()), "text"),
        (pa.list_(pa.int32()), "integer[]"),
        (pa.list_(pa.int64()), "bigint[]"),
        (pa.list_(pa.float64()), "double precision[]"),
        (pa.list_(pa.string()), "text[]"),
        (pa.list_(pa.bool_()), "jsonb"),
        (pa.list_(pa.list_(pa.int32())), "jsonb"),
        (pa.struct([("x", pa.int32())]), "jsonb"),
        (pa.map_(pa.string(), pa.int32()), "jsonb"),
        (pa.null(), "text"),
    ],
    ids=str,
)
def test_a_type_is_kept_as_declared(type_: pa.DataType, expected: str) -> None:
    assert sql_type(type_) == expected


def test_text_that_the_file_declares_to_be_something_else_is_that() -> None:
    assert sql_type(pa.string(), is_json=True) == "jsonb"
    assert sql_type(pa.string(), is_uuid=True) == "uuid"
    assert sql_type(pa.string(), is_moment=True) == "timestamp with time zone"


@pytest.mark.parametrize(
    "type_",
    [
        pa.binary(),
        pa.binary(16),
        pa.large_binary(),
        pa.duration("s"),
        pa.list_(pa.binary()),
    ],
    ids=str,
)
def test_what_no_format_could_show_has_no_type(type_: pa.DataType) -> None:
    assert sql_type(type_) is None


def test_moments_are_utc_and_one_without_zone_is_already() -> None:
    naive = datetime.datetime(2026, 7, 1, 12)  # noqa: DTZ001 (that is what is tested)
    noon = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)
    assert copied(pa.array([naive], pa.timestamp("ms"))) == [noon]
    athens = pa.array([noon], pa.timestamp("us", "Europe/Athens"))
    assert copied(athens) == [noon]


def test_lists_are_written_so_that_nothing_in_them_is_taken_for_a_mark() -> None:
    texts = ['a"b', "c\\d", "{e},f", "", "NULL", " g ", "Ω\n", None]
    assert copied(pa.array([texts])) == [
        '{"a\\"b","c\\\\d","{e},f",""," NULL"," g ","Ω\n",NULL}'.replace('" N', '"N')
    ]
    assert copied(pa.array([[1, None], [], None])) == ["{1,NULL}", "{}", None]
    assert copied(pa.array([[0.1, float("nan"), float("inf")]])) == ["{0.1,NULL,NULL}"]


def test_json_texts_stay_and_a_bare_text_among_them_is_quoted() -> None:
    values = ['{"a": [1]}', "[1]", "1", "Αθήνα", '"q"', "NaN", "{broken", "", None]
    found = copied(pa.array(values), is_json=True)
    assert found[:3] == values[:3]
    assert found[-1] is None
    parsed = [json.loads(v) for v in found[3:-1]]
    assert parsed == ["Αθήνα", "q", "NaN", "{broken", ""]


def test_nested_values_become_json_without_numbers_that_json_does_not_know() -> None:
    rows = [
        {"x": float("nan"), "d": datetime.date(2026, 1, 2), "n": Decimal("1.20")},
        None,
    ]
    found = copied(pa.array(rows))
    assert json.loads(found[0]) == {"x": None, "d": "2026-01-02", "n": "1.20"}
    assert found[1] is None


def test_a_coded_column_is_its_values() -> None:
    assert copied(pa.array(["a", "b", "a"]).dictionary_encode()) == ["a", "b", "a"]


def test_nan_is_nothing_and_counted() -> None:
    array, count = without_nan(pa.array([1.5, float("nan"), None]))
    assert array.to_pylist() == [1.5, None, None]
    assert count == 1
    same = pa.array([1.5, None])
    assert without_nan(same) == (same, 0)
