"""The committee page in a real browser: map, table and API say the same."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PATH = "/en/committees/health"


def rows(page: Page) -> dict[str, list[str]]:
    """Return the cells of the table by district code, as they are shown."""
    return {
        str(row.get_attribute("data-code")): row.locator("th, td").all_inner_texts()
        for row in page.locator("#ranking tbody tr").all()
    }


def classes(seen: Visit) -> dict[str, int | None]:
    """Return the class that the map gave each district."""
    found: dict[str, int | None] = seen.map(
        "Object.fromEntries(map.getSource('districts').serialize().data.features.map(f =>"
        " [f.properties.code,"
        " map.getFeatureState({source: 'districts', id: f.properties.code}).class ?? null]))"
    )
    return found


def api_rows(page: Page, path: str = "coverage") -> dict[str, dict[str, Any]]:
    answer = page.request.get(
        f"{page.url.split('/en/')[0]}/api/v1/{path}"
        "?municipality=athens&committee=health&level=neighbourhood"
    )
    assert answer.ok, answer.text()
    return {str(row["code"]): row for row in answer.json()["items"] if row["code"]}


def test_map_table_and_api_agree(visit: Open) -> None:
    seen = visit()
    page = seen.go(PATH)
    seen.await_map()
    table, drawn, told = rows(page), classes(seen), api_rows(page)
    assert set(table) == set(drawn) == set(told) == {f"D{n}" for n in range(1, 7)}
    for code, cells in table.items():
        row = told[code]
        unserved = row["residents_unserved"]
        figure, _, spread = cells[1].partition("\n")
        assert figure == ("–" if unserved is None else f"{unserved:,.0f}")
        if row["interval"]:
            low, high = row["interval"]["residents_unserved"]
            best, worst = row["interval"]["rank"]
            assert spread == f"{low:,.0f}–{high:,.0f}\nrank {best} to {worst}"
        assert cells[3] == (
            "–" if row["residents"] is None else f"{row['residents']:,.0f}"
        )
        wanted = row["priority_class"]
        assert drawn[code] == (None if wanted is None else wanted - 1)


def test_the_link_to_the_api_answers(visit: Open) -> None:
    page = visit(java_script_enabled=False).go(f"{PATH}?threshold_min=20")
    links = page.get_by_role("link", name="The same by API (ranking of the areas)")
    link = links.get_attribute("href")
    answer = page.request.get(page.url.split("/en/")[0] + str(link))
    assert answer.ok, answer.text()
    assert "D5" in answer.text()


def test_a_district_without_people_is_hatched(visit: Open) -> None:
    seen = visit()
    seen.go(PATH)
    seen.await_map()
    hatched = seen.map(
        "[...new Set(map.queryRenderedFeatures({layers: ['no-data']})"
        ".map(f => f.properties.code))]"
    )
    assert hatched == ["D6"]


def test_a_phone_loads_the_map_only_when_asked(visit: Open) -> None:
    seen = visit(size=PHONE)
    page = seen.go(PATH)
    page.wait_for_load_state("networkidle")
    assert not any("maplibre" in request.url for request in seen.requests)
    expect(page.locator("#map-frame")).to_be_hidden()
    expect(page.locator("#where .picture svg")).to_be_visible()
    page.get_by_role("button", name="Show the map").click()
    seen.await_map()


def test_choosing_in_the_table_shows_on_the_map(visit: Open) -> None:
    seen = visit()
    page = seen.go(PATH)
    seen.await_map()
    page.locator("#ranking").get_by_role("link", name="District 3").click()
    expect(page.locator("#map-choice")).to_contain_text("District 3: 1,000 of 1,000")
    expect(page.locator("#ranking tr.selected")).to_have_attribute("data-code", "D3")
    assert seen.map("map.getFilter('chosen')")[2] == "D3"
    expect(page.locator("#profile h3")).to_have_text("District 3")
    assert "district=D3" in page.url


def test_choosing_on_the_map_shows_in_the_table(visit: Open) -> None:
    seen = visit()
    page = seen.go(PATH)
    seen.await_map()
    page.locator("#map").scroll_into_view_if_needed()
    spot = seen.map("map.project([23.745, 37.985])")
    box = page.locator("#map canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    expect(page.locator("#ranking tr.selected")).to_have_attribute("data-code", "D5")
    expect(page.locator("#profile h3")).to_have_text("District 5")
    page.reload()  # the address holds the choice
    expect(page.locator("#ranking tr.selected")).to_have_attribute("data-code", "D5")


def test_the_table_sorts_in_place(visit: Open) -> None:
    seen = visit()
    page = seen.go(PATH)
    loaded = len([each for each in seen.requests if each.is_navigation_request()])
    head = page.get_by_role("columnheader", name="Area")
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert list(rows(page)) == [f"D{n}" for n in range(1, 7)]
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert list(rows(page)) == [f"D{n}" for n in range(6, 0, -1)]
    page.get_by_role("columnheader", name="Median walk").get_by_role("link").click()
    assert list(rows(page))[-1] == "D6"  # nobody walks there: last either way
    assert "sort=-walk" in page.url
    again = [each for each in seen.requests if each.is_navigation_request()]
    assert len(again) == loaded


def test_the_form_asks_anew_without_scripts(visit: Open) -> None:
    page = visit(java_script_enabled=False, size=PHONE).go(PATH)
    page.get_by_label("Service", exact=True).select_option("hospital")
    page.get_by_label("Longest walk").select_option("30")
    page.locator("#switches").get_by_role("button", name="Show").click()
    expect(page.locator("h1 .sub")).to_have_text("Hospital")
    expect(page.locator(".headline")).to_contain_text("30 minutes")


def test_without_scripts_nothing_is_missing_but_what_moves(visit: Open) -> None:
    seen = visit(java_script_enabled=False, size=PHONE)
    page = seen.go(f"{PATH}?category=hospital&show=critical&show=siting&n_new=1")
    for block in ("where", "spread", "profile", "missed", "siting", "quality", "cite"):
        expect(page.locator(f"#{block}")).to_be_visible()
    assert page.locator("#where .picture path[data-code]").count() == 6
    expect(page.locator("#missed tbody tr")).to_have_count(1)
    expect(page.locator("#siting tbody tr")).to_have_count(1)
    expect(page.get_by_role("button", name="Copy API link").first).to_be_hidden()
    expect(page.locator("#show-map")).to_be_hidden()


def test_a_scenario_is_built_and_shared(visit: Open) -> None:
    """Closing the hospital leaves D2 without one: 1,000 people more."""
    page = visit(java_script_enabled=False).go(f"{PATH}?category=hospital")
    page.get_by_text("Close: choose from").click()
    page.get_by_label("Hospital").check()
    page.get_by_role("button", name="Compare with today").click()
    expect(page.locator("#what-if .big")).to_have_text("+1,000")
    assert "close=" in page.url
    page.get_by_label("Open a place of").select_option("hospital")
    page.get_by_label("in the middle of").select_option("D5")
    page.get_by_role("button", name="Compare with today").click()
    # Gone for D2 alone; new for D5, and 0.01 degrees are too far for D4.
    expect(page.locator("#what-if .big")).to_have_text("0")
    gains = page.locator("#gains tbody tr")
    expect(gains).to_have_count(2)
    assert gains.first.inner_text().split("\t")[0] == "District 2"
    assert "open=hospital%3A23.745" in page.url
    for name in ("before", "after", "change"):
        expect(page.locator(f'[data-view="{name}"] svg.chart')).to_be_visible()


def test_the_maps_of_a_scenario_move_together(visit: Open) -> None:
    seen = visit()
    page = seen.go(f"{PATH}?category=hospital&open=hospital:23.745:37.985")
    seen.await_map()
    page.get_by_role("button", name="Maps that move together").click()
    page.wait_for_selector('[data-view="change"] .map[data-state="idle"]')
    seen.map("map.jumpTo({zoom: 13.5})")
    page.wait_for_selector('[data-view="before"] .map[data-state="idle"]')
    better = seen.map("map.getFeatureState({source: 'districts', id: 'D5'}).class")
    assert better == 4  # violet: more than ten points fewer
    expect(page.locator("#what-if .map[data-state]")).to_have_count(3)


def test_a_press_on_the_map_opens_a_place(visit: Open) -> None:
    seen = visit()
    page = seen.go(f"{PATH}?category=hospital")
    seen.await_map()
    button = page.get_by_role("button", name="Or press a spot on the map")
    button.click()
    expect(page.locator("#said")).to_have_text("Choose first what opens.")
    page.get_by_label("Open a place of").select_option("hospital")
    button.click()
    expect(page.locator("#said")).to_contain_text("Press the spot")
    expect(page.locator("#map")).to_have_attribute("data-placing", "true")
    spot = seen.map("map.project([23.745, 37.985])")
    box = page.locator("#map canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    page.wait_for_url("**open=hospital**")
    expect(page.locator("#what-if .big")).to_have_text("−1,000")


def test_long_work_is_loaded_in_place(visit: Open) -> None:
    seen = visit()
    page = seen.go(f"{PATH}?category=hospital")
    seen.await_map()
    loaded = len([each for each in seen.requests if each.is_navigation_request()])
    page.get_by_role("link", name="Work it out").click()
    expect(page.locator("#missed tbody tr")).to_have_count(1)
    expect(page.locator("#missed h2")).to_be_focused()
    page.get_by_label("How many").fill("1")
    page.get_by_role("button", name="Look for areas").click()
    expect(page.locator("#siting tbody tr")).to_have_count(1)
    assert "show=critical" in page.url
    assert "show=siting" in page.url
    again = [each for each in seen.requests if each.is_navigation_request()]
    assert len(again) == loaded
    assert seen.map("map.getSource('proposals').serialize().data.features.length") == 1


def test_a_block_is_taken_along_as_a_picture(visit: Open) -> None:
    page = visit().go(PATH)
    with page.expect_download() as taken:
        page.get_by_role("button", name="PNG (Lorenz curve)").click()
    assert taken.value.suggested_filename == "health-lorenz.png"
    assert taken.value.path().read_bytes()[:4] == b"\x89PNG"


def test_the_api_link_is_copied_whole(visit: Open) -> None:
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    page = seen.go(f"{PATH}?threshold_min=20")
    page.get_by_role("button", name="Copy API link (ranking of the areas)").click()
    expect(page.locator("#said")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{seen.site.url}/api/v1/coverage?")
    assert page.request.get(copied).ok


def test_the_choice_is_made_by_keyboard_alone(visit: Open) -> None:
    page = visit().go(PATH)
    page.locator("#ranking tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ranking tbody tr").first).to_have_class("selected")
    page.keyboard.press("Enter")  # a second press takes the choice back
    expect(page.locator("#ranking tr.selected")).to_have_count(0)
