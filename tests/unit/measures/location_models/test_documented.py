"""The models stand in docs/reference/location-models.md, and their examples are true."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from layers.measures import location_models
from layers.measures.location_models.solution import Solution, Status

REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "location-models.md"
MODULES = [found.name for found in pkgutil.iter_modules(location_models.__path__)]
MODELS = ("mclp", "lscp", "partial_lscp", "p_median", "p_center")


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_give_what_they_show(name):
    module = import_module(f"layers.measures.location_models.{name}")

    assert doctest.testmod(module).failed == 0


def test_every_model_status_and_field_is_documented():
    text = REFERENCE.read_text(encoding="utf-8")
    words = {*MODELS, *Status, *Solution.__slots__, "gap"}

    assert {word for word in words if f"`{word}`" not in text} == set()
