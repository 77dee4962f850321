"""Hostile requests made from the OpenAPI document: what is documented is what happens.

Checked of each answer: no server error, a documented status and media type, a body that
fits its schema, refusal of what the document forbids.
"""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from layers.api.schema import document
from tests.api.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = 10
"""Requests of an operation and mode; with all operations the file takes half a minute."""


@pytest.fixture(autouse=True)
def open_connection() -> Iterator[None]:
    """Keep the test's transaction open over requests, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


OPERATIONS = [
    (method, path)
    for path, methods in document()["paths"].items()
    for method in methods
    if not path.endswith(("/schema", "/docs"))
]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_is_documented_is_what_happens(
    world: World, method: str, path: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_dict(document())
    schema.app = get_wsgi_application()
    operation = schema[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"},
            # A code of the right form need not exist, and is then refused.
            excluded_checks=[positive_data_acceptance],
        )

    ask()
