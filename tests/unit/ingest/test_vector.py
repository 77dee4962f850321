"""Vector files of any kind, and those that would lead elsewhere."""

import json
import os
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import CRS

from layers.errors import InvalidParameter, LayersError, UnreadableFile
from layers.ingest.gdal import FOLLOWING_DRIVERS
from layers.ingest.vector import read_vector

OMONIA = (23.7281, 37.9842)
# SELECT ST_Transform(ST_SetSRID(ST_Point(23.7281, 37.9842), 4326), 2100)
OMONIA_2100 = (475_973.085, 4_203_808.926)


def saved(
    path: Path, geometries: Any, *, crs: str | None = "EPSG:4326", **kw: Any
) -> Path:
    wkb = shapely.to_wkb(np.asarray(geometries, dtype=object))
    if path.suffix == ".kml":
        kw["driver"] = "KML"  # GDAL has two
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that no system is given is what is tested
        pyogrio.raw.write(
            path,
            wkb,
            [np.array([f"n{i}" for i in range(len(wkb))], dtype=object)],
            ["label"],
            geometry_type="Point",
            crs=crs,
            **kw,
        )
    return path


@pytest.mark.parametrize(
    "suffix", ["geojson", "gpkg", "shp", "fgb", "kml", "gml", "sqlite", "geojsonl"]
)
def test_every_format_gives_lon_before_lat(tmp_path: Path, suffix: str) -> None:
    file = read_vector(saved(tmp_path / f"a.{suffix}", [shapely.Point(OMONIA)]))
    (feature,) = file.features
    assert feature.number == 1
    assert feature.geometry is not None
    assert shapely.get_coordinates(feature.geometry)[0] == pytest.approx(OMONIA)


def test_the_greek_grid_becomes_degrees(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(OMONIA_2100)], crs="EPSG:2100")
    (feature,) = read_vector(file).features
    assert feature.geometry is not None
    assert feature.geometry.x == pytest.approx(OMONIA[0], abs=2e-5)
    assert feature.geometry.y == pytest.approx(OMONIA[1], abs=2e-5)


def test_a_zipped_shapefile_is_read_in_place(tmp_path: Path) -> None:
    saved(tmp_path / "a.shp", [shapely.Point(OMONIA)])
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for part in tmp_path.glob("a.*"):
            if part.suffix != ".zip":
                packed.write(part, part.name)
    assert len(read_vector(archive).features) == 1


def test_a_file_without_a_system_needs_one(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.fgb", [shapely.Point(OMONIA)], crs=None)
    with pytest.raises(InvalidParameter, match="give --crs"):
        read_vector(file)
    assert len(read_vector(file, crs="EPSG:4326").features) == 1


def test_a_given_system_replaces_a_wrong_one_and_is_remarked(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.geojson", [shapely.Point(OMONIA_2100)])
    found = read_vector(file, crs="EPSG:2100")
    assert found.features[0].geometry is not None
    assert found.features[0].geometry.x == pytest.approx(OMONIA[0], abs=2e-5)
    assert "read as EPSG:2100" in found.remarks[-1]


@pytest.mark.parametrize("crs", ["EPSG:0", "Athens", "EPSG:4979+5773", "", "\x00"])
def test_an_unknown_system_is_refused(tmp_path: Path, crs: str) -> None:
    file = saved(tmp_path / "a.fgb", [shapely.Point(OMONIA)], crs=None)
    with pytest.raises(InvalidParameter, match="crs"):
        read_vector(file, crs=crs)


def test_coordinates_beyond_their_system_are_a_fault_of_the_row(tmp_path: Path) -> None:
    points = [shapely.Point(1e30, 1e30), shapely.Point(OMONIA_2100)]
    file = saved(tmp_path / "a.gpkg", points, crs="EPSG:2100")
    bad, good = read_vector(file).features
    assert bad.geometry is None
    assert bad.fault == "coordinates outside their reference system"
    assert good.fault == ""


def test_layers_are_chosen_by_name(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(OMONIA)], layer="one")
    saved(file, [shapely.Point(OMONIA)] * 2, layer="two", append=True)
    assert len(read_vector(file, layer="two").features) == 2
    with pytest.raises(UnreadableFile, match="one, two"):
        read_vector(file)
    with pytest.raises(InvalidParameter, match="one, two"):
        read_vector(file, layer="three")


def test_a_file_without_features_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(UnreadableFile, match="no features"):
        read_vector(file)


def test_too_many_features_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.ingest.vector.MAX_ROWS", 2)
    with pytest.raises(UnreadableFile, match="more than 2"):
        read_vector(saved(tmp_path / "a.gpkg", [shapely.Point(OMONIA)] * 3))


@pytest.mark.parametrize(
    "content",
    [
        b"not a map",
        b'{"type": "FeatureCollection", "features": [',
        b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"',
        b"SQLite format 3\x00" + b"\x00" * 200,
        b"\x00\x00\x27\x0a" + b"\x00" * 200,
        b"<?xml version='1.0'?><kml>",
        b"{" * 100_000,
        os.urandom(50_000),
    ],
    ids=range(8),
)
@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "kml", "zip"])
def test_junk_is_refused_with_one_sentence(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    file = tmp_path / f"junk.{suffix}"
    file.write_bytes(content)
    with pytest.raises(LayersError) as refusal:
        read_vector(file)
    assert str(tmp_path) not in str(refusal.value)


def test_missing_attributes_are_none_or_nan(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    features = [
        {"type": "Feature", "properties": p, "geometry": None}
        for p in ({"people": 3, "name": "a"}, {"people": None, "name": None})
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    first, second = read_vector(file).features
    assert first.values == {"people": 3, "name": "a"}
    assert second.values["name"] is None
    assert second.values["people"] != second.values["people"]


# --- Files that lead elsewhere ---------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return saved(tmp_path / "elsewhere.geojson", [shapely.Point(OMONIA)])


def test_a_virtual_file_is_not_followed(tmp_path: Path, elsewhere: Path) -> None:
    file = tmp_path / "a.vrt"
    file.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="elsewhere"><SrcDataSource>'
        f"{elsewhere}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    for name in ("a.vrt", "a.geojson"):
        file.rename(tmp_path / name)
        file = tmp_path / name
        with pytest.raises(UnreadableFile, match="cannot read"):
            read_vector(file)


def test_a_pipeline_file_is_not_run(tmp_path: Path, elsewhere: Path) -> None:
    file = tmp_path / "a.gdalg.json"
    command = f"gdal vector pipeline ! read {elsewhere}"
    file.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": command}))
    with pytest.raises(UnreadableFile):
        read_vector(file)


@pytest.mark.parametrize(
    "content",
    [
        "<OGRWFSDataSource><URL>http://127.0.0.1:9/wfs</URL></OGRWFSDataSource>",
        '{"links": [{"rel": "conformance", "href": "http://127.0.0.1:9/"}]}',
        "<GDAL_WMS><Service name='TMS'/></GDAL_WMS>",
    ],
)
def test_descriptions_of_services_are_not_asked(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.xml"
    file.write_text(content)
    with pytest.raises(UnreadableFile):
        read_vector(file)


def test_the_drivers_that_follow_are_gone(elsewhere: Path) -> None:
    read_vector(elsewhere)
    assert not set(FOLLOWING_DRIVERS) & set(pyogrio.list_drivers())


def test_systems_are_named(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(OMONIA_2100)], crs="EPSG:2100")
    assert CRS.from_user_input(read_vector(file).crs).to_epsg() == 2100
