"""What a deployment puts below the maps is drawn, named, and the only other host asked."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import Open, Visit
from tests.web.tile_files import MVT, PNG, pmtiles, png, vector_tile

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HOST = "https://tiles.test"
OPEN = {"Access-Control-Allow-Origin": "*"}
OWED = "© Somebody who surveyed it"
GREEN = (180, 220, 170)


def serve(seen: Visit, answer: Callable[[Route], None]) -> None:
    seen.page.route(f"{HOST}/**", answer)


def ranged(body: bytes) -> Callable[[Route], None]:
    """Return an answer to requests for parts of a file."""

    def answer(route: Route) -> None:
        part = re.match(r"bytes=(\d+)-(\d+)", route.request.headers.get("range", ""))
        assert part, "a PMTiles file is read in parts"
        start, end = int(part[1]), min(int(part[2]), len(body) - 1)
        span = {"Content-Range": f"bytes {start}-{end}/{len(body)}"}
        route.fulfill(status=206, body=body[start : end + 1], headers=OPEN | span)

    return answer


def picture(route: Route) -> None:
    route.fulfill(body=png(*GREEN), content_type="image/png", headers=OPEN)


def look(visit: Open, answer: Callable[[Route], None]) -> Visit:
    seen = visit()
    serve(seen, answer)
    seen.go("/en/")
    seen.await_map()
    others, seen.strangers[:] = list(seen.strangers), []
    assert others
    assert all(url.startswith(HOST) for url in others)
    # Ours are there whatever lies below.
    assert seen.map("map.queryRenderedFeatures({layers: ['district-fill']}).length") > 0
    return seen


def test_raster_tiles(visit: Open, settings: Any) -> None:
    settings.BASEMAP_TILES = HOST + "/{z}/{x}/{y}.png"
    settings.BASEMAP_ATTRIBUTION = OWED
    seen = look(visit, picture)
    assert seen.map("map.getLayer('basemap').type") == "raster"
    expect(seen.page.locator(".maplibregl-ctrl-attrib")).to_contain_text(OWED)
    # On land what is drawn is the picture (made paler), not the ground of our own.
    assert seen.map("map.getPaintProperty('city-land', 'fill-opacity')") == 0


def test_a_style_with_its_own_sources(visit: Open, settings: Any) -> None:
    settings.BASEMAP_STYLE = HOST + "/style.json"
    style = {
        "version": 8,
        "sources": {
            "pictures": {
                "type": "raster",
                "tiles": [HOST + "/{z}/{x}/{y}.png"],
                "tileSize": 256,
                "attribution": OWED,
            }
        },
        "layers": [{"id": "pictures", "type": "raster", "source": "pictures"}],
    }

    def answer(route: Route) -> None:
        if route.request.url.endswith("style.json"):
            route.fulfill(body=json.dumps(style), headers=OPEN)
        else:
            picture(route)

    seen = look(visit, answer)
    assert seen.map("map.getLayer('pictures').type") == "raster"
    expect(seen.page.locator(".maplibregl-ctrl-attrib")).to_contain_text(OWED)


@pytest.mark.parametrize(
    ("tile", "kind", "layer", "type_"),
    [
        (png(*GREEN), PNG, "basemap", "raster"),
        (vector_tile(), MVT, "basemap-green", "fill"),
    ],
    ids=["pictures", "vectors"],
)
def test_a_file_of_tiles(
    visit: Open, settings: Any, tile: bytes, kind: int, layer: str, type_: str
) -> None:
    settings.BASEMAP_PMTILES = HOST + "/city.pmtiles"
    settings.BASEMAP_ATTRIBUTION = OWED
    seen = look(visit, ranged(pmtiles(tile, kind)))
    assert seen.map(f"map.getLayer('{layer}').type") == type_
    if kind == MVT:
        shown = f"map.queryRenderedFeatures({{layers: ['{layer}']}}).length"
        assert seen.map(shown) > 0
    expect(seen.page.locator(".maplibregl-ctrl-attrib")).to_contain_text(OWED)


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("BASEMAP_TILES", HOST + "/{z}/{x}/{y}.png"),
        ("BASEMAP_STYLE", HOST + "/style.json"),
        ("BASEMAP_PMTILES", HOST + "/city.pmtiles"),
    ],
)
def test_a_base_map_that_does_not_come_leaves_ours(
    visit: Open, settings: Any, setting: str, url: str
) -> None:
    setattr(settings, setting, url)
    settings.BASEMAP_ATTRIBUTION = OWED
    seen = look(visit, lambda route: route.abort())
    assert seen.page.get_attribute("#map", "data-points") == "3"
    # Chromium names what did not come; nothing else may have gone wrong.
    seen.errors[:] = [said for said in seen.errors if "ERR_FAILED" not in said]


def test_layers_of_our_own_lie_below_the_districts(visit: Open, settings: Any) -> None:
    settings.MAP_CONTEXT = ["neighbourhoods=park", "municipalities=road"]
    seen = visit()
    seen.go("/en/")
    seen.await_map()
    order = seen.map("map.getStyle().layers.map(layer => layer.id)")
    assert order.index("context-neighbourhoods") < order.index("district-line")
    shown = "map.queryRenderedFeatures({layers: ['context-neighbourhoods']}).length"
    assert seen.map(shown) > 0
    assert any("/tiles/neighbourhoods/" in each.url for each in seen.requests)
