"""Every measure stands in docs/reference/measures.md, and nothing else does."""

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

from layers import measures

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "measures.md"

# How arrays are checked, and dates of a rule: parts of measures, not measures.
INNER = {"arrays", "recurrence"}


def public_functions():
    names = set()
    for found in pkgutil.iter_modules(measures.__path__):
        module = import_module(f"layers.measures.{found.name}")
        if found.name in INNER:
            continue
        names |= {
            name
            for name, member in inspect.getmembers(module, inspect.isfunction)
            if member.__module__ == module.__name__ and not name.startswith("_")
        }
    return names


def test_every_measure_is_documented():
    text = REFERENCE.read_text(encoding="utf-8")

    assert {name for name in public_functions() if f"`{name}`" not in text} == set()


def test_the_table_of_classes_is_that_of_the_code():
    from layers.measures.priority import PRIORITY_CLASSES, PRIORITY_CUTS

    text = REFERENCE.read_text(encoding="utf-8")
    rows = re.findall(r"\| (\d) \| (\w+) \| up to (\d+) % \|", text)

    assert rows == [
        (str(n), PRIORITY_CLASSES[n - 1], f"{cut:.0%}".rstrip("%"))
        for n, cut in enumerate(PRIORITY_CUTS, start=1)
    ]


def test_every_flag_is_explained():
    from layers.analysis.flags import Flag

    text = (REFERENCE.parents[1] / "explanation" / "coverage.md").read_text("utf-8")

    assert {flag for flag in Flag if f"`{flag}`" not in text} == set()
