"""The layers of the tests, and short ways to ask for them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.api.ogc.zoo import forget, standing_zoo
from tests.api.world import World

Get = Callable[..., Any]
Ids = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def zoo(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Return the city with the layers of `zoo.py` beside its own, once per module."""
    with standing_zoo(django_db_blocker):
        yield world


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test see layers or extents of another's transaction."""
    forget()
    yield
    forget()


@pytest.fixture
def ask(client: Client) -> Callable[..., HttpResponse]:
    """Return a function that gets an address below `/ogc` and checks the status."""

    def get(
        address: str,
        status: int = 200,
        /,
        accept: str = "application/json",
        **query: Any,
    ) -> HttpResponse:
        answer = client.get(f"/ogc{address}", query, headers={"Accept": accept})
        assert answer.status_code == status, answer.content.decode()[:1000]
        return answer

    return get


@pytest.fixture
def get(ask: Callable[..., Any]) -> Get:
    """Return a function that gets an address below `/ogc` as JSON."""

    def read(address: str, status: int = 200, /, **query: Any) -> Any:
        answer = ask(address, status, accept="*/*", **query)
        if status >= 400:
            assert answer["Content-Type"] == "application/problem+json"
        return answer.json()

    return read


@pytest.fixture
def ids(get: Get) -> Ids:
    """Return a function that gets the ids of features of a collection, sorted by it."""

    def read(collection: str, /, **query: Any) -> list[Any]:
        said = get(f"/collections/{collection}/items", **query)
        return [feature["id"] for feature in said["features"]]

    return read
