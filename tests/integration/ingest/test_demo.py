"""The demo city loads whole, says what it is, and loading it again changes nothing."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from layers.errors import ImportRefused
from layers.ingest.demo import has_city, load_demo
from layers.ingest.report import Report
from layers.models import (
    AnalysisRun,
    DataVersion,
    DemandPoint,
    District,
    DistrictIndicator,
    Municipality,
    Service,
    ServicePoint,
    ServiceStandard,
)

# Without the mark a run of this module alone would use the real database.
pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
PEOPLE = 643_452  # ELSTAT, census 2021


def rows(path: str) -> list[dict[str, str]]:
    with (FIXTURES / path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


SERVICES = rows("demo/services.csv")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Report]]:
    """Load the demo city once for this module, and undo it at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(FIXTURES)
        transaction.set_rollback(True)


@pytest.fixture
def undone(demo: list[Report]) -> Iterator[None]:
    """Let a test change the loaded city."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def people_by_neighbourhood() -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(d.code, ''), sum(p.population)
               FROM layers_demandpoint p
               LEFT JOIN LATERAL (
                   SELECT code FROM layers_district d
                   WHERE d.level = 'neighbourhood' AND d.valid_to IS NULL
                     AND ST_Covers(d.boundary, p.point)
                   ORDER BY code LIMIT 1) AS d ON true
               GROUP BY 1"""
        )
        return dict(cursor.fetchall())


def state() -> dict[str, list[Any]]:
    """Return what readers are answered from, without the time of writing."""
    queries = {
        "points": "SELECT to_jsonb(p)::text FROM layers_servicepoint p",
        "districts": "SELECT (to_jsonb(d) - 'updated_at')::text FROM layers_district d",
        "people": "SELECT (to_jsonb(p) - 'id')::text FROM layers_demandpoint p",
        "indicators": "SELECT to_jsonb(i)::text FROM layers_districtindicator i",
        "services": "SELECT (to_jsonb(s) - 'updated_at')::text FROM layers_service s",
        "areas": "SELECT (to_jsonb(a) - 'id')::text FROM layers_servicearea_districts a",
        "versions": "SELECT (to_jsonb(v) - 'changed_at')::text FROM layers_dataversion v",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, query in queries.items():
            cursor.execute(query)
            found[name] = sorted(text for (text,) in cursor.fetchall())
    return found


def test_nothing_is_refused_or_doubtful(demo: list[Report]) -> None:
    assert [report.refused for report in demo] == [0] * len(demo)
    assert all(report.written for report in demo)
    doubts = {
        report.what: [str(f) for f in report.findings[kind].kept]
        for report in demo
        for kind in ("outside", "duplicates", "repaired")
        if report.findings[kind].count
    }
    assert doubts == {}


def test_the_districts_are_a_drawing_and_say_so(demo: list[Report]) -> None:
    districts = District.objects.filter(valid_to__isnull=True)

    levels = Counter(districts.values_list("level", flat=True))
    assert levels == {"municipality": 1, "municipal_community": 7, "neighbourhood": 45}
    assert all(district.is_schematic for district in districts)
    assert all("schematic" in district.boundary_source for district in districts)
    assert {d.boundary_licence for d in districts} == {"CC0-1.0"}
    parents = {
        d.code: d.parent.code
        for d in districts.filter(level="neighbourhood")
        if d.parent
    }
    assert parents == {
        row["code"]: row["community"] for row in rows("demo/neighbourhoods.csv")
    }


def test_the_city_says_that_it_is_a_demo(demo: list[Report]) -> None:
    city = Municipality.objects.get()

    assert (city.slug, city.code, city.is_demo) == ("athens", "9186", True)
    assert set(city.names) == {"el", "en", "fr", "ar", "fa", "ur"}
    assert city.settings["demo"] == {
        "districts": "schematic",
        "residents": "modelled",
        "services": "partly invented",
    }
    assert city.boundary is not None


def test_every_resident_is_there_once_and_modelled(demo: list[Report]) -> None:
    expected = {
        row["code"]: int(row["residents_2021"])
        for row in rows("demo/neighbourhoods.csv")
    }

    assert people_by_neighbourhood() == expected
    assert sum(expected.values()) == PEOPLE
    labels = set(DemandPoint.objects.values_list("quality", "vintage", "licence"))
    assert labels == {("modelled", 2021, "CC0-1.0")}
    assert 2_000 <= DemandPoint.objects.count() <= 4_000


def test_known_residents_are_stored_with_their_quality(demo: list[Report]) -> None:
    figures = DistrictIndicator.objects.filter(name="residents")

    # 1 municipality and 7 communities in two years, 45 neighbourhoods in one.
    assert figures.count() == 2 + 14 + 45
    census = figures.filter(quality="census", district__level="municipal_community")
    assert sum(f.value or 0 for f in census) == 664_046  # ELSTAT, census 2011
    modelled = figures.filter(quality="modelled", district__level="neighbourhood")
    assert sum(f.value or 0 for f in modelled) == PEOPLE


def test_every_row_is_a_service_that_can_be_seen(demo: list[Report]) -> None:
    services = Service.objects.all()

    assert services.count() == len(SERVICES) == 192
    assert set(services.values_list("moderation_state", flat=True)) == {"published"}
    invented = {row["source_id"] for row in SERVICES if row["demo"] == "true"}
    assert (
        set(services.filter(is_demo=True).values_list("source_id", flat=True))
        == invented
    )
    assert ServiceStandard.objects.count() == 60


def test_protected_places_are_kept(demo: list[Report]) -> None:
    by_visibility = Counter(row["visibility"] for row in SERVICES)
    with_point = sum(bool(row["lon"]) for row in SERVICES)

    # One hidden place has no row; the three district_only ones have no point.
    assert by_visibility == {"public": 188, "district_only": 3, "hidden": 1}
    assert ServicePoint.objects.count() == 192 - 1
    assert (
        ServicePoint.objects.filter(point__isnull=False).count() == with_point - 1 - 3
    )
    assert not ServicePoint.objects.filter(names__en__contains="Safe house A").exists()


def test_every_committee_has_something_in_every_community(demo: list[Report]) -> None:
    for committee in (
        "skills-employment",
        "urban-coexistence",
        "education",
        "gender",
        "rights-legal",
        "health",
    ):
        assert (
            ServicePoint.objects.filter(committees__contains=[committee]).count() >= 10
        )


def test_loading_again_changes_nothing(undone: None) -> None:
    before = state()

    again = load_demo(FIXTURES)

    assert [(r.what, r.created, r.updated, r.retired) for r in again] == [
        (r.what, 0, 0, 0) for r in again
    ]
    after = state()
    assert {name for name in before if before[name] != after[name]} == set()


def test_a_refused_row_keeps_everything_out(undone: None, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "demo" / "services.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("hospital,general-public", "hospitl,general-public", 1), "utf-8"
    )
    standards = tmp_path / "standards.csv"
    standards.write_text(
        standards.read_text(encoding="utf-8").replace("hospital,30", "hospital,25"),
        "utf-8",
    )
    before = state()

    with pytest.raises(ImportRefused, match="hospitl"):
        load_demo(tmp_path)

    assert state() == before
    assert ServiceStandard.objects.get(category__slug="hospital").max_walk_min == 30


def test_if_empty_leaves_a_loaded_city_alone(
    undone: None, capsys: pytest.CaptureFixture[str]
) -> None:
    version = DataVersion.objects.get(name="service_points").version

    call_command("load_demo", "--if-empty")

    assert "left out" in capsys.readouterr().out
    assert has_city()
    assert DataVersion.objects.get(name="service_points").version == version


def test_the_command_computes_coverage_once_per_state_of_the_data(
    undone: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_demo")
    runs = set(AnalysisRun.objects.values_list("pk", flat=True))

    call_command("load_demo")

    # 3 levels, by category and by committee.
    assert len(runs) >= 6
    assert set(AnalysisRun.objects.values_list("pk", flat=True)) == runs
    printed = capsys.readouterr().out
    assert "districts are drawn schematically" in printed
    assert "Coverage and gaps are computed" in printed


def test_a_folder_that_is_none_is_named(demo: list[Report], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("load_demo", "--real", str(tmp_path / "nowhere"))
    with pytest.raises(CommandError, match=r"municipality_of_athens\.geojson"):
        call_command("load_demo", "--real", str(tmp_path))
