"""Every example in the reference runs on the layer that it names, and none is missing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.published.cql2.filters import OPERATORS
from layers.published.layers import catalogue
from tests.integration.published.cql2.conftest import Found

PAGE = Path(__file__).resolve().parents[4] / "docs/reference/cql2.md"


def examples() -> Iterator[tuple[str, str]]:
    """Yield (layer, filter): the second column of each table below a `Layer:`."""
    layer = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        named = re.search(r"Layer: `([a-z-]+)`", line)
        if named:
            layer = named.group(1)
        cells = line.split(" | ")
        if layer and len(cells) == 3 and cells[1].startswith("`"):
            yield layer, cells[1].strip("`")


EXAMPLES = list(examples())


@pytest.mark.parametrize(
    ("layer", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES]
)
def test_a_documented_example_runs(
    db: None, found: Found, layer: str, text: str
) -> None:
    catalogue.forget()
    assert found(catalogue.layer(layer), text) == []  # nothing is published here


def test_every_operator_and_function_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8").lower().replace("is null", "isnull")
    missing = [name for name in OPERATORS if f"| `{name}` |" not in page]
    assert missing == []
    assert len(EXAMPLES) > 75


def test_the_limits_that_are_documented_hold() -> None:
    from layers.published.cql2 import limits, parsing

    page = PAGE.read_text(encoding="utf-8")
    for limit in (
        limits.LONGEST_TEXT,
        limits.LONGEST_JSON,
        limits.DEEPEST_BRACKETS,
        limits.MOST_OPERATORS,
        parsing.DEEPEST_TREE,
        parsing.MOST_NODES,
    ):
        assert f"{limit:,}" in page
