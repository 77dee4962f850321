"""The demo city is whole and says what it is: every name resolves, every number adds up."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod

from layers.ingest.district_codes import made_codes, name_key
from layers.ingest.hours import parse_hours
from layers.ingest.service_columns import NAMES
from tests.repository.fixture_files import (
    FIXTURES,
    SIX,
    leaf_slugs,
    read_table,
    read_taxonomy,
    read_terms,
)

SERVICE_HEADER = (
    "source_id,organization,organization_en,organization_type,name_el,name_en,name_fr,"
    "name_ar,name_fa,name_ur,description_el,description_en,categories,groups,"
    "languages,status,audience,delivery_mode,gender,referral_required,referral_method,"
    "step_free,minimum_age,maximum_age,fees,application_process_el,"
    "application_process_en,eligibility_el,eligibility_en,phone,email,url,hours,"
    "address_el,address_en,postal_code,city,location_name_el,location_name_en,lon,lat,"
    "precision,visibility,district,service_area,capacity,capacity_unit,verified_on,"
    "update_frequency,source,licence,demo"
)

ONE_OF = {
    "organization_type": [
        "municipal",
        "public",
        "international",
        "ngo_international",
        "ngo_local",
        "community",
        "informal",
        "private",
    ],
    "status": ["active", "inactive", "defunct", "temporarily closed"],
    "audience": ["professionals", "beneficiaries", "both"],
    "delivery_mode": ["on_site", "remote", "outreach"],
    "gender": ["any", "women", "men"],
    "step_free": ["yes", "partial", "no", "unknown"],
    "referral_required": ["", "true", "false"],
    "precision": ["", "A", "B", "C"],
    "visibility": ["public", "district_only", "hidden"],
    "demo": ["true", "false"],
}


def _outline() -> shapely.Polygon:
    city = json.loads((FIXTURES / "demo/municipality.json").read_text(encoding="utf-8"))
    return shapely.geometry.shape(city["boundary"])


SERVICES = read_table("demo/services.csv")


# --- Places --------------------------------------------------------------------


def test_residents_of_neighbourhoods_and_communities_are_the_census_total() -> None:
    # ELSTAT: 643,452 in 2021, 664,046 in 2011.
    city = json.loads((FIXTURES / "demo/municipality.json").read_text(encoding="utf-8"))
    neighbourhoods, communities = (
        read_table("demo/neighbourhoods.csv"),
        read_table("demo/communities.csv"),
    )

    assert city["residents"] == {"2011": 664046, "2021": 643452}
    assert sum(int(row["residents_2021"]) for row in neighbourhoods) == 643452
    assert sum(int(row["residents_2021"]) for row in communities) == 643452
    assert sum(int(row["residents_2011"]) for row in communities) == 664046


def test_neighbourhood_codes_are_those_that_the_importer_makes() -> None:
    rows = read_table("demo/neighbourhoods.csv")
    made = made_codes(
        [row["source_name"] for row in rows],
        slug="athens",
        level="neighbourhood",
        stored={},
    )

    assert [row["code"] for row in rows] == made
    assert made == [f"ATH-N{rank:02d}" for rank in range(1, 46)]


def test_a_published_file_is_recognised_by_its_names() -> None:
    # So that import_districts brings the drawn neighbourhoods up to date, not new ones.
    for row in read_table("demo/neighbourhoods.csv"):
        assert name_key(row["source_name"]) == name_key(row["name_el"]), row["code"]


def test_community_codes_are_those_of_the_interior_ministry() -> None:
    codes = [row["code"] for row in read_table("demo/communities.csv")]

    assert codes == [f"9186010{number}" for number in range(1, 8)]


def test_every_neighbourhood_is_in_a_community_and_every_community_has_some() -> None:
    parents = {row["community"] for row in read_table("demo/neighbourhoods.csv")}

    assert parents == {row["code"] for row in read_table("demo/communities.csv")}


def test_the_outline_is_a_coarse_drawing_of_about_the_right_size() -> None:
    outline = _outline()

    assert outline.is_valid
    assert outline.exterior.is_ccw
    assert 25 <= len(outline.exterior.coords) - 1 <= 45
    # geodata.gov.gr: 38.9 km2; a drawing may be 5 % off.
    area_m2, _ = Geod(ellps="WGS84").geometry_area_perimeter(outline)
    assert area_m2 == pytest.approx(38.9e6, rel=0.05)


def test_the_outline_holds_every_centroid() -> None:
    outline = _outline()
    for row in read_table("demo/neighbourhoods.csv"):
        assert shapely.contains_xy(outline, float(row["lon"]), float(row["lat"])), row[
            "code"
        ]


def test_the_outline_is_not_traced_from_an_official_boundary(shared_data: Path) -> None:
    official = json.loads((shared_data / "municipality_of_athens.geojson").read_text())
    boundary = shapely.union_all(
        [
            shapely.geometry.shape(feature["geometry"])
            for feature in official["features"]
        ]
    )
    corners = [
        xy
        for xy in _outline().exterior.coords
        if boundary.boundary.distance(shapely.Point(xy)) < 1e-5
    ]

    # A corner of a traced line would lie on the line (1e-5 degrees is 1 m).
    assert len(corners) <= 2


# --- Services ------------------------------------------------------------------


def test_the_header_is_the_documented_one() -> None:
    assert ",".join(SERVICES[0]) == SERVICE_HEADER
    assert set(SERVICES[0]) <= set(NAMES)  # all of them are columns of import_services


def test_there_are_150_to_220_services_and_each_has_its_own_source_id() -> None:
    ids = Counter(row["source_id"] for row in SERVICES)

    assert 150 <= len(SERVICES) <= 220
    assert set(ids.values()) == {1}


@pytest.mark.parametrize("column", sorted(ONE_OF))
def test_every_choice_is_a_known_one(column: str) -> None:
    assert {row[column] for row in SERVICES} <= set(ONE_OF[column])


def test_categories_groups_and_languages_resolve() -> None:
    leaves, groups = leaf_slugs(), set(read_terms("population_groups"))
    codes = {language["code"] for language in read_taxonomy("languages")["languages"]}
    for row in SERVICES:
        assert row["categories"], row["source_id"]
        assert set(row["categories"].split(";")) <= leaves, row["source_id"]
        assert set(filter(None, row["groups"].split(";"))) <= groups, row["source_id"]
        for language in filter(None, row["languages"].split(";")):
            code, _, mode = language.partition(":")
            assert code in codes, row["source_id"]
            assert mode in {"", "staff", "interpreter", "on_request"}, row["source_id"]


def test_every_leaf_category_has_two_services_and_leads_one() -> None:
    offered = Counter(slug for row in SERVICES for slug in row["categories"].split(";"))
    leading = {row["categories"].split(";")[0] for row in SERVICES}

    assert {slug for slug in leaf_slugs() if offered[slug] < 2} == set()
    assert leading == leaf_slugs()


def test_service_areas_resolve() -> None:
    codes = {row["code"] for row in read_table("demo/neighbourhoods.csv")}
    codes |= {row["code"] for row in read_table("demo/communities.csv")}
    for row in SERVICES:
        assert set(filter(None, row["district"].split(";"))) <= codes, row["source_id"]
        if row["service_area"] not in {"", "municipality", "national"}:
            assert set(row["service_area"].split(";")) <= codes, row["source_id"]


def test_points_are_pairs_inside_the_outline_with_a_precision() -> None:
    outline = _outline()
    for row in SERVICES:
        assert bool(row["lon"]) == bool(row["lat"]) == bool(row["precision"]), row[
            "source_id"
        ]
        if row["lon"]:
            assert shapely.contains_xy(outline, float(row["lon"]), float(row["lat"])), (
                row
            )


def test_a_service_without_a_point_says_whom_it_serves() -> None:
    without = [row for row in SERVICES if not row["lon"]]

    assert len(without) >= 30
    assert all(row["service_area"] and row["visibility"] == "public" for row in without)


def test_dates_numbers_and_pairs_can_be_read() -> None:
    for row in SERVICES:
        if row["verified_on"]:
            assert date.fromisoformat(row["verified_on"]) <= date(2026, 11, 21), row
        ages = [float(row[c]) for c in ("minimum_age", "maximum_age") if row[c]]
        assert ages == sorted(ages), row["source_id"]
        assert bool(row["capacity"]) == bool(row["capacity_unit"]), row["source_id"]
        assert not row["capacity"] or float(row["capacity"]) > 0
        assert row["name_el"], row["source_id"]
        assert row["name_en"], row["source_id"]


def test_opening_hours_can_be_read() -> None:
    for row in SERVICES:
        if row["hours"]:
            found = parse_hours(row["hours"], today=date(2026, 11, 21))
            assert found.schedules, row["source_id"]


def test_invented_services_say_so_wherever_a_reader_may_look() -> None:
    for row in SERVICES:
        if row["demo"] == "false":
            assert "demo" not in " ".join(row.values()).lower(), row["source_id"]
            continue
        assert row["source"] == "GeoACCMR demo (invented)"
        assert row["organization"].endswith("(επίδειξη)")
        assert row["organization_en"].startswith("Demo ")
        assert row["name_el"].endswith("(επίδειξη)")
        assert row["name_en"].endswith("(demo)")
        assert row["description_el"].startswith("Επινοημένη υπηρεσία")
        assert row["description_en"].startswith("Invented service")
        assert row["phone"].startswith("210 000 0")
        assert row["email"].endswith("@example.org")
        assert row["url"].startswith("https://example.org/")
        assert not row["lon"] or row["address_en"].startswith("Demo Street")


def test_nothing_is_invented_about_real_places() -> None:
    unknown = (
        "hours",
        "languages",
        "referral_required",
        "capacity",
        "fees",
        "verified_on",
    )
    for row in SERVICES:
        if row["demo"] == "false":
            assert {row[column] for column in unknown} == {""}, row["source_id"]
            assert row["step_free"] == "unknown", row["source_id"]


def test_a_good_share_of_the_invented_names_is_in_six_languages() -> None:
    invented = [row for row in SERVICES if row["demo"] == "true"]
    complete = [row for row in invented if all(row[f"name_{code}"] for code in SIX)]

    assert (
        0.8 < len(complete) / len(invented) < 1
    )  # some are left out: the fallback shows


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("remote", lambda row: row["delivery_mode"] == "remote"),
        ("outreach", lambda row: row["delivery_mode"] == "outreach"),
        ("by appointment", lambda row: row["hours"] == "by appointment"),
        ("round the clock", lambda row: row["hours"] == "24/7"),
        ("past midnight", lambda row: "21:00-01:00" in row["hours"]),
        ("split shifts", lambda row: "-12:00,17:00-" in row["hours"]),
        ("monthly", lambda row: "[1]" in row["hours"]),
        ("closed in August", lambda row: "Aug off" in row["hours"]),
        ("open on holidays", lambda row: "PH open" in row["hours"]),
        ("hours unknown", lambda row: row["demo"] == "true" and not row["hours"]),
        ("women only", lambda row: row["gender"] == "women"),
        ("temporarily closed", lambda row: row["status"] == "temporarily closed"),
        (
            "defunct",
            lambda row: (
                row["source_id"] == "public-eleonas" and row["status"] == "defunct"
            ),
        ),
        ("inactive", lambda row: row["status"] == "inactive"),
        (
            "referral",
            lambda row: row["referral_required"] == "true" and row["referral_method"],
        ),
        ("professionals", lambda row: row["audience"] == "professionals"),
        ("hidden", lambda row: row["visibility"] == "hidden" and row["demo"] == "true"),
        ("district only", lambda row: row["visibility"] == "district_only"),
        ("interpreter", lambda row: ":interpreter" in row["languages"]),
        ("national", lambda row: row["service_area"] == "national"),
        (
            "never verified",
            lambda row: row["demo"] == "true" and not row["verified_on"],
        ),
    ],
)
def test_the_demo_shows_every_variant(what: str, found: Any) -> None:
    assert any(found(row) for row in SERVICES), what


def test_no_real_place_is_protected() -> None:
    assert {row["demo"] for row in SERVICES if row["visibility"] != "public"} == {
        "true"
    }


def test_files_are_utf_8_with_lf_and_end_with_a_newline() -> None:
    for path in FIXTURES.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert content.decode("utf-8").endswith("\n"), path
            assert b"\r" not in content, path
            assert not content.startswith(b"\xef\xbb\xbf"), path


def test_every_file_is_named_in_the_sources() -> None:
    sources = (FIXTURES / "SOURCES.md").read_text(encoding="utf-8")
    for path in FIXTURES.rglob("*"):
        if path.is_file() and path.name != "SOURCES.md":
            assert f"`{path.relative_to(FIXTURES).as_posix()}`" in sources, path


def test_the_sources_count_what_is_there() -> None:
    sources = (FIXTURES / "SOURCES.md").read_text(encoding="utf-8")
    by_source = Counter(row["source"] for row in SERVICES)

    for name, count in by_source.items():
        assert f"| {name} | {count} |" in sources
    assert (
        f"{len(SERVICES)} services, {sum(bool(r['lon']) for r in SERVICES)} of them"
        in sources
    )
