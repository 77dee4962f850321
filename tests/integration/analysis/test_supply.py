"""What is offered where: who counts, as a place to walk to and as a service."""

from datetime import date

import pytest

from layers.models import District
from layers.selectors.supply import groups_served_with, supply, terms
from tests import factories as make
from tests.integration.analysis.city import CORNER, at, box

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


def offered(city, *, level="neighbourhood", by="category", group=None, **changed):
    city.publish()
    return supply(
        city.municipality.pk,
        level=level,
        by=by,
        term_tree=terms(by),
        groups=None if group is None else groups_served_with(group),
        reach_m=changed.pop("reach_m", 750),
        as_of=NOVEMBER,
        **changed,
    )


def metres(found, term="clinic"):
    """Metres east of the corner of a term's places."""
    if term not in found.sites:
        return []
    return [round(x - CORNER[0], 2) for x, _ in found.sites[term].xy]


# --- terms -----------------------------------------------------------------------------


def test_terms_come_in_their_order_with_their_children(city):
    found = terms("category")

    assert [t.slug for t in found] == ["health", "clinic", "hospital", "legal-aid"]
    assert found[0].children == ("clinic", "hospital")


def test_a_group_is_served_with_those_above_and_below_it_and_with_everybody(city):
    assert groups_served_with("asylum-seekers") == (
        "asylum-seekers",
        "general-public",
        "refugees-migrants",
        "unaccompanied-minors",
    )


def test_a_group_that_does_not_exist_is_served_with_none(city):
    assert groups_served_with("martians") == ()


# --- places to walk to --------------------------------------------------------------------


def test_a_place_counts_under_the_term_that_its_service_carries(city):
    city.place(300, "clinic")

    found = offered(city)

    assert metres(found, "clinic") == [300]
    # Its parent is reached through it, so it is none of the parent's own.
    assert metres(found, "health") == []


def test_a_service_of_the_parent_only_is_the_parents_own(city):
    city.place(300, "health")
    city.place(400, "health", "clinic")

    found = offered(city)

    assert metres(found, "health") == [300]
    assert metres(found, "clinic") == [400]


def test_one_service_may_be_of_several_categories(city):
    city.place(300, "clinic", "legal-aid")

    found = offered(city)

    assert metres(found, "clinic") == metres(found, "legal-aid") == [300]


def test_committees_take_the_services_of_their_categories(city):
    city.place(300, "clinic")
    city.place(400, "legal-aid")

    found = offered(city, by="committee")

    assert metres(found, "health") == [300]
    assert set(found.sites) == {"health"}


@pytest.mark.parametrize(
    "service",
    [
        {"status": "inactive"},
        {"status": "defunct"},
        {"status": "temporarily closed"},
        {"moderation_state": "draft"},
        {"moderation_state": "withdrawn"},
        {"audience": "professionals"},
    ],
    ids=lambda changed: next(iter(changed.values())),
)
def test_what_people_cannot_turn_to_is_not_offered(city, service):
    city.place(300, "clinic", **service)

    found = offered(city)

    assert found.sites == {}
    assert found.located == {}
    assert found.n_services.total() == 0


@pytest.mark.parametrize("mode", ["remote", "outreach"])
def test_an_office_to_which_nobody_goes_serves_but_is_no_place(city, mode):
    service = city.place(300, "clinic", delivery_mode=mode)
    make.ServiceAreaFactory(service=service, scope="municipality")

    found = offered(city)

    assert found.sites == {}
    assert found.located == {}
    assert found.serving["clinic"] == {"*": 1}
    assert found.placeless["clinic"] == {"*": 1}


def test_services_at_one_door_are_one_place_with_the_best_that_is_known(city):
    city.place(300, "clinic", assured_date=date(2026, 10, 1), precision="unknown")
    city.place(300, "clinic", precision="unknown")

    found = offered(city)

    assert metres(found) == [300]
    # Position and hours are doubtful (1 + 4), verification is not: one was verified.
    assert found.sites["clinic"].quality.tolist() == [5]
    assert found.located["clinic"] == {"A": 2}


@pytest.mark.parametrize(
    ("assured", "is_unverified"),
    [
        (None, True),
        (date(2025, 10, 31), True),
        (date(2025, 11, 1), False),
        (date(2026, 10, 1), False),
    ],
)
def test_a_verification_holds_for_a_year_to_the_day(city, assured, is_unverified):
    city.place(300, "clinic", assured_date=assured)

    assert bool(offered(city).sites["clinic"].quality[0] & 2) is is_unverified


@pytest.mark.parametrize(
    ("precision", "is_approximate"),
    [("rooftop", False), ("street", False), ("district", True), ("unknown", True)],
)
def test_a_position_known_by_district_only_is_approximate(
    city, precision, is_approximate
):
    city.place(300, "clinic", precision=precision)

    assert bool(offered(city).sites["clinic"].quality[0] & 1) is is_approximate


def test_hours_on_record_are_known(city):
    service = city.place(300, "clinic")
    make.ScheduleFactory(service=service)

    assert not offered(city).sites["clinic"].quality[0] & 4


# --- groups and gender ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        ([], True),
        (["general-public"], True),
        (["asylum-seekers"], True),
        (["refugees-migrants"], True),
        (["unaccompanied-minors"], True),
        (["women"], False),
        (["women", "refugees-migrants"], True),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_a_group_may_use_what_is_for_it_for_more_or_for_everybody(
    city, carried, expected
):
    city.place(300, "clinic", *carried)

    assert bool(metres(offered(city, group="asylum-seekers"))) is expected


def test_without_a_group_everything_counts(city):
    city.place(300, "clinic", "women")

    assert metres(offered(city)) == [300]


def test_services_for_men_are_not_for_women(city):
    city.place(300, "clinic", gender="men")
    city.place(400, "clinic", gender="women")

    assert metres(offered(city, group="women")) == [400]
    assert metres(offered(city, group="asylum-seekers")) == [300, 400]


# --- beyond the border ----------------------------------------------------------------------


def test_places_of_a_neighbour_count_within_twice_the_reach_of_people(city):
    neighbour = make.OrganizationFactory(
        municipality=make.MunicipalityFactory(boundary=box(2000, 9000))
    )
    city.people(1900, 10)
    city.place(3300, "clinic", organization=neighbour)
    city.place(3500, "clinic", organization=neighbour)

    found = offered(city, reach_m=750)

    # 1900 m + 2 x 750 m = 3400 m
    assert metres(found) == [3300]
    assert found.located == {}
    assert found.n_services.total() == 0


# --- where services serve --------------------------------------------------------------------


def test_a_service_without_an_area_serves_where_it_is(city):
    city.place(300, "clinic")

    found = offered(city)

    assert found.located["clinic"] == {"A": 1}
    assert found.serving["clinic"] == {"A": 1}
    assert found.serving["health"] == {"A": 1}
    assert found.placeless == {}


def test_two_places_of_one_service_are_two_places_and_one_service(city):
    service = city.place(300, "clinic")
    make.ServiceAtLocationFactory(
        service=service,
        location__municipality=city.municipality,
        location__point=at(310),
    )

    found = offered(city)

    assert found.located["clinic"] == {"A": 2}
    assert found.serving["clinic"] == {"A": 1}
    assert found.n_services["clinic"] == 1


def test_a_service_without_a_place_or_area_serves_everywhere(city):
    city.service("clinic")

    found = offered(city)

    assert found.serving["clinic"] == {"*": 1}
    assert found.placeless["clinic"] == {"*": 1}
    assert found.located == {}


def test_a_service_for_the_municipality_serves_everywhere(city):
    service = city.place(300, "clinic")
    make.ServiceAreaFactory(service=service, scope="municipality")

    found = offered(city)

    assert found.serving["clinic"] == {"*": 1}
    assert found.placeless == {}


@pytest.mark.parametrize(
    ("level", "area", "expected"),
    [
        ("neighbourhood", "B", {"B": 1}),
        ("neighbourhood", "C", {"A": 1, "B": 1}),
        ("municipal_community", "B", {"C": 1}),
        ("municipality", "A", {"M": 1}),
    ],
)
def test_a_service_area_counts_at_every_level(city, level, area, expected):
    service = city.place(300, "clinic")
    made = make.ServiceAreaFactory(service=service, scope="district")
    made.districts.add(District.objects.get(code=area))

    found = offered(city, level=level)

    assert found.serving["clinic"] == expected
    assert found.n_services["clinic"] == 1
    assert found.n_placeless["clinic"] == 0


def test_a_drawn_area_serves_the_districts_it_touches(city):
    service = city.service("clinic")
    make.ServiceAreaFactory(
        service=service, scope="district", extent=box(1200, 1300, 100, 200)
    )

    assert offered(city).serving["clinic"] == {"B": 1}


def test_a_service_that_serves_several_districts_is_one_service(city):
    service = city.service("clinic")
    make.ServiceAreaFactory(service=service, scope="district", extent=box(900, 1100))

    found = offered(city)

    assert found.placeless["clinic"] == {"A": 1, "B": 1}
    assert (found.n_services["clinic"], found.n_placeless["clinic"]) == (1, 1)


def test_a_place_outside_of_all_districts_is_counted_as_such(city):
    city.place(2500, "clinic")

    found = offered(city)

    assert found.located["clinic"] == {"": 1}
    assert found.serving["clinic"] == {"": 1}


def test_everything_takes_one_query(city, django_assert_num_queries):
    city.place(300, "clinic")
    city.publish()
    tree = terms("category")

    with django_assert_num_queries(1):
        supply(
            city.municipality.pk,
            level="neighbourhood",
            by="category",
            term_tree=tree,
            groups=None,
            reach_m=750,
            as_of=NOVEMBER,
        )


def test_the_leap_day_has_a_year_before_it(city):
    city.place(300, "clinic", assured_date=date(2027, 2, 28))
    city.publish()

    found = supply(
        city.municipality.pk,
        level="neighbourhood",
        by="category",
        term_tree=terms("category"),
        groups=None,
        reach_m=750,
        as_of=date(2028, 2, 29),
    )

    assert not found.sites["clinic"].quality[0] & 2
