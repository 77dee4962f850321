"""The forms without a browser: tokens, robots, floods, and every field that is refused."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.models import Feedback, ServiceRequest
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def send(path: str, status: int, **fields: Any) -> HttpResponse:
    answer: Any = Client().post(path, fields)
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer  # type: ignore[no-any-return]


def report(city: City) -> str:
    return f"/en/service/{city.clinic.pk}/report"


def test_a_report_is_stored_and_thanked_by_redirect(city: City) -> None:
    answer = send(report(city), 302, kind="closed", text="since\r\nMay")
    assert answer["Location"] == f"{report(city)}/thanks"
    stored = Feedback.objects.get()
    assert (stored.service_id, stored.kind, stored.text) == (
        city.clinic.pk,
        "closed",
        "since\nMay",
    )
    assert b"Thank you" in Client().get(answer["Location"]).content


def test_a_request_is_stored_and_thanked_by_redirect(city: City) -> None:
    answer = send("/fa/request", 302, category="legal-aid", district="", text="")
    assert answer["Location"] == "/fa/request/thanks"
    assert ServiceRequest.objects.get().district is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose what is wrong."),
        ({"kind": "rude"}, "Choose what is wrong."),
        ({"kind": "other"}, "Say in a few words what is wrong."),
        ({"kind": "other", "text": " \n "}, "Say in a few words what is wrong."),
        ({"kind": "closed", "text": "x" * 1001}, "Write at most 1000 characters."),
        ({"kind": "closed", "text": "a\x00b"}, "Say in a few words what is wrong."),
    ],
)
def test_a_report_is_refused_in_words(
    city: City, fields: dict[str, str], words: str
) -> None:
    page = send(report(city), 400, **fields).content.decode()
    assert words in page
    assert 'role="alert"' in page
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose which kind of service is missing."),
        ({"category": "cakes"}, "Choose which kind of service is missing."),
        ({"category": "women"}, "Choose which kind of service is missing."),
        ({"category": "legal-aid", "district": "D99"}, "Choose one from the list."),
        ({"category": "legal-aid", "language": "Farsi!"}, "Choose one from the list."),
        ({"category": "legal-aid", "language": "farsi"}, "Choose one from the list."),
    ],
)
def test_a_request_is_refused_in_words(
    city: City, fields: dict[str, str], words: str
) -> None:
    assert words in send("/en/request", 400, **fields).content.decode()
    assert ServiceRequest.objects.count() == 0


def test_what_was_filled_in_is_shown_again_and_does_nothing(city: City) -> None:
    text = "</textarea><script>alert(1)</script>"
    page = send(report(city), 400, kind="rude", text=text).content.decode()
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", ["service", "state", "email", "lat", "language"])
def test_a_field_that_the_form_does_not_have_is_refused(city: City, name: str) -> None:
    send(report(city), 400, kind="closed", **{name: "1"})
    assert Feedback.objects.count() == 0


def test_without_the_token_nothing_is_stored(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(report(city), {"kind": "closed"})
    assert answer.status_code == 403
    assert "cookies are switched off" in answer.content.decode()
    assert Feedback.objects.count() == 0


def test_with_the_token_of_the_page_it_is(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(report(city)).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    fields = {"kind": "closed", "csrfmiddlewaretoken": token}
    assert client.post(report(city), fields).status_code == 302


def test_a_robot_is_thanked_and_nothing_is_stored(city: City) -> None:
    send(report(city), 302, kind="closed", website="https://spam.example")
    send("/en/request", 302, category="cakes", website="x")
    assert Feedback.objects.count() == ServiceRequest.objects.count() == 0


def test_a_flood_is_stopped_in_words(city: City, settings: Any) -> None:
    settings.REPORTS_PER_HOUR = 1
    send(report(city), 302, kind="closed")
    page = send("/en/request", 429, category="legal-aid").content.decode()
    assert "Too many reports came from your network" in page
    assert ServiceRequest.objects.count() == 0


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(city: City, method: str) -> None:
    for path in (report(city), "/en/request"):
        assert getattr(Client(), method)(path).status_code == 405
    assert Client().post(f"/en/service/{city.clinic.pk}").status_code == 405


def test_a_form_is_kept_nowhere(city: City) -> None:
    for path in (report(city), "/en/request"):
        answer = Client().get(path)
        assert "no-store" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize("end", ["report", "report/thanks"])
def test_hidden_unknown_and_foreign_services_have_no_form(city: City, end: str) -> None:
    for key in (city.hidden.pk, uuid.uuid4(), "x"):
        assert Client().get(f"/en/service/{key}/{end}").status_code == 404
        if end == "report":
            answer = Client().post(f"/en/service/{key}/{end}", {"kind": "closed"})
            assert answer.status_code == 404
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("path", ["/en/request?x=1", "/en/request/thanks?name=Z"])
def test_a_parameter_is_refused(city: City, path: str) -> None:
    assert Client().get(path).status_code == 400


def test_nothing_of_the_sender_is_in_the_log(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    send(report(city), 400, kind="Zzname", text="Zzname")
    send(report(city), 302, kind="closed", text="Zzname")
    assert "Zzname" not in caplog.text
    assert "127.0.0.1" not in caplog.text
