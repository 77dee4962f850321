"""Hostile requests made from the API document of `/ogc/`: what it says is what happens.

Checked of each answer: no server error, a documented status and media type, a body that
fits its schema, refusal of what the document forbids.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

import layers.urls  # noqa: F401 (where rooms register what they add to the API)
from layers.ogc.items_parameters import MOST
from layers.ogc.openapi import document
from layers.published.layers import catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("zoo")]

EXAMPLES = 6
"""Requests of an operation and mode; with all operations the file takes half a minute."""

HOST = "http://testserver/ogc"
COMMON = ("/", "/api", "/conformance", "/functions", "/collections")
LAYERS = ("places", "periods", "ledger", "service-points")
OF_LAYER = ("", "/items", "/items/{featureId}", "/schema", "/queryables", "/sortables")
GRID = "WebMercatorQuad"
TILE = "{tileMatrix}/{tileRow}/{tileCol}"
OF_TILES = (
    "/tileMatrixSets",
    f"/tileMatrixSets/{GRID}",
    "/tiles",
    f"/tiles/{GRID}",
    f"/tiles/{GRID}/{TILE}",
    "/collections/service-points/tiles",
    f"/collections/service-points/tiles/{GRID}",
    f"/collections/service-points/tiles/{GRID}/{TILE}",
)
PATHS = [
    *OF_TILES,
    *COMMON,
    *(f"/collections/{layer}{step}" for layer in LAYERS for step in OF_LAYER),
]


@pytest.fixture(autouse=True)
def open_connection() -> Iterator[None]:
    """Keep the test's transaction open over requests, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def described(zoo: object) -> dict[str, Any]:
    """Return the API document of the layers, once."""
    return {}


def is_only_over_the_most(case: schemathesis.Case) -> bool:
    """Tell whether the limit is larger than the most, which the standard says is no fault."""
    try:
        return int(str((case.query or {}).get("limit"))) > MOST
    except ValueError:
        return False


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_what_is_documented_is_what_happens(
    described: dict[str, Any], path: str, mode: GenerationMode
) -> None:
    if not described:
        described.update(document(HOST, catalogue.layers()))
    schema = schemathesis.openapi.from_dict(described)
    schema.app = get_wsgi_application()
    operation = schema[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        # A text of the right form need not be a filter, a system or a position.
        left_out = [positive_data_acceptance]
        if is_only_over_the_most(case):
            left_out.append(negative_data_rejection)
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"}, excluded_checks=left_out
        )

    ask()
