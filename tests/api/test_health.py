"""Alive and ready."""

import pytest
from django.db import connection
from django.test import Client

from layers.errors import Unavailable


def test_the_process_says_that_it_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_when_the_public_reader_can_read(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


@pytest.mark.django_db
def test_it_is_ready_without_a_worker_and_says_that_there_is_none(
    client: Client,
) -> None:
    worker = client.get("/readyz").json()["worker"]
    assert (worker["n_workers"], worker["last_seen"]) == (0, None)


@pytest.mark.django_db
def test_it_says_how_many_workers_gave_a_sign_of_life(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - %s * interval '1 second')",
            [(1,), (5,), (60,)],
        )
    assert client.get("/readyz").json()["worker"]["n_workers"] == 2


@pytest.mark.django_db
def test_it_is_ready_where_nobody_knows_about_workers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.api.health.queue_health", lambda: None)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (200, None)


def test_it_is_not_ready_when_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("the database is away")

    monkeypatch.setattr("layers.api.health.read_one", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
