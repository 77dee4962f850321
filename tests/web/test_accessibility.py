"""axe finds nothing wrong, on phones and desks, in Greek, English and from the right."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.web.conftest import DESK, PHONE, Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
PATHS = {
    "finder": "/{lang}/",
    "filtered": "/{lang}/?category=health&language=fa&open_at=now",
    "committee": "/{lang}/committees/health",
    "committees": "/{lang}/committees/",
    "method": "/{lang}/method",
    "missing": "/{lang}/nowhere",
}
SIZES = {"phone": PHONE, "desk": DESK}
WITH_MAP = {"finder", "filtered", "committee"}


@pytest.fixture(scope="module")
def axe() -> str:
    path = Path(settings.NODE_MODULES) / "axe-core/axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not there; npm ci in layers/web fetches it")
    return path.read_text(encoding="utf-8")


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary']}"
        for each in found["violations"]
    ]


LOOKS = [
    *((name, lang, size) for name in PATHS for lang in ("el", "en") for size in SIZES),
    ("finder", "ar", "phone"),
    ("committee", "ar", "desk"),
]


@pytest.mark.parametrize(("name", "lang", "width"), LOOKS)
def test_axe_finds_nothing(
    visit: Open, axe: str, name: str, lang: str, width: str
) -> None:
    seen = visit(size=SIZES[width])
    page = seen.go(PATHS[name].format(lang=lang))
    if name in WITH_MAP and width == "desk":
        seen.await_map()
    assert violations(page, axe) == []
    if name == "missing":
        seen.errors.clear()  # Chromium names the 404 of the page itself


@pytest.mark.parametrize("lang", ["el", "en"])
def test_axe_finds_nothing_on_a_service_or_in_the_dark(
    visit: Open, axe: str, lang: str
) -> None:
    seen = visit(color_scheme="dark")
    page = seen.go(f"/{lang}/service/{seen.site.city.clinic.pk}")
    assert violations(page, axe) == []
    seen.go(f"/{lang}/")
    seen.await_map()
    assert violations(page, axe) == []


def test_buttons_and_fields_are_large_enough_to_touch(visit: Open) -> None:
    page = visit(size=PHONE).go("/en/")
    small = page.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=hidden]), summary,"
        " nav a, .links a')].filter(e => e.offsetParent).map(e => [e.outerHTML.slice(0, 80),"
        " (e.closest('label.check') ?? e).getBoundingClientRect().height])"
        ".filter(([, height]) => height < 44)"
    )
    assert small == []
