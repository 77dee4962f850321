"""Alive and ready."""

import pytest
from django.test import Client

from layers.errors import Unavailable


def test_the_process_says_that_it_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_when_the_public_reader_can_read(client: Client) -> None:
    assert client.get("/readyz").json() == {"ready": True}


def test_it_is_not_ready_when_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("the database is away")

    monkeypatch.setattr("layers.api.health.read_one", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
