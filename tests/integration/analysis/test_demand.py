"""People as arrays, each in the district that they belong to."""

import pytest

from layers.models import District, Municipality
from layers.selectors.demand import demand
from tests import factories as make
from tests.integration.analysis.city import CORNER, at, box

pytestmark = pytest.mark.django_db
REACH_M = 100


def demand_of(city, level="neighbourhood", *, group=None, reach_m=REACH_M):
    return demand(city.municipality.pk, level, group=group, reach_m=reach_m)


def by_zone(found):
    codes = (*found.district_codes, "")
    return [
        (codes[zone], people)
        for zone, people in zip(found.zone, found.people, strict=True)
    ]


def test_people_are_in_the_district_around_them(city):
    city.people(500, 10)
    city.people(1500, 20)
    city.people(2500, 5)

    found = demand_of(city)

    assert found.district_codes == ("A", "B")
    assert by_zone(found) == [("A", 10), ("B", 20), ("", 5)]


def test_every_level_places_the_same_people(city):
    city.people(500, 10)

    assert by_zone(demand_of(city, "municipal_community")) == [("C", 10)]
    assert by_zone(demand_of(city, "municipality")) == [("M", 10)]


def test_a_point_on_a_shared_border_belongs_to_the_lower_code_once(city):
    point = city.people(500, 10)
    # The corner that A and B share, exactly as it is stored.
    corner = District.objects.get(code="A", level="neighbourhood").boundary[0][0][1]
    point.point = f"SRID=4326;POINT({corner[0]!r} {corner[1]!r})"
    point.save()

    assert by_zone(demand_of(city)) == [("A", 10)]


def test_coordinates_are_metres_of_the_metric_system(city):
    city.people(500, 10)

    ((x, y),) = demand_of(city).xy
    assert x == pytest.approx(CORNER[0] + 500, abs=0.01)
    assert y == pytest.approx(CORNER[1] + 500, abs=0.01)


def test_districts_that_ended_are_not_asked(city):
    District.objects.filter(code="B", level="neighbourhood").update(
        valid_to="2020-12-31"
    )
    city.people(1500, 20)

    found = demand_of(city)

    assert found.district_codes == ("A",)
    assert by_zone(found) == [("", 20)]


def test_people_of_another_municipality_are_not_counted(city):
    make.DemandPointFactory(point=at(500), population=99)

    assert len(demand_of(city).people) == 0


def test_people_loaded_from_beyond_the_border_are_no_residents(city):
    city.people(500, 10)
    city.people(2500, 5)
    city.municipality.demand.filter(population=5).update(is_resident=False)

    assert by_zone(demand_of(city)) == [("A", 10)]


def test_nobody_at_all_is_an_empty_answer(city):
    found = demand_of(city)

    assert found.xy.shape == (0, 2)
    assert found.zone.shape == (0,)


def test_how_people_are_known_comes_along(city):
    city.people(500, 10, quality="modelled", vintage=2011)
    city.people(600, 10, quality="census", vintage=2021)

    found = demand_of(city)

    assert found.is_modelled.tolist() == [True, False]
    assert found.vintage.tolist() == [2011, 2021]


# --- groups ----------------------------------------------------------------------------


def test_people_of_a_group_are_counted_where_they_are_on_record(city):
    city.people(500, 100, groups={"women": 51.5})
    city.people(600, 100)

    found = demand_of(city, group="women")

    assert found.is_group_known
    assert found.people.tolist() == [51.5, 0]


def test_everybody_stands_for_a_group_of_which_nothing_is_on_record(city):
    city.people(500, 100, groups={"women": 51})

    found = demand_of(city, group="asylum-seekers")

    assert not found.is_group_known
    assert found.people.tolist() == [100]


# --- the border --------------------------------------------------------------------------


def test_people_within_reach_of_the_border_are_near_it(city):
    city.people(99, 1)
    city.people(101, 2)
    city.people(500, 3, y=950)

    assert demand_of(city).is_near_border.tolist() == [True, False, True]


def test_a_border_behind_which_services_are_loaded_is_none(city):
    neighbour = make.MunicipalityFactory(boundary=box(2000, 4000))
    city.people(1950, 1)
    assert demand_of(city).is_near_border.tolist() == [True]

    city.place(
        3000,
        "clinic",
        organization=make.OrganizationFactory(municipality=neighbour),
    )
    city.publish()

    assert demand_of(city).is_near_border.tolist() == [False]


def test_without_a_boundary_everybody_may_be_near_it(city):
    Municipality.objects.update(boundary=None)
    city.people(500, 1)

    assert demand_of(city).is_near_border.tolist() == [True]


def test_it_takes_one_query_more_for_a_group(city, django_assert_num_queries):
    with django_assert_num_queries(2):
        demand_of(city)
    with django_assert_num_queries(3):
        demand_of(city, group="women")
