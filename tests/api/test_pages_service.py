"""The page of one service, and the silence about those that may not be seen."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.models import ServiceAtLocation
from layers.published.service_pages import places
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
    assert answer.status_code == status
    return str(answer.content.decode())


def test_a_service_says_what_a_caller_needs(city: City) -> None:
    page = get(f"/en/service/{city.clinic.pk}")
    assert "<h1>Omonia clinic</h1>" in page
    assert "Organisation of Omonia clinic" in page
    assert "Street of Omonia clinic 1" in page
    assert 'href="tel:+302105200000"' in page
    assert 'href="geo:37.985000,23.705000?q=37.985000,23.705000"' in page
    assert "Open now" in page
    assert "1 October 2026" in page
    assert "Farsi" in page
    assert "from 18 years" in page
    assert "Closed in August" in page
    assert page.count("<tr") == 7


def test_a_fallback_text_is_marked_with_its_language(city: City) -> None:
    page = get(f"/el/service/{city.clinic.pk}")
    assert '<p class="notice warn" lang="en" dir="ltr">Closed in August</p>' in page
    assert "<h1>Ιατρείο Ομόνοιας</h1>" in page


def test_a_protected_service_shows_its_district_only(city: City) -> None:
    page = get(f"/en/service/{city.protected.pk}")
    assert "District 2" in page
    assert "only its district is shown" in page
    for betrayal in ("Street of", "geo:", "openstreetmap", "23.713", "37.987"):
        assert betrayal not in page


def test_hidden_unknown_and_foreign_services_answer_alike(city: City) -> None:
    at = ServiceAtLocation.objects.get(service=city.hidden)
    foreign = make.ServiceFactory()
    unknown = get(f"/en/service/{uuid.uuid4()}", status=404)
    for key in (city.hidden.pk, at.pk, city.hidden_location.pk, foreign.pk):
        page = get(f"/en/service/{key}", status=404)
        assert without_id(page) == without_id(unknown)


def without_id(page: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|nonce=\"[^\"]+\"", "", page)


@pytest.mark.parametrize("key", ["1", "abc", "%00", "0" * 200])
def test_what_is_no_id_leads_nowhere(city: City, key: str) -> None:
    get(f"/en/service/{key}", status=404)


def test_a_parameter_is_refused(city: City) -> None:
    assert "x" in get(f"/en/service/{city.clinic.pk}?x=1", status=400)


def test_a_helpline_without_a_place_says_whom_it_serves(city: City) -> None:
    page = get(f"/en/service/{city.helpline.pk}")
    assert "Without a place; serves the whole city." in page
    assert 'href="tel:1555"' in page


def test_a_week_counts_past_midnight_and_holidays(city: City) -> None:
    """Open all week from midnight to midnight; 25 March 2027 is a public holiday."""
    (place,) = places(
        city.clinic.pk, "athens", "en", at=dt.datetime(2027, 3, 22, 12, tzinfo=ATHENS)
    )
    assert [each.day.isoformat() for each in place.hours.week] == [
        f"2027-03-{day}" for day in range(22, 29)
    ]
    assert [each.spans for each in place.hours.week[:3]] == [((0, 1440),)] * 3
    assert place.hours.week[3].is_holiday
    assert place.hours.week[3].spans == ()


def test_the_day_is_the_one_of_athens(city: City) -> None:
    """At 22:30 in London it is past midnight in Athens."""
    late = dt.datetime(2026, 11, 21, 22, 30, tzinfo=dt.UTC)
    (place,) = places(city.clinic.pk, "athens", "en", at=late)
    assert place.hours.week[0].day == dt.date(2026, 11, 22)


def test_hours_that_nobody_told_make_no_week(city: City) -> None:
    (place,) = places(
        city.protected.pk, "athens", "en", at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    )
    assert place.hours.is_open is None
    assert place.hours.week == ()
