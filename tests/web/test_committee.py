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
            assert spread == f"{low:,.0f}–{high:,.0f}, rank {best} to {worst}"
        assert cells[3] == (
            "–" if row["residents"] is None else f"{row['residents']:,.0f}"
        )
        wanted = row["priority_class"]
        assert drawn[code] == (None if wanted is None else wanted - 1)


def test_the_link_to_the_api_answers(visit: Open) -> None:
    page = visit(java_script_enabled=False).go(f"{PATH}?threshold_min=20")
    link = page.get_by_role("link", name="The same by API").get_attribute("href")
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
    page.get_by_role("button", name="Show the map").click()
    seen.await_map()


def test_choosing_in_the_table_shows_on_the_map(visit: Open) -> None:
    seen = visit()
    page = seen.go(PATH)
    seen.await_map()
    page.get_by_role("link", name="District 3").click()
    expect(page.locator("#map-choice")).to_contain_text("District 3: 1,000 of 1,000")
    expect(page.locator("tr.selected")).to_have_attribute("data-code", "D3")
    assert seen.map("map.getFilter('chosen')")[2] == "D3"


def test_choosing_on_the_map_shows_in_the_table(visit: Open) -> None:
    seen = visit()
    page = seen.go(PATH)
    seen.await_map()
    page.locator("#map").scroll_into_view_if_needed()
    spot = seen.map("map.project([23.745, 37.985])")
    box = page.locator("#map canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    expect(page.locator("tr.selected")).to_have_attribute("data-code", "D5")


def test_the_table_sorts_in_place(visit: Open) -> None:
    seen = visit()
    page = seen.go(PATH)
    loaded = len([each for each in seen.requests if each.is_navigation_request()])
    head = page.get_by_role("columnheader", name="District")
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
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("h1 .sub")).to_have_text("Hospital")
    expect(page.locator(".headline")).to_contain_text("30 minutes")
