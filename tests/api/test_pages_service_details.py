"""What the page of a service says beside its name: days, papers, costs, and what is gone."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import segno
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

from layers import models
from layers.directory import read_model
from layers.published.service_details import service_extras
from layers.published.service_pages import places
from layers.web.service.opening import opening_of
from tests import factories as make
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db
ATHENS = ZoneInfo("Europe/Athens")


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content.decode()[:500]
    return str(answer.content.decode())


def place_of(service: models.Service) -> models.ServiceAtLocation:
    return models.ServiceAtLocation.objects.get(service=service)


def office(city: City, **hours: Any) -> models.Service:
    """Return the hospital with hours of its own, its read model written."""
    service = models.Service.objects.get(names__en="Hospital")
    models.Schedule.objects.filter(service=service).delete()
    make.ScheduleFactory(service=service, **hours)
    read_model.refresh([service.pk])
    return service


def said(service: models.Service, at: str) -> str:
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=ATHENS)
    (place,) = places(service.pk, "athens", "en", at=moment)
    with translation.override("en"):
        opening = opening_of(place.hours, service.status)
    return f"{opening.words} {opening.change}".strip()


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-23T08:59", "Closed now opens at 09:00"),  # a Monday
        ("2026-11-23T09:00", "Open now until 17:00"),
        ("2026-11-23T16:59", "Open now until 17:00"),
        ("2026-11-23T17:00", "Closed now opens tomorrow, 09:00"),
        ("2026-11-27T18:00", "Closed now opens Monday, 09:00"),
        # 25 March 2027 is a public holiday, a Thursday.
        ("2027-03-25T10:00", "Closed now opens tomorrow, 09:00"),
    ],
)
def test_it_says_until_when_or_from_when(city: City, at: str, words: str) -> None:
    assert said(office(city), at) == words


@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        (
            {"opens_at": dt.time(22), "closes_at": dt.time(2), "byday": ["FR"]},
            "2026-11-28T01:00",
            "Open now until 02:00",
        ),
        (
            {"opens_at": dt.time(22), "closes_at": dt.time(2), "byday": ["FR"]},
            "2026-11-27T23:00",
            "Open now until tomorrow, 02:00",
        ),
        (
            {"freq": "MONTHLY", "byday": ["1MO"]},
            "2026-12-07T17:00",
            "Closed now and not open in the next two weeks",
        ),
    ],
)
def test_nights_and_ends_are_said(
    city: City, hours: dict[str, Any], at: str, words: str
) -> None:
    assert said(office(city, **hours), at) == words


def test_day_and_night_is_said(city: City) -> None:
    service = city.clinic
    models.Service.objects.filter(pk=service.pk).update(open_on_holidays=True)
    read_model.refresh([service.pk])
    assert said(service, "2026-11-23T10:00") == "Open now day and night"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("temporarily closed", "Temporarily closed"),
        ("inactive", "Not operating"),
        ("defunct", "Ended"),
    ],
)
def test_what_has_stopped_is_never_open(city: City, status: str, words: str) -> None:
    service = office(city)
    service.status = status
    assert said(service, "2026-11-23T10:00") == words


def test_unknown_hours_are_said_to_be_unknown(city: City) -> None:
    page = get(f"/en/service/{city.protected.pk}")
    assert "Hours not known" in page
    assert "We do not know its hours." in page
    assert "Closed now" not in page


def test_by_appointment_says_more_than_unknown(city: City) -> None:
    service = office(city, opens_at=None, closes_at=None, by_appointment=True)
    page = get(f"/en/service/{service.pk}")
    assert "By appointment" in page
    assert "make an appointment" in page
    assert "Hours not known" not in page


def test_days_with_other_hours_are_listed_with_their_reason(city: City) -> None:
    today = dt.datetime.now(ATHENS).date()
    make.ScheduleExceptionFactory(
        service=city.clinic,
        starts_on=today + dt.timedelta(days=2),
        ends_on=today + dt.timedelta(days=3),
        reason={"en": "Stocktaking"},
    )
    make.ScheduleExceptionFactory(
        service=city.clinic,
        starts_on=today - dt.timedelta(days=9),
        ends_on=today - dt.timedelta(days=1),
        reason={"en": "Long over"},
    )
    make.ScheduleExceptionFactory(
        service=city.clinic,
        starts_on=today + dt.timedelta(days=200),
        ends_on=today + dt.timedelta(days=200),
        reason={"en": "Far ahead"},
    )
    read_model.refresh([city.clinic.pk])
    page = get(f"/en/service/{city.clinic.pk}")
    assert page.count("Stocktaking") == 3  # two days of the week, and the list
    assert "Long over" not in page
    assert "Far ahead" not in page


def test_reasons_of_protected_and_hidden_places_are_not_told(city: City) -> None:
    today = dt.datetime.now(ATHENS).date()
    for service in (city.protected, city.hidden):
        make.ScheduleExceptionFactory(
            service=None,
            service_at_location=place_of(service),
            starts_on=today,
            ends_on=today,
            reason={"en": "Zzmoving to Secret Street"},
        )
        read_model.refresh([service.pk])
    assert "Zzmoving" not in get(f"/en/service/{city.protected.pk}")
    assert service_extras(city.hidden.pk, "en", today=today).other_hours == ()


def test_papers_costs_and_access_are_said(city: City) -> None:
    make.RequiredDocumentFactory(service=city.clinic)
    make.CostOptionFactory(service=city.clinic, amount=0)
    make.CostOptionFactory(
        service=city.clinic, amount="2.50", option={"en": "Certificate"}
    )
    make.CostOptionFactory(service=city.clinic, amount=99, valid_to=dt.date(2020, 1, 1))
    make.AccessibilityFactory(
        location=place_of(city.clinic).location, description={"en": "Ramp at the side"}
    )
    page = get(f"/en/service/{city.clinic.pk}")
    assert "Asylum seeker&#x27;s card" in page
    assert "free of charge" in page
    assert "Certificate" in page
    assert "2.50 EUR" in page
    assert "99" not in re.sub(r"[0-9a-f-]{36}", "", page.partition("<main")[2])
    assert "Ramp at the side" in page


def test_what_hidden_services_need_is_nowhere(city: City) -> None:
    make.RequiredDocumentFactory(service=city.hidden, document={"en": "Zzpaper"})
    make.CostOptionFactory(service=city.hidden, amount=7)
    make.AccessibilityFactory(location=city.hidden_location)
    found = service_extras(city.hidden.pk, "en", today=dt.date(2026, 11, 22))
    assert (found.costs, found.documents, found.other_hours) == ((), (), ())


def test_verified_and_changed_are_two_dates(city: City) -> None:
    page = get(f"/en/service/{city.clinic.pk}")
    assert '<time datetime="2026-10-01">1 October 2026</time>' in page
    assert "Last changed" in page


def test_a_verification_long_ago_is_warned_of(city: City) -> None:
    models.Service.objects.filter(pk=city.clinic.pk).update(
        assured_date=dt.datetime.now(ATHENS).date() - dt.timedelta(days=181)
    )
    assert "half a year or longer" in get(f"/en/service/{city.clinic.pk}")
    assert "Nobody has checked this yet" in get(f"/en/service/{city.helpline.pk}")


@pytest.mark.parametrize("state", ["withdrawn", "superseded", "archived"])
def test_what_was_taken_back_is_gone_and_says_nothing_of_itself(
    city: City, state: str
) -> None:
    models.Service.objects.filter(pk=city.clinic.pk).update(moderation_state=state)
    read_model.refresh([city.clinic.pk])
    page = get(f"/en/service/{city.clinic.pk}", 410)
    assert "not listed any more" in page
    assert "Omonia" not in page
    get(f"/en/service/{city.clinic.pk}/report", 410)
    get(f"/en/service/{city.clinic.pk}/qr.svg", 410)


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected"])
def test_what_was_never_published_is_not_even_gone(city: City, state: str) -> None:
    models.Service.objects.filter(pk=city.clinic.pk).update(moderation_state=state)
    read_model.refresh([city.clinic.pk])
    get(f"/en/service/{city.clinic.pk}", 404)


def test_a_withdrawn_service_of_a_hidden_place_is_as_if_it_never_was(
    city: City,
) -> None:
    models.Service.objects.filter(pk=city.hidden.pk).update(
        moderation_state="withdrawn"
    )
    get(f"/en/service/{city.hidden.pk}", 404)


def ld(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page)
    assert found is not None
    document: dict[str, Any] = json.loads(found[1])
    return document


def test_search_engines_read_what_people_read(city: City) -> None:
    document = ld(get(f"/en/service/{city.clinic.pk}"))
    assert document["@context"] == "https://schema.org"
    assert document["name"] == "Omonia clinic"
    assert document["url"] == f"http://testserver/en/service/{city.clinic.pk}"
    assert document["audience"]["suggestedMinAge"] == 18
    (channel,) = document["availableChannel"]
    assert channel["availableLanguage"] == ["el", "fa"]
    place = channel["serviceLocation"]
    assert place["geo"]["latitude"] == 37.985
    assert place["address"]["streetAddress"] == "Street of Omonia clinic 1"
    assert len(place["specialOpeningHoursSpecification"]) == 7


def test_search_engines_learn_nothing_of_a_protected_place(city: City) -> None:
    document = ld(get(f"/en/service/{city.protected.pk}"))
    (channel,) = document["availableChannel"]
    assert channel["serviceLocation"] == {"@type": "Place", "name": "District 2"}


def test_a_text_cannot_end_the_script_that_holds_it(city: City) -> None:
    name = "</script><script>alert(1)</script><!--"
    models.Service.objects.filter(pk=city.clinic.pk).update(names={"en": name})
    page = get(f"/en/service/{city.clinic.pk}")
    assert "<script>alert" not in page
    assert ld(page)["name"] == name


def test_the_qr_code_holds_the_address_of_the_page(city: City) -> None:
    """Drawn anew from the address by the library, it has the same modules."""
    answer = Client().get(f"/en/service/{city.clinic.pk}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    expected = segno.make(
        f"http://testserver/en/service/{city.clinic.pk}", error="m", micro=False
    )
    drawn = re.findall(r'd="([^"]+)"', answer.content.decode())
    assert drawn == re.findall(
        r'd="([^"]+)"',
        expected.svg_inline(scale=4, border=4, light="#fff", dark="#000"),
    )
    get(f"/en/service/{city.hidden.pk}/qr.svg", 404)
    get(f"/en/service/{city.clinic.pk}/qr.svg?x=1", 400)
