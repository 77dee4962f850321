"""Scenarios that are kept: names, limits, the token, expiry, and places that go private."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from layers.analysis.scenario_changes import (
    Changes,
    Move,
    NewCapacity,
    NewHours,
    Opening,
)
from layers.analysis.scenario_store import (
    delete,
    forget_unused,
    store,
    stored_scenario,
    stored_scenarios,
)
from layers.errors import NotAllowed, NotFound, Unavailable
from layers.models import Location, Scenario, ScenarioChange
from tests.integration.analysis.test_scenarios import degrees, point

pytestmark = pytest.mark.django_db

NAMES = {"en": "The clinic closes", "el": "Κλείνει το ιατρείο"}


@pytest.fixture
def clinics(city):
    city.west = point(city.place(100, "clinic"))
    city.east = point(city.place(1900, "clinic"))
    city.publish()
    return city


@pytest.fixture
def every_kind(clinics):
    return Changes(
        close=(clinics.west,),
        open=(
            Opening("clinic", *degrees(1000)),
            Opening("hospital", *degrees(500), capacity=30),
        ),
        move=(Move(clinics.east, *degrees(1500)),),
        hours=(NewHours(clinics.east, ("mon-fri 08:00-20:00",)),),
        capacity=(NewCapacity(clinics.east, 25),),
    )


def used(id_, days):
    Scenario.objects.filter(pk=id_).update(
        last_used_at=timezone.now() - timedelta(days=days)
    )


def test_changes_of_every_kind_come_back_as_they_were(every_kind):
    kept, _ = store("athens", NAMES, every_kind)

    assert stored_scenario(kept.id).changes == every_kind
    assert (kept.names, kept.n_gone, kept.municipality) == (NAMES, 0, "athens")


def test_a_place_without_hours_left_comes_back_as_never_open(clinics):
    shut = Changes(hours=(NewHours(clinics.east, ()),))
    kept, _ = store("athens", NAMES, shut)

    assert stored_scenario(kept.id).changes == shut


def test_a_scenario_is_deleted_with_its_token_and_with_no_other(every_kind):
    kept, token = store("athens", NAMES, every_kind)
    _, other = store("athens", NAMES, every_kind)

    for wrong in ("", other, token[:-1], token + "x", "é"):
        with pytest.raises(NotAllowed):
            delete(kept.id, wrong)
    delete(kept.id, token)

    with pytest.raises(NotFound):
        stored_scenario(kept.id)
    assert not ScenarioChange.objects.filter(scenario_id=kept.id).exists()


def test_only_the_hash_of_a_token_is_kept(every_kind):
    kept, token = store("athens", NAMES, every_kind)

    row = Scenario.objects.get(pk=kept.id)
    assert len(token) >= 32
    assert token not in str(vars(row))


def test_a_scenario_without_a_token_cannot_be_deleted_with_none(clinics):
    row = Scenario.objects.create(
        municipality=clinics.municipality, names=NAMES, last_used_at=timezone.now()
    )
    with pytest.raises(NotAllowed):
        delete(row.pk, "")


def test_a_scenario_that_nobody_asks_for_expires(every_kind, settings):
    settings.SCENARIOS_KEPT_DAYS = 10
    kept, token = store("athens", NAMES, every_kind)
    used(kept.id, 11)

    for ask in (
        lambda: stored_scenario(kept.id),
        lambda: delete(kept.id, token),
    ):
        with pytest.raises(NotFound):
            ask()
    assert stored_scenarios("athens", limit=10) == []
    assert forget_unused(timezone.now()) == 1
    assert not Scenario.objects.exists()


def test_asking_for_it_keeps_it_and_listing_it_does_not(every_kind, settings):
    settings.SCENARIOS_KEPT_DAYS = 10
    kept, _ = store("athens", NAMES, every_kind)
    used(kept.id, 9)

    stored_scenarios("athens", limit=10)
    stored_scenario(kept.id)
    assert stored_scenario(kept.id).expires_at < timezone.now() + timedelta(days=2)
    stored_scenario(kept.id, is_use=True)
    assert stored_scenario(kept.id).expires_at > timezone.now() + timedelta(days=9)


def test_no_more_than_so_many_are_kept_and_expired_ones_make_room(every_kind, settings):
    settings.SCENARIOS_MOST = 2
    first, _ = store("athens", NAMES, every_kind)
    store("athens", NAMES, every_kind)
    with pytest.raises(Unavailable, match="2 scenarios"):
        store("athens", NAMES, every_kind)

    used(first.id, settings.SCENARIOS_KEPT_DAYS + 1)
    store("athens", NAMES, every_kind)

    assert Scenario.objects.count() == 2


def test_a_place_that_goes_private_leaves_the_scenario_without_a_trace(
    clinics, every_kind
):
    kept, _ = store("athens", NAMES, every_kind)
    Location.objects.filter(service_at_locations=clinics.east).update(
        visibility="hidden"
    )
    clinics.publish()
    found = stored_scenario(kept.id)

    assert found.n_gone == 3  # move, hours and capacity
    assert str(clinics.east) not in str(found)
    assert found.changes == Changes(close=every_kind.close, open=every_kind.open)


def test_a_scenario_of_which_nothing_is_left_has_no_changes(clinics):
    kept, _ = store("athens", NAMES, Changes(close=(clinics.east,)))
    Location.objects.filter(service_at_locations=clinics.east).update(
        visibility="district_only"
    )
    clinics.publish()

    found = stored_scenario(kept.id)
    assert (found.changes, found.n_gone) == (None, 1)


def test_those_used_last_are_listed_first(every_kind):
    kept = [store("athens", NAMES, every_kind)[0].id for _ in range(3)]
    for days, id_ in enumerate(kept):
        used(id_, days)

    assert [one.id for one in stored_scenarios("athens", limit=2)] == kept[:2]
    assert stored_scenarios("sparta", limit=2) == []


def test_a_list_costs_few_queries(every_kind, django_assert_max_num_queries):
    for _ in range(3):
        store("athens", NAMES, every_kind)

    with django_assert_max_num_queries(3):
        assert len(stored_scenarios("athens", limit=10)) == 3


def test_what_is_not_there_is_not_found(clinics):
    with pytest.raises(NotFound):
        stored_scenario(uuid4())
    with pytest.raises(NotFound):
        store("sparta", NAMES, Changes(close=(clinics.east,)))
