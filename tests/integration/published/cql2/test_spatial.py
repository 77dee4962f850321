"""The eight spatial functions and geometry literals, counted by hand.

`shapes` around the square Q from 0 0 to 2 2: 1 is Q, 9 is Q begun elsewhere, 2 is Q moved
by 1 1, 3 is its neighbour, 4 lies inside at its corner 0.5 0.5 to 1 1, 5 is a line through
it, 6 its corner 2 2, 7 far away, 8 null, 10 a bow tie, 11 the points 1 1 and 5 5.
"""

import pytest
from django.db import connection

from layers.errors import InvalidParameter
from layers.published.cql2.filters import compiled
from layers.published.layers.layer import Layer
from tests.integration.published.cql2.conftest import Found

Q = "POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))"
EVERY = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11]

RELATIONS = {
    f"S_INTERSECTS(geom, {Q})": [1, 2, 3, 4, 5, 6, 9, 11],
    f"S_DISJOINT(geom, {Q})": [7, 10],
    f"S_EQUALS(geom, {Q})": [1, 9],
    f"S_TOUCHES(geom, {Q})": [3, 6],
    f"S_CROSSES(geom, {Q})": [5, 11],
    f"S_WITHIN(geom, {Q})": [1, 4, 9],
    f"S_CONTAINS(geom, {Q})": [1, 9],
    f"S_OVERLAPS(geom, {Q})": [2],
    "S_CONTAINS(geom, POINT(1.5 1.5))": [1, 2, 9],
    f"S_CONTAINS({Q}, geom)": [1, 4, 9],
    f"S_WITHIN({Q}, geom)": [1, 9],
    # the other types of literals
    "S_INTERSECTS(geom, POINT(2 2))": [1, 2, 3, 6, 9],
    "S_INTERSECTS(geom, POINT Z(2 2 7))": [1, 2, 3, 6, 9],
    "S_INTERSECTS(geom, MULTIPOINT(2 2, 10.5 10.5))": [1, 2, 3, 6, 7, 9],
    "S_INTERSECTS(geom, MULTIPOINT((2 2), (10.5 10.5)))": [1, 2, 3, 6, 7, 9],
    "S_INTERSECTS(geom, LINESTRING(-1 -1, 0 0))": [1, 9],
    "S_INTERSECTS(geom, MULTILINESTRING((-1 -1, 0 0), (9 10.5, 12 10.5)))": [1, 7, 9],
    f"S_INTERSECTS(geom, MULTIPOLYGON((({Q[9:-2]})), ((10 10, 11 10, 11 11, 10 10))))": [
        1, 2, 3, 4, 5, 6, 7, 9, 11,
    ],
    "S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(2 2), LINESTRING(9 10.5, 12 10.5)))": [
        1, 2, 3, 6, 7, 9,
    ],
    # a hole: 4 lies in it and touches nothing of the rest
    "S_DISJOINT(geom, POLYGON((-2 -2, 9 -2, 9 9, -2 9, -2 -2), (-1.5 -1.5, 8 -1.5, 8 8, -1.5 8, "
    "-1.5 -1.5)))": EVERY,
    "S_INTERSECTS(geom, BBOX(0, 0, 2, 2))": [1, 2, 3, 4, 5, 6, 9, 11],
    "S_INTERSECTS(geom, BBOX(0, 0, -9, 2, 2, 9))": [1, 2, 3, 4, 5, 6, 9, 11],
    "S_INTERSECTS(geom, BBOX(2, 2, 2, 2))": [1, 2, 3, 6, 9],
    "S_INTERSECTS(geom, BBOX(-1, 1, 0, 1))": [1, 5, 9],
    # properties and literals on both sides
    "S_EQUALS(geom, geom)": EVERY,
    f"S_WITHIN(POINT(1 1), {Q})": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    f"S_WITHIN(POINT(9 9), {Q})": [],
    f"S_WITHIN(centroid(geom), {Q})": [1, 4, 5, 9],
    # 10 is not valid: it is mended before it is compared
    "S_OVERLAPS(geom, POLYGON((19 19, 21 19, 21 23, 19 23, 19 19)))": [10],
    "S_INTERSECTS(geom, POINT(21 20.5))": [],
    "S_INTERSECTS(geom, POINT(20.2 21))": [10],
    # null is neither in nor out
    f"NOT S_INTERSECTS(geom, {Q})": [7, 10],
    f"NOT S_DISJOINT(geom, {Q})": [1, 2, 3, 4, 5, 6, 9, 11],
}  # fmt: skip


@pytest.mark.parametrize("text", RELATIONS)
def test_a_relation_in_space_finds_the_shapes_counted_by_hand(
    shapes: Layer, found: Found, text: str
) -> None:
    assert found(shapes, text) == RELATIONS[text]


def test_every_spatial_function_is_in_the_golden_list() -> None:
    from layers.published.cql2 import spatial

    texts = "\n".join(RELATIONS).lower()
    assert len(spatial.OPERATORS) == 8
    assert [name for name in spatial.OPERATORS if f"{name}(" not in texts] == []


# 7 lies at 179.5 -17, 8 at -179.5 -17, the others in Europe and at 0 0; 4 has no place
PACIFIC = {
    "S_INTERSECTS(geom, BBOX(179, -20, -179, -10))": [7, 8],
    "S_INTERSECTS(geom, BBOX(179.6, -20, -179, -10))": [8],
    "S_INTERSECTS(geom, BBOX(179, -20, 180, -10))": [7],
    "S_INTERSECTS(geom, BBOX(-180, -20, -179, -10))": [8],
    "S_INTERSECTS(geom, BBOX(1, -90, -1, 90))": [1, 2, 3, 6, 7, 8],
    "S_DISJOINT(geom, BBOX(179, -20, -179, -10))": [1, 2, 3, 5, 6],
    "S_WITHIN(geom, BBOX(179, -20, -179, -10))": [7, 8],
    "S_INTERSECTS(geom, BBOX(-180, -90, 180, 90))": [1, 2, 3, 5, 6, 7, 8],
    # a geometry that goes on beyond 180, east or west, or is cut as RFC 7946 wants it
    "S_INTERSECTS(geom, POLYGON((179 -20, 181 -20, 181 -10, 179 -10, 179 -20)))": [7, 8],
    "S_INTERSECTS(geom, POLYGON((-179 -20, -181 -20, -181 -10, -179 -10, -179 -20)))": [7, 8],
    "S_INTERSECTS(geom, MULTIPOLYGON(((179 -20, 180 -20, 180 -10, 179 -10, 179 -20)), "
    "((-180 -20, -179 -20, -179 -10, -180 -10, -180 -20))))": [7, 8],
    "S_INTERSECTS(geom, LINESTRING(179 -17, 181 -17))": [7, 8],
    "S_INTERSECTS(geom, POINT(180.5 -17))": [8],
    "S_EQUALS(geom, POINT(-180.5 -17))": [7],
    "within_distance_m(geom, POINT(180 -17), 60000)": [7, 8],
    "within_distance_m(geom, POINT(-180 -17), 60000)": [7, 8],
    "distance_m(geom, POINT(180 -17)) < 60000": [7, 8],
}  # fmt: skip


@pytest.mark.parametrize("text", PACIFIC)
def test_the_antimeridian_is_no_border(places: Layer, found: Found, text: str) -> None:
    assert found(places, text) == PACIFIC[text]


def test_literals_may_come_in_another_system(squares: Layer, found: Found) -> None:
    inside = "S_INTERSECTS(geom, POINT({}))"
    # The middle of square 1 (476500 4203500) by PROJ; see test_both_projections_agree.
    assert found(squares, inside.format("23.734110 37.981429")) == [1]
    assert found(squares, inside.format("476500 4203500"), filter_srid=2100) == [1]
    assert found(squares, inside.format("2643336.6 4576806.3"), filter_srid=3857) == [2]


def test_an_authority_may_put_latitude_first(
    squares: Layer, places: Layer, found: Found
) -> None:
    assert found(
        squares, "S_INTERSECTS(geom, POINT(37.98143 23.73411))", flip=True
    ) == [1]
    box = "S_INTERSECTS(geom, BBOX(37.97, 23.7, 38, 23.8))"
    assert found(places, box, flip=True) == [1, 2]
    assert found(
        places, "S_INTERSECTS(geom, BBOX(-20, 179, -10, -179))", flip=True
    ) == [7, 8]


@pytest.mark.parametrize(
    "literal",
    [
        "BBOX(-180, -90, 180, 90)",
        "POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))",
        "BBOX(100, -90, 99, 90)",
        "BBOX(0, 0, 180, 90)",
    ],
)
def test_the_whole_globe_holds_a_layer_in_a_projected_system(
    squares: Layer, found: Found, literal: str
) -> None:
    assert found(squares, f"S_INTERSECTS(geom, {literal})") == [1, 2, 3]
    assert found(squares, f"S_WITHIN(geom, {literal})") == [1, 2, 3]
    assert found(squares, f"S_DISJOINT(geom, {literal})") == []


def test_what_lies_where_a_system_has_no_coordinates_meets_nothing(
    squares: Layer, found: Found
) -> None:
    assert found(squares, "S_INTERSECTS(geom, POINT(-170 -80))") == []
    assert found(squares, "S_DISJOINT(geom, BBOX(170, -80, -170, -70))") == [1, 2, 3]


def test_edges_of_a_box_bend_where_they_are_transformed(
    squares: Layer, found: Found
) -> None:
    # A straight line between the corners of so wide a box would pass 15 km south of the
    # parallel 37.99, and square 1 to 3 would lie north of it.
    assert found(squares, "S_WITHIN(geom, BBOX(20, 37.9, 28, 37.99))") == [1, 2, 3]


def test_both_projections_agree(squares: Layer) -> None:
    condition = compiled(
        "S_EQUALS(geom, POINT(23.73411 37.98143))", "cql2-text", squares
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(%s::geometry, ST_Transform(ST_SetSRID(ST_MakePoint("
            "23.73411, 37.98143), 4326), 2100))",
            [condition.values["cql_0"]],
        )
        (metres,) = cursor.fetchone()
    assert metres < 0.001


@pytest.mark.parametrize(
    "text",
    [
        "S_INTERSECTS(geom, BBOX(23.7, 37.9, 23.71, 37.91))",
        "S_WITHIN(geom, POLYGON((23.7 37.9, 23.71 37.9, 23.71 37.91, 23.7 37.9)))",
        "S_EQUALS(geom, POINT(23.7 37.9))",
        "within_distance_m(geom, POINT(23.7 37.9), 100)",
        "within_distance_m(POINT(23.7 37.9), geom, 100)",
        "S_INTERSECTS(geom, BBOX(23.7, 37.9, 23.71, 37.91)) AND id > 5",
    ],
)
def test_the_layer_s_index_finds_the_candidates(places: Layer, text: str) -> None:
    condition = compiled(text, "cql2-text", places)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO published.places (id, geom) SELECT n, ST_SetSRID(ST_MakePoint("
            "n / 100.0, n / 200.0), 4326) FROM generate_series(100, 9000) AS n;"
            "CREATE INDEX ON published.places USING gist (geom);"
            "ANALYZE published.places"
        )
        cursor.execute(
            f"EXPLAIN SELECT r.id FROM {places.relation} WHERE {condition.sql}",  # noqa: S608
            condition.values,
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "places_geom_idx" in plan


REFUSED = [
    ("S_INTERSECTS(geom, POINT(90 180))", "latitudes"),
    ("S_INTERSECTS(geom, POINT(0 -90.1))", "latitudes"),
    ("S_INTERSECTS(geom, POINT(400 0))", "longitudes"),
    ("S_INTERSECTS(geom, BBOX(-600, 0, 1, 1))", "longitudes"),
    ("S_INTERSECTS(geom, BBOX(0, 5, 1, 4))", "corner"),
    ("S_INTERSECTS(geom, BBOX(0, 0, 9, 1, 1, 0))", "height"),
    ("S_INTERSECTS(geom, BBOX(0, 0, 1))", "4 or 6"),
    ("S_INTERSECTS(geom, BBOX(1e400, 0, 1, 1))", "finite"),
    ("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "Self-intersection"),
    ("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 1 0)))", "ring closed"),
    ("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 1 0, 2 2)))", "ring closed"),
    ("S_INTERSECTS(geom, LINESTRING(0 0))", "points"),
    ("S_INTERSECTS(geom, POINT EMPTY)", "CQL2"),
    ("S_INTERSECTS(geom, name)", "string, where geometry"),
    ("S_INTERSECTS(geom, 'POINT(1 1)')", "string, where geometry"),
    ("S_INTERSECTS(geom)", "takes 2"),
    ("S_INTERSECTS(geometry, POINT(1 1))", "properties are id"),
    ("S_NEAR(geom, POINT(1 1))", "s_contains"),
    ("geom = POINT(1 1)", "S_EQUALS"),
    ("geom IN (POINT(1 1))", "S_EQUALS"),
    ("geom LIKE 'x'", "geometry, where string"),
    ("geom > 1", "S_EQUALS"),
]


@pytest.mark.parametrize(("text", "hint"), REFUSED)
def test_what_is_no_relation_in_space_is_refused_with_a_hint(
    places: Layer, text: str, hint: str
) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        compiled(text, "cql2-text", places)
    assert refusal.value.name == "filter"
    assert hint in refusal.value.detail
