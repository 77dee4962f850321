"""What an entry says of its hours, and that every kind of service has a sign."""

import json
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from layers.web import icons, tokens
from layers.web.template_tags import until

NIGHT = ((20 * 60, 26 * 60),)  # 20:00 to 02:00 tomorrow
SHIFTS = ((9 * 60, 13 * 60), (17 * 60, 20 * 60 + 30))


def entry(is_open: bool | None, *hours: tuple[int, int]) -> Any:
    return SimpleNamespace(is_open=is_open, hours=hours)


@pytest.mark.parametrize(
    ("is_open", "hours", "minute", "said"),
    [
        (True, SHIFTS, 9 * 60, "until 13:00"),
        (True, SHIFTS, 12 * 60 + 59, "until 13:00"),
        (False, SHIFTS, 13 * 60, "opens at 17:00"),  # the end is not open any more
        (False, SHIFTS, 8 * 60, "opens at 09:00"),
        (False, SHIFTS, 21 * 60, ""),  # not today any more
        (True, NIGHT, 23 * 60, "until 02:00"),
        (True, ((0, 1440),), 600, "all day and night"),
        (True, ((60, 1440),), 600, "until 24:00"),
        (True, (), 60, ""),  # still open since yesterday: its end is another day's
        (False, (), 600, ""),
        (None, (), 600, ""),
    ],
)
def test_an_entry_says_when_it_closes_or_opens(
    is_open: bool | None, hours: tuple[tuple[int, int], ...], minute: int, said: str
) -> None:
    with override("en"):
        assert until(entry(is_open, *hours), minute) == said


def test_every_top_category_has_a_sign(request: pytest.FixtureRequest) -> None:
    path = request.config.rootpath / "fixtures/taxonomy/categories.json"
    terms = json.loads(path.read_text(encoding="utf-8"))["terms"]
    assert {term["slug"] for term in terms if not term["parent"]} == set(icons.kinds())


def test_a_kind_without_a_sign_has_the_one_for_all_others() -> None:
    assert icons.sign_of("health") == "health"
    assert icons.sign_of("no-such-kind") == icons.OTHER
    assert icons.sign_of("") == icons.OTHER


def test_signs_are_drawn_of_what_the_map_can_draw() -> None:
    """`pins.js` knows paths and circles on a grid of 24."""
    drawing = ElementTree.fromstring((tokens.FILE.parent / "icons.svg").read_bytes())  # noqa: S314 (our own file)
    space = "{http://www.w3.org/2000/svg}"
    symbols = drawing.findall(f"{space}symbol")
    assert len({symbol.get("id") for symbol in symbols}) == len(symbols) > 30
    for symbol in symbols:
        assert symbol.get("viewBox") == "0 0 24 24"
        assert {part.tag for part in symbol} <= {f"{space}path", f"{space}circle"}
