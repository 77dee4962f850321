"""Scenarios that are stored, asked again, compared and deleted over the API (`world.py`)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from layers.models import Scenario
from tests.api.conftest import Get
from tests.api.test_scenarios import N4, row, side
from tests.api.test_scenarios import world as _world
from tests.api.world import World

pytestmark = pytest.mark.django_db

world = _world
NAMES = {"el": "Χωρίς νοσοκομείο", "en": "Without the hospital"}


@pytest.fixture
def stored(world: World, post: Get) -> dict[str, Any]:
    body = {"close": [world.points["hospital"]], "names": NAMES, "lang": "en"}
    return dict(post("scenarios", body)["stored"])


def test_a_named_scenario_is_stored_and_answered_at_once(
    world: World, post: Get
) -> None:
    body = {"close": [world.points["hospital"]], "names": NAMES, "lang": "fr"}
    found = post("scenarios", body)

    assert row(found, "hospital", "N1")["difference"] == 900
    kept = found["stored"]
    # No French: English comes next, and the answer says so.
    assert (kept["name"], kept["name_lang"]) == ("Without the hospital", "en")
    assert kept["changes"]["close"] == [world.points["hospital"]]
    assert Scenario.objects.get(pk=kept["id"]).names == NAMES


def test_without_a_name_nothing_is_stored(world: World, post: Get) -> None:
    found = post("scenarios", {"close": [world.points["hospital"]]})

    assert "stored" not in found
    assert not Scenario.objects.exists()


def test_a_stored_scenario_is_read_by_anybody_and_its_token_by_nobody(
    world: World, get: Get, stored: dict[str, Any]
) -> None:
    one = get(f"scenarios/{stored['id']}", lang="el")
    (listed,) = get("scenarios")["items"]

    assert (one["name"], one["name_lang"]) == ("Χωρίς νοσοκομείο", "el")
    assert listed["id"] == one["id"] == stored["id"]
    for said in (one, listed):
        assert stored["token"] not in str(said)
        assert "token" not in said


def test_its_result_is_asked_for_anybody_and_any_walk(
    world: World, get: Get, post: Get, stored: dict[str, Any]
) -> None:
    found = get(f"scenarios/{stored['id']}/result", threshold_min=20)
    fresh = post(
        "scenarios", {"close": [world.points["hospital"]], "threshold_min": 20}
    )

    assert found["items"] == fresh["items"]
    assert found["stored"]["id"] == stored["id"]


def test_states_are_set_side_by_side(
    world: World, post: Get, stored: dict[str, Any]
) -> None:
    found = post(
        "scenarios/compare",
        {
            "scenarios": [
                {"id": stored["id"]},
                {"open": [{"category": "hospital", **N4}]},
            ],
            "by": "category",
        },
    )

    total = row(found, "hospital", None)
    closed, opened = total["scenarios"]
    assert total["base"] == side(100, 0.9, 1)
    assert closed["scenario"] == side(1000, 0, 5)
    assert opened["scenario"] == side(0, 1, 1)
    assert (closed["difference"], opened["difference"]) == (900, -100)
    assert found["classes"]["cuts"] == [0.1, 0.25, 0.5, 0.75]
    assert [sorted(n for n, v in s.items() if v) for s in found["scenarios"]] == [
        ["close"], ["open"],
    ]  # fmt: skip


def test_groups_that_nobody_counted_are_said_to_be_unknown(
    world: World, post: Get
) -> None:
    body = {"close": [world.points["hospital"]], "groups": ["women"]}

    assert post("scenarios", body)["groups"] == [
        {"group": "women", "is_known": False, "items": []}
    ]


def test_a_difference_is_told_with_its_interval(world: World, post: Get) -> None:
    found = post("scenarios", {"close": [world.points["hospital"]]})

    hit = row(found, "hospital", "N1")
    low, high = hit["interval"]
    assert low <= hit["interval_as_recorded"][0] <= 900 == high
    assert hit["verdict"] in ("worse", "unclear")
    assert (hit["verdict"] == "worse") == (low > 0)


def delete(client: Client, id_: str, token: str | None) -> Any:
    headers = {} if token is None else {"Scenario-Token": token}
    return client.delete(f"/api/v1/scenarios/{id_}", headers=headers)


def test_only_who_stored_it_may_delete_it(
    world: World, client: Client, stored: dict[str, Any]
) -> None:
    for wrong in (None, "", "x" * 32):
        refused = delete(client, stored["id"], wrong)
        assert refused.status_code == 403
        assert refused.json()["type"].endswith("#not-allowed")

    done = delete(client, stored["id"], stored["token"])

    assert (done.status_code, done.content) == (204, b"")
    assert client.get(f"/api/v1/scenarios/{stored['id']}").status_code == 404
    assert delete(client, stored["id"], stored["token"]).status_code == 404


def test_what_is_none_is_not_found(world: World, client: Client) -> None:
    for path in (str(uuid4()), "none", f"{uuid4()}/result"):
        answer = client.get(f"/api/v1/scenarios/{path}")
        assert answer.status_code == 404, path


@pytest.mark.parametrize(
    "names",
    [
        {}, {"de": "Ohne"}, {"en": ""}, {"en": "  "}, {"en": "123"}, {"en": 5},
        {"en": "x" * 81}, {"en": "a\nb"}, {"en": "a\u202eb"}, "Without", ["a"],
    ],
)  # fmt: skip
def test_a_name_is_a_short_line_of_text(world: World, post: Get, names: object) -> None:
    body = {"close": [world.points["hospital"]], "names": names}

    assert post("scenarios", body, 400)["parameter"].startswith("names")
    assert not Scenario.objects.exists()


def test_protected_places_are_stored_in_no_scenario(world: World, post: Get) -> None:
    def said(id_: str) -> str:
        body = {"close": [id_], "names": NAMES}
        return str(post("scenarios", body, 400)["detail"]).replace(id_, "id")

    nothing = said(str(uuid4()))
    for name in ("safe_house", "refuge", "helpline", "old_office", "lawyer"):
        assert said(world.points[name]) == nothing
    assert not Scenario.objects.exists()


def test_one_sender_stores_no_more_than_anybody_needs(
    world: World, client: Client, settings: Any
) -> None:
    settings.REPORTS_PER_HOUR = 2
    body = {"close": [world.points["hospital"]], "names": NAMES}

    said = [
        client.post(
            "/api/v1/scenarios", body, content_type="application/json"
        ).status_code
        for _ in range(3)
    ]
    assert said == [200, 200, 429]
    assert Scenario.objects.count() == 2


@pytest.mark.parametrize(
    ("states", "parameter"),
    [
        ([{}], "scenarios"),
        ([{"id": str(uuid4()), "close": [str(uuid4())]}], "scenarios"),
        ([{"shut": []}], "scenarios"),
        ([{"open": [{"category": "magic", **N4}]}], "open.category"),
        ([{"open": [{"category": "hospital", "lon": 23.77}]}], "scenarios.open"),
        ([{"hours": [{"id": str(uuid4()), "hours": ["9-17"]}]}], "scenarios.hours.hours"),
        ([{"open": [{"category": "hospital", "lon": 23.7 + n / 100, "lat": 38}]}
          for n in range(5)], "scenarios"),
    ],
)  # fmt: skip
def test_states_that_are_none_are_refused(
    world: World, post: Get, states: list[Any], parameter: str
) -> None:
    assert (
        post("scenarios/compare", {"scenarios": states}, 400)["parameter"] == parameter
    )


def test_hours_are_asked_beside_a_time_only(world: World, post: Get) -> None:
    given = [{"id": world.points["hospital"], "hours": ["mon-fri 09:00-17:00"]}]

    refused = post("scenarios", {"hours": given}, 400)
    assert (refused["parameter"], "`at`" in refused["detail"]) == ("hours", True)
    found = post("scenarios", {"hours": given, "at": "mon 18:00"})
    assert found["changes"]["hours"] == given
