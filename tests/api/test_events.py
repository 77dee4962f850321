"""`/api/v1/activities` and `/open-calls`: the pages' rows, and no more than the pages tell."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from layers.models import Location
from tests import factories as make
from tests.api.conftest import Get
from tests.api.world import World

pytestmark = pytest.mark.django_db
SOON = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=3)


def activity(world: World, **values: Any) -> Any:
    city = make.models.Municipality.objects.get()
    host = make.OrganizationFactory(municipality=city, names={"en": "Choir"})
    return make.ActivityFactory(
        **{
            "organization": host,
            "starts_at": SOON,
            "names": {"el": "Χορωδία"},
            **values,
        }
    )


@pytest.fixture(autouse=True)
def here(world: World, settings: Any) -> None:
    settings.DEFAULT_MUNICIPALITY = make.models.Municipality.objects.get().slug


def test_an_activity_is_listed_with_its_next_time(world: World, get: Get) -> None:
    row = activity(
        world, starts_at=SOON - dt.timedelta(days=700), recurrence="FREQ=WEEKLY"
    )
    (item,) = get("activities", lang="en")["items"]
    assert item["id"] == str(row.pk)
    assert (item["name"], item["name_lang"]) == ("Χορωδία", "el")
    assert item["organization"] == "Choir"
    assert dt.datetime.fromisoformat(item["next_at"]) - SOON < dt.timedelta(days=7)
    assert item["place"] is None


def test_a_protected_place_is_its_district_and_a_hidden_one_nothing(
    world: World, get: Get
) -> None:
    protected = Location.objects.get(visibility="district_only")
    activity(world, location=protected)
    activity(world, location=Location.objects.get(visibility="hidden"))
    (item,) = get("activities")["items"]
    assert item["is_protected"]
    assert item["district"]
    assert [item[name] for name in ("place", "address", "lon", "lat")] == [None] * 4


@pytest.mark.parametrize("state", ["draft", "withdrawn", "rejected"])
def test_only_what_was_published_is_listed(world: World, get: Get, state: str) -> None:
    activity(world, moderation_state=state)
    assert get("activities")["numberReturned"] == 0


def test_calls_are_listed_until_they_close(world: World, get: Get) -> None:
    city = make.models.Municipality.objects.get()
    host = make.OrganizationFactory(municipality=city)
    today = dt.datetime.now(dt.UTC).date()
    make.OpenCallFactory(organization=host, closes_on=today - dt.timedelta(days=2))
    make.OpenCallFactory(organization=host, kind="offer")
    need = make.OpenCallFactory(organization=host, closes_on=today)
    assert get("open-calls")["numberReturned"] == 2
    (item,) = get("open-calls", kind="need")["items"]
    assert (item["id"], item["closes_on"]) == (str(need.pk), today.isoformat())


@pytest.mark.parametrize(
    ("address", "query", "parameter"),
    [
        ("activities", {"category": "cakes"}, "category"),
        ("activities", {"district": "N99"}, "district"),
        ("activities", {"within_days": "0"}, "within_days"),
        ("activities", {"municipality": "nowhere"}, "municipality"),
        ("activities", {"kind": "need"}, "kind"),
        ("open-calls", {"kind": "wish"}, "kind"),
        ("open-calls", {"committee": "cakes"}, "committee"),
        ("open-calls", {"lon": "23.7"}, "lon"),
    ],
)
def test_a_filter_is_refused_by_name(
    get: Get, address: str, query: dict[str, str], parameter: str
) -> None:
    assert get(address, 400, **query)["parameter"] == parameter


def test_what_depends_on_the_clock_is_not_kept(client: Client) -> None:
    assert client.get("/api/v1/activities")["Cache-Control"] == "no-store"
