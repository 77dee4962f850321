"""Tiles, decoded by another library and held against the items."""

import math
from typing import Any

import mapbox_vector_tile as mvt
import pytest
from django.db import connection

from layers.errors import NotFound
from layers.published.layers import catalogue, tiles
from layers.published.layers.filters import LayerFilters
from layers.published.layers.layer import Condition
from layers.published.layers.tile_grid import crowded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    tiles.forget()


def at(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    n = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return z, int((lon + 180) / 360 * n), int(y * n)


def decoded(layer: str, z: int, x: int, y: int, **asked: Any) -> dict[str, Any]:
    body = tiles.tile(layer, z, x, y, **asked).body
    return dict(mvt.decode(body)) if body else {}


def crowd(n: int) -> None:
    """Put `n` more trees within 100 m."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO published.trees ("No", geom) SELECT 100 + i,
               ST_SetSRID(ST_Point(23.75 + 0.001 * (i %% 100) / 100,
                                   37.98 + 0.001 * (i / 100) / 100), 4326)
               FROM generate_series(1, %s) AS i""",
            [n],
        )
        raise_version(cursor)


def raise_version(cursor: Any) -> None:
    cursor.execute(
        "UPDATE layers_dataversion SET version = version + 1 WHERE name = 'layer:trees'"
    )


def test_a_tile_holds_what_lies_on_it_with_its_values(trees: str) -> None:
    features = decoded(trees, *at(23.72, 37.98, 10))["trees"]["features"]
    assert [f["id"] for f in features] == [1, 2, 3]
    assert features[0]["properties"] == {
        "No": 1,
        "Είδος": "Ελιά",
        "height_m": 4.5,
        "girth_cm": 90,
        "is_old": True,
        "planted": "1990-03-01",
        "seen_at": "2026-11-01 10:00:00+00",
        "tags": "a,b",
        '50 % "a" ': "x",
    }


def test_a_place_on_a_tile_is_the_item_s_place(trees: str) -> None:
    z, x, y = at(23.72, 37.98, 14)
    (feature,) = decoded(trees, z, x, y)["trees"]["features"]
    across, up = feature["geometry"]["coordinates"]  # the decoder counts y upwards
    lon = (x + across / 4096) / (1 << z) * 360 - 180
    lat = math.degrees(
        math.atan(math.sinh(math.pi * (1 - 2 * (y + 1 - up / 4096) / (1 << z))))
    )
    assert (lon, lat) == pytest.approx((23.72, 37.98), abs=360 / (1 << z) / 4096)


@pytest.mark.parametrize(("x", "expected"), [(7, 10), (0, 11)])
def test_both_sides_of_the_antimeridian_have_their_tile(
    trees: str, x: int, expected: int
) -> None:
    features = decoded(trees, 3, x, 4)["trees"]["features"]
    assert [f["id"] for f in features] == [expected]


@pytest.mark.parametrize("z", [0, 3, 6])
def test_a_layer_in_a_country_s_system_has_tiles_of_the_world(
    areas: str, z: int
) -> None:
    labels = decoded(areas, *at(23.75, 37.98, z))["areas_labels"]["features"]
    assert sorted(f["properties"]["id"] for f in labels) == ["a", "b", "c"]


def test_the_poles_break_no_tile(trees: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE published.ice (id integer PRIMARY KEY, "
            "geom geometry(Polygon, 4326));"
            "INSERT INTO published.ice VALUES "
            "(1, ST_MakeEnvelope(-180, -90, 180, -60, 4326));"
            """COMMENT ON TABLE published.ice IS '{"layer": true}'"""
        )
    from tests.integration.published.layers.conftest import grant

    grant("ice")
    assert decoded("ice", 1, 0, 1)["ice"]["features"]


def test_nothing_is_no_bytes(trees: str) -> None:
    assert tiles.tile(trees, *at(-100, -50, 8)).body == b""


@pytest.mark.parametrize(
    "address", [(0, 0, 1), (0, 1, 0), (1, 2, 0), (-1, 0, 0), (23, 0, 0), (5, -1, 0)]
)
def test_a_tile_that_is_none_is_not_found(
    trees: str, address: tuple[int, int, int]
) -> None:
    with pytest.raises(NotFound):
        tiles.tile(trees, *address)


def test_a_table_has_no_tiles() -> None:
    with pytest.raises(NotFound, match="services-without-place"):
        tiles.tile("services-without-place", 0, 0, 0)


def test_the_same_tile_is_the_same_bytes(trees: str) -> None:
    first = tiles.tile(trees, 0, 0, 0).body
    tiles.forget()
    assert tiles.tile(trees, 0, 0, 0).body == first


def test_a_change_shows_at_once(trees: str) -> None:
    address = at(23.72, 37.98, 10)
    assert len(decoded(trees, *address)["trees"]["features"]) == 3
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM published.trees WHERE "No" = 1')
        raise_version(cursor)
    assert len(decoded(trees, *address)["trees"]["features"]) == 2


@pytest.mark.parametrize("is_filtered", [False, True])
def test_points_that_crowd_are_gathered_with_their_count(
    trees: str, is_filtered: bool
) -> None:
    n = (crowded(10) or 0) + 50
    crowd(n)
    asked = {}
    if is_filtered:
        kept = Condition('r."No" >= %(least)s', {"least": 0})
        asked["filters_of"] = lambda _: LayerFilters(conditions=(kept,))
    features = decoded(trees, *at(23.72, 37.98, 10), **asked)["trees"]["features"]
    assert sum(f["properties"]["point_count"] for f in features) == n + 3
    alone = [f for f in features if not f["properties"]["cluster"]]
    assert {f["id"] for f in alone} >= {1}
    assert len(features) < 30


def test_gathered_and_filtered_cells_agree(trees: str) -> None:
    crowd((crowded(10) or 0) + 50)
    everything = Condition("true", {})
    address = at(23.72, 37.98, 10)
    ready = decoded(trees, *address)["trees"]["features"]
    made = decoded(
        trees, *address, filters_of=lambda _: LayerFilters(conditions=(everything,))
    )["trees"]["features"]

    def seen(features: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return sorted(
            (*f["geometry"]["coordinates"], f["properties"]["point_count"])
            for f in features
        )

    for one, other in zip(seen(ready), seen(made), strict=True):
        assert one == pytest.approx(other, abs=1)


def test_near_by_every_point_is_there(trees: str) -> None:
    crowd(450)
    features = decoded(trees, *at(23.7501, 37.9801, 13))["trees"]["features"]
    assert len(features) >= 450
    assert "point_count" not in features[0]["properties"]


def test_areas_have_one_label_each_inside_them(areas: str) -> None:
    labels: dict[str, int] = {}
    z, x, y = at(23.75, 37.98, 13)
    for across in range(x - 4, x + 5):
        for down in range(y - 4, y + 5):
            for feature in decoded(areas, z, across, down).get(
                "areas_labels", {"features": []}
            )["features"]:
                name = feature["properties"]["id"]
                labels[name] = labels.get(name, 0) + 1
    assert labels == {"a": 1, "b": 1, "c": 1}


def test_neighbours_stay_neighbours_when_they_are_generalised(areas: str) -> None:
    from shapely.geometry import shape

    features = decoded(areas, *at(23.745, 37.98, 9))["areas"]["features"]
    a, b, c = (shape(f["geometry"]) for f in features)
    assert a.intersection(b).length > 0
    assert b.intersection(c).length > 0
    assert a.intersection(b).area == 0


def test_a_uuid_is_a_number_that_javascript_keeps() -> None:
    from layers.directory.read_model import refresh
    from tests import factories as make

    pair = make.ServiceAtLocationFactory()
    refresh([pair.service_id])
    (feature,) = decoded("service-points", 0, 0, 0)["service-points"]["features"]
    assert feature["id"] == int(pair.id.hex[:13], 16)
    assert feature["id"] < 2**53
    assert feature["properties"]["id"] == str(pair.id)
    assert catalogue.layer("service-points").tile_columns
