"""The demo city with real districts and people, and the way back to the drawing."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from layers.ingest.demo import load_demo
from layers.ingest.report import Report
from layers.models import DemandPoint, District, Municipality, Service, ServicePoint
from tests.integration.ingest.test_demo import (
    FIXTURES,
    PEOPLE,
    people_by_neighbourhood,
    state,
)

# Without the mark a run of this module alone would use the real database.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def real(
    django_db_setup: None, django_db_blocker: Any, shared_data: Path
) -> Iterator[dict[str, Any]]:
    """Load the drawing, then the real city over it; keep the states and reports."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(FIXTURES)
        drawn = state()
        reports = load_demo(FIXTURES, real=shared_data)
        yield {"folder": shared_data, "reports": reports, "drawn": drawn}
        transaction.set_rollback(True)


@pytest.fixture
def undone(real: dict[str, Any]) -> Iterator[None]:
    """Let a test change the loaded city."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def reports_of(real: dict[str, Any], what: str) -> list[Report]:
    return [report for report in real["reports"] if what in report.what]


def test_the_real_districts_replace_the_drawn_ones(real: dict[str, Any]) -> None:
    districts = District.objects.filter(valid_to__isnull=True)

    levels = Counter(districts.values_list("level", flat=True))
    assert levels == {"municipality": 1, "municipal_community": 7, "neighbourhood": 45}
    assert not districts.filter(is_schematic=True).exists()
    assert set(
        districts.values_list("level", "boundary_source", "boundary_licence")
    ) == {
        ("municipality", "geodata.gov.gr", "CC BY 3.0"),
        ("municipal_community", "© OpenStreetMap contributors", "ODbL 1.0"),
        ("neighbourhood", "Inside Airbnb", "CC BY 4.0"),
    }
    kypseli = districts.get(code="ATH-N25")
    assert kypseli.names == {"el": "Κυψέλη", "en": "Kypseli"}
    # SOURCES.md: Kypseli 0.661 km2; the municipality 38.9 km2.
    assert kypseli.area_m2 == pytest.approx(661_000, rel=0.01)
    assert districts.get(level="municipality").area_m2 == pytest.approx(
        38.91e6, rel=0.002
    )


def test_residents_sum_to_the_census_of_2021(real: dict[str, Any]) -> None:
    total = DemandPoint.objects.aggregate(total=Sum("population"))["total"]

    assert total == PEOPLE
    labels = set(DemandPoint.objects.values_list("quality", "vintage"))
    assert labels == {("modelled", 2021)}
    assert all(
        "GEOSTAT" in s for s in DemandPoint.objects.values_list("source", flat=True)
    )
    city = Municipality.objects.get()
    outside = DemandPoint.objects.exclude(point__coveredby=city.boundary)
    assert not outside.exists()


def test_residents_of_neighbourhoods_are_near_the_estimates(
    real: dict[str, Any],
) -> None:
    # facts/neighbourhoods_45.csv shares the same grid out by area: Kypseli 19,911,
    # Ampelokipoi 46,433. Points of 100 m instead of exact areas are within 5 %.
    people = people_by_neighbourhood()

    assert people["ATH-N25"] == pytest.approx(19_911, rel=0.05)
    assert people["ATH-N07"] == pytest.approx(46_433, rel=0.05)
    assert len(people) == 46  # and those who live in no neighbourhood, under ""
    assert 0 < people[""] < 0.05 * PEOPLE


def test_the_services_stay_and_are_placed_anew(real: dict[str, Any]) -> None:
    assert Service.objects.count() == 192
    (services,) = reports_of(real, "services")
    assert (services.created, services.updated) == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM layers_servicepoint p
               WHERE p.point IS NOT NULL AND p.neighbourhood_code IS DISTINCT FROM (
                   SELECT d.code FROM layers_district d
                   WHERE d.level = 'neighbourhood' AND d.valid_to IS NULL
                     AND ST_Covers(d.boundary, p.point) ORDER BY d.code LIMIT 1)"""
        )
        assert cursor.fetchone() == (0,)
    # facts/public_places.csv: Evangelismos lies in Kolonaki, in the 1st community.
    evangelismos = ServicePoint.objects.get(service__source_id="public-evangelismos")
    assert evangelismos.neighbourhood_code == "ATH-N22"
    assert evangelismos.municipal_community_code == "91860101"


def test_the_city_still_says_what_of_it_is_a_demo(real: dict[str, Any]) -> None:
    city = Municipality.objects.get()

    assert city.is_demo
    assert city.settings["demo"] == {
        "districts": "real",
        "residents": "scaled grid",
        "services": "partly invented",
    }


def test_loading_the_real_city_again_changes_nothing(
    undone: None, real: dict[str, Any]
) -> None:
    before = state()

    again = load_demo(FIXTURES, real=real["folder"])

    assert [(r.what, r.created, r.updated) for r in again] == [
        (r.what, 0, 0) for r in again
    ]
    after = state()
    assert {name for name in before if before[name] != after[name]} == set()


def test_the_way_back_to_the_drawing_leads_where_it_came_from(
    undone: None, real: dict[str, Any]
) -> None:
    load_demo(FIXTURES)

    back, drawn = state(), real["drawn"]
    same = {name for name in drawn if drawn[name] == back[name]}
    assert set(drawn) - same == {"versions"}
