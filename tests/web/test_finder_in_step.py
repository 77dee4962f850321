"""List and map show the same, whichever of them was touched, and the address says what."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PHONE, Open, Visit
from tests.web.test_finder import OMONIA, drawn, entries

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def documents(seen: Visit) -> int:
    """Return how many pages the browser loaded anew."""
    return sum(each.is_navigation_request() for each in seen.requests)


def choose(page: Page, label: str, value: str) -> None:
    page.get_by_label(label).select_option(value)
    page.locator("#question .search-line button").click()


def test_a_question_is_answered_in_place_and_stands_in_the_address(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    choose(page, "Kind of service", "hospital")
    expect(page.locator("#list-heading")).to_have_text("1 service at a place")
    assert entries(page) == ["Hospital"]
    expect(page.locator("#map")).to_have_attribute("data-points", "1")
    seen.await_map()
    assert drawn(seen) == ["Hospital"]
    assert page.url.endswith("/en/?category=hospital")
    assert documents(seen) == 1
    status = page.locator("#near-status")
    expect(status).to_have_text("1 service at a place")
    # The button that was pressed is there still, and has the focus.
    expect(page.locator("#question .search-line button")).to_be_focused()
    other = page.locator('.languages a[hreflang="el"]')
    expect(other).to_have_attribute("href", "/el/?category=hospital")


def test_near_me_means_what_is_chosen_though_it_was_not_sent(visit: Open) -> None:
    seen = visit(geolocation=OMONIA, permissions=["geolocation"])
    page = seen.go("/en/")
    page.get_by_label("Kind of service").select_option("hospital")
    page.locator("#near-me").click()
    expect(page.locator("#near-list > li")).to_have_count(1)
    expect(page.locator("#near-list")).to_contain_text("Hospital")
    assert page.url.endswith("/en/?category=hospital")


def test_the_way_back_leads_to_the_question_before(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    choose(page, "Kind of service", "hospital")
    expect(page.locator("#list-heading")).to_have_text("1 service at a place")
    page.go_back()
    expect(page.locator("#list-heading")).to_have_text("4 services at a place")
    expect(page.get_by_label("Kind of service")).to_have_value("")
    page.go_forward()
    expect(page.locator("#list-heading")).to_have_text("1 service at a place")
    assert documents(seen) == 1


def test_an_address_can_be_passed_on(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/?category=health&open_at=now")
    assert entries(page) == ["Omonia clinic"]
    expect(page.get_by_label("Kind of service")).to_have_value("health")
    expect(page.get_by_label("Open now")).to_be_checked()


def test_a_sign_begins_and_a_chip_takes_back(visit: Open) -> None:
    page = visit().go("/en/")
    page.locator(".tiles a", has_text="Health").click()
    expect(page.locator("#list-heading")).to_have_text("3 services at a place")
    expect(page.locator(".tiles")).to_have_count(0)
    page.locator(".chip", has_text="Health").click()
    expect(page.locator("#list-heading")).to_have_text("4 services at a place")
    expect(page.locator(".tiles")).to_have_count(1)


def test_nothing_found_says_what_to_do(visit: Open) -> None:
    page = visit().go("/en/?q=zzzzzz&category=health")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("No service at a place matches all of this.")
    expect(empty.get_by_role("link", name="See every service")).to_be_visible()
    expect(empty.get_by_role("link", name="is missing")).to_have_attribute(
        "href", "/en/request"
    )
    empty.locator(".chip", has_text="zzzzzz").click()
    expect(page.locator("#list-heading")).to_have_text("3 services at a place")


def test_this_part_of_the_map_is_asked_for_on_press(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    button = page.get_by_role("button", name="Search this area")
    expect(button).to_be_hidden()
    seen.map("map.jumpTo({center: [23.705, 37.985], zoom: 15.5})")
    seen.await_map()
    expect(button).to_be_hidden()  # the page moved the map, nobody else
    page.locator("#map canvas").focus()
    page.keyboard.press("ArrowLeft")
    expect(button).to_be_visible()
    button.click()
    expect(page.locator("#results")).not_to_contain_text("Hospital")
    assert "Omonia clinic" in entries(page)
    assert re.search(r"bbox=23\.\d{1,4}(%2C|,)37\.\d{1,4}", page.url)
    zoom = seen.map("map.getZoom()")
    assert zoom == pytest.approx(15.5, abs=0.01)  # the map stays where it is
    page.locator(".chip", has_text="This part of the map").click()
    expect(page.locator("#list-heading")).to_have_text("4 services at a place")


def test_a_part_of_the_map_in_an_address_is_what_the_map_shows(visit: Open) -> None:
    seen = visit()
    seen.go("/en/?bbox=23.70,37.98,23.71,37.99")
    seen.await_map()
    center = seen.map("map.getCenter()")
    assert center["lng"] == pytest.approx(23.705, abs=0.001)
    assert drawn(seen) == ["Omonia clinic"]


def test_an_entry_under_the_pointer_is_marked_on_the_map(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    marked = (
        "map.getSource('marked').getData()"
        ".then(data => data.features.map(f => f.properties.name))"
    )
    page.locator(".entry", has_text="Pharmacy").first.hover()
    page.wait_for_timeout(100)
    assert seen.map(marked) == ["Pharmacy"]
    page.locator("h1").hover()
    page.wait_for_timeout(100)
    assert seen.map(marked) == []


def test_what_stands_at_one_spot_is_named_one_by_one(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    seen.map("map.jumpTo({center: [23.71505, 37.985], zoom: 16})")
    seen.await_map()
    spot = seen.map("map.project([23.71505, 37.985])")
    box = page.locator("#map canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    card = page.locator("#map-card")
    expect(card).to_contain_text("2 services at this spot")
    assert card.locator("li > a").all_inner_texts() == ["Hospital", "Pharmacy"]
    card.get_by_role("button", name="Close").click()
    expect(card).to_be_hidden()


def test_near_me_is_on_the_map_and_never_in_an_address(visit: Open) -> None:
    seen = visit(geolocation=OMONIA, permissions=["geolocation"])
    page = seen.go("/en/?category=health")
    seen.await_map()
    page.get_by_role("button", name="Near me").click()
    expect(page.locator("#near-list .entry")).to_have_count(3)
    seen.await_map()
    you = seen.map("map.getSource('you').getData().then(data => data.coordinates)")
    assert you == [23.707, 37.984]  # rounded here, too
    assert drawn(seen) == ["Hospital", "Omonia clinic", "Pharmacy"]
    # The part of the map that is shown would tell where somebody stands.
    page.locator("#map canvas").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)
    expect(page.get_by_role("button", name="Search this area")).to_be_hidden()
    page.get_by_role("button", name="Back to the whole list").click()
    seen.await_map()
    assert seen.map("map.getSource('you').getData().then(d => d.features.length)") == 0
    assert not any("23.70" in each.url for each in seen.requests)


def test_a_phone_has_the_map_of_what_is_near(visit: Open) -> None:
    seen = visit(size=PHONE, geolocation=OMONIA, permissions=["geolocation"])
    page = seen.go("/en/")
    page.get_by_role("button", name="Near me").click()
    expect(page.locator("#near-list .entry").first).to_be_visible()
    assert not any("maplibre" in each.url for each in seen.requests)
    page.locator("#near-results .show-map").click()
    seen.await_map()
    assert seen.map("map.getSource('you').getData().then(d => d.coordinates)")


def test_the_server_away_leads_to_the_page_itself(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    page.route("**/en/?category=hospital", lambda route: route.abort(), times=1)
    choose(page, "Kind of service", "hospital")
    page.wait_for_url("**/en/?category=hospital")
    assert entries(page) == ["Hospital"]
    assert documents(seen) == 2
    seen.errors.clear()  # Chromium names the answer that did not come


def test_the_keyboard_alone_finds_a_service(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    page.get_by_label("What are you looking for?").focus()
    page.keyboard.type("hosptal")
    page.keyboard.press("Enter")
    expect(page.locator("#list-heading")).to_have_text("1 service at a place")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.entry h3') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hospital")
