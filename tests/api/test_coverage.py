"""`/api/v1/coverage` and `/api/v1/gaps`: rows of a run, formats, provenance.

People live at two spots: 900 beside the hospital in N1, and 100 in N4, 7.9 km away from
it (`world.py`). So 900 of 1,000 reach a hospital in 15 minutes, and N4 is the one gap.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from pytest_django import DjangoDbBlocker

from layers.analysis import runs
from layers.models import AnalysisRun
from tests import factories as make
from tests.api.conftest import Get
from tests.api.world import World, standing_world

pytestmark = pytest.mark.django_db


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


def rows(found: dict[str, Any], term: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a term by code of the district; None is the municipality."""
    items = found.get("items") or [f["properties"] for f in found["features"]]
    return {item["code"]: item for item in items if item["term"] == term}


def test_people_are_counted_by_district(world: World, get: Get) -> None:
    found = rows(get("coverage", category="hospital", lang="en"), "hospital")
    assert {code: row["residents"] for code, row in found.items()} == {
        "N1": 900, "N2": 0, "N3": 0, "N4": 100, None: 1000,
    }  # fmt: skip
    assert found["N1"]["residents_served"] == 900
    assert found["N4"]["residents_unserved"] == 100
    assert found[None]["is_total"] is True
    assert found[None]["share_served"] == 0.9
    assert found["N1"]["name"] == "Quarter N1"


def test_nobody_living_there_is_no_share_and_not_zero(world: World, get: Get) -> None:
    found = rows(get("coverage", category="hospital"), "hospital")
    assert found["N2"]["share_served"] is None


def test_gaps_rank_districts_by_people_not_reached(world: World, get: Get) -> None:
    found = get("gaps", category="hospital")
    assert [(r["code"], r["rank"]) for r in found["items"]] == [("N4", 1)]


def test_a_committee_can_be_asked_for(world: World, get: Get) -> None:
    found = get("coverage", committee="health")
    assert {item["term"] for item in found["items"]} == {"health"}
    assert {item["term_kind"] for item in found["items"]} == {"committee"}
    assert get("gaps", by="committee")["run"]["parameters"]["by"] == "committee"


def test_readers_of_different_terms_share_one_run(world: World, get: Get) -> None:
    ids = {
        get(address, **asked)["run"]["id"]
        for address, asked in (
            ("coverage", {"category": "hospital"}),
            ("gaps", {"category": "food,shelter"}),
            ("coverage", {}),
        )
    }
    assert len(ids) == 1
    assert AnalysisRun.objects.count() == 1


def test_an_answer_says_what_it_stands_on(world: World, get: Get) -> None:
    found = get("coverage", category="hospital", threshold_min=10, lang="en")
    assert found["run"]["parameters"]["threshold_min"] == 10
    assert found["run"]["data_versions"]
    assert found["run"]["method"]
    assert "NO_NETWORK" in found["items"][0]["flags"]
    assert found["demo"] is True
    assert found["notice"]


@pytest.mark.parametrize(
    ("how", "headers"),
    [({"f": "geojson"}, {}), ({}, {"accept": "application/geo+json"})],
)
def test_geojson_draws_each_row(
    world: World, client: Client, how: dict[str, str], headers: dict[str, str]
) -> None:
    answer = client.get(
        "/api/v1/coverage", {"category": "hospital", **how}, headers=headers
    )
    assert answer["Content-Type"] == "application/geo+json"
    features = {f["id"]: f for f in answer.json()["features"]}
    assert features["hospital/N1"]["geometry"]["type"] == "MultiPolygon"
    assert features["hospital/all"]["geometry"] is None


def test_a_label_or_nothing_can_be_drawn_for_every_term(world: World, get: Get) -> None:
    found = get("coverage", f="geojson", geometry="label")
    assert found["features"][0]["geometry"]["type"] == "Point"


def test_csv_is_a_table_that_carries_its_provenance(
    world: World, client: Client
) -> None:
    answer = client.get("/api/v1/gaps", {"category": "hospital", "f": "csv"})
    assert answer["Content-Type"] == "text/csv"
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["code"], row["rank"], row["residents_unserved"]) == ("N4", "1", "100.0")
    assert (row["threshold_min"], row["demo"]) == ("15.0", "True")
    assert row["run"] == str(AnalysisRun.objects.get().pk)


def test_rows_that_are_withheld_say_so(world: World, get: Get) -> None:
    make.DemandPointFactory(
        municipality=world.municipality,
        point=Point(23.71, 38.04, srid=4326),
        population=4,
    )
    found = rows(get("coverage", category="hospital"), "hospital")
    assert found["N3"]["is_suppressed"] is True
    assert found["N3"]["residents_served"] is None
    assert "SUPPRESSED" in found["N3"]["flags"]


def test_an_unchanged_answer_is_not_sent_again(world: World, client: Client) -> None:
    first = client.get("/api/v1/coverage?category=hospital")
    again = client.get(
        "/api/v1/coverage?category=hospital", headers={"if-none-match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_other_people_make_another_answer(world: World, client: Client) -> None:
    first = client.get("/api/v1/coverage?category=hospital")
    make.DemandPointFactory(municipality=world.municipality, population=50)
    again = client.get(
        "/api/v1/coverage?category=hospital", headers={"if-none-match": first["ETag"]}
    )
    assert again.status_code == 200


def test_a_restricted_run_cannot_be_read(world: World, get: Get) -> None:
    run_id = get("coverage", category="hospital")["run"]["id"]
    AnalysisRun.objects.filter(pk=run_id).update(is_restricted=True)
    answer = Client().get("/api/v1/coverage", {"category": "hospital"})
    assert answer.status_code == 503


def test_a_database_that_is_too_slow_says_when_to_come_back(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def slow(*_: object, **__: object) -> None:
        raise OperationalError("canceling statement due to statement timeout: secret")

    monkeypatch.setattr("layers.api.coverage.get_or_run", slow)
    answer = client.get("/api/v1/coverage")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"secret" not in answer.content


@pytest.mark.parametrize("address", ["coverage", "gaps"])
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"level": "street"}, "level"),
        ({"by": "group"}, "by"),
        ({"by": "committee", "category": "hospital"}, "by"),
        ({"committee": "health", "category": "hospital"}, "committee"),
        ({"category": "nonsense"}, "category"),
        ({"committee": "hospital"}, "committee"),
        ({"group": "nonsense"}, "group"),
        ({"group": "women,children-youth"}, "group"),
        ({"threshold_min": "0"}, "threshold_min"),
        ({"threshold_min": "121"}, "threshold_min"),
        ({"threshold_min": "nan"}, "threshold_min"),
        ({"walk_kmh": "0"}, "walk_kmh"),
        ({"detour": "0.5"}, "detour"),
        ({"municipality": "sparta"}, "municipality"),
        ({"f": "pdf"}, "f"),
        ({"supply": "all"}, "supply"),
        ({"engine": "teleport"}, "engine"),
        ({"limit": "1"}, "limit"),
        ({"lang": "xx"}, "lang"),
        ({"language": "Farsi"}, "language"),
        ({"gender": "any"}, "gender"),
        ({"age": "121"}, "age"),
        ({"step_free": "perhaps"}, "step_free"),
        ({"at": "monday"}, "at"),
        ({"at": "mon 25:00"}, "at"),
        ({"verified_within_months": "0"}, "verified_within_months"),
        ({"group": "women", "threshold_min": "14"}, "threshold_min"),
    ],
)
def test_bad_values_are_refused_by_name(
    world: World, get: Get, address: str, query: dict[str, str], parameter: str
) -> None:
    assert get(address, 400, **query)["parameter"] == parameter
    assert not AnalysisRun.objects.exists()


def test_too_many_boundaries_are_refused_with_the_way_out(
    world: World, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.api.coverage.MOST_DRAWN", 3)
    problem = get("coverage", 400, f="geojson")
    assert problem["parameter"] == "geometry"
    assert "label" in problem["detail"]


def test_runs_are_computed_by_one_module(world: World, get: Get) -> None:
    assert AnalysisRun.objects.count() == 0
    get("coverage", category="hospital")
    stored = AnalysisRun.objects.get()
    assert stored.hash == runs.run_hash(
        runs.CoverageParameters.from_dict(stored.parameters), stored.data_versions
    )


@pytest.fixture
def street(world: World) -> None:
    """Load one street of some 263 m, past the hospital and 900 people's homes."""
    ends = [
        make.StreetNodeFactory(
            municipality=world.municipality, point=Point(lon, 37.97, srid=4326)
        )
        for lon in (23.719, 23.722)
    ]
    make.StreetEdgeFactory(start=ends[0], end=ends[1], line=None, length_m=263.3)
    make.StreetNetworkFactory(municipality=world.municipality, detour=1.4)


def test_walks_along_streets_are_asked_for_by_name(
    world: World, street: None, get: Get
) -> None:
    answer = get("coverage", category="hospital", engine="street_network")

    found = rows(answer, "hospital")
    assert found["N1"]["residents_served"] == 900
    assert found["N4"]["residents_unserved"] == 100
    assert "NO_NETWORK" not in found["N1"]["flags"]
    assert "SNAP" not in found["N1"]["flags"]
    assert "SNAP" in found["N4"]["flags"]  # kilometres from the only street
    # 0.001 degrees of longitude at 37.97 north, along the street and without a detour.
    assert found["N1"]["mean_walk_m"] == pytest.approx(87.8, abs=0.1)
    stands_on = answer["run"]["stands_on"]
    assert stands_on["engine"] == "street_network"
    assert stands_on["streets"]["source"] == "© OpenStreetMap contributors"


def test_the_citys_own_detour_is_used_where_none_is_given(
    world: World, street: None, get: Get
) -> None:
    usual = get("coverage", category="hospital")["run"]
    given = get("coverage", category="hospital", detour="1.2")["run"]

    assert usual["parameters"]["detour"] == 1.4
    assert "detour_measured" in usual["stands_on"]
    assert given["parameters"]["detour"] == 1.2
    assert "detour_measured" not in given["stands_on"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"engine": "street_network"}, "engine"),  # none are loaded
        ({"engine": "street_network", "detour": "1.3"}, "detour"),
    ],
)
def test_streets_that_are_not_there_and_detours_on_them_are_refused(
    world: World, get: Get, query: dict[str, str], parameter: str
) -> None:
    assert get("coverage", 400, **query)["parameter"] == parameter


def test_what_people_need_of_a_service_is_asked_before_distance(
    world: World, get: Get
) -> None:
    asked = get("coverage", language="fa", at="mon 10:00", step_free="true", age="0")[
        "run"
    ]["parameters"]["eligibility"]

    assert asked == {
        "languages": ["fa"],
        "at": "mon 10:00",
        "step_free": True,
        "age": 0,
    }


def test_a_group_walks_at_its_own_speed_unless_one_is_given(
    world: World, get: Get
) -> None:
    slow = get("coverage", group="older-people")["run"]["parameters"]
    given = get("coverage", group="older-people", walk_kmh="4.5")["run"]["parameters"]
    women = get("coverage", group="women")["run"]["parameters"]

    assert (slow["walk_kmh"], given["walk_kmh"], women["walk_kmh"]) == (2.9, 4.5, 4.5)
