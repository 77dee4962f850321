"""The finder in a real browser: list, map, "near me", and what leaves the machine."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

OMONIA = {"latitude": 37.98421234, "longitude": 23.70712345}


def entries(page: Page, within: str = "#results") -> list[str]:
    return page.locator(f"{within} .entry h3 a").all_inner_texts()


def drawn(visit: Visit) -> list[str]:
    """Return the names of the points that the map holds, clustered or not."""
    features: list[dict[str, Any]] = visit.map(
        "map.getSource('points').getData().then(data => data.features.map(f => f.properties))"
    )
    return sorted(str(each["name"]) for each in features)


def test_the_list_is_whole_without_scripts(visit: Open) -> None:
    page = visit(java_script_enabled=False).go("/en/")
    assert entries(page) == [
        "Hospital",
        "Omonia clinic",
        "Pharmacy",
        "Women's refuge",
        "Helpline",
    ]
    page.get_by_label("Kind of service").select_option("hospital")
    page.get_by_role("button", name="Search").click()
    assert entries(page) == ["Hospital"]
    assert "category=hospital" in page.url
    expect(page.get_by_role("button", name="Near me")).to_be_hidden()
    expect(page.locator("#map")).to_be_hidden()


def test_the_map_shows_the_places_of_the_list(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    listed = entries(page, '[aria-labelledby="list-heading"]')
    assert drawn(seen) == sorted(name for name in listed if "refuge" not in name)
    assert page.get_attribute("#map", "data-points") == "3"
    # Hospital and pharmacy are 9 m apart: one cluster of two and the clinic alone.
    counts = seen.map(
        "map.queryRenderedFeatures({layers: ['clusters', 'points']})"
        ".map(f => f.properties.point_count ?? 1)"
    )
    assert sorted(counts) == [1, 2]


def test_filters_hold_for_list_and_map_alike(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/?category=primary-care")
    seen.await_map()
    assert entries(page) == ["Omonia clinic"]
    assert drawn(seen) == ["Omonia clinic"]


def test_districts_are_drawn_with_names(visit: Open) -> None:
    seen = visit()
    seen.go("/el/")
    seen.await_map()
    names = seen.map(
        "map.getSource('district-names').getData()"
        ".then(data => data.features.map(f => f.properties.name))"
    )
    assert set(names) == {"Άνω", "Βάθης", "Γκύζη", "Δάφνη", "Έλλη", "Ζήση"}
    drawn_districts = seen.map(
        "new Set(map.queryRenderedFeatures({layers: ['district-fill']})"
        ".map(f => f.properties.code)).size"
    )
    assert drawn_districts == 6


def test_a_point_on_the_map_names_its_service(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    spot = seen.map("map.project([23.705, 37.985])")
    box = page.locator("#map canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    card = page.locator("#map-card")
    expect(card).to_contain_text("Omonia clinic")
    expect(page.locator(".entry.selected h3")).to_have_text("Omonia clinic")
    card.get_by_role("link", name="Omonia clinic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Omonia clinic")


def test_an_entry_is_shown_on_the_map(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    page.get_by_role("button", name=re.compile("Show on the map.*Omonia")).click()
    seen.await_map()
    assert seen.map("map.getZoom()") >= 14.5
    center = seen.map("map.getCenter()")
    assert center["lng"] == pytest.approx(23.705, abs=1e-4)
    assert center["lat"] == pytest.approx(37.985, abs=1e-4)


def test_a_phone_loads_the_map_only_when_asked(visit: Open) -> None:
    seen = visit(size=PHONE)
    page = seen.go("/en/")
    page.wait_for_load_state("networkidle")
    assert not any("maplibre" in request.url for request in seen.requests)
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_role("button", name="Map", exact=True).click()
    seen.await_map()
    assert any("maplibre-gl.mjs" in request.url for request in seen.requests)


def test_near_me_asks_by_post_and_leaves_no_trace(visit: Open) -> None:
    seen = visit(geolocation=OMONIA, permissions=["geolocation"])
    page = seen.go("/en/?category=health")
    page.get_by_role("button", name="Near me").click()
    expect(page.locator("#near-list .entry h3 a").first).to_have_text("Omonia clinic")
    assert entries(page, "#near-list") == ["Omonia clinic", "Hospital", "Pharmacy"]
    expect(page.locator("#near-status")).to_contain_text("3 services near you")
    expect(page.locator("#results")).to_be_hidden()
    (asked,) = [request for request in seen.requests if request.method == "POST"]
    assert urlsplit(asked.url).path == "/api/v1/nearest"
    body = asked.post_data_json
    assert (body["lon"], body["lat"]) == (23.707, 37.984)
    assert body["category"] == ["health"]
    for request in seen.requests:
        assert "23.70" not in request.url
        assert "37.98" not in request.url
        assert "23.70" not in request.headers.get("referer", "")
    assert "23.70" not in page.url
    assert page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    ) == ("[{},{}]")
    assert page.context.cookies() == []
    page.get_by_role("button", name="Back to the whole list").click()
    expect(page.locator("#results")).to_be_visible()


def test_near_me_lists_what_has_no_place_apart(visit: Open) -> None:
    page = visit(geolocation=OMONIA, permissions=["geolocation"]).go("/en/")
    page.get_by_role("button", name="Near me").click()
    apart = page.locator("#near-apart")
    expect(apart).to_contain_text("Helpline")
    expect(apart).not_to_contain_text("Secret")


def test_near_me_refused_names_the_alternative(visit: Open) -> None:
    page = visit(permissions=[]).go("/en/")
    page.get_by_role("button", name="Near me").click()
    expect(page.locator("#near-status")).to_contain_text("Choose a district instead")


def test_the_position_is_asked_for_only_on_press(visit: Open) -> None:
    seen = visit(geolocation=OMONIA, permissions=["geolocation"])
    seen.page.add_init_script(
        "window.asked = 0; const real = navigator.geolocation.getCurrentPosition;"
        "navigator.geolocation.getCurrentPosition = function (...given) {"
        " window.asked += 1; return real.apply(navigator.geolocation, given); };"
    )
    page = seen.go("/en/")
    seen.await_map()
    assert page.evaluate("window.asked") == 0


def test_the_keyboard_reaches_the_list_before_the_map(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    order = []
    for _ in range(60):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className"
                " || document.activeElement.textContent"
            )
        )
    first_entry = next(i for i, name in enumerate(order) if "Hospital" in name)
    canvas = next(i for i, name in enumerate(order) if "maplibregl-canvas" in name)
    assert order.index("q") < first_entry < canvas


def test_arabic_runs_from_the_right(visit: Open) -> None:
    seen = visit()
    page = seen.go("/ar/")
    seen.await_map()
    form = page.locator("form.filters").bounding_box()
    map_ = page.locator("#map").bounding_box()
    assert form
    assert map_
    assert form["x"] > map_["x"]
    # Letters of the map are drawn alone, and brackets must not be mirrored once more.
    assert (
        page.evaluate("new OffscreenCanvas(1, 1).getContext('2d').direction") == "ltr"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    "path", ["/el/", "/en/committees/health", "/ur/", "/en/method"]
)
def test_a_phone_never_scrolls_sideways(visit: Open, path: str) -> None:
    page = visit(size={"width": 320, "height": 640}).go(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
