"""Hidden and district-only places: no layer, page or tile tells where they are."""

from typing import Any
from urllib.parse import quote

import mapbox_vector_tile as mvt
import pytest
from django.test import Client

from layers.published.layers import catalogue, tiles
from layers.tiles.tilesets import tile_at
from tests.api.test_protected_places import leaks
from tests.api.world import REFUGE_AT, SAFE_HOUSE_AT, World

pytestmark = pytest.mark.django_db

QUESTIONS: list[dict[str, str]] = [
    {},
    {"f": "html"},
    {"crs": "http://www.opengis.net/def/crs/EPSG/0/4326"},
    {"sortby": "-updated_at"},
    {"q": "safe_house"},
    {"bbox": "23.7123,38.0345,23.7124,38.0346"},
    {"filter": "category = 'shelter'"},
    {"filter": "visibility = 'hidden'"},
    {"filter": "S_DWITHIN(point, POINT(23.7123 38.0345), 100)"},
    {"filter": "categories IS NULL OR municipality LIKE '%'"},
    {"properties": "id"},
]


@pytest.fixture
def client() -> Client:
    tiles.forget()
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


def layer_ids() -> list[str]:
    return [layer.id for layer in catalogue.layers()]


def addresses(world: World) -> list[str]:
    """Return every kind of address below /ogc/ and /tiles/, with ids that are secret."""
    found = ["", "/conformance", "/api", "/collections", "/functions", "/tiles"]
    found = [f"/ogc{path}" for path in found]
    secret = (world.services["safe_house"].pk, world.locations["refuge"].pk)
    for layer in layer_ids():
        here = f"/ogc/collections/{layer}"
        found += [here, f"{here}/schema", f"{here}/queryables", f"{here}/sortables"]
        found += [f"{here}/items/{id_}" for id_ in secret]
        found += [f"/tiles/{layer}.json", f"{here}/tiles"]
    return found


def test_no_address_of_the_layers_gives_a_protected_place_away(
    world: World, client: Client
) -> None:
    for address in addresses(world):
        answer = client.get(address)
        assert answer.status_code < 500, address
        assert not leaks(world, answer.content.decode(), address), address


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_no_question_to_the_items_gives_a_protected_place_away(
    world: World, client: Client, question: dict[str, str]
) -> None:
    for layer in layer_ids():
        answer = client.get(f"/ogc/collections/{layer}/items", question)
        assert answer.status_code in (200, 400), (layer, answer.content[:300])
        asked = " ".join(question.values()) + quote(" ".join(question.values()))
        assert not leaks(world, answer.content.decode(), asked), layer


@pytest.mark.parametrize("layer", ["service-points", "services-without-place"])
def test_a_hidden_place_is_no_item(world: World, client: Client, layer: str) -> None:
    hidden = world.points["safe_house"]
    assert client.get(f"/ogc/collections/{layer}/items/{hidden}").status_code == 404


def near(features: list[dict[str, Any]], at: tuple[float, float]) -> list[Any]:
    """Return the features of a tile of zoom 16 within 10 of 4096 units of a spot."""
    x, _ = tile_at(*at, 16)
    side = 1 << 16
    across = ((at[0] + 180) / 360 * side - x) * 4096
    return [f for f in features if abs(f["geometry"]["coordinates"][0] - across) < 10]


@pytest.mark.parametrize("at", [SAFE_HOUSE_AT, REFUGE_AT])
def test_no_tile_has_a_point_there(
    world: World, client: Client, at: tuple[float, float]
) -> None:
    x, y = tile_at(*at, 16)
    body = client.get(f"/tiles/service-points/16/{x}/{y}.mvt").content
    features = mvt.decode(body)["service-points"]["features"] if body else []
    assert near(features, at) == []


def test_tiles_of_the_world_hold_only_points_that_are_listed(
    world: World, client: Client
) -> None:
    items = client.get("/ogc/collections/service-points/items").json()["features"]
    body = client.get("/tiles/service-points/0/0/0.mvt").content
    drawn = mvt.decode(body)["service-points"]["features"]
    assert {f["properties"]["id"] for f in drawn} == {f["id"] for f in items}
