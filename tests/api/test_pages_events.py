"""Activities and open calls: lists, filters, calendars, and what may not be seen."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoDbBlocker

from layers import models
from layers.directory import read_model
from tests import factories as make
from tests.web.city import City, standing_city

pytestmark = pytest.mark.django_db
SOON = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=3)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with standing_city(django_db_blocker) as built:
        yield built


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content.decode()[:500]
    return str(answer.content.decode())


def activity(city: City, name: str, **values: Any) -> models.Activity:
    said = {
        "organization": city.clinic.organization,
        "names": {"en": name},
        "starts_at": SOON,
        "ends_at": SOON + dt.timedelta(hours=1),
        **values,
    }
    return make.ActivityFactory(**said)


def place_of(service: models.Service) -> models.Location:
    return models.Location.objects.get(service_at_locations__service=service)


def test_an_activity_says_when_where_and_who(city: City) -> None:
    row = activity(city, "Greek circle", location=place_of(city.clinic))
    for page in (get("/en/activities"), get(f"/en/activities/{row.pk}")):
        assert "Greek circle" in page
        assert "Organisation of Omonia clinic" in page
        assert "Street of Omonia clinic 1" in page
        assert "District 1" in page


def test_what_is_over_is_not_listed_but_can_be_read(city: City) -> None:
    past = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
    row = activity(city, "Long ago", starts_at=past, ends_at=None)
    assert "Long ago" not in get("/en/activities")
    assert "This is over." in get(f"/en/activities/{row.pk}")


def test_what_repeats_is_listed_by_its_next_time(city: City) -> None:
    past = dt.datetime(2020, 1, 7, 16, tzinfo=dt.UTC)
    activity(city, "Every week", starts_at=past, ends_at=None, recurrence="FREQ=WEEKLY")
    assert "Every week" in get("/en/activities?within_days=7")


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected", "withdrawn"])
def test_only_what_was_published_is_shown(city: City, state: str) -> None:
    row = activity(city, "Zzsecret", moderation_state=state)
    call = make.OpenCallFactory(
        organization=city.clinic.organization,
        names={"en": "Zzsecret"},
        moderation_state=state,
    )
    for path in ("activities", "activities.ics", "open-calls", "open-calls.ics"):
        assert "Zzsecret" not in get(f"/en/{path}")
    for path in (f"activities/{row.pk}", f"activities/{row.pk}.ics"):
        get(f"/en/{path}", 404)
    get(f"/en/open-calls/{call.pk}", 404)


def test_an_activity_at_a_hidden_place_does_not_exist(city: City) -> None:
    row = activity(city, "Zzsecret", location=city.hidden_location)
    assert "Zzsecret" not in get("/en/activities")
    assert "Zzsecret" not in get("/en/activities.ics")
    get(f"/en/activities/{row.pk}", 404)


def test_an_activity_at_a_protected_place_tells_the_district_only(city: City) -> None:
    row = activity(city, "Support group", location=place_of(city.protected))
    pages = [
        get("/en/activities"),
        get(f"/en/activities/{row.pk}"),
        get(f"/en/activities/{row.pk}.ics"),
        get("/en/activities.ics"),
    ]
    for page in pages:
        assert "Support group" in page
        assert "District 2" in page
        for betrayal in ("refuge 1", "23.713", "37.987", "GEO:"):
            assert betrayal not in page


def test_a_host_with_nothing_but_hidden_places_is_not_named(city: City) -> None:
    row = activity(city, "Open day", organization=city.hidden.organization)
    call = make.OpenCallFactory(
        organization=city.hidden.organization, names={"en": "Help wanted"}
    )
    for path in (
        "activities",
        f"activities/{row.pk}",
        "open-calls",
        f"open-calls/{call.pk}",
    ):
        assert "Secret shelter" not in get(f"/en/{path}")


def test_a_host_without_any_service_is_named(city: City) -> None:
    host = make.OrganizationFactory(
        municipality=city.municipality, names={"en": "Choir"}
    )
    activity(city, "Concert", organization=host)
    assert "Choir" in get("/en/activities")


def test_activities_are_filtered(city: City) -> None:
    health = activity(city, "Vaccines", location=place_of(city.clinic))
    health.categories.add(models.TaxonomyTerm.objects.get(slug="vaccination-screening"))
    read_model.assign_districts(city.municipality, [place_of(city.clinic).pk])
    activity(city, "Chess", starts_at=SOON + dt.timedelta(days=40), ends_at=None)
    for query, has_vaccines, has_chess in (
        ("", True, True),
        ("category=health", True, False),
        ("category=vaccination-screening", True, False),
        ("category=legal-aid", False, False),
        ("district=D1", True, False),
        ("district=D2", False, False),
        ("within_days=7", True, False),
        ("category=&district=&within_days=", True, True),
    ):
        for path in ("activities", "activities.ics"):
            page = get(f"/en/{path}?{query}")
            assert ("Vaccines" in page, "Chess" in page) == (has_vaccines, has_chess), (
                path,
                query,
            )


@pytest.mark.parametrize(
    "query",
    [
        "category=cakes", "district=D99", "within_days=0", "within_days=soon",
        "within_days=1000", "lon=23.7", "category=health&category=legal-aid",
    ],
)  # fmt: skip
def test_a_filter_that_is_none_is_refused(city: City, query: str) -> None:
    for path in ("activities", "activities.ics"):
        get(f"/en/{path}?{query}", 400)


@pytest.mark.parametrize("query", ["kind=wish", "committee=cakes", "district=D1"])
def test_a_filter_of_calls_that_is_none_is_refused(city: City, query: str) -> None:
    for path in ("open-calls", "open-calls.ics"):
        get(f"/en/{path}?{query}", 400)


def test_calls_are_filtered_and_close_at_the_end_of_their_day(city: City) -> None:
    today = dt.datetime.now(dt.UTC).date()
    committee = models.TaxonomyTerm.objects.get(
        taxonomy__slug="committee", slug="health"
    )
    host = city.clinic.organization
    make.OpenCallFactory(
        organization=host, names={"en": "Yynurse"}, committee=committee, closes_on=today
    )
    make.OpenCallFactory(organization=host, names={"en": "Yyroom"}, kind="offer")
    make.OpenCallFactory(
        organization=host,
        names={"en": "Yyclosed"},
        closes_on=today - dt.timedelta(days=2),
    )
    for query, found in (
        ("", ("Yynurse", "Yyroom")),
        ("kind=need", ("Yynurse",)),
        ("kind=offer", ("Yyroom",)),
        ("committee=health", ("Yynurse",)),
        ("committee=education", ()),
    ):
        page = get(f"/en/open-calls?{query}")
        assert tuple(n for n in ("Yynurse", "Yyroom", "Yyclosed") if n in page) == found


def test_a_feed_is_a_calendar_that_may_be_kept(city: City) -> None:
    row = activity(city, "Greek circle", recurrence="FREQ=WEEKLY")
    answer = Client().get("/el/activities.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "max-age" in answer["Cache-Control"]
    (found,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert found["UID"] == f"{row.pk}@testserver"
    assert found["URL"] == f"http://testserver/el/activities/{row.pk}"


def test_the_page_offers_the_feed_with_its_filters(city: City) -> None:
    page = get("/en/activities?category=health")
    assert 'href="webcal://testserver/en/activities.ics?category=health"' in page


@pytest.mark.parametrize("path", ["activities", "open-calls"])
def test_nothing_announced_is_said_so(city: City, path: str) -> None:
    assert 'class="empty"' in get(f"/en/{path}")


@pytest.mark.parametrize(
    "path", ["activities/{}", "activities/{}.ics", "open-calls/{}"]
)
def test_unknown_ids_are_404(city: City, path: str) -> None:
    get(f"/en/{path.format(uuid.uuid4())}", 404)
    get(f"/en/{path.format('x')}", 404)


def test_a_partners_rule_that_cannot_be_read_breaks_no_page(city: City) -> None:
    row = activity(city, "Odd", recurrence="now and then")
    assert "Odd" in get("/en/activities")
    assert "Odd" in get(f"/en/activities/{row.pk}")
    assert "Odd" in get("/en/activities.ics")
