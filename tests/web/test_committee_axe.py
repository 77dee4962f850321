"""axe finds nothing on a committee page with every block worked out."""

import pytest

from tests.web.conftest import DESK, PHONE, Open
from tests.web.test_accessibility import axe, violations

__all__ = ["axe"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

QUERY = "category=hospital&open=hospital:23.745:37.985&show=critical&show=siting&district=D2"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("lang", "size"), [("en", PHONE), ("el", DESK), ("ar", PHONE)])
def test_axe_finds_nothing_with_everything_open(
    visit: Open,
    axe: str,
    lang: str,
    size: dict[str, int],
    scheme: str,
) -> None:
    seen = visit(size=size, color_scheme=scheme)
    page = seen.go(f"/{lang}/committees/health?{QUERY}")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    if size is DESK:
        seen.await_map()
    assert violations(page, axe) == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
