"""The real files of Athens come in through the commands, as the documentation says."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from layers.models import DemandPoint, District, Municipality

PEOPLE_2021 = 643_452  # ELSTAT, census 2021, Municipality of Athens


def districts(file: Path, level: str, **given: Any) -> None:
    call_command(
        "import_districts", file, municipality="athens", level=level,
        name_field="name_el", source="test", license="test", **given,
    )  # fmt: skip


@pytest.fixture
def athens(db: None, shared_data: Path) -> Municipality:
    """Return Athens with its own outline, communities and neighbourhoods."""
    districts(
        shared_data / "cni_18_municipalities.geojson",
        "municipality",
        code_field="ypes_code",
        municipality_code="9186",
    )
    districts(
        shared_data / "athens_municipal_communities.geojson",
        "municipal_community",
        code_field="ypes_code",
    )
    districts(
        shared_data / "athens_neighbourhoods_named.geojson",
        "neighbourhood",
        name_field_en="name_en",
    )
    return Municipality.objects.get()


def test_athens_has_45_neighbourhoods_in_7_communities(athens: Municipality) -> None:
    rows = District.objects.filter(municipality=athens)
    assert rows.filter(level="municipal_community").count() == 7
    neighbourhoods = rows.filter(level="neighbourhood")
    codes = list(neighbourhoods.values_list("code", flat=True).order_by("code"))
    assert codes == [f"ATH-N{n:02d}" for n in range(1, 46)]
    assert not neighbourhoods.exclude(parent__level="municipal_community").exists()
    # SOURCES.md: 37.5 km² of neighbourhoods, 38.9 km² of municipality.
    area = sum(neighbourhoods.values_list("area_m2", flat=True)) / 1e6
    assert area == pytest.approx(37.5, abs=0.1)
    whole = rows.get(level="municipality")
    assert whole.area_m2 / 1e6 == pytest.approx(38.9, abs=0.1)


def grid(file: Path, **given: Any) -> None:
    call_command(
        "import_population", file, municipality="athens", count_field="pop2011",
        id_field="grd_id", vintage=2021, quality="modelled", source="grid",
        license="Eurostat", total=PEOPLE_2021, clip_to_boundary=True, **given,
    )  # fmt: skip


def people_inside() -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT sum(p.population) FROM layers_demandpoint p, layers_municipality m
               WHERE ST_Covers(m.boundary, p.point)"""
        )
        return float(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("athens_grid_1km.geojson", {}),
        (
            "athens_grid_1km.csv",
            {"x_field": "x", "y_field": "y", "cell_size_m": 1000, "crs": "EPSG:3035"},
        ),
    ],
    ids=["geojson", "csv"],
)
def test_the_grid_is_scaled_to_the_census_to_the_last_person(
    athens: Municipality, shared_data: Path, name: str, given: dict[str, Any]
) -> None:
    grid(shared_data / name, **given)
    assert people_inside() == PEOPLE_2021
    # 38.9 km² at one point per hectare, less what nobody lives in.
    assert 3_000 < DemandPoint.objects.count() < 4_500


def test_people_beyond_the_border_do_not_count_inside(
    athens: Municipality, shared_data: Path
) -> None:
    grid(shared_data / "athens_grid_1km.geojson", margin_m=1_000)
    assert people_inside() == PEOPLE_2021
    assert DemandPoint.objects.count() > 6_000
