"""Districts come in repaired, coded, under their parents, a second time unchanged."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.management import CommandError, call_command
from shapely import Polygon

from layers.errors import ImportRefused, InvalidParameter, LayersError, NotFound
from layers.ingest.districts import (
    DistrictArea,
    DistrictOptions,
    import_districts,
    load_districts,
)
from layers.ingest.report import Mode, Report
from layers.models import (
    DataVersion,
    District,
    LocationDistrict,
    Municipality,
    ServicePoint,
)
from tests.factories import (
    DistrictFactory,
    LocationFactory,
    MunicipalityFactory,
    ServiceAtLocationFactory,
)

WEST, SOUTH, SIZE = 23.72, 37.98, 0.01


@pytest.fixture
def city(db: None) -> Municipality:
    """Return a city of 0.1 degrees square without districts."""
    city: Municipality = MunicipalityFactory(slug="athens", code="9186")
    return city


def box(n: int, size: float = SIZE) -> Polygon:
    """Return the n-th square from the west."""
    west = WEST + n * SIZE
    return shapely.box(west, SOUTH, west + size, SOUTH + size)


def feature(geometry: Any, **values: Any) -> dict[str, Any]:
    shape = None if geometry is None else shapely.geometry.mapping(geometry)
    return {"type": "Feature", "properties": values, "geometry": shape}


def geojson(path: Path, *features: dict[str, Any]) -> Path:
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def options(**given: Any) -> DistrictOptions:
    return DistrictOptions(
        **{
            "municipality": "athens",
            "level": "neighbourhood",
            "source": "test",
            "licence": "CC0-1.0",
            "name_fields": {"el": "name"},
            **given,
        }
    )


def load(
    path: Path, *features: dict[str, Any], mode: Mode | None = None, **given: Any
) -> Report:
    return import_districts(
        geojson(path / "districts.geojson", *features), options(**given), mode
    )


TWO = (feature(box(0), name="Κυψέλη"), feature(box(1), name="Αβέρωφ"))


def test_a_district_is_stored_with_all_that_is_derived(
    city: Municipality, tmp_path: Path
) -> None:
    load(tmp_path, *TWO).checked()
    first, second = District.objects.order_by("code")
    assert [first.code, second.code] == ["ATH-N01", "ATH-N02"]
    assert (first.names, second.names) == ({"el": "Αβέρωφ"}, {"el": "Κυψέλη"})
    assert second.boundary.extent == pytest.approx(box(0).bounds)
    assert second.boundary.contains(second.label_point)
    # 878 m by 1110 m: a hundredth of a degree at 37.985 north.
    assert second.area_m2 == pytest.approx(878 * 1110, rel=3e-3)
    assert (second.boundary_source, second.boundary_licence) == ("test", "CC0-1.0")
    assert not second.is_schematic


def test_a_second_run_changes_nothing_and_says_so(
    city: Municipality, tmp_path: Path
) -> None:
    load(tmp_path, *TWO).checked()
    before = list(District.objects.values()), list(DataVersion.objects.values())
    report = load(tmp_path, *TWO).checked()
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert (
        list(District.objects.values()),
        list(DataVersion.objects.values()),
    ) == before


def test_a_new_boundary_keeps_the_district(city: Municipality, tmp_path: Path) -> None:
    load(tmp_path, *TWO).checked()
    ids = set(District.objects.values_list("pk", flat=True))
    moved = feature(box(0, 0.009), name="ΚΥΨΕΛΗ")
    report = load(tmp_path, moved, TWO[1]).checked()
    assert (report.updated, report.unchanged) == (1, 1)
    assert set(District.objects.values_list("pk", flat=True)) == ids


def test_a_new_district_does_not_renumber_the_others(
    city: Municipality, tmp_path: Path
) -> None:
    load(tmp_path, *TWO).checked()
    load(tmp_path, *TWO, feature(box(2), name="Ακαδημία")).checked()
    codes = {d.names["el"]: d.code for d in District.objects.all()}
    assert codes == {"Αβέρωφ": "ATH-N01", "Κυψέλη": "ATH-N02", "Ακαδημία": "ATH-N03"}


def test_real_districts_take_the_place_of_a_drawing_by_rank(
    city: Municipality, tmp_path: Path
) -> None:
    drawn = (feature(box(0), name="Νο 1"), feature(box(1), name="Νο 2"))
    load(tmp_path, *drawn, schematic=True).checked()
    report = load(tmp_path, *TWO).checked()
    assert (report.created, report.updated) == (0, 2)
    assert not District.objects.filter(is_schematic=True).exists()


def test_codes_and_further_names_come_from_columns(
    city: Municipality, tmp_path: Path
) -> None:
    one = feature(box(0), name="Κυψέλη", en="Kypseli", id=7)
    names = {"el": "name", "en": "en"}
    load(tmp_path, one, name_fields=names, code_field="id").checked()
    district = District.objects.get()
    assert (district.code, district.names["en"]) == ("7", "Kypseli")


def test_what_the_file_has_no_more_is_counted_or_retired(
    city: Municipality, tmp_path: Path
) -> None:
    load(tmp_path, *TWO).checked()
    assert load(tmp_path, TWO[0]).checked().absent == 1
    assert District.objects.filter(valid_to=None).count() == 2
    assert load(tmp_path, TWO[0], retire_missing=True).checked().retired == 1
    assert District.objects.get(valid_to=None).names == {"el": "Κυψέλη"}


def test_the_parent_covers_the_largest_part(city: Municipality, tmp_path: Path) -> None:
    load(
        tmp_path,
        feature(box(0), name="Α"),
        feature(box(1, 0.02), name="Β"),
        level="municipal_community",
    ).checked()
    across = shapely.box(WEST + 0.005, SOUTH, WEST + 0.02, SOUTH + SIZE)
    report = load(tmp_path, feature(across, name="Κυψέλη")).checked()
    parent = District.objects.get(level="neighbourhood").parent
    assert parent is not None
    assert parent.names == {"el": "Β"}
    (split,) = [f for f in report.findings["noted"].kept if f.field == "parent"]
    assert split.reason == "is split: 67 % in ATH-C02, 33 % in ATH-C01"


def test_parents_that_come_later_are_found(city: Municipality, tmp_path: Path) -> None:
    load(tmp_path, *TWO).checked()
    load(
        tmp_path, feature(box(0, 0.02), name="Α"), level="municipal_community"
    ).checked()
    assert District.objects.filter(parent__isnull=False).count() == 2


def test_places_and_the_read_model_follow_the_districts(
    city: Municipality, tmp_path: Path
) -> None:
    place = LocationFactory(municipality=city)  # at the corner that N01 and N02 share
    ServiceAtLocationFactory(service__organization__municipality=city, location=place)
    place.point.coords = (WEST + SIZE, SOUTH + 0.005)
    place.save()
    load(tmp_path, *TWO).checked()
    assert LocationDistrict.objects.get().district.code == "ATH-N01"  # type: ignore[union-attr]
    assert ServicePoint.objects.get().neighbourhood_code == "ATH-N01"


def test_overlaps_and_gaps_are_reported(city: Municipality, tmp_path: Path) -> None:
    wide = feature(box(0, 0.012), name="Κυψέλη")
    report = load(tmp_path, wide, TWO[1]).checked()
    # 0.002 by 0.01 degrees overlap; the city has 0.1 by 0.1.
    assert report.figures["overlaps, m²"] == pytest.approx(0.2 * 878 * 1110, rel=0.01)
    assert report.figures["gaps, m²"] == pytest.approx(97.8 * 878 * 1110, rel=0.01)
    reasons = [f.reason for f in report.findings["noted"].kept]
    assert any("overlaps Κυψέλη by" in reason for reason in reasons)
    assert any(reason.startswith("a gap of") for reason in reasons)


# --- The municipality itself ----------------------------------------------------------

CITY = feature(shapely.box(23.7, 37.9, 23.9, 38.1), name="Δήμος", ypes="9186")
OTHER = feature(shapely.box(22, 37, 23, 38), name="Άλλος", ypes="9999")


def as_city(path: Path, *features: dict[str, Any], **given: Any) -> Report:
    return load(path, *features, level="municipality", code_field="ypes", **given)


def test_the_municipality_gets_its_boundary(city: Municipality, tmp_path: Path) -> None:
    report = as_city(tmp_path, OTHER, CITY).checked()
    assert report.figures["features of other municipalities"] == 1
    city.refresh_from_db()
    assert city.boundary is not None
    assert city.boundary.extent == pytest.approx((23.7, 37.9, 23.9, 38.1))
    assert District.objects.get().code == "9186"


def test_a_new_municipality_is_made_of_its_boundary(db: None, tmp_path: Path) -> None:
    as_city(tmp_path, CITY, OTHER, municipality_code="9186").checked()
    made = Municipality.objects.get()
    assert (made.slug, made.code, made.names) == ("athens", "9186", {"el": "Δήμος"})


def test_a_new_municipality_needs_its_code(db: None, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="'athens' is new"):
        load(tmp_path, CITY, level="municipality")
    assert not Municipality.objects.exists()


def test_no_other_level_makes_a_municipality(db: None, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="--level municipality"):
        load(tmp_path, *TWO)


def test_a_file_of_many_municipalities_needs_the_right_one(
    city: Municipality, tmp_path: Path
) -> None:
    for features, given in (((OTHER,), {}), ((CITY, CITY), {})):
        report = as_city(tmp_path, *features, **given)
        assert "exactly one must" in report.findings["refused"].kept[0].reason
        assert not report.written


# --- Refusals --------------------------------------------------------------------------

BOW = Polygon([(23.72, 37.98), (23.73, 37.99), (23.73, 37.98), (23.72, 37.99)])


@pytest.mark.parametrize(
    ("bad", "field", "reason"),
    [
        (feature(BOW, name="Χ"), "geometry", "would change the area"),
        (feature(None, name="Χ"), "geometry", "no geometry"),
        (feature(shapely.Point(23.72, 37.98), name="Χ"), "geometry", "not a polygon"),
        (feature(box(2), name=""), "name", "needs a name"),
        (feature(box(2), name=None), "name", "needs a name"),
        (feature(box(2), name="=1+1"), "name", "formula"),
        (feature(box(2), name="κυψελη"), "name", "the same name as row 1"),
        (feature(box(90), name="Χ"), "geometry", "lies wholly outside"),
        (
            feature(shapely.box(37.98, 23.72, 37.99, 23.73), name="Χ"),
            "geometry",
            "latitude and longitude",
        ),
        (
            feature(shapely.box(475_000, 4_203_000, 476_000, 4_204_000), name="Χ"),
            "geometry",
            "reference system",
        ),
    ],
    ids=range(10),
)
def test_a_bad_district_is_refused_with_its_row(
    city: Municipality, tmp_path: Path, bad: dict[str, Any], field: str, reason: str
) -> None:
    report = load(tmp_path, TWO[0], TWO[1], bad)
    (refusal,) = report.findings["refused"].kept
    assert (refusal.row, refusal.field) == (3, field)
    assert reason in refusal.reason
    assert not District.objects.exists()
    partial = load(tmp_path, *TWO, bad, mode=Mode(accept_partial=True))
    assert partial.written
    assert District.objects.count() == 2


def test_a_mended_ring_is_told(city: Municipality, tmp_path: Path) -> None:
    spike = Polygon(
        [(23.72, 37.98), (23.73, 37.98), (23.73, 37.99), (23.73, 38.0), (23.73, 37.99),
         (23.72, 37.99)]
    )  # fmt: skip
    report = load(tmp_path, feature(spike, name="Χ")).checked()
    (repaired,) = report.findings["repaired"].kept
    assert "mended" in repaired.reason
    assert District.objects.get().boundary.valid


def test_a_code_given_twice_is_refused(city: Municipality, tmp_path: Path) -> None:
    twins = [feature(box(n), name=f"Χ{n}", id="7") for n in range(2)]
    report = load(tmp_path, *twins, code_field="id")
    assert report.findings["refused"].kept[0].reason == "the same code as row 1"


def test_a_dry_run_writes_nothing(city: Municipality, tmp_path: Path) -> None:
    report = load(tmp_path, *TWO, mode=Mode(dry_run=True))
    assert report.created == 2
    assert not District.objects.exists()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"level": "region"}, "level"),
        ({"parent_level": "neighbourhood"}, "parent-level"),
        ({"source": " "}, "source"),
        ({"licence": "x" * 201}, "license"),
        ({"name_fields": {"xx": "name"}}, "name-field"),
    ],
)
def test_options_that_no_file_could_mend(given: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidParameter) as refusal:
        options(**given)
    assert refusal.value.name == name


@pytest.mark.parametrize(
    "given",
    [
        {"name_fields": {"el": "nom"}},
        {"code_field": "nom"},
        {"layer": "nom"},
        {"crs": "nom"},
    ],
)
def test_options_that_do_not_fit_the_file(
    city: Municipality, tmp_path: Path, given: dict[str, Any]
) -> None:
    with pytest.raises(InvalidParameter, match="nom"):
        load(tmp_path, *TWO, **given)


def test_a_file_in_the_greek_grid(city: Municipality, tmp_path: Path) -> None:
    file = tmp_path / "grid.gpkg"
    square = shapely.box(475_900, 4_203_700, 476_000, 4_203_800)
    pyogrio.raw.write(
        file,
        np.array([shapely.to_wkb(square)], dtype=object),
        [np.array(["Ομόνοια"], dtype=object)],
        ["name"],
        geometry_type="Polygon",
        crs="EPSG:2100",
    )
    import_districts(file, options()).checked()
    district = District.objects.get()
    assert district.area_m2 == pytest.approx(10_000, abs=0.01)
    assert district.boundary.extent[0] == pytest.approx(23.727, abs=1e-3)


def test_districts_in_memory_follow_the_same_rules(city: Municipality) -> None:
    areas = [
        DistrictArea(1, {"en": "A"}, "X1", box(0)),
        DistrictArea(2, {"en": "B"}, "X2", BOW),
    ]
    report = load_districts(areas, options(name_fields={}), file="drawing")
    with pytest.raises(ImportRefused, match="drawing: row 2, geometry"):
        report.checked()
    load_districts(areas[:1], options(name_fields={})).checked()
    assert District.objects.get().code == "X1"


def test_the_command_ends_with_one_line(city: Municipality, tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", *TWO)
    more = ["--level", "neighbourhood", "--source", "t", "--license", "t"]
    call_command("import_districts", str(file), *more, "--name-field", "name")
    assert District.objects.count() == 2
    with pytest.raises(
        CommandError, match="'nom' is not allowed; a column of the file"
    ):
        call_command("import_districts", str(file), *more, "--name-field", "nom")


def test_hundred_districts_come_in(city: Municipality, tmp_path: Path) -> None:
    squares = [
        feature(
            shapely.box(
                WEST + x / 100,
                SOUTH + y / 100,
                WEST + (x + 1) / 100,
                SOUTH + (y + 1) / 100,
            ),
            name=f"Χ{x}{y}",
        )
        for x in range(10)
        for y in range(10)
    ]
    assert load(tmp_path, *squares).checked().created == 100


@pytest.mark.parametrize("content", [b"", b"junk", b"{}", b"\x00" * 999])
def test_junk_is_refused(city: Municipality, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.geojson").write_bytes(content)
    with pytest.raises(LayersError):
        import_districts(tmp_path / "a.geojson", options())


def test_a_neighbouring_district_of_another_city_is_left_alone(
    city: Municipality, tmp_path: Path
) -> None:
    DistrictFactory(code="ATH-N01", names={"el": "Κυψέλη"})
    load(tmp_path, *TWO).checked()
    assert District.objects.count() == 3
