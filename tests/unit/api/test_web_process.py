"""What a web process loads before it is asked anything."""

import subprocess
import sys

from layers.analysis.parameters import ENGINES
from layers.analysis.travel_cost import engine_codes

LOADED = """
import geo_accmr.wsgi, sys
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted(sys.modules))
"""


def test_lists_and_exports_do_not_load_the_mathematics() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    loaded = set(answer.stdout.split())
    assert "layers.api.coverage" in loaded
    assert not loaded & {"scipy", "highspy", "pyarrow", "pyogrio", "openpyxl", "osmium"}
    assert "layers.web.report.pages" in loaded
    assert not loaded & {"weasyprint", "pydyf", "tinycss2"}


def test_the_engines_that_can_be_asked_for_are_those_there_are() -> None:
    assert sorted(ENGINES) == engine_codes()
