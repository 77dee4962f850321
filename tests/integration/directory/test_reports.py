"""What readers report is checked before it is stored, and holds nothing of the reader."""

import uuid

import pytest

from layers.directory import read_model
from layers.directory.reports import (
    TEXT_LIMIT,
    FeedbackReport,
    MissingService,
    report_error,
    request_service,
)
from layers.errors import InvalidRecord
from layers.models import Feedback, Service, ServiceRequest
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Service:
    service = make.ServiceFactory()
    make.ServiceAreaFactory(service=service)
    read_model.refresh([service.pk])
    return service


def refused(report: FeedbackReport) -> str:
    with pytest.raises(InvalidRecord) as caught:
        report_error(report)
    assert Feedback.objects.count() == 0
    return caught.value.field


def test_a_report_is_stored_as_new_and_without_a_sender(service: Service) -> None:
    stored = report_error(FeedbackReport(service.pk, "closed", "  Since May ", "en"))
    stored.refresh_from_db()
    assert (stored.kind, stored.text, stored.language, stored.state) == (
        "closed",
        "Since May",
        "en",
        "new",
    )
    assert {field.name for field in Feedback._meta.concrete_fields} == {
        "id",
        "created_at",
        "updated_at",
        "service",
        "kind",
        "text",
        "language",
        "state",
    }


@pytest.mark.parametrize("kind", ["", "wrong", "CLOSED", "closed "])
def test_an_unknown_kind_is_refused(service: Service, kind: str) -> None:
    assert refused(FeedbackReport(service.pk, kind)) == "kind"


def test_something_else_needs_words(service: Service) -> None:
    assert refused(FeedbackReport(service.pk, "other", " \n ")) == "text"


def test_a_text_ends_at_its_limit(service: Service) -> None:
    report_error(FeedbackReport(service.pk, "other", "x" * TEXT_LIMIT))
    Feedback.objects.all().delete()
    assert refused(FeedbackReport(service.pk, "other", "x" * (TEXT_LIMIT + 1))) == (
        "text"
    )


@pytest.mark.parametrize("language", ["English", "e", "1a", "EN", "e-n", "ελ"])
def test_a_language_is_a_code(service: Service, language: str) -> None:
    assert refused(FeedbackReport(service.pk, "closed", "", language)) == "language"


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn", "rejected"])
def test_what_may_not_be_seen_is_like_what_does_not_exist(state: str) -> None:
    hidden = make.ServiceFactory(moderation_state=state)
    read_model.refresh([hidden.pk])
    for key in (hidden.pk, uuid.uuid4()):
        with pytest.raises(InvalidRecord) as caught:
            report_error(FeedbackReport(key, "closed"))
        assert caught.value.reason == "there is no such one"


def test_a_service_of_hidden_places_only_takes_no_reports() -> None:
    service = make.ServiceFactory()
    location = make.LocationFactory(
        municipality=service.municipality, visibility="hidden"
    )
    make.ServiceAtLocationFactory(service=service, location=location)
    read_model.refresh([service.pk])
    assert refused(FeedbackReport(service.pk, "closed")) == "service"


def test_a_request_names_what_where_and_in_which_language() -> None:
    district = make.DistrictFactory(code="N07")
    category = make.TaxonomyTermFactory(slug="legal-aid")
    stored = request_service(
        MissingService(
            district.municipality.slug, "legal-aid", "N07", "fa", "In the evening"
        )
    )
    assert stored.category == category
    assert stored.district == district
    assert (stored.language, stored.text, stored.state) == (
        "fa",
        "In the evening",
        "new",
    )


def test_a_request_may_be_for_the_whole_city() -> None:
    city = make.MunicipalityFactory()
    make.TaxonomyTermFactory(slug="legal-aid")
    assert request_service(MissingService(city.slug, "legal-aid")).district is None


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("municipality", {"municipality": "nowhere"}),
        ("category", {"category": "cakes"}),
        ("category", {"category": "women"}),
        ("district", {"district": "N99"}),
        ("district", {"district": "elsewhere"}),
        ("language", {"language": "Farsi"}),
        ("text", {"text": "x" * (TEXT_LIMIT + 1)}),
    ],
)
def test_a_request_is_refused_by_the_field(field: str, values: dict[str, str]) -> None:
    city = make.MunicipalityFactory(slug="here")
    make.DistrictFactory(municipality=city, code="N07")
    make.DistrictFactory(code="elsewhere")
    make.TaxonomyTermFactory(slug="legal-aid")
    make.TaxonomyTermFactory(slug="women", taxonomy__slug="population_group")
    wanted = {"municipality": "here", "category": "legal-aid", "district": "N07"}
    with pytest.raises(InvalidRecord) as caught:
        request_service(MissingService(**{**wanted, **values}))
    assert caught.value.field == field
    assert ServiceRequest.objects.count() == 0
