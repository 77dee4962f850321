"""Features Part 2: coordinate reference systems, axis order, the Content-Crs header.

A restatement of the OGC test suite's methods for OGC 18-058r1. Coordinates of the Greek
grid and of ETRS89 are computed by pyproj, the other way than PostGIS does.
"""

from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from pyproj import Transformer

from layers.crs import CRS84, CRS84H, of_epsg
from tests.api.ogc.conftest import Get, Ids
from tests.api.ogc.links import by_rel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/req/crs"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
LISTED = [CRS84.uri, *(f"{EPSG}{code}" for code in (4326, 3857, 2100, 3035, 25834))]
UNSUPPORTED = (
    "http://www.opengis.net/def/crs/0/unsupported",
    f"{EPSG}4979",  # three axes
    f"{EPSG}5773",  # heights
    f"{EPSG}99999",
    "EPSG",
    "",
    "2100",
)


def position(get: Get, collection: str, fid: object, **query: Any) -> list[float]:
    """Return the coordinates of a point."""
    said = get(f"/collections/{collection}/items/{fid}", **query)
    found: list[float] = said["geometry"]["coordinates"]
    return found


@pytest.mark.requirement(f"{CRS}/crs-uri", f"{CRS}/fc-md-crs-list")
def test_every_collection_lists_its_systems_with_the_default_first(get: Get) -> None:
    for collection in get("/collections")["collections"]:
        default = CRS84H if collection["id"] == "heights" else CRS84
        assert collection["crs"][0] == default.uri
        assert set(LISTED) <= set(collection["crs"])
        assert len(set(collection["crs"])) == len(collection["crs"])


@pytest.mark.requirement(f"{CRS}/fc-md-crs-list-global")
def test_the_list_of_collections_names_the_systems_of_all(get: Get) -> None:
    assert get("/collections")["crs"] == LISTED


@pytest.mark.requirement(
    f"{CRS}/fc-md-storageCrs", f"{CRS}/fc-md-storageCrs-valid-value"
)
def test_the_stored_system_is_one_of_the_list(get: Get) -> None:
    stored = {}
    for collection in get("/collections")["collections"]:
        stored[collection["id"]] = collection.get("storageCrs")
        if collection.get("storageCrs"):
            assert collection["storageCrs"] in collection["crs"]
    assert stored["places"] == CRS84.uri
    assert stored["heights"] == CRS84H.uri
    assert stored["periods"] == f"{EPSG}2100"
    assert stored["ledger"] is None


@pytest.mark.requirement(
    f"{CRS}/ogc-crs-header",
    f"{CRS}/ogc-crs-header-value",
    f"{CRS}/fc-crs-default-value",
)
@pytest.mark.parametrize("path", ["items", "items/p01", "items?f=html"])
def test_the_header_names_the_default_system(client: Client, path: str) -> None:
    answer = client.get(f"/ogc/collections/places/{path}")
    assert answer["Content-Crs"] == f"<{CRS84.uri}>"


@pytest.mark.requirement(f"{CRS}/ogc-crs-header")
def test_a_table_has_the_header_too_and_heights_their_own(client: Client) -> None:
    for layer, system in (("ledger", CRS84), ("heights", CRS84H)):
        answer = client.get(f"/ogc/collections/{layer}/items")
        assert answer["Content-Crs"] == f"<{system.uri}>"


@pytest.mark.requirement(
    f"{CRS}/fc-crs-definition", f"{CRS}/fc-crs-valid-value", f"{CRS}/fc-crs-action"
)
@pytest.mark.requirement(f"{CRS}/geojson", f"{CRS}/ogc-crs-header-value")
@pytest.mark.parametrize("uri", LISTED)
@pytest.mark.parametrize("path", ["", "/1"])
def test_features_come_in_every_listed_system(
    client: Client, uri: str, path: str
) -> None:
    answer = client.get(f"/ogc/collections/heights/items{path}", {"crs": uri})
    assert answer.status_code == 200
    assert answer["Content-Crs"] == f"<{uri}>"


@pytest.mark.requirement(f"{CRS}/fc-crs-action")
@pytest.mark.parametrize(
    "code", [4326, 3857, 2100, 3035, 25834, 4258, 32634, 2180, 31467]
)
def test_coordinates_are_in_the_authoritys_order(get: Get, code: int) -> None:
    # pyproj gives the authority's order by itself; from_crs(4326) takes lat, lon.
    expected = Transformer.from_crs(4326, code).transform(37.9, 23.7)
    found = position(get, "heights", 1, crs=f"{EPSG}{code}")
    # EPSG:2100 is on another datum: PROJ's database may know a better way than PostGIS's.
    assert found[:2] == pytest.approx(
        expected, abs=1e-5 if code in (4326, 4258) else 1.0
    )
    assert found[2] == pytest.approx(10, abs=60)  # heights above another ellipsoid


@pytest.mark.requirement(f"{CRS}/fc-crs-action")
def test_lat_comes_before_lon_in_epsg_4326(get: Get) -> None:
    assert position(get, "places", "p21") == [179.5, 66]
    assert position(get, "places", "p21", crs=f"{EPSG}4326") == [66, 179.5]
    assert position(get, "places", "p21", crs="EPSG:4326") == [66, 179.5]
    assert position(get, "places", "p21", crs=CRS84.uri) == [179.5, 66]


@pytest.mark.requirement(f"{CRS}/fc-crs-action")
def test_stored_metres_come_back_as_they_were(get: Get) -> None:
    said = get("/collections/periods/items/1", crs=f"{EPSG}2100")
    ring = said["geometry"]["coordinates"][0]
    corners = [
        [476000, 4202000],
        [477000, 4202000],
        [477000, 4203000],
        [476000, 4203000],
    ]
    assert sorted(map(tuple, ring[:-1])) == sorted(map(tuple, corners))


@pytest.mark.requirement(f"{CRS}/geojson")
def test_rings_run_against_the_clock_in_every_system(get: Get) -> None:
    for code in (4326, 2100, 3035):
        said = get("/collections/periods/items/1", crs=f"EPSG:{code}")
        ring = said["geometry"]["coordinates"][0]
        if of_epsg(code).flips:
            ring = [(x, y) for y, x in ring]
        turned = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
        assert turned > 0, code


@pytest.mark.requirement(f"{CRS}/crs-exception", f"{CRS}/fc-crs-valid-value")
@pytest.mark.parametrize("uri", UNSUPPORTED)
@pytest.mark.parametrize("path", ["items", "items/p01"])
def test_a_system_that_nobody_knows_is_refused(get: Get, uri: str, path: str) -> None:
    said = get(f"/collections/places/{path}", 400, crs=uri)
    assert said["parameter"] == "crs"


@pytest.mark.requirement(f"{CRS}/bbox-crs-exception", f"{CRS}/fc-bbox-crs-valid-values")
@pytest.mark.parametrize("uri", UNSUPPORTED)
def test_a_box_in_a_system_that_nobody_knows_is_refused(get: Get, uri: str) -> None:
    query = {"bbox": "1,2,3,4", "bbox-crs": uri}
    said = get("/collections/places/items", 400, **query)
    assert said["parameter"] == "bbox-crs"


@pytest.mark.requirement(
    f"{CRS}/fc-bbox-crs-definition",
    f"{CRS}/fc-bbox-crs-action",
    f"{CRS}/fc-bbox-crs-default-value",
)
@pytest.mark.parametrize("uri", LISTED)
def test_the_same_box_in_every_system_finds_the_same(
    get: Get, ids: Ids, uri: str
) -> None:
    # A box in the middle of the first of the squares of `periods`; turned by another
    # system it grows, and stays inside.
    west, south, east, north = 23.730, 37.970, 23.733, 37.973
    code = 4326 if uri == CRS84.uri else int(uri.rpartition("/")[2])
    change = Transformer.from_crs(4326, code, always_xy=True)
    edges = change.transform_bounds(west, south, east, north)
    if uri != CRS84.uri and of_epsg(code).flips:
        edges = (edges[1], edges[0], edges[3], edges[2])
    asked = {"bbox": ",".join(map(str, edges)), "bbox-crs": uri}
    assert ids("periods", **asked) == ids("periods", bbox="23.730,37.970,23.733,37.973")
    assert ids("periods", **asked) == [1]


@pytest.mark.requirement(f"{CRS}/fc-bbox-crs-action")
def test_a_box_in_lat_lon_may_cross_the_antimeridian(ids: Ids) -> None:
    asked = {"bbox": "65,177,70,-177", "bbox-crs": f"{EPSG}4326"}
    assert ids("places", **asked) == ["p21", "p22", "p25"]


@pytest.mark.requirement(f"{CRS}/fc-bbox-crs-action")
def test_a_box_in_metres_is_judged_in_metres(ids: Ids) -> None:
    # 400 m inside the first square's eastern edge; a lon/lat box around it would be wider.
    for bbox, expected in (
        ("476600,4202100,476700,4202200", [1]),
        ("477001,4202100,477100,4202200", []),
        ("477000,4203000,477100,4203100", [1, 2]),  # touches corners of two
    ):
        assert ids("periods", bbox=bbox, **{"bbox-crs": "EPSG:2100"}) == expected


@pytest.mark.requirement(f"{CRS}/bbox-crs-exception")
@pytest.mark.parametrize(
    "bbox", ["477000,4202100,476000,4202200", "476000,4203000,477000,4202000"]
)
def test_a_box_in_metres_has_its_lower_corner_first(get: Get, bbox: str) -> None:
    query = {"bbox": bbox, "bbox-crs": "EPSG:2100"}
    assert get("/collections/periods/items", 400, **query)["parameter"] == "bbox"


@pytest.mark.requirement(f"{CRS}/crs-exception")
def test_a_place_that_a_system_cannot_hold_is_no_fault_of_ours(get: Get) -> None:
    far = {"bbox": "1e8,1e8,1e9,1e9", "bbox-crs": "EPSG:2100"}
    assert get("/collections/places/items", 400, **far)["status"] == 400


def test_next_links_keep_the_system(get: Get) -> None:
    said = get("/collections/places/items", limit=1, crs="EPSG:3857")
    assert "crs=EPSG%3A3857" in by_rel(said, "next")[0]["href"]


def test_any_other_known_system_is_taken(client: Client) -> None:
    answer = client.get("/ogc/collections/heights/items", {"crs": "EPSG:32634"})
    assert answer["Content-Crs"] == f"<{EPSG}32634>"
