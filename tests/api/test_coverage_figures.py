"""Room, access, need and profiles over the API and in the layers: the same numbers.

The world is that of `test_coverage.py`: 900 people beside the hospital in N1, 100 in N4.
"""

import csv
import io

import pytest
from django.test import Client

from layers.analysis import runs
from layers.models import AnalysisRun
from tests.api.conftest import Get
from tests.api.test_coverage import rows, world
from tests.api.world import World

__all__ = ["world"]

pytestmark = pytest.mark.django_db


FIGURES = (
    "threshold_min", "residents_with_capacity", "residents_without_capacity",
    "access_per_1000", "access_per_1000_fresh", "access_unit", "need_index",
    "n_need_flags", "gap_depth", "need_weighted_gap", "shortage_places", "standard_min",
    "standard_per_1000", "open_share", "open_share_high",
)  # fmt: skip


def test_rows_say_whether_there_is_room_and_why_if_not(world: World, get: Get) -> None:
    row = rows(get("coverage", category="hospital"), "hospital")[None]
    assert set(FIGURES) <= set(row)
    assert row["residents_with_capacity"] is None
    assert "NO_STANDARD" in row["flags"]
    assert row["need_weighted_gap"] is None
    assert "NEED_UNKNOWN" in row["flags"]
    # 100 of 1,000 people live more than twice as far as fifteen minutes.
    assert row["gap_depth"] == 0.1


def test_the_table_and_the_layers_have_the_same_figures(
    world: World, get: Get, client: Client, public_reader: None
) -> None:
    answer = client.get("/api/v1/coverage", {"category": "hospital", "f": "csv"})
    (head, *_) = csv.reader(io.StringIO(answer.content.decode()))
    assert len(head) == len(set(head))
    assert set(FIGURES) <= set(head)
    run = AnalysisRun.objects.order_by("-last_used_at").first()
    assert run is not None
    runs.get_or_run(runs.CoverageParameters.from_dict(run.parameters), as_default=True)
    of_api = rows(get("coverage", category="hospital"), "hospital")["N4"]
    for layer in ("coverage", "gaps"):
        asked = {"term": "hospital", "code": "N4", "f": "json"}
        found = client.get(f"/ogc/collections/{layer}/items", asked).json()
        (of_layer,) = found["features"]
        assert {n: of_layer["properties"][n] for n in FIGURES} == {
            n: of_api[n] for n in FIGURES
        }


def test_profiles_show_the_worst_and_no_mean(world: World, get: Get) -> None:
    found = get("profiles", lang="en")
    assert found["items"][0]["code"] == "N4"
    n4 = found["items"][0]
    assert n4["worst_class"] == 5
    assert "hospital" in n4["unreached_terms"]
    assert sum(n4["n_by_class"]) == n4["n_known"]
    assert not any("mean" in name for name in n4)
    # A parent is reached where any child is, and is not counted.
    assert "health" not in n4["worst_terms"]
    # Nobody lives there.
    n2 = next(item for item in found["items"] if item["code"] == "N2")
    assert (n2["worst_class"], n2["n_known"]) == (None, 0)


def test_profiles_of_named_categories_count_these(world: World, get: Get) -> None:
    found = get("profiles", category="hospital")
    by_code = {item["code"]: item for item in found["items"]}
    assert by_code["N1"]["worst_terms"] == ["hospital"]
    assert by_code["N1"]["n_known"] == 1


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"decay": "sideways"}, "decay"),
        ({"access": "raam"}, "access"),
        ({"threshold": "mine"}, "threshold"),
        ({"places_per_1000": "0"}, "places_per_1000"),
        ({"open_slots": "siesta"}, "open_slots"),
        ({"min_open_share": "0"}, "min_open_share"),
        ({"language_mode": "staff"}, "language_mode"),
    ],
)
def test_questions_about_places_are_refused_by_name(
    world: World, client: Client, asked: dict[str, str], named: str
) -> None:
    answer = client.get("/api/v1/coverage", asked)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == named
