"""Boundaries that can be stored, those that are mended, and those that are not."""

import pytest
import shapely
from shapely import LineString, Point, Polygon

from layers.errors import InvalidRecord
from layers.ingest.boundaries import (
    checked_boundary,
    gaps_m2,
    in_metres,
    overlaps_m2,
)

WEST, SOUTH, SIZE = 23.70, 37.95, 0.01


def square(lon: float = WEST, lat: float = SOUTH, size: float = SIZE) -> Polygon:
    return shapely.box(lon, lat, lon + size, lat + size)


def test_a_sound_polygon_is_kept_to_the_last_digit() -> None:
    found = checked_boundary(square())
    assert found.repair == ""
    assert found.polygon.equals(square())
    assert found.polygon.geom_type == "MultiPolygon"
    # 0.01 degrees are 878.6 m by 1109.9 m here (WGS 84, latitude 37.955); the Greek
    # grid is smaller by its scale factor 0.9996 and a little more.
    assert found.area_m2 == pytest.approx(878.6 * 1109.9, rel=2e-3)


def test_a_spike_is_mended_and_told() -> None:
    corners = [
        (WEST, SOUTH), (WEST + SIZE, SOUTH), (WEST + SIZE, SOUTH + SIZE),
        (WEST + SIZE / 2, SOUTH + SIZE), (WEST + SIZE / 2, SOUTH + 2 * SIZE),
        (WEST + SIZE / 2, SOUTH + SIZE), (WEST, SOUTH + SIZE),
    ]  # fmt: skip
    found = checked_boundary(Polygon(corners))
    assert found.polygon.is_valid
    assert found.repair.endswith("mended, area changed by 0.0000 %")


def test_height_is_dropped() -> None:
    flat = checked_boundary(shapely.force_3d(square(), 12.0)).polygon
    assert not flat.has_z


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "no geometry"),
        (Polygon(), "no geometry"),
        (Point(WEST, SOUTH), "not a polygon"),
        (LineString([(0, 0), (1, 1)]), "not a polygon"),
        (
            Polygon([(23.7, 37.9), (23.71, 37.91), (23.71, 37.9), (23.7, 37.91)]),
            "change the area by 100.0 %",
        ),
        (shapely.MultiPolygon([square(), square()]), "change the area by 50.0 %"),
        (
            Polygon([(23.7, 37.9), (23.71, 37.9), (23.72, 37.9)]),
            "nothing polygonal is left",
        ),
        (shapely.box(476_000, 4_203_000, 477_000, 4_204_000), "reference system"),
        (shapely.box(170, 0, 190, 1), "reference system"),
    ],
    ids=range(9),
)
def test_what_is_no_boundary_is_refused(geometry: object, reason: str) -> None:
    with pytest.raises(InvalidRecord, match=reason):
        checked_boundary(geometry)  # type: ignore[arg-type]


def test_overlaps_are_found_and_slivers_are_not() -> None:
    near = [square(), square(WEST + SIZE / 2), square(WEST + 1.5 * SIZE - 1e-8)]
    found = overlaps_m2([in_metres(polygon) for polygon in near])
    assert [(a, b) for a, b, _ in found] == [(0, 1)]
    assert found[0][2] == pytest.approx(in_metres(square()).area / 2, rel=1e-3)


def test_gaps_are_what_nothing_covers() -> None:
    whole = in_metres(square(size=2 * SIZE))
    parts = [in_metres(square()), in_metres(square(WEST + SIZE))]
    found = gaps_m2(whole, parts)
    assert sum(gap.area for gap in found) == pytest.approx(whole.area / 2, rel=1e-3)
