"""Open at a moment, where municipalities have clocks and holidays of their own."""

import datetime as dt

import pytest
from django.contrib.gis.geos import Point

from layers.directory import read_model
from layers.published.clocks import is_holiday, open_at
from layers.published.filters import ServicePointFilters
from layers.published.service_points import page
from layers.published.vocabulary import MunicipalityFacts
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("country", "day", "holiday"),
    [
        ("GR", dt.date(2026, 3, 25), True),
        ("GR", dt.date(2026, 4, 13), True),  # Orthodox Easter Monday
        ("GR", dt.date(2026, 4, 6), False),  # the Western one
        ("GR", dt.date(2026, 11, 20), False),
        ("DE", dt.date(2026, 10, 3), True),
        ("XX", dt.date(2026, 12, 25), False),  # no such country is known to have any
        ("", dt.date(2026, 12, 25), False),
    ],
)
def test_holidays_are_those_of_the_country(
    country: str, day: dt.date, holiday: bool
) -> None:
    assert is_holiday(country, day) is holiday


def test_one_clock_is_bound_as_single_values() -> None:
    places = {
        slug: MunicipalityFacts(slug, "Europe/Athens", "GR", False, ())
        for slug in ("athens", "piraeus")
    }
    found = open_at(dt.datetime(2026, 3, 25, 22, 30, tzinfo=dt.UTC), places, "x")
    # Half past midnight in Athens on the 26th, the day after a public holiday.
    assert found.values == {
        "x_local": dt.datetime.fromisoformat("2026-03-26T00:30"),
        "x_today": False,
        "x_eve": True,
    }


def test_each_municipality_has_its_own_clock_and_holidays() -> None:
    athens = make.MunicipalityFactory(slug="athens", country="GR")
    london = make.MunicipalityFactory(
        slug="london", country="GB", timezone="Europe/London"
    )
    services = []
    for municipality in (athens, london):
        service = make.ServiceFactory(organization__municipality=municipality)
        make.ServiceAtLocationFactory(
            service=service, location__point=Point(23.7, 37.9, srid=4326)
        )
        make.ScheduleFactory(service=service, byday=["MO", "TU", "WE", "TH", "FR"])
        services.append(service)
    read_model.rebuild(today=dt.date(2026, 11, 21))

    def open_services(moment: dt.datetime) -> list[bool]:
        found = page(ServicePointFilters(open_at=moment), lang="en", limit=10)
        return [str(service.pk).encode() in found.features for service in services]

    monday = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    # 09:00-17:00 on either clock; London is two hours behind.
    assert open_services(monday.replace(hour=8)) == [True, False]
    assert open_services(monday.replace(hour=10)) == [True, True]
    assert open_services(monday.replace(hour=16)) == [False, True]
    # 25 March is a holiday in Greece alone.
    assert open_services(dt.datetime(2027, 3, 25, 12, tzinfo=dt.UTC)) == [False, True]
