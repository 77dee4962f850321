"""OGC API - Tiles - Part 1 (20-057), requirement by requirement."""

from typing import Any

import mapbox_vector_tile as mvt
import pytest
from django.test import Client

from tests.api.world import World

pytestmark = pytest.mark.django_db

CONF = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"
SCHEME_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="localhost")


def get(client: Client, url: str) -> Any:
    answer = client.get(
        url.removeprefix("http://localhost"), headers={"accept": "application/json"}
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def link(said: dict[str, Any], rel: str) -> dict[str, Any]:
    (found,) = [known for known in said["links"] if known["rel"] == rel]
    return dict(found)


def test_conformance_names_each_class(client: Client, world: World) -> None:
    declared = set(get(client, "/ogc/conformance")["conformsTo"])
    wanted = (
        "core tileset tilesets-list dataset-tilesets geodata-tilesets"
        " collections-selection oas30 mvt"
    )
    assert {CONF + name for name in wanted.split()} <= declared


def test_the_landing_page_leads_to_the_tilesets(client: Client, world: World) -> None:
    """/req/dataset-tilesets/landingpage."""
    said = get(client, "/ogc/")
    href = link(said, f"{REL}tilesets-vector")["href"]
    assert get(client, href)["tilesets"]
    schemes = get(client, link(said, f"{REL}tiling-schemes")["href"])
    assert [s["id"] for s in schemes["tileMatrixSets"]] == ["WebMercatorQuad"]


def test_each_collection_leads_to_its_tilesets(client: Client, world: World) -> None:
    """/req/geodata-tilesets/desc-links: of every collection that can be drawn."""
    drawn = 0
    for collection in get(client, "/ogc/collections")["collections"]:
        links = [k for k in collection["links"] if k["rel"] == f"{REL}tilesets-vector"]
        if collection["id"] == "services-without-place":
            assert links == []
            continue
        assert get(client, links[0]["href"])["tilesets"]
        drawn += 1
    assert drawn == 9


@pytest.mark.parametrize(
    "here", ["/ogc/tiles", "/ogc/collections/service-points/tiles"]
)
def test_a_list_names_what_a_tileset_is(
    client: Client, world: World, here: str
) -> None:
    """/req/tilesets-list/tileset-list-response: dataType, crs, self and tiling-scheme."""
    for listed in get(client, here)["tilesets"]:
        assert listed["dataType"] == "vector"
        assert listed["crs"].endswith("/EPSG/0/3857")
        assert listed["tileMatrixSetURI"] == SCHEME_URI
        scheme = get(client, link(listed, f"{REL}tiling-scheme")["href"])
        assert scheme["uri"] == SCHEME_URI
        tileset = get(client, link(listed, "self")["href"])
        assert link(tileset, "item")["templated"] is True


def test_the_matrix_set_is_the_registered_one(client: Client) -> None:
    """OGC 17-083r4 Annex D.1: scale denominators halve from 559082264.0287178."""
    matrices = get(client, "/ogc/tileMatrixSets/WebMercatorQuad")["tileMatrices"]
    for z, matrix in enumerate(matrices):
        assert matrix["id"] == str(z)
        assert matrix["scaleDenominator"] == pytest.approx(559082264.0287178 / 2**z)
        assert matrix["matrixWidth"] == matrix["matrixHeight"] == 2**z
        assert matrix["pointOfOrigin"] == pytest.approx(
            [-20037508.342789244, 20037508.342789244]
        )


def test_the_template_makes_the_address_of_a_tile(client: Client, world: World) -> None:
    """/req/tileset/tiles-links and /req/core/tc-success."""
    tileset = get(client, "/ogc/collections/service-points/tiles/WebMercatorQuad")
    item = link(tileset, "item")
    limits = tileset["tileMatrixSetLimits"][10]
    url = item["href"].format(
        tileMatrix=limits["tileMatrix"],
        tileRow=limits["minTileRow"],
        tileCol=limits["minTileCol"],
    )
    answer = client.get(url.removeprefix("http://localhost"))
    assert answer.status_code == 200
    assert (
        answer["Content-Type"] == item["type"] == "application/vnd.mapbox-vector-tile"
    )
    assert mvt.decode(answer.content)["service-points"]["features"]


def test_row_comes_before_column(client: Client, world: World) -> None:
    here = "/ogc/collections/service-points/tiles/WebMercatorQuad/10/395/579"
    there = "/tiles/service-points/10/579/395.mvt"
    assert client.get(here).content == client.get(there).content != b""


def test_limits_hold_every_feature(client: Client, world: World) -> None:
    tileset = get(client, "/ogc/collections/service-points/tiles/WebMercatorQuad")
    whole = mvt.decode(client.get("/tiles/service-points/0/0/0.mvt").content)
    ids = {f["id"] for f in whole["service-points"]["features"]}
    found = set()
    limits = tileset["tileMatrixSetLimits"][12]
    for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
        for column in range(limits["minTileCol"], limits["maxTileCol"] + 1):
            body = client.get(
                f"/ogc/collections/service-points/tiles/WebMercatorQuad/12/{row}/{column}"
            ).content
            if body:
                layer = mvt.decode(body)["service-points"]
                found |= {f["id"] for f in layer["features"]}
    assert found == ids


def test_a_tile_of_the_dataset_has_a_layer_for_each_collection(
    client: Client, world: World
) -> None:
    """/req/dataset-tilesets and /req/collections-selection/definition."""
    limits = get(client, "/ogc/collections/municipalities/tiles/WebMercatorQuad")[
        "tileMatrixSetLimits"
    ][9]
    here = f"/ogc/tiles/WebMercatorQuad/9/{limits['minTileRow']}/{limits['minTileCol']}"
    everything = mvt.decode(client.get(here).content)
    assert "service-points" in everything
    assert "coverage" not in everything
    chosen = client.get(here, {"collections": "municipalities,service-points"})
    assert set(mvt.decode(chosen.content)) == {
        "municipalities",
        "municipalities_labels",
        "service-points",
    }


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/ogc/tiles/Other", 404),
        ("/ogc/tileMatrixSets/Other", 404),
        ("/ogc/tiles/Other/0/0/0", 404),
        ("/ogc/collections/none/tiles", 404),
        ("/ogc/collections/services-without-place/tiles", 404),
        ("/ogc/collections/services-without-place/tiles/WebMercatorQuad", 404),
        ("/ogc/collections/service-points/tiles/Other/0/0/0", 404),
        ("/ogc/collections/service-points/tiles/WebMercatorQuad/1/2/0", 404),
        ("/ogc/tiles/WebMercatorQuad/0/0/1", 404),
        ("/ogc/tiles/WebMercatorQuad/0/0/0?collections=none", 400),
        ("/ogc/tiles/WebMercatorQuad/0/0/0?collections=services-without-place", 400),
        ("/ogc/tiles/WebMercatorQuad/0/0/0?nonsense=1", 400),
        ("/ogc/tiles?nonsense=1", 400),
        ("/ogc/tiles?f=xml", 400),
    ],
)
def test_what_cannot_be_is_a_problem(
    client: Client, world: World, url: str, status: int
) -> None:
    """/req/core/tc-error and /req/core/query-param-unknown of OGC API - Common."""
    answer = client.get(url)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_the_document_has_an_operation_for_each_kind_of_tile(
    client: Client, world: World
) -> None:
    """/req/oas30/operation-id: the suffixes of Table 13."""
    paths = get(client, "/ogc/api")["paths"]
    ids = [
        operation["operationId"]
        for path, item in paths.items()
        if "/tiles" in path
        for operation in item.values()
        if isinstance(operation, dict)
    ]
    for suffix in (
        ".dataset.vector.getTileSetsList",
        ".dataset.vector.getTileSet",
        ".dataset.vector.getTile",
        ".collection.vector.service-points.getTile",
    ):
        assert [known for known in ids if known.endswith(suffix)]
    assert len(ids) == len(set(ids))
