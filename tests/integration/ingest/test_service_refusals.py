"""What is refused, with row, field and remedy; and what is only remarked."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from layers.errors import LayersError, UnreadableFile
from layers.ingest.report import Finding, Report
from layers.ingest.services import ServiceOptions, import_services
from layers.models import Municipality, Organization, Service
from tests.factories import (
    OrganizationFactory,
    PhoneFactory,
    ServiceAtLocationFactory,
    ServiceFactory,
)
from tests.integration.ingest.conftest import GOOD, Load


def found(report: Report, kind: str = "refused") -> list[Finding]:
    return report.findings[kind].kept


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"source_id": ""}, "source_id", "needed"),
        ({"organization": ""}, "organization", "needs an organization"),
        (
            {"organization": "Νέος", "organization_type": ""},
            "organization_type",
            "the organization is new",
        ),
        ({"organization_type": "ngo"}, "organization_type", "ngo_local"),
        ({"name_el": ""}, "name_el", "a name in one language"),
        ({"name_el": "x\x00"}, "name_el", "NUL"),
        ({"name_el": "=HYPERLINK(1)"}, "name_el", "formula"),
        ({"name_el": "x" * 301}, "name_el", "at most 300"),
        ({"description_el": "x" * 20_001}, "description_el", "at most 20,000"),
        ({"categories": ""}, "categories", "needs a category"),
        ({"categories": "health"}, "categories", "too wide"),
        ({"categories": "hospitals"}, "categories", "did you mean hospital"),
        ({"groups": "womn"}, "groups", "did you mean women"),
        ({"languages": "gr"}, "languages", "did you mean el"),
        ({"languages": "fa;fa:interpreter"}, "languages", "in two modes"),
        ({"status": "open"}, "status", "not known"),
        ({"audience": "all"}, "audience", "not known"),
        ({"delivery_mode": "online"}, "delivery_mode", "not known"),
        ({"gender": "female"}, "gender", "not known"),
        ({"referral_required": "maybe"}, "referral_required", "yes or no"),
        ({"referral_method": "x" * 41}, "referral_method", "at most 40"),
        ({"minimum_age": "-1"}, "minimum_age", "0 to 130"),
        (
            {"minimum_age": "18", "maximum_age": "17"},
            "maximum_age",
            "below minimum_age",
        ),
        ({"phone": "call"}, "phone", "telephone"),
        ({"email": "x@"}, "email", "e-mail"),
        ({"url": "javascript:alert(1)"}, "url", "web address"),
        ({"hours": "Mo-Fr 25-26"}, "hours", "position 7"),
        ({"lon": ""}, "lon, lat", "both or none"),
        ({"lon": "NaN"}, "lon", "not a number"),
        ({"lon": "east"}, "lon", "not a number"),
        ({"lon": "1e400"}, "lon", "not a number"),
        ({"lon": "200", "lat": "95"}, "lon, lat", "not degrees"),
        ({"lon": "0", "lat": "0"}, "lon, lat", "stands for no point"),
        ({"precision": "roof"}, "precision", "rooftop"),
        ({"visibility": "secret"}, "visibility", "not known"),
        ({"district": "N99"}, "district", "not known"),
        ({"service_area": "N01;N99"}, "service_area", "one of N01, N02"),
        ({"capacity": "-1", "capacity_unit": "beds"}, "capacity", "from 0"),
        ({"capacity": "1,200", "capacity_unit": "beds"}, "capacity", "thousands"),
        ({"capacity": "5", "capacity_unit": ""}, "capacity_unit", "needed"),
        ({"verified_on": "yesterday"}, "verified_on", "not a date"),
        ({"update_frequency": "1.5"}, "update_frequency", "whole number"),
        ({"update_frequency": "0"}, "update_frequency", "1 to 120"),
        ({"demo": "x"}, "demo", "yes or no"),
        ({"source_id": "x" * 191}, "source_id", "at most 190"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_a_bad_cell_is_refused_with_row_field_and_reason(
    load: Load, row: dict[str, Any], field: str, reason: str
) -> None:
    report = load({}, {"source_id": "good", "lat": "37.985", **row})
    first = found(report)[0]
    assert (first.row, first.field) == (3, field)
    assert reason in first.reason
    assert not report.written
    assert not Service.objects.exists()


def test_swapped_coordinates_are_refused_with_the_remedy(load: Load) -> None:
    (refusal,) = found(load({"lon": "37.985", "lat": "23.725"}))
    assert refusal.field == "lon, lat"
    assert "changed places" in refusal.reason


@pytest.mark.parametrize(
    ("lon", "lat", "system"),
    [
        ("475973.1", "4203808.9", "EPSG:2100, not"),
        ("4203808,9", "475973,1", "EPSG:2100, with x and y swapped"),
        ("2641400", "4577300", "EPSG:3857"),
    ],
)
def test_metres_are_refused_naming_their_system(
    load: Load, lon: str, lat: str, system: str
) -> None:
    (refusal,) = found(load({"lon": lon, "lat": lat}))
    assert f"metres of {system}" in refusal.reason
    assert "--crs" in refusal.reason


def test_metres_are_welcome_when_their_system_is_named(load: Load) -> None:
    report = load({"lon": "475973.1", "lat": "4203808.9"}, crs="EPSG:2100")
    assert report.checked().created == 1


def test_two_faults_of_a_row_are_both_told(load: Load) -> None:
    report = load({"categories": "x", "hours": "x", "email": "x"})
    assert {f.field for f in found(report)} == {"categories", "hours", "email"}


def test_an_id_given_twice_is_refused(load: Load) -> None:
    (refusal,) = found(load({"source_id": "a"}, {"source_id": "a"}))
    assert (refusal.row, refusal.reason) == (3, "the same source_id as row 2")


def test_rows_that_contradict_each_other_about_one_place_are_refused(
    load: Load,
) -> None:
    house = {"location_id": "house"}
    (refusal,) = found(load({**house}, {**house, "lon": "23.726"}))
    assert (refusal.row, refusal.field) == (3, "location_id")


def test_rows_that_contradict_each_other_about_an_organization_are_refused(
    load: Load,
) -> None:
    (refusal,) = found(load({}, {"organization_type": "public"}))
    assert (refusal.row, refusal.field) == (3, "organization_type")


def test_an_organization_is_found_by_any_spelling(
    load: Load, city: Municipality
) -> None:
    OrganizationFactory(municipality=city, names={"el": "ΔΗΜΟΣ  Αθηναιων"})
    load({"organization_type": ""}).checked()
    assert Organization.objects.count() == 1


def test_a_row_without_a_source_is_refused(load: Load) -> None:
    (refusal,) = found(load({}, source=None))
    assert (refusal.field, refusal.row) == ("source", 2)


def test_a_wrong_file_is_not_read_to_its_end(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.ingest.services.MAX_REFUSED_ROWS", 3)
    report = load(*[{"lon": "x"}] * 9)
    assert report.read == 4
    assert "not read beyond row 5" in found(report)[-1].reason


# --- Remarked, not refused ----------------------------------------------------------


def test_what_was_repaired_is_told(load: Load) -> None:
    report = load(
        {"name_el": "\u202eΙατρείο\u202c", "lon": "", "lat": "", "precision": "A"}
    )
    assert {f.field for f in found(report.checked(), "repaired")} == {
        "name_el",
        "precision",
    }


def test_points_outside_are_told_with_their_distance(load: Load) -> None:
    # The city's east edge is 23.82; a degree of longitude is 87.8 km here.
    report = load({"lon": "24.82"}, {"lon": "23.79"}, {}).checked()
    outside, nowhere = found(report, "outside")
    assert (outside.row, nowhere.row) == (2, 3)
    assert outside.reason == "outside athens, 88 km away"
    assert nowhere.reason == "in no neighbourhood"


def test_duplicates_in_the_file_are_suspected(load: Load) -> None:
    near = {"name_el": "ΙΑΤΡΕΙΟ ", "lon": "23.7255"}  # 44 m east
    far = {"lon": "23.735"}
    (pair,) = found(load({}, near, far).checked(), "duplicates")
    assert (pair.row, pair.value) == (2, "1")
    assert pair.reason == "the same name as row 3 (2), and 44 m away"


def test_a_shared_telephone_makes_a_duplicate_of_far_places(load: Load) -> None:
    a = {"phone": "+30 210 1234567"}
    b = {"phone": "210-1234567", "lon": "23.79"}
    (pair,) = found(load(a, b).checked(), "duplicates")
    assert "the same telephone" in pair.reason


def test_duplicates_of_stored_services_are_suspected(
    load: Load, city: Municipality
) -> None:
    organization = OrganizationFactory(municipality=city)
    stored = ServiceFactory(organization=organization, names={"en": "Ιατρειο"})
    PhoneFactory(service=stored, number="2101234567")
    (pair,) = found(load({"phone": "210 1234567"}).checked(), "duplicates")
    assert "a stored service" in pair.reason


def test_many_rows_on_one_point_are_told(load: Load) -> None:
    rows = [{"name_el": f"Ιατρείο {n}"} for n in range(5)]
    (crowd,) = [
        f for f in found(load(*rows).checked(), "noted") if f.field == "lon, lat"
    ]
    assert crowd.reason.startswith("5 rows lie on this one point (rows 2, 3, 4, 5, 6)")


def test_unknown_columns_are_told(load: Load) -> None:
    report = load({"Σχόλια": "x"}).checked()
    assert found(report, "noted")[0].reason == "columns left out: Σχόλια"


# --- Protected places -----------------------------------------------------------------

SECRET = {
    "source_id": "shelter",
    "name_el": "Κρυφός ξενώνας",
    "address_el": "Κρυφή οδός 7",
    "phone": "2109999999",
    "visibility": "hidden",
}


@pytest.mark.parametrize(
    "row",
    [
        {"lon": "37.985321", "lat": "23.725432"},
        {"lon": "24.825432"},
        {"lon": "475973.17"},
        {"visibility": "hidded"},
        {"visibility": "district_only", "hours": "x"},
        {"email": "Κρυφή οδός 7"},
        {"address_el": "\u202eΚρυφή οδός 7", "precision": "x"},
    ],
    ids=str,
)
def test_a_report_tells_nothing_of_a_protected_place(
    load: Load, row: dict[str, str]
) -> None:
    report = load({**SECRET, **row})
    said = json.dumps(report.as_json(), ensure_ascii=False) + "\n".join(report.lines())
    for secret in ("Κρυφ", "985321", "725432", "825432", "475973", "2109999999", " km"):
        assert secret not in said


def test_a_protected_id_is_withheld_wherever_it_is_told(load: Load) -> None:
    twice = load(SECRET, SECRET)
    load(SECRET).checked()
    gone = load({}).checked()
    for report in (twice, gone):
        assert "shelter" not in json.dumps(report.as_json(), ensure_ascii=False)
    assert gone.absent == 1


def test_a_protected_duplicate_is_told_without_its_name(
    load: Load, city: Municipality
) -> None:
    organization = OrganizationFactory(municipality=city)
    stored = ServiceFactory(organization=organization, names={"el": "Ιατρείο"})
    ServiceAtLocationFactory(
        service=stored, location__visibility="hidden", location__municipality=city
    )
    stored.service_at_locations.get().location.point.coords = (23.725, 37.985)
    report = load({**SECRET, "name_el": "Ιατρείο"}, {"phone": "2109999999"})
    said = json.dumps(report.as_json(), ensure_ascii=False)
    assert report.findings["duplicates"].count >= 1
    assert "shelter" not in said
    assert str(stored.pk) not in said


# --- Files that are none ----------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\x00" * 100_000,
        os.urandom(100_000),
        b"source_id,organization,categories,name_el\n",
        b"{}",
        b'{"type": "FeatureCollection", "features": []}',
        b"<html><body>404</body></html>",
        b"PK\x03\x04" + os.urandom(100),
        b"=cmd|' /C calc'!A0",
    ],
    ids=range(10),
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "gpkg"])
def test_junk_is_refused_with_one_sentence(
    city: Municipality, tmp_path: Path, suffix: str, content: bytes
) -> None:
    file = tmp_path / f"junk.{suffix}"
    file.write_bytes(content)
    with pytest.raises(LayersError) as refusal:
        import_services(file, ServiceOptions(municipality=city.slug, source="t"))
    assert str(tmp_path) not in refusal.value.detail


def test_a_file_of_polygons_is_refused_row_by_row(
    city: Municipality, tmp_path: Path
) -> None:
    values = {k: v for k, v in GOOD.items() if k not in ("lon", "lat")}
    ring = [[23.72, 37.98], [23.73, 37.98], [23.73, 37.99], [23.72, 37.98]]
    features = [
        {"type": "Feature", "properties": values, "geometry": geometry}
        for geometry in ({"type": "Polygon", "coordinates": [ring]}, None)
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    report = import_services(file, ServiceOptions(municipality=city.slug, source="t"))
    (refusal,) = found(report)
    assert (refusal.row, refusal.reason) == (1, "a service is a point, not a Polygon")


def test_too_many_cells_in_a_row_are_refused(
    city: Municipality, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "source_id,organization,categories,name_el\n1,Δήμος, Αθηναίων,hospital,Ιατρείο\n",
        encoding="utf-8",
    )
    report = import_services(file, ServiceOptions(municipality=city.slug, source="t"))
    assert "5 cells where there are 4 columns" in found(report)[0].reason


def test_lon_without_lat_is_refused_as_a_file(
    city: Municipality, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("source_id,organization,categories,name_el,lon\n1,a,b,c,2\n")
    with pytest.raises(LayersError, match="lon and lat, or none"):
        import_services(file, ServiceOptions(municipality=city.slug, source="t"))


def test_a_hundred_megabytes_of_rows_are_left_at_the_first_faults(
    city: Municipality, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    with file.open("w") as junk:
        junk.write("source_id,organization,categories,name_el\n")
        for _ in range(100):
            junk.write("1,x,y,z\n" * 125_000)  # 8 bytes each
    report = import_services(file, ServiceOptions(municipality=city.slug, source="t"))
    assert report.read < 6_000
    assert not report.written


def test_the_limit_on_files_is_the_settings(
    city: Municipality, tmp_path: Path, settings: Any
) -> None:
    settings.MAX_UPLOAD_MB = 1
    file = tmp_path / "a.csv"
    file.write_bytes(b"a" * 1_000_001)
    with pytest.raises(UnreadableFile, match="MAX_UPLOAD_MB"):
        import_services(file, ServiceOptions(municipality=city.slug, source="t"))
