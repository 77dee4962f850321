"""Geometry literals: what is taken, where it lands, what is refused."""

from typing import Any

import pytest
import shapely

from layers.errors import InvalidParameter
from layers.published.cql2.geometries import geometry_literal
from layers.published.cql2.placing import in_degrees, use_of


def made(node: Any, srid: int = 4326, target: int = 4326, *, flip: bool = False) -> Any:
    return geometry_literal(node, srid, target, flip=flip)


def point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def test_a_box_is_a_polygon_with_its_system() -> None:
    box = made({"bbox": [23, 37, 24, 38]})
    assert box.equals(shapely.box(23, 37, 24, 38))
    assert shapely.get_srid(box) == 4326


def test_heights_are_passed_over() -> None:
    assert not made({"bbox": [23, 37, -5, 24, 38, 5]}).has_z
    assert made({"type": "Point", "coordinates": [1, 2, 3]}).wkt == "POINT (1 2)"


@pytest.mark.parametrize(
    ("box", "wkt"),
    [
        ([23, 37, 23, 37], "POINT (23 37)"),
        ([23, 37, 24, 37], "LINESTRING (23 37, 24 37)"),
    ],
)
def test_a_box_without_an_area_is_a_line_or_a_point(box: list[float], wkt: str) -> None:
    assert made({"bbox": box}).wkt == wkt


def test_a_box_over_the_antimeridian_has_two_parts() -> None:
    box = made({"bbox": [170, -10, -160, 10]})
    halves = shapely.union_all(
        [shapely.box(170, -10, 180, 10), shapely.box(-180, -10, -160, 10)]
    )
    assert box.equals(halves)


def test_what_goes_on_beyond_180_comes_in_on_the_other_side() -> None:
    assert made(point(190, 5)).equals(shapely.Point(-170, 5))
    assert made(point(-190, 5)).equals(shapely.Point(170, 5))
    line = made({"type": "LineString", "coordinates": [[170, 0], [190, 0]]})
    assert line.length == pytest.approx(20)
    assert line.bounds == (-180, 0, 180, 0)


def test_a_collection_over_the_antimeridian_keeps_its_members() -> None:
    node = {"type": "GeometryCollection", "geometries": [point(190, 5), point(1, 1)]}
    wrapped = made(node)
    assert wrapped.intersects(shapely.Point(-170, 5))
    assert wrapped.intersects(shapely.Point(1, 1))


def test_a_collection_is_cut_member_by_member() -> None:
    node = {
        "type": "GeometryCollection",
        "geometries": [point(-170, -80), point(23, 38)],
    }
    cut = made(node, 4326, 2100)
    assert [part.geom_type for part in cut.geoms] == ["Point"]
    assert made({**node, "geometries": [point(-170, -80)]}, 4326, 2100).is_empty


def test_an_authority_may_put_y_first() -> None:
    assert made(point(38, 23), flip=True).equals(shapely.Point(23, 38))
    box = made({"bbox": [37, 23, 38, 24]}, flip=True)
    assert box.equals(shapely.box(23, 37, 24, 38))
    with_heights = made({"bbox": [37, 23, 0, 38, 24, 9]}, flip=True)
    assert with_heights.equals(box)


def test_a_transformed_point_is_where_proj_puts_it() -> None:
    # Syntagma in GGRS87 / Greek Grid, by ST_Transform of PostGIS 3.3 with PROJ 9.1.
    x, y = made(point(23.7348, 37.9755), 4326, 2100).coords[0]
    assert (round(x), round(y)) == (476559, 4202842)


def test_the_edges_of_a_transformed_box_bend() -> None:
    box = made({"bbox": [20, 38, 28, 39]}, 4326, 2100)
    assert shapely.get_num_coordinates(box) > 30
    # The middle of the southern edge lies well south of the chord between its corners.
    assert not box.contains(shapely.box(*box.bounds).centroid.buffer(60_000))


def test_a_literal_is_cut_where_the_target_has_no_coordinates() -> None:
    globe = made({"bbox": [-180, -90, 180, 90]}, 4326, 2100)
    assert globe.is_valid
    assert globe.contains(shapely.Point(476559, 4202842))
    assert made(point(-170, -80), 4326, 2100).is_empty


def test_the_trusted_area_is_the_area_of_use_and_ten_degrees() -> None:
    area = use_of(2100)  # EPSG:1106, Greece onshore and offshore: 19.57 to 28.3 east
    assert area is not None
    assert area.bounds == pytest.approx((9.57, 24.88, 38.3, 51.75), abs=0.1)
    assert use_of(4326) is None
    mercator = use_of(3857)
    assert mercator is not None
    assert mercator.bounds == pytest.approx((-180, -85.06, 180, 85.06))


def test_a_literal_goes_back_to_degrees() -> None:
    back = in_degrees(made(point(23.7348, 37.9755), 4326, 2100), 2100)
    assert back.coords[0] == pytest.approx((23.7348, 37.9755), abs=1e-7)


REFUSED: list[tuple[Any, str]] = [
    (point(0, 91), "latitudes"),
    (point(361, 0), "longitudes"),
    (point(float("nan"), 0), "finite"),
    (point(1e31, 0), "finite"),
    ({"bbox": [0, 1, 1, 0]}, "corner"),
    ({"bbox": [0, 0, 0]}, "4 or 6"),
    ({"bbox": [0, 0, 9, 1, 1, 0]}, "height"),
    ({"bbox": [-361, 0, -350, 1]}, "longitudes"),
    ({"bbox": [0, 0, 1, 1], "type": "Point"}, "nothing else"),
    ({"type": "Point", "coordinates": [1]}, "finite"),
    ({"type": "Point", "coordinates": [[1, 2]]}, "finite"),
    ({"type": "LineString", "coordinates": [[1, 2]]}, "points"),
    ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, "closed"),
    ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "Self-inter"),
    ({"type": "Circle", "coordinates": [1, 2]}, "geometries are"),
    ({"type": "GeometryCollection", "geometries": []}, "one or more"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "hint"), REFUSED)
def test_what_is_no_geometry_is_refused(node: Any, hint: str) -> None:
    with pytest.raises(InvalidParameter, match=hint) as refusal:
        made(node)
    assert refusal.value.name == "filter"


def test_a_box_turned_round_in_metres_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="corner"):
        made({"bbox": [2, 1, 1, 2]}, 2100, 2100)


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(InvalidParameter) as refusal:
        made(point(1, 1), 999999, 4326)
    assert refusal.value.name == "filter-crs"
