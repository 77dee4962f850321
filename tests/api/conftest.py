"""The city of the API tests, and short ways to ask it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.api.world import World, standing_world

Get = Callable[..., Any]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Return the city of `world.py`, once per module."""
    with standing_world(django_db_blocker) as built:
        yield built


@pytest.fixture
def get(client: Client) -> Get:
    """Return a function that gets a resource of the API as JSON and checks the status."""

    def ask(address: str, status: int = 200, /, **query: Any) -> Any:
        answer = client.get(f"/api/v1/{address}", query)
        assert answer.status_code == status, answer.content.decode()[:1000]
        kind = answer["Content-Type"]
        assert kind == "application/problem+json" if status >= 400 else "json" in kind
        return answer.json()

    return ask


@pytest.fixture
def post(client: Client) -> Get:
    """Return a function that posts JSON to a resource and checks the status."""

    def ask(address: str, body: Any, status: int = 200) -> Any:
        answer = client.post(
            f"/api/v1/{address}", body, content_type="application/json"
        )
        assert answer.status_code == status, answer.content.decode()[:1000]
        return answer.json()

    return ask
