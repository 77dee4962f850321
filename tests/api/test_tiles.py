"""`/tiles/`: tiles and TileJSON as map clients ask for them."""

from typing import Any

import mapbox_vector_tile as mvt
import pytest
from django.test import Client

from tests.api.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="localhost")


def described(client: Client, layer: str = "service-points") -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/tiles/{layer}.json").json()
    return found


def test_a_layer_s_tiles_are_described(world: World, client: Client) -> None:
    said = described(client)
    assert said["tilejson"] == "3.0.0"
    assert said["tiles"] == ["http://localhost/tiles/service-points/{z}/{x}/{y}.mvt"]
    (points,) = said["vector_layers"]
    assert points["id"] == "service-points"
    assert {"id", "category", "point_count"} <= set(points["fields"])
    west, south, east, north = said["bounds"]
    assert west <= east
    assert south <= north


def test_areas_have_a_layer_of_labels(world: World, client: Client) -> None:
    said = described(client, "neighbourhoods")
    assert [layer["id"] for layer in said["vector_layers"]] == [
        "neighbourhoods",
        "neighbourhoods_labels",
    ]


def test_what_is_described_is_what_is_there(world: World, client: Client) -> None:
    for entry in client.get("/tiles/").json()["tilesets"]:
        said = described(client, entry["id"])
        url = said["tiles"][0].format(z=0, x=0, y=0)
        body = client.get(url.removeprefix("http://localhost")).content
        for name, layer in mvt.decode(body).items() if body else ():
            declared = {known["id"]: known for known in said["vector_layers"]}[name]
            for feature in layer["features"]:
                assert set(feature["properties"]) <= set(declared["fields"])


def test_a_tile_says_what_it_is(world: World, client: Client) -> None:
    answer = client.get("/tiles/service-points/0/0/0.mvt")
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, no-cache"
    assert mvt.decode(answer.content)["service-points"]["features"]


def test_a_tile_that_did_not_change_costs_no_body(world: World, client: Client) -> None:
    url = "/tiles/service-points/0/0/0.mvt"
    tag = client.get(url)["ETag"]
    again = client.get(url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    from layers.directory.read_model import rebuild

    rebuild()
    assert client.get(url, headers={"if-none-match": tag}).status_code == 200


def test_a_head_has_no_body(world: World, client: Client) -> None:
    answer = client.head("/tiles/service-points/0/0/0.mvt")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_tile_can_be_filtered(world: World, client: Client) -> None:
    url = "/tiles/service-points/0/0/0.mvt"
    everything = mvt.decode(client.get(url).content)["service-points"]["features"]
    category = everything[0]["properties"]["category"]
    some = mvt.decode(client.get(url, {"category": category}).content)
    found = some["service-points"]["features"]
    assert {f["properties"]["category"] for f in found} == {category}
    assert len(found) == sum(
        f["properties"]["category"] == category for f in everything
    )


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/tiles/none/0/0/0.mvt", 404),
        ("/tiles/none.json", 404),
        ("/tiles/services-without-place.json", 404),
        ("/tiles/service_point/0/0/0.mvt", 404),
        ("/tiles/service-points/1/2/0.mvt", 404),
        ("/tiles/service-points/99/0/0.mvt", 404),
        ("/tiles/service-points/9999999999999999999999/0/0.mvt", 404),
        ("/tiles/service-points/0/0/0.mvt?bbox=1,2,3,4", 400),
        ("/tiles/service-points/0/0/0.mvt?nonsense=1", 400),
        ("/tiles/service-points/0/0/0.mvt?hours_known=perhaps", 400),
        ("/tiles/service-points/0/0/0.mvt?datetime=soon", 400),
        ("/tiles/service-points.json?limit=1", 400),
    ],
)
def test_what_cannot_be_is_a_problem(client: Client, url: str, status: int) -> None:
    answer = client.get(url)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_a_tile_cannot_be_posted(client: Client) -> None:
    answer = Client(enforce_csrf_checks=True, SERVER_NAME="localhost").post(
        "/tiles/service-points/0/0/0.mvt"
    )
    assert answer.status_code in (403, 405)
    assert client.post("/tiles/service-points/0/0/0.mvt").status_code == 405
