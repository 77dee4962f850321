"""Hours, capacity and population groups in scenarios, from the database.

Neighbourhood A is x from 0 to 1,000 m, B to 2,000 m; ten minutes are 750 m (`city.py`).
"""

from dataclasses import replace
from datetime import time
from uuid import uuid4

import pytest

from layers.analysis import today_base
from layers.analysis.parameters import CoverageParameters
from layers.analysis.scenario_changes import (
    Changes,
    Move,
    NewCapacity,
    NewHours,
    Opening,
)
from layers.analysis.scenario_states import MAX_STATES, compare_states
from layers.analysis.scenarios import compare
from layers.errors import InvalidParameter
from layers.selectors.eligibility import Eligibility
from tests import factories as make
from tests.integration.analysis.test_scenarios import degrees, point, told

pytestmark = pytest.mark.django_db

TEN = CoverageParameters("athens", threshold_min=10, detour=1)
EVENING = replace(TEN, eligibility=Eligibility(at="mon 18:00"))


@pytest.fixture(autouse=True)
def nothing_kept():
    today_base.forget()


@pytest.fixture
def clinics(city):
    """Clinics at 100 m (mornings) and 1,900 m (evenings); people beside each."""
    city.people(100, 400, groups={"women": 210, "older-people": 40})
    city.people(1900, 300, groups={"women": 150, "older-people": 60})
    west, east = city.place(100, "clinic"), city.place(1900, "clinic")
    for service, opens, closes in ((west, 9, 14), (east, 16, 20)):
        make.ScheduleFactory(
            service=service, opens_at=time(opens), closes_at=time(closes)
        )
    for service, places in ((west, 50), (east, 80)):
        make.ServiceCapacityFactory(service=service, maximum=places, unit="places")
    city.west, city.east = point(west), point(east)
    city.publish()
    return city


# --- hours ----------------------------------------------------------------------------


def test_evening_hours_bring_a_clinic_to_those_who_come_in_the_evening(clinics):
    assert told(compare(EVENING, Changes(close=(clinics.east,)))).base_unserved == 400

    late = Changes(hours=(NewHours(clinics.west, ("mon-fri 14:00-20:00",)),))
    found = told(compare(EVENING, late))

    assert (found.residents_gaining, found.scenario_unserved) == (400, 0)


def test_shorter_hours_are_a_closure_for_those_who_come_later(clinics):
    early = Changes(hours=(NewHours(clinics.east, ("mon-fri 09:00-18:00",)),))
    closed = Changes(close=(clinics.east,))

    by_hours, by_closing = compare(EVENING, early), compare(EVENING, closed)
    assert told(by_hours).residents_losing == 300
    assert by_hours.rows == by_closing.rows


def test_hours_that_hold_the_time_anyway_change_nothing(clinics):
    same = Changes(hours=(NewHours(clinics.east, ("mon 17:00-19:00",)),))

    assert {row.difference for row in compare(EVENING, same).rows} == {0}


def test_a_place_without_hours_on_record_may_be_given_some(clinics):
    somewhere = clinics.place(500, "clinic")
    clinics.publish()
    given = Changes(hours=(NewHours(point(somewhere), ("mon 18:00-19:00",)),))

    assert told(compare(EVENING, given), "A").residents_gaining == 400


def test_a_place_may_have_other_hours_and_move(clinics):
    lon, lat = degrees(1000)
    both = Changes(
        move=(Move(clinics.west, lon, lat),),
        hours=(NewHours(clinics.west, ("mon 18:00-19:00",)),),
    )

    # 1,000 m is 900 m from either: nobody gains.
    assert told(compare(EVENING, both)).difference == 0


def test_hours_need_a_time_to_be_asked_about(clinics):
    changes = Changes(hours=(NewHours(clinics.west, ()),))

    with pytest.raises(InvalidParameter, match="beside `at`"):
        compare(TEN, changes)


def test_a_place_that_is_closed_then_cannot_be_closed(clinics):
    with pytest.raises(InvalidParameter, match="close"):
        compare(EVENING, Changes(close=(clinics.west,)))


def test_protected_places_get_no_hours_and_no_room(clinics):
    hidden = point(clinics.place(300, "clinic", visibility="hidden"))
    district = point(clinics.place(400, "clinic", visibility="district_only"))
    clinics.publish()
    texts = set()
    for id_ in (hidden, district, uuid4()):
        for changes in (
            Changes(hours=(NewHours(id_, ("mon 18:00-19:00",)),)),
            Changes(capacity=(NewCapacity(id_, 10),)),
        ):
            with pytest.raises(InvalidParameter) as caught:
                compare(EVENING, changes)
            texts.add(caught.value.detail.split(":", 1)[1].replace(str(id_), "id"))
    assert len(texts) == 1


# --- capacity -------------------------------------------------------------------------


def test_more_room_is_told_as_served_in_reach_without_it_and_out_of_reach(clinics):
    found = compare(TEN, Changes(capacity=(NewCapacity(clinics.west, 150),)))

    a, b, city = told(found, "A"), told(found, "B"), told(found)
    assert (a.base_split.served, a.scenario_split.served) == (50, 150)
    assert (a.base_split.without_capacity, a.scenario_split.without_capacity) == (
        350,
        250,
    )
    assert b.base_split == b.scenario_split
    assert (city.scenario_split.served, city.scenario_split.out_of_reach) == (230, 0)
    # Nobody's walk changes.
    assert (city.difference, city.verdict) == (0, "same")
    note = found.capacity["category", "clinic"]
    # 400 of 700 people are joined to the place that changes.
    assert (note.status, note.unit) == ("computed", "places")
    assert note.share_recomputed == round(400 / 700, 4)


def test_a_new_place_brings_its_room(clinics):
    lon, lat = degrees(200)
    new = Opening("clinic", lon, lat, capacity=100)
    found = told(compare(TEN, Changes(open=(new,))), "A")

    assert (found.base_split.served, found.scenario_split.served) == (50, 150)


def test_without_a_change_of_room_nothing_is_said_of_it(clinics):
    found = compare(TEN, Changes(close=(clinics.west,)))

    assert found.capacity == {}
    assert told(found).base_split is None


def test_a_group_is_told_nothing_of_seats(clinics):
    women = replace(TEN, group="women")
    found = compare(women, Changes(capacity=(NewCapacity(clinics.west, 150),)))

    assert found.capacity == {}


# --- several states, and groups -------------------------------------------------------


def test_several_scenarios_have_the_same_rows_in_the_same_order(clinics):
    found = compare_states(
        TEN,
        [
            Changes(close=(clinics.west,)),
            Changes(close=(clinics.east,)),
            Changes(close=(clinics.west, clinics.east)),
        ],
    )

    keys = [
        [(r.term_kind, r.term, r.district_code, r.is_total) for r in rows]
        for rows in found.rows
    ]
    assert keys[0] == keys[1] == keys[2]
    totals = [
        next(r for r in rows if r.term == "clinic" and r.is_total)
        for rows in found.rows
    ]
    assert [row.difference for row in totals] == [400, 300, 700]
    assert {row.base_unserved for row in totals} == {0}
    # 400 and 300 of 700, then all: the cuts are 10, 25, 50 and 75 %.
    assert [row.scenario_class for row in totals] == [4, 3, 5]


def test_gains_and_losses_of_groups_are_those_of_a_question_about_the_group(clinics):
    closed = Changes(close=(clinics.west,))
    found = compare_states(TEN, [closed], groups=("women", "unaccompanied-minors"))

    (rows,) = found.groups["women"]
    total = next(r for r in rows if r.term == "clinic" and r.is_total)
    assert (total.residents, total.residents_losing) == (360, 210)
    alone = compare(replace(TEN, group="women"), closed)
    assert list(rows) == alone.rows
    # Nobody knows where they live: everybody would stand for them, and be counted twice.
    assert found.unknown_groups == ("unaccompanied-minors",)


def test_a_place_that_does_not_admit_a_group_is_no_loss_to_it(clinics):
    men = clinics.place(1900, "legal-aid", gender="men")
    clinics.publish()
    closed = Changes(close=(point(men),))
    found = compare_states(TEN, [closed], groups=("women",))

    assert any(row.residents_losing for row in found.rows[0])
    assert not any(row.residents_losing for row in found.groups["women"][0])


@pytest.mark.parametrize(
    ("parameters", "groups", "named"),
    [
        (replace(TEN, group="women"), ("women",), "groups"),
        (replace(TEN, threshold_min=11), ("women",), "threshold_min"),
        (TEN, ("martians",), "group"),
    ],
)
def test_what_cannot_be_asked_of_groups_is_refused(clinics, parameters, groups, named):
    with pytest.raises(InvalidParameter) as caught:
        compare_states(parameters, [Changes(close=(clinics.west,))], groups=groups)
    assert caught.value.name == named


def test_places_cannot_be_put_anywhere_to_count_groups(clinics):
    new = Changes(open=(Opening("clinic", *degrees(1000)),))

    with pytest.raises(InvalidParameter, match="open"):
        compare_states(TEN, [new], groups=("women",))


@pytest.mark.parametrize("n", [0, MAX_STATES + 1])
def test_one_to_four_scenarios_are_compared(clinics, n):
    with pytest.raises(InvalidParameter, match="scenarios"):
        compare_states(TEN, [Changes(close=(clinics.west,))] * n)
