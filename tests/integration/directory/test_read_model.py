"""The read model: what it holds, and that a rebuild and incremental writes agree."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from layers.directory.read_model import assign_districts, rebuild, refresh
from layers.models import Location, Service, ServicePoint
from tests import factories as make

pytestmark = pytest.mark.django_db
MONDAY_10 = "2026-11-23 10:00"


def rows() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(p) - 'point_m' FROM layers_servicepoint p ORDER BY id"
        )
        points = cursor.fetchall()
        cursor.execute(
            "SELECT service_point_id, lang, properties FROM layers_servicepointtext ORDER BY 1, 2"
        )
        texts = cursor.fetchall()
        cursor.execute(
            "SELECT service_point_id, feature FROM layers_servicepointfeature ORDER BY 1"
        )
        features = cursor.fetchall()
        cursor.execute(
            "SELECT service_point_id, category, ST_AsText(point_m)"
            " FROM layers_servicepointcategory ORDER BY 1, 2"
        )
        return [*points, *texts, *features, *cursor.fetchall()]


def placed(visibility: str = "public", **service: Any) -> Any:
    pair = make.ServiceAtLocationFactory(location__visibility=visibility, **service)
    assign_districts(pair.service.municipality)
    refresh([pair.service_id])
    return pair


def test_a_published_service_at_a_place_is_one_row_with_its_point() -> None:
    pair = placed()
    row = ServicePoint.objects.get()
    assert row.id == pair.id
    assert row.point.coords == pytest.approx(pair.location.point.coords)


def test_a_service_without_any_place_is_one_row_without_a_point() -> None:
    service = make.ServiceFactory()
    refresh([service.id])
    row = ServicePoint.objects.get()
    assert (row.id, row.point, row.serves_everywhere) == (service.id, None, True)


def test_a_service_whose_only_place_is_hidden_has_no_row() -> None:
    placed("hidden")
    assert not ServicePoint.objects.exists()


def test_of_a_hidden_and_a_public_place_only_the_public_one_is_a_row() -> None:
    pair = placed("hidden")
    public = make.ServiceAtLocationFactory(service=pair.service)
    refresh([pair.service_id])
    assert list(ServicePoint.objects.values_list("id", flat=True)) == [public.id]


def test_a_district_only_place_keeps_its_district_and_loses_the_rest() -> None:
    municipality = make.MunicipalityFactory()
    district = make.DistrictFactory(municipality=municipality)
    location = make.LocationFactory(
        municipality=municipality,
        visibility="district_only",
        point=district.label_point,
    )
    service = make.ServiceFactory(organization__municipality=municipality)
    make.ServiceAtLocationFactory(service=service, location=location)
    make.PhoneFactory(service=None, location=location, number="210 999 9999")
    assign_districts(municipality)
    refresh([service.id])
    row = ServicePoint.objects.get()
    assert (row.point, row.location_id, row.precision) == (None, None, None)
    assert row.neighbourhood_code == district.code
    everything = str(rows())
    for secret in (*location.names.values(), *location.address.values(), "999 9999"):
        assert secret not in everything
    assert f"{location.point.x:.3f}" not in everything


@pytest.mark.parametrize(
    "state", ["draft", "submitted", "rejected", "withdrawn", "superseded", "archived"]
)
def test_what_is_not_published_has_no_row(state: str) -> None:
    placed(service__moderation_state=state)
    assert not ServicePoint.objects.exists()


def test_withdrawing_a_service_takes_its_row_away() -> None:
    pair = placed()
    Service.objects.update(moderation_state="withdrawn")
    assert refresh([pair.service_id]) == 0
    assert rows() == []


def test_hiding_a_place_takes_its_row_away() -> None:
    pair = placed()
    Location.objects.update(visibility="hidden")
    refresh([pair.service_id])
    assert rows() == []


def test_a_point_on_a_shared_border_belongs_to_the_lower_code() -> None:
    municipality = make.MunicipalityFactory()
    lon, lat = make.ORIGIN
    for code, west in (("N02", lon), ("N01", lon + make.STEP)):
        make.DistrictFactory(
            municipality=municipality, code=code, boundary=make.square(west, lat)
        )
    location = make.LocationFactory(
        municipality=municipality,
        point=Point(lon + make.STEP, lat + make.STEP / 2, srid=4326),
    )
    assign_districts(municipality)
    assert location.districts.get().district.code == "N01"


def test_a_point_in_no_district_is_in_the_outside_bucket() -> None:
    municipality = make.MunicipalityFactory()
    make.DistrictFactory(municipality=municipality)
    location = make.LocationFactory(
        municipality=municipality, point=Point(25.0, 35.0, srid=4326)
    )
    assign_districts(municipality)
    assert location.districts.get().district is None


def test_a_rebuild_gives_the_rows_that_incremental_writes_gave() -> None:
    municipality = make.MunicipalityFactory()
    for n in range(4):
        lon, lat = make.ORIGIN[0] + n * make.STEP, make.ORIGIN[1]
        make.DistrictFactory(municipality=municipality, boundary=make.square(lon, lat))
    committee = make.TaxonomyTermFactory(taxonomy__slug="committee", slug="health")
    parent = make.TaxonomyTermFactory(slug="medical")
    leaf = make.TaxonomyTermFactory(slug="hospital", parent=parent)
    make.TermLinkFactory(term=leaf, other=committee)
    for visibility in ("public", "public", "district_only", "hidden"):
        service = make.ServiceFactory(organization__municipality=municipality)
        pair = make.ServiceAtLocationFactory(
            service=service, location__visibility=visibility
        )
        make.AttributeFactory(service=service, term=leaf)
        make.ServiceLanguageFactory(service=service)
        make.ScheduleFactory(service=service)
        make.ScheduleExceptionFactory(service=None, service_at_location=pair)
        assign_districts(municipality, [pair.location_id])
        refresh([service.id])
    make.ServiceAreaFactory(service=make.ServiceFactory())
    refresh(list(Service.objects.values_list("id", flat=True)))
    before = rows()
    assert len(before) > 20
    rebuild()
    assert rows() == before


def test_categories_hold_the_parents_and_committees_come_from_the_crosswalk() -> None:
    parent = make.TaxonomyTermFactory(slug="medical")
    leaf = make.TaxonomyTermFactory(slug="hospital", parent=parent)
    make.TermLinkFactory(
        term=leaf,
        other=make.TaxonomyTermFactory(taxonomy__slug="committee", slug="health"),
    )
    service = make.AttributeFactory(term=leaf).service
    refresh([service.id])
    row = ServicePoint.objects.get()
    assert (row.category, row.categories, row.committees) == (
        "hospital",
        ["hospital", "medical"],
        ["health"],
    )


def is_open(local: str, *, holiday: bool = False) -> bool | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT layers_is_open(hours_known, base_hours, segment_days, segment_hours,
                 segment_explicit, open_on_holidays, %s::timestamp, %s, false)
               FROM layers_servicepoint""",
            [local, holiday],
        )
        (answer,) = cursor.fetchone()
        return answer


def test_hours_that_are_not_known_are_neither_open_nor_closed() -> None:
    refresh([make.ServiceFactory().id])
    assert is_open(MONDAY_10) is None


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-22 10:00", False),  # a Sunday
    ],
)
def test_weekly_hours_open_at_the_first_minute_and_close_at_the_last(
    local: str, expected: bool
) -> None:
    service = make.ScheduleFactory().service
    refresh([service.id])
    assert is_open(local) is expected


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-27 21:00", True),
        ("2026-11-28 01:59", True),
        ("2026-11-28 02:00", False),
        ("2026-11-27 01:00", False),
    ],
)
def test_hours_past_midnight_belong_to_the_day_they_opened(
    local: str, expected: bool
) -> None:
    service = make.ScheduleFactory(
        byday=["FR"], opens_at=dt.time(20), closes_at=dt.time(2)
    ).service
    refresh([service.id])
    assert is_open(local) is expected


def test_a_public_holiday_is_closed_unless_the_service_opens_then() -> None:
    service = make.ScheduleFactory().service
    refresh([service.id])
    assert is_open(MONDAY_10, holiday=True) is False
    Service.objects.update(open_on_holidays=True)
    refresh([service.id])
    assert is_open(MONDAY_10, holiday=True) is True


def test_an_exception_closes_its_days_and_no_others() -> None:
    service = make.ScheduleFactory().service
    make.ScheduleExceptionFactory(
        service=service, starts_on=dt.date(2026, 12, 21), ends_on=dt.date(2026, 12, 22)
    )
    refresh([service.id], today=dt.date(2026, 11, 21))
    assert [is_open(f"2026-12-{day} 10:00") for day in (18, 21, 22, 23)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_place_s_own_schedule_replaces_the_service_s_there() -> None:
    pair = make.ServiceAtLocationFactory()
    make.ScheduleFactory(service=pair.service)
    make.ScheduleFactory(
        service=None,
        service_at_location=pair,
        opens_at=dt.time(18),
        closes_at=dt.time(20),
    )
    refresh([pair.service_id])
    assert (is_open(MONDAY_10), is_open("2026-11-23 19:00")) == (False, True)


def test_a_rebuild_lays_rows_in_the_order_of_pages_and_keeps_them_whole() -> None:
    for _ in range(20):
        make.ServiceFactory()
    with connection.cursor() as cursor:
        # Without the room that rows of other tests left behind.
        cursor.execute("TRUNCATE layers_servicepoint CASCADE")
        rebuild()
        cursor.execute("SELECT id FROM layers_servicepoint ORDER BY ctid")
        laid = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT lang, service_point_id FROM layers_servicepointtext ORDER BY ctid"
        )
        texts = cursor.fetchall()
        cursor.execute(
            "SELECT reloptions FROM pg_class WHERE oid = 'layers_servicepoint'::regclass"
        )
        assert cursor.fetchone() == (["toast_tuple_target=8160"],)
    assert laid == sorted(laid)
    assert texts == sorted(texts)
