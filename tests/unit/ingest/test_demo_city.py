"""The demo city's files become a drawing of Athens that is whole, and people that add up."""

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.errors import UnreadableFile
from layers.ingest.demo_city import DemoCity, read_demo_city
from layers.ingest.demo_districts import drawn_areas, real_areas

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "demo"


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return read_demo_city(FOLDER)


def test_the_drawing_covers_the_city_exactly_once_at_every_level(
    city: DemoCity,
) -> None:
    levels = [city.cells, list(city.areas.values()), [city.boundary]]

    assert [len(level) for level in levels] == [45, 7, 1]
    for level in levels:
        assert all(area.is_valid for area in level)
        assert shapely.coverage_is_valid(np.asarray(level))
        assert shapely.coverage_union_all(np.asarray(level)).equals(city.boundary)


def test_the_drawing_is_the_outline_to_a_centimetre(city: DemoCity) -> None:
    # 1e-7 degrees is a centimetre; 0.3 degrees is the length of the outline.
    assert city.boundary.symmetric_difference(city.outline).area < 1e-7 * 0.3


def test_every_cell_holds_its_own_centroid_and_lies_in_its_community(
    city: DemoCity,
) -> None:
    for known, cell in zip(city.neighbourhoods, city.cells, strict=True):
        assert shapely.contains_xy(cell, known.lon, known.lat), known.code
        assert city.areas[known.community].covers(cell), known.code


def test_every_resident_stands_in_the_own_neighbourhood(city: DemoCity) -> None:
    people = city.people
    cells = np.asarray(city.cells)[people.cell]
    by_cell = np.bincount(people.cell, people.people)

    assert int(people.people.sum()) == 643_452  # ELSTAT, census 2021
    assert by_cell.tolist() == [known.residents for known in city.neighbourhoods]
    # Points are rounded to a centimetre, as the cells are.
    assert (shapely.distance(cells, shapely.points(people.xy)) < 2e-7).all()
    assert 2_000 <= len(people.people) <= 4_000


def test_the_drawing_is_the_same_every_time(city: DemoCity) -> None:
    again = read_demo_city(FOLDER)

    assert [c.wkb for c in again.cells] == [c.wkb for c in city.cells]
    assert again.people.xy.tolist() == city.people.xy.tolist()


def test_drawn_districts_come_coarse_to_fine_with_codes_and_names(
    city: DemoCity,
) -> None:
    areas = drawn_areas(city)

    assert {level: len(found) for level, found in areas.items()} == {
        "municipality": 1,
        "municipal_community": 7,
        "neighbourhood": 45,
    }
    codes = Counter(area.code for found in areas.values() for area in found)
    assert set(codes.values()) == {1}
    assert all(
        set(area.names) >= {"el", "en"} for found in areas.values() for area in found
    )


@pytest.mark.parametrize(
    "name", ["municipality.json", "communities.csv", "neighbourhoods.csv"]
)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).unlink()

    with pytest.raises(UnreadableFile, match=f"{name}: cannot be read"):
        read_demo_city(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("municipality.json", "{}"),
        ("municipality.json", "no JSON"),
        ("municipality.json", "[]"),
        ("municipality.json", '{"slug": "athens", "code": "9186", "names": {}}'),
        ("neighbourhoods.csv", "code,name_el\nATH-N01,Γκάζι\n"),
        ("neighbourhoods.csv", 'code,source_name\n"ATH-N01,'),
        ("communities.csv", "code,residents_2021\n91860101,many\n"),
    ],
)
def test_files_of_another_shape_are_refused(
    tmp_path: Path, name: str, content: str
) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(UnreadableFile, match="not the files of a demo city"):
        read_demo_city(tmp_path)


def test_real_districts_get_our_names_and_codes(
    city: DemoCity, shared_data: Path
) -> None:
    areas = real_areas(city, shared_data)

    assert [len(found) for found in areas.values()] == [1, 7, 45]
    assert [area.code for area in areas["neighbourhood"]] == [
        n.code for n in city.neighbourhoods
    ]
    for area, known in zip(areas["neighbourhood"], city.neighbourhoods, strict=True):
        # The facts' centroids are those of these very polygons; a few are not convex.
        assert area.geometry.distance(shapely.Point(known.lon, known.lat)) < 1e-3, (
            known.code
        )


def _collection(names: list[str]) -> str:
    ring = [[23.7, 38.0], [23.8, 38.0], [23.8, 38.1], [23.7, 38.0]]
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"ypes_code": name},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
                for name in names
            ],
        }
    )


def test_a_file_of_other_districts_is_refused(city: DemoCity, tmp_path: Path) -> None:
    (tmp_path / "municipality_of_athens.geojson").write_text(_collection(["9205"]))

    with pytest.raises(UnreadableFile, match="'9186' and 1 unknown '9205'"):
        real_areas(city, tmp_path)


def test_a_folder_without_the_files_is_refused(city: DemoCity, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"municipality_of_athens\.geojson"):
        real_areas(city, tmp_path)
