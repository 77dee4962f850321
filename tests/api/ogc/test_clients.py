"""QGIS, GDAL and OWSLib read every layer from a served city without a tweak.

What they should see is asked of the database by statements of the tests' own.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from owslib.ogcapi.features import Features
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from layers.published.connection import close_pool
from layers.published.layers import catalogue
from layers.published.layers.layer import GeometryKind
from tests.api.ogc.zoo import build_zoo, drop_zoo
from tests.api.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PYTHON = "/usr/bin/python3"
TIMEOUT_S = 100

QGIS_TYPES = {
    "id": "String", "n": "Integer", "kind": "String", "word": "String", "share": "Real",
    "ok": "Boolean", "day": "Date", "at": "DateTime", "tags": "StringList",
    "ref": "String", "Πλήθος": "Integer64", "limit": "Integer",
}  # fmt: skip
GDAL_TYPES = {
    "id": "String", "n": "Integer", "kind": "String", "word": "String", "share": "Real",
    "ok": "Integer(Boolean)", "day": "Date", "at": "DateTime", "tags": "StringList",
    "raw": "String(JSON)", "ref": "String", "Πλήθος": "Integer64", "limit": "Integer",
}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """What the database holds of a layer."""

    n: int
    placed: int
    bounds: list[float] | None
    geometry: GeometryKind | None


@dataclass(frozen=True)
class Served:
    """A served city and what is true of its layers."""

    url: str
    layers: dict[str, Truth]


@pytest.fixture(scope="module")
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Served]:
    """Serve the city and the zoo, and leave an empty database behind."""
    assert connection.settings_dict["NAME"].startswith("test_")
    with django_db_blocker.unblock():
        build_world()
        build_zoo()
        server = LiveServer("127.0.0.1")
        try:
            yield Served(f"{server.url}/ogc/", truths())
        finally:
            server.stop()
            close_pool()
            drop_zoo()
            call_command("flush", interactive=False, verbosity=0)


def truths() -> dict[str, Truth]:
    """Return what the database holds of each layer."""
    found = {}
    for layer in catalogue.layers():
        geometry = layer.geometry
        box = f'ST_Transform("{geometry.name}", 4326)' if geometry else "NULL::geometry"
        edges = ", ".join(
            f"{edge}(box)" for edge in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")
        )
        with connection.cursor() as cursor:
            cursor.execute(  # names are of our own schema
                f"SELECT n, placed, {edges} FROM (SELECT count(*) AS n, count({box}) AS placed, "  # noqa: S608
                f'ST_Extent({box}) AS box FROM published."{layer.id}") s'
            )
            n, placed, *bounds = cursor.fetchone()
        kind = geometry.kind if geometry else None
        found[layer.id] = Truth(n, placed, None if bounds[0] is None else bounds, kind)
    return found


def run(command: list[str], home: Path) -> str:
    """Return what a program prints; its errors are ours."""
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": "",
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "ERROR" not in done.stderr, done.stderr[-2000:]
    return done.stdout


# --- QGIS --------------------------------------------------------------------


@pytest.fixture(scope="module")
def qgis(served: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what QGIS sees of every layer, and of two boxes."""
    there = (
        subprocess.run(
            [PYTHON, "-c", "import qgis.core"], capture_output=True, check=False
        )
        if Path(PYTHON).exists()
        else None
    )
    if there is None or there.returncode:
        pytest.skip("no QGIS here: apt-get install python3-qgis")
    home = tmp_path_factory.mktemp("qgis")
    home.chmod(0o700)
    script = Path(__file__).with_name("qgis_client.py")
    asked = [
        *served.layers,
        "places@-0.1,-1,1.1,1",
        "service-points@23.715,37.965,23.735,37.975",
    ]
    text = run([PYTHON, str(script), served.url, *asked], home)
    seen: dict[str, Any] = json.loads(text)
    return seen


def test_qgis_reads_every_feature_of_every_layer(
    served: Served, qgis: dict[str, Any]
) -> None:
    for name, truth in served.layers.items():
        seen = qgis[name]
        assert "error" not in seen, (name, seen)
        assert (seen["features"], seen["count"], seen["placed"]) == (
            truth.n, truth.n, truth.placed,
        ), name  # fmt: skip


def test_qgis_sees_where_every_layer_is(served: Served, qgis: dict[str, Any]) -> None:
    for name, truth in served.layers.items():
        if truth.bounds:
            assert qgis[name]["extent"] == pytest.approx(truth.bounds, abs=1e-5), name
            assert qgis[name]["crs"] == "EPSG:4326"


def test_qgis_sees_which_geometry_a_layer_has(
    served: Served, qgis: dict[str, Any]
) -> None:
    for name, truth in served.layers.items():
        if truth.placed and truth.geometry is not None:
            kind = qgis[name]["geometry"].lower().removesuffix("z")
            assert kind == truth.geometry.value, name


def test_qgis_sees_the_types_of_columns(qgis: dict[str, Any]) -> None:
    seen = qgis["places"]["fields"]
    assert {name: seen[name] for name in QGIS_TYPES} == QGIS_TYPES


def test_qgis_loses_no_decimals_behind_whole_numbers(qgis: dict[str, Any]) -> None:
    # It guesses types from the first ten features, and these look whole.
    seen = qgis["gauges"]
    assert seen["fields"]["level"] == seen["fields"]["exact"] == "Real"
    expected = sum(range(1, 13)) + 12.5 + 13.5 + 14.5
    assert [seen["sums"][name] for name in ("level", "exact", "rough")] == [
        expected
    ] * 3


def test_qgis_asks_for_a_box(qgis: dict[str, Any]) -> None:
    assert qgis["places@-0.1,-1,1.1,1"]["ids"] == ["p01", "p02", "p03"]
    assert qgis["service-points@23.715,37.965,23.735,37.975"]["features"] == 3


# --- GDAL --------------------------------------------------------------------


@pytest.fixture
def gdal(tmp_path: Path) -> Path:
    """Return a home for GDAL's programs, or skip."""
    if not shutil.which("ogrinfo") or not shutil.which("ogr2ogr"):
        pytest.skip("no GDAL programs here: apt-get install gdal-bin")
    return tmp_path


def pulled(served: Served, layer: str, home: Path, *more: str) -> list[dict[str, Any]]:
    """Return the features that ogr2ogr copies from a layer."""
    target = home / "out.geojsonl"
    target.unlink(missing_ok=True)
    source = [f"OAPIF:{served.url}", layer]
    run(["ogr2ogr", "-f", "GeoJSONSeq", str(target), *source, *more], home)
    if not target.exists():
        return []
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def test_gdal_lists_every_layer(served: Served, gdal: Path) -> None:
    for url in (served.url, served.url.rstrip("/")):
        listed = run(["ogrinfo", "-q", f"OAPIF:{url}"], gdal)
        for name in served.layers:
            assert f": {name}" in listed


def test_gdal_copies_every_feature_of_every_layer(served: Served, gdal: Path) -> None:
    # GDAL 3.6 asks for ten at a time: the pages are followed, too.
    for name, truth in served.layers.items():
        features = pulled(served, name, gdal)
        assert len(features) == truth.n, name
        assert sum(f["geometry"] is not None for f in features) == truth.placed, name


def test_gdal_sees_counts_extents_and_types(served: Served, gdal: Path) -> None:
    said = run(["ogrinfo", "-so", f"OAPIF:{served.url}", "places"], gdal)
    assert "Geometry: Point" in said
    assert "Feature Count: 25" in said
    assert "Extent: (-179.500000, -89.000000) - (179.500000, 89.000000)" in said
    for name, kind in GDAL_TYPES.items():
        assert f"{name}: {kind} (" in said, (name, said)


def test_gdal_loses_no_decimals_behind_whole_numbers(
    served: Served, gdal: Path
) -> None:
    last = pulled(served, "gauges", gdal)[-1]["properties"]
    assert last == {"id": 15, "level": 14.5, "exact": 14.5, "rough": 14.5}


def test_gdal_leaves_filters_to_the_server(served: Served, gdal: Path) -> None:
    debug = ["--debug", "on"]
    by_value = pulled(served, "places", gdal, "-where", "n = 7")
    assert [f["properties"]["id"] for f in by_value] == ["p07"]
    by_box = pulled(served, "places", gdal, "-spat", "-0.1", "-1", "1.1", "1")
    placed = [f["properties"]["id"] for f in by_box if f["geometry"]]
    assert placed == ["p01", "p02", "p03"]
    done = subprocess.run(
        ["ogrinfo", *debug, "-ro", "-al", "-q", "-where", "n = 7", f"OAPIF:{served.url}", "places"],
        capture_output=True, text=True, timeout=TIMEOUT_S, check=True,
    )  # fmt: skip
    assert "&n=7" in done.stderr


def test_gdal_opens_a_collection_by_its_own_address(served: Served, gdal: Path) -> None:
    said = run(["ogrinfo", "-so", "-al", f"OAPIF:{served.url}collections/places"], gdal)
    assert "Feature Count: 25" in said


# --- OWSLib ------------------------------------------------------------------


@pytest.fixture
def owslib(served: Served) -> Features:
    """Return OWSLib's client."""
    return Features(served.url)


def test_owslib_finds_its_way(served: Served, owslib: Features) -> None:
    assert set(owslib.feature_collections()) == set(served.layers)
    assert any(uri.endswith("/conf/core") for uri in owslib.conformance()["conformsTo"])
    assert owslib.api()["openapi"].startswith("3.0")


def test_owslib_reads_every_layer(served: Served, owslib: Features) -> None:
    for name, truth in served.layers.items():
        said = owslib.collection_items(name, limit=10_000)
        assert len(said["features"]) == said["numberMatched"] == truth.n, name
        described = owslib.collection(name)
        if truth.bounds:
            (box,) = described["extent"]["spatial"]["bbox"]
            assert box == pytest.approx(truth.bounds, abs=1e-6), name
        assert set(owslib.collection_schema(name)["properties"]) >= set(
            owslib.collection_queryables(name)["properties"]
        )


def test_owslib_asks_for_boxes_times_and_filters(owslib: Features) -> None:
    asked = {"bbox": [0, 0, 2, 0], "datetime_": "2026-01-02/..", "filter": "n < 5"}
    said = owslib.collection_items("places", **asked)
    assert [f["id"] for f in said["features"]] == ["p02", "p03", "p04"]
    assert owslib.collection_item("places", "p07")["properties"]["n"] == 7
