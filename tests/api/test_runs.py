"""`/api/v1/runs`, `/runs/{id}/change` and `/jobs/{id}`, `as_of` and `run` of coverage.

900 people live beside the hospital in N1 and 100 in N4, 7.9 km away (`world.py`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.jobs.queue import queue_night
from layers.jobs.work import work_on
from layers.models import (
    AnalysisJob,
    AnalysisRun,
    ListedPlace,
    ResultRow,
    RunInForce,
)
from tests import factories as make
from tests.api.conftest import Get
from tests.api.world import World, standing_world

pytestmark = pytest.mark.django_db

ATHENS = CoverageParameters("athens")
TODAY = timezone.localdate().isoformat()
LAST_WEEK = (timezone.localdate() - timedelta(days=7)).isoformat()
LONG_AGO = (timezone.localdate() - timedelta(days=400)).isoformat()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing_world(django_db_blocker) as built:
        for at, people in (((23.721, 37.97), 900), ((23.77, 38.03), 100)):
            make.DemandPointFactory(
                municipality=built.municipality,
                point=Point(*at, srid=4326),
                population=people,
            )
        yield built


def more_people(world: World) -> None:
    make.DemandPointFactory(
        municipality=world.municipality,
        point=Point(23.77, 38.03, srid=4326),
        population=50,
    )


@pytest.fixture
def two_runs(world: World) -> tuple[AnalysisRun, AnalysisRun]:
    """Return the run of last week, and that of today with 50 people more in N4."""
    before = get_or_run(ATHENS, as_default=True)
    then = timezone.now() - timedelta(days=8)
    RunInForce.objects.update(since=then)
    ListedPlace.objects.update(listed_from=then)
    more_people(world)
    return before, get_or_run(ATHENS, as_default=True)


# --- the list -----------------------------------------------------------------------------


def test_runs_are_listed_the_latest_first(
    two_runs: tuple[AnalysisRun, AnalysisRun], get: Get
) -> None:
    found = get("runs")
    assert [item["id"] for item in found["items"]] == [
        str(run.pk) for run in reversed(two_runs)
    ]
    assert [item["is_default"] for item in found["items"]] == [True, False]
    assert all(item["rows_hash"] for item in found["items"])


def test_a_day_lists_what_was_shown_at_its_end(
    two_runs: tuple[AnalysisRun, AnalysisRun], get: Get
) -> None:
    def ids(**asked: str) -> list[str]:
        return [item["id"] for item in get("runs", **asked)["items"]]

    before, now = (str(run.pk) for run in two_runs)
    assert ids(as_of=TODAY) == [now]
    assert ids(as_of=LAST_WEEK) == [before]
    assert ids(as_of=LONG_AGO) == []


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        ({"level": "neighbourhood", "by": "category"}, 2),
        ({"level": "municipality"}, 0),
        ({"by": "committee"}, 0),
        ({"threshold_min": 10}, 0),
        ({"threshold_min": 15, "municipality": "athens", "kind": "coverage"}, 2),
        ({"kind": "siting"}, 0),
        ({"group": "women"}, 0),
    ],
)
def test_runs_can_be_chosen(
    two_runs: tuple[AnalysisRun, AnalysisRun], get: Get, asked: dict[str, Any], n: int
) -> None:
    assert get("runs", **asked)["numberReturned"] == n


def test_pages_neither_skip_nor_repeat(
    two_runs: tuple[AnalysisRun, AnalysisRun], client: Client, get: Get
) -> None:
    first = get("runs", limit=1)
    (following,) = (link for link in first["links"] if link["rel"] == "next")
    second = client.get(following["href"]).json()
    seen = [item["id"] for item in (*first["items"], *second["items"])]
    assert seen == [str(run.pk) for run in reversed(two_runs)]
    assert "next" not in {link["rel"] for link in second["links"]}


def test_what_the_public_may_not_see_is_nowhere(world: World, get: Get) -> None:
    run = get_or_run(replace(ATHENS, supply="all"), restricted=True)
    assert get("runs")["items"] == []
    get(f"runs/{run.pk}", 404)
    get(f"runs/{run.pk}/change", 404, since=TODAY)
    get("coverage", 404, run=run.pk)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2026-06-31"}, "as_of"),
        ({"group": "martians"}, "group"),
        ({"municipality": "nowhere"}, "municipality"),
        ({"level": "country"}, "level"),
        ({"kind": "weather"}, "kind"),
        ({"cursor": "bm90aGluZw"}, "cursor"),
        ({"cursor": "WyJhIiwiYiJd"}, "cursor"),
        ({"since": TODAY}, "since"),
    ],
)
def test_what_cannot_be_asked_of_the_list_is_named(
    world: World, get: Get, asked: dict[str, str], named: str
) -> None:
    assert get("runs", 400, **asked).get("parameter") == named


# --- one run -------------------------------------------------------------------------------


def test_a_run_says_all_that_it_stands_on(world: World, get: Get) -> None:
    run = get_or_run(ATHENS, as_default=True)
    found = get(f"runs/{run.pk}")
    assert (found["hash"], found["rows_hash"]) == (run.hash, run.rows_hash)
    assert found["data_versions"] == run.data_versions
    assert found["summary"]["software"]["numpy"]
    assert found["n_rows"] == ResultRow.objects.filter(run=run).count()
    assert found["in_force_since"]
    assert {link["rel"] for link in found["links"]} >= {"coverage", "gaps", "change"}


def test_the_links_of_a_run_lead_to_its_rows(
    two_runs: tuple[AnalysisRun, AnalysisRun], client: Client, get: Get
) -> None:
    before, _ = two_runs
    links = {link["rel"]: link["href"] for link in get(f"runs/{before.pk}")["links"]}
    rows = client.get(f"{links['coverage']}&category=hospital").json()
    assert rows["run"]["id"] == str(before.pk)
    total = next(r for r in rows["items"] if r["is_total"] and r["term"] == "hospital")
    assert total["residents"] == 1000  # 50 less than today
    assert client.get(links["gaps"]).json()["run"]["id"] == str(before.pk)


@pytest.mark.parametrize("id_", [str(uuid4()), "seven", "1"])
def test_a_run_that_does_not_exist_is_not_found(
    world: World, get: Get, id_: str
) -> None:
    get(f"runs/{id_}", 404)
    get(f"runs/{id_}/change", 404, since=TODAY)


# --- as of ---------------------------------------------------------------------------------


def test_coverage_as_of_a_day_is_what_was_shown_then(
    two_runs: tuple[AnalysisRun, AnalysisRun], get: Get
) -> None:
    def residents(**asked: str) -> float:
        items = get("coverage", category="hospital", **asked)["items"]
        return float(next(item["residents"] for item in items if item["is_total"]))

    assert residents(as_of=LAST_WEEK) == 1000
    assert residents(as_of=TODAY) == residents() == 1050


def test_history_is_not_computed_where_there_is_none(world: World, get: Get) -> None:
    get("coverage", 404, as_of=TODAY)
    get("gaps", 404, as_of=LONG_AGO, category="hospital")
    assert not AnalysisRun.objects.exists()


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"as_of": TODAY, "threshold_min": 12}, "as_of"),
        ({"as_of": TODAY, "walk_kmh": 4}, "as_of"),
        ({"as_of": TODAY, "step_free": "true"}, "as_of"),
        ({"as_of": TODAY, "detour": 1.2}, "detour"),
        ({"as_of": TODAY, "engine": "street_network"}, "engine"),
        ({"as_of": "2026-11"}, "as_of"),
        ({"run": "RUN", "as_of": TODAY}, "as_of"),
        ({"run": "RUN", "level": "municipality"}, "level"),
        ({"run": "RUN", "threshold_min": 10}, "threshold_min"),
        ({"run": "RUN", "language": "fa"}, "language"),
        ({"run": "RUN", "committee": "health"}, "committee"),
        ({"run": "seven"}, "run"),
    ],
)
def test_what_cannot_be_asked_of_the_past_is_named(
    world: World, get: Get, asked: dict[str, Any], named: str
) -> None:
    run = get_or_run(ATHENS, as_default=True)
    asked = {k: run.pk if v == "RUN" else v for k, v in asked.items()}
    assert get("coverage", 400, **asked)["parameter"] == named


# --- change --------------------------------------------------------------------------------


def test_the_change_since_a_day_names_districts_and_causes(
    two_runs: tuple[AnalysisRun, AnalysisRun], get: Get
) -> None:
    before, now = two_runs
    found = get(f"runs/{now.pk}/change", since=LAST_WEEK, lang="en", term="hospital")
    rows = {item["code"]: item for item in found["items"]}
    assert found["earlier"]["id"] == str(before.pk)
    assert found["causes"] == ["residents"]
    assert rows["N4"]["difference"] == 50
    assert rows["N4"]["name"] == "Quarter N4"
    assert rows["N1"]["verdict"] == "same"
    assert rows["N2"]["verdict"] == "not_comparable"  # nobody lives there
    assert found["n_services_opened"] == found["n_services_closed"] == 0


def test_what_is_withheld_then_is_withheld_in_the_change(
    two_runs: tuple[AnalysisRun, AnalysisRun], get: Get
) -> None:
    before, now = two_runs
    ResultRow.objects.filter(run=before, district_code="N4").update(is_suppressed=True)
    found = get(f"runs/{now.pk}/change", since=str(before.pk), term="hospital")
    (row,) = (item for item in found["items"] if item["code"] == "N4")
    assert (row["verdict"], row["is_suppressed"]) == ("withheld", True)
    assert (row["before"], row["after"], row["difference"]) == (None, None, None)


@pytest.mark.parametrize(
    ("since", "status"),
    [("", 400), ("last week", 400), (LONG_AGO, 404), (str(uuid4()), 404)],
)
def test_a_change_needs_a_day_or_a_run_that_there_is(
    world: World, get: Get, since: str, status: int
) -> None:
    run = get_or_run(ATHENS, as_default=True)
    get(f"runs/{run.pk}/change", status, since=since)


def test_two_questions_are_not_compared(world: World, get: Get) -> None:
    run = get_or_run(ATHENS)
    other = get_or_run(replace(ATHENS, threshold_min=10))
    said = get(f"runs/{run.pk}/change", 400, since=str(other.pk))
    assert said["parameter"] == "since"


# --- the queue -----------------------------------------------------------------------------

ASKED = {"level": ["neighbourhood", "municipality"], "threshold_min": [7, 8]}


def test_questions_are_queued_and_answered(
    world: World, client: Client, post: Get, get: Get
) -> None:
    answer = client.post("/api/v1/runs", ASKED, content_type="application/json")
    assert answer.status_code == 202
    job = answer.json()
    assert answer["Location"].endswith(f"/api/v1/jobs/{job['id']}")
    assert (job["state"], job["progress"]) == (
        "queued",
        {"done": 0, "all": 4, "doing": None, "seconds_left": None},
    )

    work_on(AnalysisJob.objects.get().pk)

    done = get(f"jobs/{job['id']}")
    assert (done["state"], done["progress"]["done"]) == ("finished", 4)
    asked = [
        (step["parameters"]["threshold_min"], step["parameters"]["level"])
        for step in done["steps"]
    ]
    assert asked == [
        (7, "neighbourhood"),
        (7, "municipality"),
        (8, "neighbourhood"),
        (8, "municipality"),
    ]
    result = client.get(done["steps"][0]["links"][0]["href"]).json()
    assert result["parameters"]["threshold_min"] == 7
    assert "token" not in done


def test_equal_questions_are_one_job_and_one_token(world: World, post: Get) -> None:
    first = post("runs", ASKED, 202)
    second = post("runs", {**ASKED, "threshold_min": [8, 7]}, 202)
    assert first["id"] == second["id"]
    assert "token" in first
    assert "token" not in second


def test_only_the_token_cancels(world: World, client: Client, post: Get) -> None:
    job = post("runs", ASKED, 202)
    address = f"/api/v1/jobs/{job['id']}"
    assert client.delete(address).status_code == 400
    assert client.delete(address, headers={"Job-Token": "guess"}).status_code == 403
    assert client.get(address).json()["state"] == "queued"

    answer = client.delete(address, headers={"Job-Token": job["token"]})
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


def test_a_token_in_the_address_is_refused(
    world: World, client: Client, post: Get
) -> None:
    job = post("runs", ASKED, 202)
    answer = client.delete(f"/api/v1/jobs/{job['id']}?token={job['token']}")
    assert answer.status_code == 400
    assert client.get(f"/api/v1/jobs/{job['id']}").json()["state"] == "queued"


def test_a_job_says_nothing_of_who_asked(world: World, post: Get, get: Get) -> None:
    job = post("runs", ASKED, 202)
    row = AnalysisJob.objects.values().get()
    said = str(get(f"jobs/{job['id']}"))
    for secret in (job["token"], row["token_hash"], row["asker"], "127.0.0.1"):
        assert secret
        assert secret not in said


def test_more_than_is_taken_of_one_sender_is_429(
    world: World, client: Client, post: Get, settings: Any
) -> None:
    settings.QUESTIONS_OF_ONE = 1
    post("runs", ASKED, 202)
    answer = client.post(
        "/api/v1/runs",
        {"level": "neighbourhood", "threshold_min": 9},
        content_type="application/json",
    )
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer.json()["type"].endswith("#too-many-questions")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"level": "country"}, "level"),
        ({"level": []}, "level"),
        ({"threshold_min": [0]}, "threshold_min"),
        ({"group": "martians"}, "group"),
        ({"group": ["women"], "threshold_min": 12}, "threshold_min"),
        ({"municipality": "nowhere"}, "municipality"),
        ({"as_of": TODAY}, "as_of"),
        ({"supply": "all"}, "supply"),
        ({"engine": "street_network", "detour": 1.2}, "detour"),
        ({"threshold_min": [1 + n / 2 for n in range(61)]}, "questions"),
    ],
)
def test_what_cannot_be_queued_is_named_and_nothing_is(
    world: World, post: Get, body: dict[str, Any], named: str
) -> None:
    said = post("runs", {"level": "neighbourhood", **body}, 400)
    assert said.get("parameter", said["detail"]) == named or named in said["detail"]
    assert not AnalysisJob.objects.exists()


def test_an_empty_body_asks_nothing(world: World, post: Get) -> None:
    assert post("runs", {}, 400)["parameter"] == "level"
    assert not AnalysisJob.objects.exists()


def test_a_question_has_to_be_json(world: World, client: Client) -> None:
    assert client.post("/api/v1/runs", {"level": "neighbourhood"}).status_code == 415
    refused = client.post("/api/v1/runs", "[]", content_type="application/json")
    assert refused.status_code == 400


@pytest.mark.parametrize("id_", [str(uuid4()), "seven"])
def test_a_job_that_does_not_exist_is_not_found(
    world: World, client: Client, get: Get, id_: str
) -> None:
    get(f"jobs/{id_}", 404)
    answer = client.delete(f"/api/v1/jobs/{id_}", headers={"Job-Token": "x"})
    assert answer.status_code == 404


# --- the page ------------------------------------------------------------------------------


def test_the_page_looks_again_while_there_is_more_to_come(
    world: World, client: Client, post: Get
) -> None:
    job = post("runs", ASKED, 202)
    before = client.get(f"/en/runs/{job['id']}")
    assert before["Cache-Control"] == "no-store"
    assert '<meta http-equiv="refresh"' in before.content.decode()
    assert "0 of 4 questions answered" in before.content.decode()

    work_on(AnalysisJob.objects.get().pk)
    after = client.get(f"/en/runs/{job['id']}").content.decode()
    assert "http-equiv" not in after
    assert "4 of 4 questions answered" in after
    assert after.count("/api/v1/coverage?run=") == 4


@pytest.mark.parametrize("lang", ["el", "en", "fr", "ar", "fa", "ur"])
def test_the_page_stands_in_every_language(
    world: World, client: Client, post: Get, lang: str
) -> None:
    job = post("runs", {"level": "neighbourhood", "group": ["women"]}, 202)
    assert client.get(f"/{lang}/runs/{job['id']}").status_code == 200


def test_the_page_of_a_job_that_does_not_exist_is_404(
    world: World, client: Client
) -> None:
    assert client.get(f"/en/runs/{uuid4()}").status_code == 404
    assert client.get("/en/runs/seven").status_code == 404
    assert client.get(f"/en/runs/{uuid4()}?token=x").status_code == 400


def test_the_last_nights_are_listed_and_questions_of_others_are_not(
    world: World, post: Get, get: Get
) -> None:
    post("runs", ASKED, 202)
    assert get("jobs")["items"] == []
    night = queue_night("athens", timezone.localdate())
    assert night is not None

    (item,) = get("jobs", municipality="athens")["items"]
    assert (item["id"], item["night"], item["state"]) == (
        str(night.pk),
        TODAY,
        "queued",
    )
    assert item["progress"] == {"done": 0, "all": night.steps.count()}
    get("jobs", 400, municipality="nowhere")
