"""What may be asked of a layer: its columns, boxes in any system, sorting, selection."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from layers.crs import CRS84, CRS84H, of_epsg
from layers.errors import InvalidParameter, InvalidParameters, UnknownParameter
from layers.params import collections
from layers.params.columns import SCALARS, kind_of
from layers.published.layers.feature_sql import Shape
from layers.published.layers.filters import Box, LayerFilters
from layers.published.layers.layer import (
    Column,
    Geometry,
    GeometryKind,
    Kind,
    Layer,
)
from layers.published.layers.page_sql import SortKey

COLUMNS = (
    Column("id", Kind.UUID, "uuid"),
    Column("Όνομα", Kind.STRING, "text"),
    Column("n", Kind.INTEGER, "smallint"),
    Column("share", Kind.NUMBER, "numeric(10,2)"),
    Column("ok", Kind.BOOLEAN, "boolean"),
    Column("day", Kind.DATE, "date"),
    Column("at", Kind.DATETIME, "timestamp(3) with time zone"),
    Column("tags", Kind.STRINGS, "text[]"),
    Column("raw", Kind.JSON, "jsonb"),
    Column("status", Kind.STRING, "character varying(9)", values=("active", "closed")),
    Column("limit", Kind.INTEGER, "integer"),
)
LAYER = Layer(
    "things", COLUMNS, COLUMNS[0], Geometry("point", GeometryKind.POINT, 4326)
)
TABLE = Layer("table", COLUMNS, COLUMNS[0], None)
HIGH = Layer(
    "high", COLUMNS, COLUMNS[0], Geometry("g", GeometryKind.ANY, 4326, dimensions=3)
)
ID = "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c"


def filters(layer: Layer = LAYER, **query: str) -> LayerFilters:
    text = urlencode({name.replace("_", "-"): v for name, v in query.items()})
    values = collections.filter_parameters(layer).read_query(text)
    return collections.filters_of(layer, values)


def shape(layer: Layer = LAYER, **query: str) -> Shape:
    values = collections.form_parameters(layer).read_query(urlencode(query))
    return collections.shape_of(layer, values)


def sort(raw: str) -> Any:
    read = collections.sort_parameter(LAYER).values_of_text([raw])
    return collections.sort_of(LAYER, {"sortby": read})


def test_nothing_asked_asks_nothing() -> None:
    assert filters().asks_nothing
    assert shape() == Shape()


@pytest.mark.parametrize(
    ("query", "sql", "value"),
    [
        ({"id": ID}, 'r."id" = %(column0)s::uuid', UUID(ID)),
        ({"Όνομα": "Κυψέλη, άνω"}, 'r."Όνομα" = %(column1)s::text', "Κυψέλη, άνω"),
        ({"n": "-7"}, 'r."n" = %(column2)s::smallint', -7),
        ({"share": "0.125"}, 'r."share" = %(column3)s::numeric', 0.125),
        ({"ok": "false"}, 'r."ok" = %(column4)s::boolean', False),
        ({"tags": "a"}, '%(column7)s::text = ANY(r."tags")', "a"),
        ({"status": "closed"}, 'r."status" = %(column9)s::text', "closed"),
    ],
)
def test_a_column_is_a_parameter(
    query: dict[str, str], sql: str, value: object
) -> None:
    (condition,) = filters(**query).conditions
    assert condition.sql == sql
    assert list(condition.values.values()) == [value]


def test_columns_are_anded() -> None:
    assert len(filters(n="1", ok="true").conditions) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"id": "1"},
        {"Όνομα": "a\x00b"},
        {"Όνομα": "x" * 1001},
        {"n": "32768"},
        {"n": "1.0"},
        {"n": "١"},
        {"share": "NaN"},
        {"share": "1e999"},
        {"ok": "1"},
        {"day": "yesterday"},
        {"at": "2026-11-21"},
        {"status": "Active"},
        {"bbox": "1,2,3"},
        {"bbox": "1,2,3,4,5"},
        {"bbox": "1,2,3,x"},
        {"bbox": "1,2,3,inf"},
        {"bbox": "1,2,3,"},
        {"bbox": "-181,0,10,10"},
        {"bbox": "0,-91,10,10"},
        {"bbox": "0,10,10,0"},  # south of south
        {"bbox": "0,0,9,1,1,2"},  # heights the wrong way round
        {"bbox": "10,0,0,10", "bbox_crs": "EPSG:2100"},  # no antimeridian in metres
        {"bbox": "1,2,3,4", "bbox_crs": "EPSG:99999"},
        {"bbox": "37,200,38,201", "bbox_crs": "EPSG:4326"},
        {"datetime": "now"},
        {"q": "!?"},
        {"q": "a,"},
        {"q": "a\x00"},
        {"q": "x" * 201},
    ],
)
def test_a_value_that_is_none_is_refused(query: dict[str, str]) -> None:
    with pytest.raises((InvalidParameter, InvalidParameters)):
        filters(**query)


@pytest.mark.parametrize("name", ["raw", "limit", "N", "geometry", "point", "nothing"])
def test_what_is_no_parameter_is_refused(name: str) -> None:
    with pytest.raises(UnknownParameter):
        filters(**{name: "1"})


@pytest.mark.parametrize(
    ("query", "box"),
    [
        ({"bbox": "23.6,37.9,23.8,38.1"}, Box(23.6, 37.9, 23.8, 38.1)),
        ({"bbox": "177,65,-177,70"}, Box(177, 65, -177, 70)),
        ({"bbox": "0,1,-5,2,3,9"}, Box(0, 1, 2, 3, 4326, -5, 9)),
        (
            {"bbox": "37.9,23.6,38.1,23.8", "bbox_crs": "EPSG:4326"},
            Box(23.6, 37.9, 23.8, 38.1),
        ),
        (
            {
                "bbox": "1,2,3,4",
                "bbox_crs": "http://www.opengis.net/def/crs/EPSG/0/3035",
            },
            Box(2, 1, 4, 3, 3035),
        ),
        ({"bbox": "1,2,3,4", "bbox_crs": "EPSG:2100"}, Box(1, 2, 3, 4, 2100)),
    ],
)
def test_a_box_is_read_in_the_order_of_its_system(
    query: dict[str, str], box: Box
) -> None:
    assert filters(**query).box == box


def test_commas_part_phrases_and_blanks_join_them() -> None:
    assert filters(q="legal  aid,νομική").terms == ("legal aid", "νομική")


def test_crs_says_which_axis_is_first() -> None:
    assert shape(crs="EPSG:3035") == Shape(srid=3035, is_flipped=True, decimals=3)
    assert shape(crs="EPSG:4326") == Shape(is_flipped=True)
    assert shape(crs="CRS84") == Shape()


def test_selected_properties_leave_the_rest_and_the_geometry_out() -> None:
    assert shape(properties="n,ok") == Shape(properties=("n", "ok"), has_geometry=False)
    assert shape(properties="n,point") == Shape(properties=("n", "point"))


@pytest.mark.parametrize("raw", ["nothing", "N", "n,", "geometry"])
def test_an_unknown_property_cannot_be_selected(raw: str) -> None:
    with pytest.raises(InvalidParameter, match="properties: "):
        shape(properties=raw)


def test_a_layer_with_heights_is_in_crs84h_unless_asked_otherwise() -> None:
    assert collections.default_system(HIGH) == CRS84H
    assert collections.default_system(LAYER) == CRS84
    assert collections.default_system(TABLE) == CRS84
    assert collections.system_of(HIGH, {"crs": of_epsg(2100)}).srid == 2100


def test_sorting_takes_signs_and_several_columns() -> None:
    assert sort("n,-Όνομα,+day, at") == (
        SortKey(COLUMNS[2]),
        SortKey(COLUMNS[1], is_descending=True),
        SortKey(COLUMNS[5]),
        SortKey(COLUMNS[6]),  # a + that was not escaped
    )


@pytest.mark.parametrize("raw", ["tags", "raw", "point", "--n", "+", "-", "", "n desc"])
def test_what_cannot_be_sorted_is_refused(raw: str) -> None:
    with pytest.raises(InvalidParameter, match="sortby: "):
        sort(raw)


def test_a_table_has_every_parameter_but_a_geometry_to_select() -> None:
    assert filters(TABLE, bbox="1,2,3,4").box is not None
    with pytest.raises(InvalidParameter):
        shape(TABLE, properties="point")


def test_every_column_of_one_value_is_a_parameter_unless_its_name_is_taken() -> None:
    names = {p.name for p in collections.column_parameters(LAYER)}
    scalar = {c.name for c in COLUMNS if c.kind in SCALARS} - {"limit"}
    assert names == scalar | {"tags"}
    assert kind_of(COLUMNS[8]) is None
