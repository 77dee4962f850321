"""`POST /api/v1/feedback` and `/service-requests`: taken, refused by name, never readable."""

from typing import Any

import pytest
from django.test import Client

from layers.directory import read_model
from layers.models import Feedback, SenderTally, Service, ServiceRequest
from tests import factories as make
from tests.api.conftest import Get

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Service:
    service = make.ServiceFactory()
    make.ServiceAreaFactory(service=service)
    read_model.refresh([service.pk])
    return service


@pytest.fixture
def wanted() -> dict[str, Any]:
    make.DistrictFactory(municipality__slug="here", code="N07")
    make.TaxonomyTermFactory(slug="legal-aid")
    return {"municipality": "here", "category": "legal-aid", "district": "N07"}


def test_feedback_is_received(post: Get, service: Service) -> None:
    said = post(
        "feedback",
        {
            "service": str(service.pk),
            "kind": "closed",
            "text": "a\r\nb",
            "language": "en",
        },
        202,
    )
    assert said == {"state": "received"}
    stored = Feedback.objects.get()
    assert (stored.service, stored.text, stored.language) == (service, "a\nb", "en")


def test_a_request_is_received(post: Get, wanted: dict[str, Any]) -> None:
    assert post("service-requests", {**wanted, "language": "fa"}, 202) == {
        "state": "received"
    }
    assert ServiceRequest.objects.get().language == "fa"


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"service": None}, "service"),
        ({"service": "1"}, "service"),
        ({"service": "9b2f0f5e-6c1d-4e0e-8c83-0d2f5f6a7b8c"}, "service"),
        ({"kind": None}, "kind"),
        ({"kind": "rude"}, "kind"),
        ({"kind": ["closed"]}, "kind"),
        ({"kind": "other"}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": 7}, "text"),
        ({"language": "english"}, "language"),
        ({"state": "done"}, "state"),
        ({"email": "a@example.org"}, "email"),
    ],
)
def test_feedback_is_refused_by_the_parameter(
    post: Get, service: Service, change: dict[str, Any], parameter: str
) -> None:
    good = {"service": str(service.pk), "kind": "closed"}
    said = post("feedback", {**good, **change}, 400)
    assert said["parameter"] == parameter
    assert Feedback.objects.count() == 0


def test_a_refusal_does_not_repeat_the_text(post: Get, service: Service) -> None:
    body = {"service": str(service.pk), "kind": "closed", "text": "My name \x00 is Zed"}
    assert "Zed" not in str(post("feedback", body, 400))


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"municipality": None}, "municipality"),
        ({"municipality": "nowhere"}, "municipality"),
        ({"category": "cakes"}, "category"),
        ({"district": "N99"}, "district"),
        ({"language": "Farsi"}, "language"),
        ({"lon": 23.7}, "lon"),
        ({"phone": "210"}, "phone"),
    ],
)
def test_a_request_is_refused_by_the_parameter(
    post: Get, wanted: dict[str, Any], change: dict[str, Any], parameter: str
) -> None:
    assert post("service-requests", {**wanted, **change}, 400)["parameter"] == parameter
    assert ServiceRequest.objects.count() == 0


@pytest.mark.parametrize("address", ["feedback", "service-requests"])
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_nothing_can_be_read_or_changed(
    client: Client, address: str, method: str
) -> None:
    answer = getattr(client, method)(f"/api/v1/{address}")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST, OPTIONS"
    assert client.get(f"/api/v1/{address}/1").status_code == 404


@pytest.mark.parametrize("address", ["feedback", "service-requests"])
def test_a_form_of_a_strange_page_is_refused(client: Client, address: str) -> None:
    """A page elsewhere can send a form unasked, but no JSON without a preflight."""
    answer = client.post(f"/api/v1/{address}", {"kind": "closed"})
    assert answer.status_code == 415


def test_a_flood_is_stopped_and_told_when_to_come_back(
    client: Client, service: Service, settings: Any
) -> None:
    settings.REPORTS_PER_HOUR = 2
    body = {"service": str(service.pk), "kind": "closed"}

    def send() -> Any:
        return client.post("/api/v1/feedback", body, content_type="application/json")

    assert [send().status_code for _ in range(3)] == [202, 202, 429]
    last = send()
    assert last["Content-Type"] == "application/problem+json"
    assert last.json()["type"] == "/api/v1/docs#too-many-reports"
    assert 0 < int(last["Retry-After"]) <= 3600
    assert Feedback.objects.count() == 2
    assert SenderTally.objects.count() == 1
    assert "127.0.0.1" not in last.content.decode()


def test_a_refused_report_does_not_count_towards_the_limit(
    post: Get, service: Service, settings: Any
) -> None:
    settings.REPORTS_PER_HOUR = 1
    for _ in range(3):
        post("feedback", {"service": str(service.pk), "kind": "rude"}, 400)
    post("feedback", {"service": str(service.pk), "kind": "closed"}, 202)
