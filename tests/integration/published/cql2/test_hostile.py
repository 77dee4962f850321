"""Whatever is sent as a filter, it is refused by name or it runs."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from layers.errors import InvalidParameter
from layers.published.cql2.filters import OPERATORS, compiled
from layers.published.layers.layer import Condition, Layer
from tests.integration.published.cql2.conftest import Found

PROPERTIES = [
    "id", "name", "population", "area", "price", "ratio", "is_open", "founded", "seen",
    "noted", "starts", "ends", "tags", "counts", "shares", "ref", "note", "code",
    '50 % "a" ', "geom", "nothing",
]  # fmt: skip

SQL = "'; DROP TABLE published.places; --"


def sql_of(name: str) -> str:
    return name.replace("'", "''")


INJECTIONS = [
    f"name = '{sql_of(SQL)}'",
    f"name LIKE '{sql_of(SQL)}%'",
    f"CASEI(name) LIKE casei('{sql_of(SQL)}%')",
    f"name IN ('{sql_of(SQL)}', 'x')",
    f"A_CONTAINS(tags, ('{sql_of(SQL)}'))",
    f"lower('{sql_of(SQL)}') = name",
    "name = '%s'",
    "name = '%(cql_0)s'",
    "name = '%'",
    "name LIKE '%%(x)s'",
    "name = '\\\\'",
    "name = '\\'; DROP TABLE x; --'",
    "name = '$$'",
    "name = 'E''\\x41'''",
    "concat('%(cql_9)s', '}{0}') = name",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_in_a_literal_is_only_ever_text(
    places: Layer, found: Found, text: str
) -> None:
    assert found(places, text) == []
    assert found(places, "id = 1") == [1]


def test_the_statement_does_not_depend_on_the_values(places: Layer) -> None:
    one, other = (
        compiled(f"name = '{v}' AND population > {n} AND founded < DATE('{d}') AND "
                 f"S_INTERSECTS(geom, {g}) AND name LIKE '{v}%'", "cql2-text", places)
        for v, n, d, g in (
            ("x", 1, "2020-01-01", "POINT(1 1)"),
            (sql_of(SQL), 99999999, "1000-01-01", "BBOX(0, 0, 1, 1)"),
        )
    )  # fmt: skip
    assert one.sql == other.sql
    assert one.values != other.values


CORNERS = [
    f'"{SQL}" = 1',
    '"id"" OR true OR ""id" = 1',
    "pg_sleep(5) = 1",
    "version() = 'x'",
    "current_setting('role') = 'x'",
    "pg_read_file('/etc/passwd') = 'x'",
    "layers_casei(name) = 'x'",
    "st_buffer(geom, 1) IS NULL",
    "dblink('host=localhost', 'SELECT 1') IS NULL",
    "id = (SELECT 1)",
    "id = 1; SELECT 1",
    "name = '\\''; DROP TABLE x; --'",
    "id = 1 UNION SELECT 1",
    "id = 1 -- x",
    "id = 1 /* x */ OR true",
    "id::text = '1'",
    "id = 1 OR 1",
    "S_INTERSECTS(geom, ST_GeomFromText('POINT(1 1)'))",
    "ctid = '(0,1)'",
    "xmin = 1",
    "tableoid = 1",
    "r.id = 1",
    "published.places.id = 1",
    "*  = 1",
    "id = $1",
    "id = %s",
    "id = %(cql_0)s",
]


@pytest.mark.parametrize("text", CORNERS)
def test_sql_in_a_corner_is_refused(places: Layer, text: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        compiled(text, "cql2-text", places)
    assert refusal.value.name == "filter"


NODES: list[Any] = [
    {"op": "pg_sleep", "args": [5]},
    {"op": "= 1 OR true --", "args": [1, 1]},
    {"op": "=", "args": [{"property": SQL}, 1]},
    {"op": "=", "args": [{"property": ["id"]}, 1]},
    {"op": "=", "args": [{"property": None}, 1]},
    {"op": "=", "args": [{"property": "id", "type": "x"}, 1]},
    {"op": "=", "args": "id"},
    {"op": "=", "args": {"0": 1}},
    {"op": ["="], "args": [1, 1]},
    {"op": "=", "args": [1, 1], "sql": "true"},
    {"op": "=", "args": [1]},
    {"op": "=", "args": []},
    {"op": "=", "args": [1, None]},
    {"op": "and", "args": [True]},
    {"op": "not", "args": [True, True]},
    {"op": "in", "args": [{"property": "id"}, []]},
    {"op": "in", "args": [{"property": "id"}, 1]},
    {"op": "like", "args": [{"property": "name"}, {"property": "name"}]},
    {"op": "like", "args": [{"property": "name"}, {"op": "casei", "args": "x"}]},
    {"op": "between", "args": [{"property": "id"}, 1]},
    {"op": "t_during", "args": [{"interval": ["2020-01-01"]}, {"interval": []}]},
    {"op": "t_equals", "args": [{"interval": ["x", ".."]}, {"date": "2020-01-01"}]},
    {"op": "t_equals", "args": [{"interval": ["2021-01-01", "2020-01-01"]}, {"date": ".."}]},
    {"op": "t_equals", "args": [{"interval": [1, 2]}, {"interval": ["..", ".."]}]},
    {"op": "=", "args": [{"date": "2020-13-01"}, {"date": "2020-01-01"}]},
    {"op": "=", "args": [{"date": 20200101}, {"date": "2020-01-01"}]},
    {"op": "=", "args": [{"timestamp": "2020-01-01T25:00:00Z"}, {"property": "seen"}]},
    {"op": "=", "args": [{"timestamp": "2020-01-01T10:00:00"}, {"property": "seen"}]},
    {"op": "=", "args": [{"date": "2020-01-01", "timestamp": "x"}, {"property": "seen"}]},
    {"op": "=", "args": [{"property": "name"}, "a\x00b"]},
    {"op": "=", "args": [{"property": "name"}, "\ud800"]},
    {"op": "=", "args": [{"property": "\ud800\x00"}, 1]},
    {"op": "=", "args": [{"property": "id"}, float("nan")]},
    {"op": "=", "args": [{"property": "id"}, float("inf")]},
    {"op": "=", "args": [{"property": "id"}, 10**400]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": [0, 0, 1, float("nan")]}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": "0,0,1,1"}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": [0, 0, 1, True]}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Point"}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"type": ["Point"], "coordinates": 1}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Point", "coordinates": []}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Polygon", "coordinates": []}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Polygon", "coordinates": [[]]}]},
    {"op": "s_intersects", "args": [{"property": "geom"},
     {"type": "Point", "coordinates": [1, 2], "bbox": [0, 0, 1, 1]}]},
    {"op": "s_intersects", "args": [{"property": "geom"},
     {"type": "Point", "coordinates": [1, 2], "crs": "EPSG:2100"}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"type": "MultiPoint", "coordinates": []}]},
    {"op": "s_intersects", "args": [{"property": "geom"},
     {"type": "GeometryCollection", "geometries": []}]},
    {"op": "s_intersects", "args": [{"property": "geom"}, {"type": "GeometryCollection",
     "geometries": [{"type": "GeometryCollection", "geometries": []}]}]},
    {"op": "a_contains", "args": [{"property": "tags"}, []]},
    {"op": "a_contains", "args": [{"property": "tags"}, ["a", 1]]},
    {"op": "a_contains", "args": [{"property": "tags"}, [["a"]]]},
    {"op": "a_contains", "args": [{"property": "tags"}, {"property": "counts"}]},
    {"op": "a_contains", "args": [{"property": "note"}, ["a"]]},
    {"op": "array_length", "args": [["a"]]},
    {"property": "id"},
    {"property": "note"},
    {"casei": "x"},
    {"type": "Point", "coordinates": [1, 2]},
    [],
    [True],
    {},
    None,
    1,
]  # fmt: skip


@pytest.mark.parametrize("node", NODES, ids=lambda node: repr(node)[:60])
def test_a_node_that_is_none_is_refused(places: Layer, node: Any) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        compiled(node, "cql2-json", places)
    assert refusal.value.name == "filter"
    assert len(refusal.value.detail) < 1500


def test_a_long_list_is_one_value(places: Layer, found: Found) -> None:
    names = ", ".join(f"'name {n}'" for n in range(2000))
    assert found(places, f"name IN ({names}, 'Zürich')") == [8]
    numbers = {"op": "in", "args": [{"property": "population"}, list(range(40_000))]}
    assert found(places, numbers, "cql2-json") == [2, 3, 7, 8]
    assert len(compiled(numbers, "cql2-json", places).values) == 1


def test_more_values_than_a_statement_can_bind_are_refused(places: Layer) -> None:
    listed = {"op": "in", "args": ["a", ["b"] * 60_000]}
    with pytest.raises(InvalidParameter, match="at most 5000 values"):
        compiled(listed, "cql2-json", places)


# --- anything at all ---------------------------------------------------------

WORDS = st.sampled_from(
    [
        *PROPERTIES[:13], '"', "'", "''", "(", ")", ",", "=", "<>", "<=", "+", "-", "*", "/", "%",
        "^", "div", "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "true", "1", "0",
        "-1.5e300", "'a%'", "'\\'", "DATE('2020-01-01')", "TIMESTAMP('2020-01-01T00:00:00Z')",
        "INTERVAL('..','..')", "BBOX(0,0,1,1)", "POINT(1 1)", "POINT", "POLYGON((", "\x00", ";",
        "--", "%s", "%(cql_0)s", "\ud800", "é", "🏠", *(f"{name}(" for name in OPERATORS),
    ]
)  # fmt: skip
SPACED = st.lists(WORDS, max_size=14).map(" ".join)


def checked(layer: Layer, given_: Any, language: str) -> Condition | None:
    try:
        return compiled(given_, language, layer)
    except InvalidParameter as refusal:
        name = refusal.name
    assert name == "filter"
    return None


def run(layer: Layer, condition: Condition) -> None:
    from layers.published.connection import read

    read(
        f"SELECT count(*) FROM {layer.relation} WHERE {condition.sql}",  # noqa: S608
        condition.values,
    )


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=60), SPACED))
@example(text="(" * 60)
@example(text="NOT " * 5000 + "true")
@example(text="a" * 1_000_000)
def test_any_text_runs_or_is_refused(places: Layer, text: str) -> None:
    condition = checked(places, text, "cql2-text")
    if condition is not None:
        run(places, condition)


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(PROPERTIES).map(lambda name: {"property": name}),
    st.sampled_from(["2020-01-01", "..", "2020-01-01T00:00:00Z", "9999-12-31", "x"]).flatmap(
        lambda d: st.sampled_from([{"date": d}, {"timestamp": d}, {"interval": [d, ".."]}])
    ),
    st.lists(st.floats(-200, 200), min_size=3, max_size=6).map(lambda c: {"bbox": c}),
    st.lists(st.floats(-200, 200), max_size=4).map(lambda c: {"type": "Point", "coordinates": c}),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(sorted(OPERATORS)),
            st.lists(below, max_size=3),
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(node=TREES)
def test_any_tree_runs_or_is_refused(places: Layer, node: Any) -> None:
    condition = checked(places, node, "cql2-json")
    if condition is not None:
        run(places, condition)


# --- whatever has the right types --------------------------------------------


def op(name: str | st.SearchStrategy[str], *args: Any) -> st.SearchStrategy[Any]:
    names = st.just(name) if isinstance(name, str) else name
    return st.builds(lambda n, *below: {"op": n, "args": list(below)}, names, *args)


def of(*names: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(names).map(lambda name: {"property": name})


EXTREMES = st.sampled_from(
    [0, -0.0, 1, -1, 0.1, 1e308, -1e308, 5e-324, 2**63 - 1, -(2**63), 2**64, 1e15]
)
NUMBERS = st.deferred(
    lambda: st.one_of(
        EXTREMES,
        of("id", "population", "area", "price", "ratio"),
        op(st.sampled_from(["+", "-", "*", "/", "%", "div", "^"]), NUMBERS, NUMBERS),
        op(st.sampled_from(["abs", "ceil", "floor", "round", "sqrt"]), NUMBERS),
        op("power", NUMBERS, NUMBERS),
        op("length", TEXTS),
        op(st.sampled_from(["year", "month", "day", "hour", "weekday"]), INSTANTS),
        op(st.sampled_from(["area_m2", "length_m", "perimeter_m"]), GEOMETRIES),
        op("distance_m", GEOMETRIES, GEOMETRIES),
    )
)
TEXTS = st.deferred(
    lambda: st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
        of("name", "code", '50 % "a" '),
        op(st.sampled_from(["lower", "upper", "trim", "casei", "accenti"]), TEXTS),
        op("concat", TEXTS, TEXTS),
    )
)  # fmt: skip
INSTANTS = st.one_of(
    of("founded", "seen", "noted", "starts", "ends"),
    st.dates().map(lambda d: {"date": d.isoformat()}),
    st.datetimes().map(lambda d: {"timestamp": f"{d.isoformat()}Z"}),
)
INTERVALS = st.lists(st.one_of(INSTANTS, st.just("..")), min_size=2, max_size=2).map(
    lambda ends: {"interval": ends}
)
LON, LAT = st.floats(-360, 360), st.floats(-90, 90)
GEOMETRIES = st.one_of(
    of("geom"),
    st.lists(st.tuples(LON, LAT), min_size=1, max_size=3).map(
        lambda points: {"type": "GeometryCollection", "geometries": [
            {"type": "Point", "coordinates": list(p)} for p in points
        ]}
    ),
    st.tuples(LON, LAT).map(lambda p: {"type": "Point", "coordinates": list(p)}),
    st.lists(st.tuples(LON, LAT).map(list), min_size=2, max_size=5).map(
        lambda line: {"type": "LineString", "coordinates": line}
    ),
    st.tuples(st.floats(-180, 180), LAT, st.floats(-180, 180), LAT).map(
        lambda b: {"bbox": [b[0], min(b[1], b[3]), b[2], max(b[1], b[3])]}
    ),
    st.tuples(LON, LAT, st.floats(0.001, 90)).map(
        lambda c: {"type": "Polygon", "coordinates": [[
            [c[0], c[1]], [c[0] + c[2], c[1]], [c[0], min(c[1] + c[2], 90)], [c[0], c[1]]
        ]]}
    ),
)  # fmt: skip
SIGNS = st.sampled_from(["=", "<>", "<", ">", "<=", ">="])
FILTERS = st.deferred(
    lambda: st.one_of(
        op(SIGNS, NUMBERS, NUMBERS),
        op(SIGNS, TEXTS, TEXTS),
        op(SIGNS, INSTANTS, INSTANTS),
        op("between", NUMBERS, NUMBERS, NUMBERS),
        op("in", NUMBERS, st.lists(NUMBERS, min_size=1, max_size=3)),
        op("in", TEXTS, st.lists(TEXTS, min_size=1, max_size=3)),
        op("like", TEXTS, st.text(st.sampled_from("ab%_\\Σ％"), max_size=6)),
        op("like", TEXTS, op("accenti", st.text(st.sampled_from("ab%_\\Σ％"), max_size=6))),
        op("isNull", st.one_of(NUMBERS, TEXTS, GEOMETRIES)),
        op(st.sampled_from(sorted(n for n in OPERATORS if n[:2] == "t_")), INTERVALS, INTERVALS),
        op(st.sampled_from(["t_after", "t_equals", "t_intersects"]), INSTANTS, INTERVALS),
        op(st.sampled_from(sorted(n for n in OPERATORS if n[:2] == "s_")), GEOMETRIES, GEOMETRIES),
        op(
            st.sampled_from(sorted(n for n in OPERATORS if n[:2] == "a_")),
            of("counts", "shares"),
            st.lists(NUMBERS, min_size=1, max_size=3),
        ),
        op("within_distance_m", GEOMETRIES, GEOMETRIES, NUMBERS),
        op("not", FILTERS),
        op(st.sampled_from(["and", "or"]), FILTERS, FILTERS),
    )
)  # fmt: skip


@pytest.mark.parametrize("relation", sorted(n for n in OPERATORS if n.startswith("s_")))
def test_coordinates_next_to_nothing_make_no_relation_fail(
    places: Layer, shapes: Layer, squares: Layer, relation: str
) -> None:
    # GEOS found a side location conflict there, in a polygon that it had called valid.
    west = -1.17592768e-306
    ring = [[west, 0], [-180, 0], [-180, 1], [180, 1], [180, 0], [west, 0]]
    literal = {"type": "Polygon", "coordinates": [ring]}
    node = {"op": relation, "args": [{"property": "geom"}, literal]}
    for layer in (places, shapes, squares):
        run(layer, compiled(node, "cql2-json", layer))


@pytest.mark.slow
@settings(
    max_examples=600,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(node=FILTERS)
def test_a_filter_of_the_right_types_never_fails_on_a_row(
    places: Layer, node: Any
) -> None:
    condition = checked(places, node, "cql2-json")
    if condition is not None:
        run(places, condition)


@pytest.mark.slow
@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    relation=st.sampled_from(sorted(n for n in OPERATORS if n[:2] == "s_")),
    literal=GEOMETRIES,
)
def test_no_literal_fails_on_polygons_of_any_system_or_on_what_is_not_valid(
    squares: Layer, shapes: Layer, relation: str, literal: Any
) -> None:
    node = {"op": relation, "args": [{"property": "geom"}, literal]}
    for layer in (squares, shapes):
        condition = checked(layer, node, "cql2-json")
        if condition is not None:
            run(layer, condition)


@pytest.mark.parametrize(
    "text",
    [
        "within_distance_m(geom, LINESTRING(0 0, 180 0), 0)",
        "distance_m(geom, LINESTRING(0 0, 180 0)) < 5",
        "distance_m(geom, BBOX(0, 0, 180, 1)) < 5",
    ],
)
def test_an_edge_between_antipodes_makes_no_filter_fail(
    places: Layer, found: Found, text: str
) -> None:
    # PostGIS raises where it sees that nobody knows which way round such an edge runs.
    assert found(places, text) is not None


def test_rows_that_are_not_finite_make_no_filter_fail(
    places: Layer, found: Found
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO published.places (id, area, ratio, seen, founded, ends, geom) VALUES "
            "(20, 'NaN', 'NaN', 'infinity', 'infinity', '-infinity', 'SRID=4326;POINT EMPTY'),"
            "(21, 'Infinity', '-Infinity', '-infinity', '-infinity', 'infinity',"
            " ST_SetSRID(ST_MakePoint('NaN', 1), 4326))"
        )
    for text in (
        "area * ratio > 1", "area % 7 = 1", "area div ratio = 1", "round(area) = 1",
        "year(seen) = 2000", "year(founded) = 2000", "seen = DATE('2020-01-01')",
        "T_AFTER(INTERVAL(seen, ends), DATE('2020-01-01'))", "day(seen) = 1", "hour(founded) = 1",
        "S_INTERSECTS(geom, BBOX(-180, -90, 180, 90))", "S_OVERLAPS(geom, BBOX(0, 0, 1, 1))",
        "S_DISJOINT(geom, BBOX(0, 0, 1, 1))", "distance_m(geom, POINT(1 1)) > 5",
        "within_distance_m(geom, POINT(1 1), area)", "S_EQUALS(centroid(geom), geom)",
        "area IN (1, 2.5)", "ratio = area", "sqrt(area) > 1", "price / area = 0",
    ):  # fmt: skip
        assert found(places, text) is not None
