"""People come in from counts; sums by hand, the official total to the last person."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db.models import Sum

from layers.errors import InvalidParameter, LayersError
from layers.ingest.population import (
    PopulationCell,
    PopulationOptions,
    import_population,
    load_population,
)
from layers.ingest.report import Mode, Report
from layers.models import DataVersion, DemandPoint, Municipality
from tests.factories import DemandPointFactory

WEST, SOUTH, SIZE = 23.72, 37.98, 0.01


def options(**given: Any) -> PopulationOptions:
    return PopulationOptions(
        **{
            "municipality": "athens",
            "source": "register",
            "licence": "CC0-1.0",
            "vintage": 2021,
            "quality": "census",
            "count_field": "people",
            **given,
        }
    )


def cell(n: int, **values: Any) -> dict[str, Any]:
    """Return the n-th square from the city's south-west corner, east first."""
    square = shapely.box(WEST + n * SIZE, SOUTH, WEST + (n + 1) * SIZE, SOUTH + SIZE)
    return {
        "type": "Feature",
        "properties": values,
        "geometry": shapely.geometry.mapping(square),
    }


def load(
    path: Path, *cells: dict[str, Any], mode: Mode | None = None, **given: Any
) -> Report:
    file = path / "people.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": cells}))
    return import_population(file, options(**given), mode)


def table(path: Path, text: str, **given: Any) -> Report:
    file = path / "people.csv"
    file.write_text(text, encoding="utf-8")
    known = {"x_field": "x", "y_field": "y", "crs": "EPSG:4326", **given}
    return import_population(file, options(**known))


def people(**of: Any) -> float:
    return DemandPoint.objects.filter(**of).aggregate(n=Sum("population"))["n"] or 0


def test_people_are_spread_inside_their_cell(
    city: Municipality, tmp_path: Path
) -> None:
    load(tmp_path, cell(0, people=500), cell(1, people=7)).checked()
    assert people() == 507
    first = shapely.geometry.shape(cell(0)["geometry"])
    inside = [
        p.population
        for p in DemandPoint.objects.all()
        if first.covers(shapely.Point(p.point.coords))
    ]
    assert sum(inside) == 500
    assert len(inside) > 50
    point = DemandPoint.objects.first()
    assert point is not None
    assert (point.vintage, point.quality, point.licence) == (2021, "census", "CC0-1.0")
    assert "spread evenly" in point.method


def test_a_second_run_changes_nothing_and_says_so(
    city: Municipality, tmp_path: Path
) -> None:
    cells = (cell(0, people=500), cell(1, people=7), cell(2, people=0))
    assert load(tmp_path, *cells).checked().created == 2
    before = list(DemandPoint.objects.values()), list(DataVersion.objects.values())
    report = load(tmp_path, *cells).checked()
    assert (report.created, report.updated, report.unchanged) == (0, 0, 3)
    assert before == (
        list(DemandPoint.objects.values()),
        list(DataVersion.objects.values()),
    )


def test_a_new_count_replaces_the_old(city: Municipality, tmp_path: Path) -> None:
    load(tmp_path, cell(0, people=500), cell(1, people=7)).checked()
    report = load(tmp_path, cell(0, people=500), cell(1, people=9)).checked()
    assert (report.updated, report.unchanged) == (1, 1)
    assert people() == 509
    assert load(tmp_path, cell(0, people=500)).checked().retired > 0
    assert people() == 500


def test_the_official_total_is_kept_exactly_inside(
    city: Municipality, tmp_path: Path
) -> None:
    # The city's west edge cuts the first cell in half: 50 and 100, scaled to 643,452.
    cells = [cell(-0.5, people=100, id="a"), cell(1, people=100, id="b")]  # type: ignore[arg-type]
    report = load(
        tmp_path, *cells, id_field="id", total=643_452, clip_to_boundary=True
    ).checked()
    assert report.figures["people inside"] == people() == 643_452
    assert people(source_id__startswith="a/") == pytest.approx(643_452 / 3, rel=1e-3)


def test_people_just_outside_are_kept_when_asked_for(
    city: Municipality, tmp_path: Path
) -> None:
    cells = [cell(-1, people=60), cell(-30, people=60), cell(0, people=40)]
    given = {"clip_to_boundary": True, "margin_m": 2_000.0}
    report = load(tmp_path, *cells, total=400, **given).checked()
    assert report.figures["people inside"] == 400
    assert report.figures["people in the margin"] == 600
    assert people(is_resident=True) == 400
    assert people(is_resident=False) == 600
    assert report.figures["cells outside, left out"] == 1


def test_people_of_two_sources_are_never_mixed(
    city: Municipality, tmp_path: Path
) -> None:
    DemandPointFactory(municipality=city, source="old")
    report = load(tmp_path, cell(0, people=5))
    assert "would count everybody twice" in report.findings["refused"].kept[0].reason
    assert not report.written
    load(tmp_path, cell(0, people=5), replace=True).checked()
    assert people() == 5


def test_people_of_another_city_stay(city: Municipality, tmp_path: Path) -> None:
    DemandPointFactory(source="old", population=3)
    load(tmp_path, cell(0, people=5), replace=True).checked()
    assert people() == 8


def test_groups_are_part_of_the_people(city: Municipality, tmp_path: Path) -> None:
    report = load(tmp_path, cell(0, people=300, w=150), group_fields={"women": "w"})
    report.checked()
    groups = [point.groups["women"] for point in DemandPoint.objects.all()]
    assert sum(groups) == 150


# --- Tables ------------------------------------------------------------------------------


def test_a_table_of_points(city: Municipality, tmp_path: Path) -> None:
    table(tmp_path, "x;y;people\n23,725;37,985;12\n23.735;37.985;3\n").checked()
    points = DemandPoint.objects.order_by("point").values_list("population", flat=True)
    assert sorted(points) == [3, 12]


def test_a_grid_table_of_lower_left_corners(city: Municipality, tmp_path: Path) -> None:
    # 1 km cells of the European grid; the second lies 5 km north of the first.
    text = "grd_id,x,y,people\nA,5529000,1766000,1000\nB,5529000,1771000,50\n"
    given = {"crs": "EPSG:3035", "cell_size_m": 1000.0, "id_field": "grd_id"}
    report = table(tmp_path, text, **given).checked()
    assert report.created == 2
    assert people() == 1050
    corner = DemandPoint.objects.filter(source_id__startswith="A/").first()
    assert corner is not None
    assert 80 <= DemandPoint.objects.filter(source_id__startswith="A/").count() <= 120


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"x_field": None}, "x-field"),
        ({"crs": None}, "a table needs --crs"),
        ({"cell_size_m": 1000.0}, "a system in metres"),
        ({"count_field": "nom"}, "a column of the file"),
        ({"id_field": "nom"}, "a column of the file"),
        ({"group_fields": {"women": "nom"}}, "a column of the file"),
        ({"group_fields": {"elves": "people"}}, "group-field"),
        ({"crs": "EPSG:0"}, "PROJ"),
    ],
    ids=str,
)
def test_options_that_do_not_fit_the_file(
    city: Municipality, tmp_path: Path, given: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidParameter, match=reason):
        table(tmp_path, "x,y,people\n23.725,37.985,12\n", **given)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"quality": "guess"}, "quality"),
        ({"vintage": 21}, "vintage"),
        ({"total": 0}, "total"),
        ({"total": -5}, "total"),
        ({"margin_m": 100.0}, "margin-m"),
        ({"margin_m": float("nan"), "clip_to_boundary": True}, "margin-m"),
        ({"cell_spacing_m": 0.0}, "cell-spacing-m"),
        ({"cell_size_m": -1.0}, "cell-size-m"),
        ({"source": ""}, "source"),
        ({"licence": ""}, "license"),
    ],
)
def test_options_that_no_file_could_mend(given: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        options(**given)
    assert refusal.value.name == name


def test_clipping_needs_a_boundary(city: Municipality, tmp_path: Path) -> None:
    Municipality.objects.update(boundary=None)
    with pytest.raises(InvalidParameter, match="boundary is loaded"):
        load(tmp_path, cell(0, people=5), clip_to_boundary=True)


def test_a_total_needs_somebody_inside(city: Municipality, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="nobody lives inside"):
        load(tmp_path, cell(-9, people=5), clip_to_boundary=True, total=10)


# --- Counts that are none -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-3", "0 to 1000000000"),
        ("-9999", "0 to 1000000000"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("", "missing"),
        ("many", "not a number"),
        ("1,200", "thousands"),
        ("2e9", "0 to 1000000000"),
    ],
)
def test_a_count_that_is_none_is_refused_with_its_row(
    city: Municipality, tmp_path: Path, text: str, reason: str
) -> None:
    rows = f'x;y;people\n23.725;37.985;5\n23.735;37.985;"{text}"\n'
    report = table(tmp_path, rows)
    (refusal,) = report.findings["refused"].kept
    assert (refusal.row, refusal.field) == (3, "people")
    assert reason in refusal.reason
    assert not DemandPoint.objects.exists()


def test_good_rows_are_written_without_the_bad_when_asked_for(
    city: Municipality, tmp_path: Path
) -> None:
    cells = (cell(0, people=5), cell(1, people=None), cell(2, people=-1))
    report = load(tmp_path, *cells, mode=Mode(accept_partial=True))
    assert report.written
    assert len(report.refused_rows) == 2
    assert people() == 5


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a;37.985;1", "not a number"),
        ("NaN;37.985;1", "not a number"),
        ("475973;4203808;1", "not degrees"),
    ],
)
def test_a_place_that_is_none_is_refused(
    city: Municipality, tmp_path: Path, row: str, reason: str
) -> None:
    report = table(tmp_path, f"x;y;people\n{row}\n")
    assert reason in report.findings["refused"].kept[0].reason


def test_an_id_given_twice_is_refused(city: Municipality, tmp_path: Path) -> None:
    cells = [cell(n, people=1, id="a") for n in (0, 1)]
    report = load(tmp_path, *cells, id_field="id")
    assert report.findings["refused"].kept[0].reason == "the same id as row 1"


def test_a_group_larger_than_its_people_is_refused(
    city: Municipality, tmp_path: Path
) -> None:
    report = load(tmp_path, cell(0, people=5, w=6), group_fields={"women": "w"})
    assert "more than all 5 people" in report.findings["refused"].kept[0].reason


def test_lines_have_no_people(city: Municipality, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[23.72, 37.98], [23.73, 37.98]]}
    row = {"type": "Feature", "properties": {"people": 1}, "geometry": line}
    report = load(tmp_path, row)
    assert report.findings["refused"].kept[0].reason == "not a polygon"


def test_people_in_memory_follow_the_same_rules(city: Municipality) -> None:
    cells = [PopulationCell(1, "a", shapely.Point(23.725, 37.985), 4.0)]
    assert load_population(cells, options(), file="model").checked().created == 1
    assert people() == 4


def test_a_dry_run_writes_nothing(city: Municipality, tmp_path: Path) -> None:
    report = load(tmp_path, cell(0, people=5), mode=Mode(dry_run=True))
    assert report.created == 1
    assert not DemandPoint.objects.exists()


def test_the_command(city: Municipality, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("x,y,n,w\n23.725,37.985,12,5\n")
    given = [
        "import_population", str(file), "--count-field", "n", "--vintage", "2021",
        "--quality", "census", "--source", "s", "--license", "l",
        "--x-field", "x", "--y-field", "y", "--crs", "EPSG:4326",
    ]  # fmt: skip
    call_command(*given, "--group-field", "women=w")
    assert DemandPoint.objects.get().groups == {"women": 5}
    with pytest.raises(CommandError, match="GROUP=COLUMN"):
        call_command(*given, "--group-field", "women")


@pytest.mark.parametrize("suffix", ["csv", "geojson", "gpkg", "xlsx"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 999, b"{", b"PK\x03\x04x"])
def test_junk_is_refused(
    city: Municipality, tmp_path: Path, content: bytes, suffix: str
) -> None:
    file = tmp_path / f"a.{suffix}"
    file.write_bytes(content)
    with pytest.raises(LayersError):
        import_population(file, options(x_field="x", y_field="y", crs="EPSG:4326"))
