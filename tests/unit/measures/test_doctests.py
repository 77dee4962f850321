"""The examples in the docstrings of the measures are true."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from layers import measures

MODULES = [m.name for m in pkgutil.iter_modules(measures.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_give_what_they_show(name):
    module = import_module(f"layers.measures.{name}")

    result = doctest.testmod(module)

    assert result.failed == 0
