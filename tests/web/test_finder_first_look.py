"""What a first visit costs, and what it shows: few requests, none elsewhere, a map that is drawn."""

import base64

import pytest

from tests.web.conftest import PHONE, Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

MOST_REQUESTS = 20
"""The page, its sheets and signs, and the scripts before the map."""


def colours(seen: Visit, picture: bytes) -> dict[str, float]:
    """Return how much of a picture each colour covers (0 to 1)."""
    shares: dict[str, float] = seen.page.evaluate(
        """async data => {
          const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes]));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const pixels = context.getImageData(0, 0, image.width, image.height).data;
          const shares = {};
          for (let i = 0; i < pixels.length; i += 4) {
            const colour = [pixels[i], pixels[i + 1], pixels[i + 2]].join(',');
            shares[colour] = (shares[colour] ?? 0) + 4 / pixels.length;
          }
          return shares;
        }""",
        base64.b64encode(picture).decode(),
    )
    return shares


def brightness(shares: dict[str, float]) -> float:
    """Return the mean brightness of a picture, 0 to 255."""
    return sum(
        share * sum(map(int, colour.split(","))) / 3 for colour, share in shares.items()
    )


@pytest.mark.parametrize("path", ["/en/", "/ur/?category=health"])
def test_a_phone_makes_few_requests(visit: Open, path: str) -> None:
    seen = visit(size=PHONE)
    seen.go(path)
    seen.page.wait_for_load_state("networkidle")
    addresses = [request.url for request in seen.requests]
    assert len(addresses) <= MOST_REQUESTS, addresses
    assert not any("maplibre" in url or "/api/" in url for url in addresses)


def test_a_reader_who_saves_data_is_not_sent_a_map(visit: Open) -> None:
    seen = visit()
    seen.page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}});"
    )
    seen.go("/en/")
    seen.page.wait_for_load_state("networkidle")
    assert not any("maplibre" in request.url for request in seen.requests)


@pytest.mark.parametrize("lang", ["el", "ar"])
def test_the_map_is_a_picture_by_day_and_by_night(visit: Open, lang: str) -> None:
    bright = {}
    for scheme in ("light", "dark"):
        seen = visit(color_scheme=scheme)
        page = seen.go(f"/{lang}/")
        seen.await_map()
        shares = colours(seen, page.locator("#map canvas").screenshot())
        # Ground, land, borders, names, pins: many shades, and none is nearly everything.
        assert len(shares) > 40
        assert max(shares.values()) < 0.9
        bright[scheme] = brightness(shares)
    assert bright["dark"] < 70 < 180 < bright["light"]


def test_the_scheme_changes_while_the_map_is_open(visit: Open) -> None:
    seen = visit()
    page = seen.go("/en/")
    seen.await_map()
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    seen.await_map()
    shares = colours(seen, page.locator("#map canvas").screenshot())
    assert brightness(shares) < 70
