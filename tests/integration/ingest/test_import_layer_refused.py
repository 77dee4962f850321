"""Files and wishes that are refused with one sentence, and leave nothing behind."""

import json
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError

from layers.errors import (
    ImportRefused,
    InvalidParameter,
    LayersError,
    UnreadableFile,
)
from layers.ingest.layer_options import LayerOptions, language_map
from layers.ingest.layer_publishing import drop_layer
from layers.ingest.report import Mode
from tests.integration.ingest.layer_world import (
    feature,
    features_of,
    geojson,
    is_layer,
    loaded,
    notes,
    rows_of,
    saved,
    version_of,
)

pytestmark = pytest.mark.django_db

HERE = "POINT (23.7281 37.9842)"
BUILT_IN = [
    *("service-points", "neighbourhoods", "municipalities", "gaps", "coverage"),
    *("organization", "run", "location", "district"),
]


# --- Ids and names -------------------------------------------------------------------


@pytest.mark.parametrize("collection", BUILT_IN)
def test_what_is_published_already_keeps_its_name(
    tmp_path: Path, collection: str
) -> None:
    file = geojson(tmp_path / f"{collection}.geojson", feature(HERE))
    for given in (collection, None):
        with pytest.raises(InvalidParameter, match="published already"):
            loaded(file, collection=given, replace=True)
    with pytest.raises(InvalidParameter, match="published with import_layer"):
        drop_layer(collection)


def test_a_layer_is_not_replaced_by_accident(tmp_path: Path) -> None:
    loaded(geojson(tmp_path / "a.geojson", feature(HERE, n=1)))
    with pytest.raises(InvalidParameter, match="--replace"):
        loaded(geojson(tmp_path / "b.geojson", feature(HERE, n=2)))
    assert rows_of("n") == [(1,)]


@pytest.mark.parametrize("given", ["A", "a_b", "a b", "../a", 'a"', "x" * 51, ""])
def test_an_id_that_is_no_part_of_a_url_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(InvalidParameter, match="collection"):
        loaded(geojson(tmp_path / "a.geojson", feature(HERE)), collection=given)


def test_an_arabic_file_name_asks_for_an_id(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="give --collection"):
        loaded(geojson(tmp_path / "مدارس.geojson", feature(HERE)), collection=None)


@pytest.mark.parametrize(
    "options",
    [
        {"key": "a", "is_renumbered": True},
        {"x": "a"},
        {"wkt": "a", "x": "a", "y": "b"},
        {"instant": "a", "is_timeless": True},
        {"instant": "a", "interval": ("a", "b")},
    ],
)
def test_wishes_that_contradict_each_other_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameter):
        LayerOptions(**options)


@pytest.mark.parametrize("text", ["Schools", "=x", "el=", "greek=x", "EL=x", "el= "])
def test_a_title_names_its_language(text: str) -> None:
    with pytest.raises(InvalidParameter, match="el=Σχολεία"):
        language_map([text], "title")
    assert language_map(["el=α=β", "en=b"], "title") == {"el": "α=β", "en": "b"}


# --- Layers of a file ------------------------------------------------------------------


def test_of_several_layers_one_is_chosen_by_name(tmp_path: Path) -> None:
    file = saved(tmp_path / "city.gpkg", [shapely.Point(1, 1)], layer="one")
    saved(file, [shapely.Point(1, 1)] * 2, layer="δύο", append=True)
    with pytest.raises(
        UnreadableFile, match="2 layers; choose one with --layer: one, δύο"
    ):
        loaded(file)
    with pytest.raises(InvalidParameter, match="one of one, δύο"):
        loaded(file, layer="three")
    assert loaded(file, layer="δύο", collection=None).what == "layer dyo"


def test_styles_that_qgis_keeps_beside_a_layer_are_no_choice(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(1, 1)], layer="one")
    saved(file, [None], geometry_type=None, crs=None, layer="layer_styles", append=True)
    assert loaded(file, collection=None).what == "layer a"


# --- Rows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [
        (475_973, 4_203_808, "EPSG:4326"),  # metres in a file of degrees
        (23.7, 97.0, "EPSG:4326"),
        (-181, 0, "EPSG:4326"),
        (float("inf"), 0, "EPSG:4326"),
        (1e30, 1e30, "EPSG:2100"),
    ],
)
def test_a_place_that_is_nowhere_keeps_the_file_out(
    tmp_path: Path, x: float, y: float, crs: str
) -> None:
    good = (23.7, 37.9) if crs == "EPSG:4326" else (475_973, 4_203_808)
    points = [shapely.Point(good), shapely.Point(x, y)]
    file = saved(tmp_path / "a.gpkg", points, {"n": np.array([1, 2])}, crs=crs)
    report = loaded(file)
    assert not report.written
    assert not is_layer("a")
    (finding,) = report.findings["refused"].kept
    assert finding.row == 2
    assert "outside the reference system" in finding.reason
    report = loaded(file, mode=Mode(accept_partial=True))
    assert report.written
    assert rows_of("n") == [(1,)]


def test_texts_that_no_database_can_hold_keep_the_file_out(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    whole = {"type": "FeatureCollection", "features": [feature(HERE, t="a\u0000b")]}
    file.write_text(json.dumps(whole))
    pq.write_table(pa.table({"t": ["a\x00b", "c"]}), tmp_path / "a.parquet")
    report = loaded(tmp_path / "a.parquet")
    assert not report.written
    assert "NUL" in report.findings["refused"].kept[0].reason
    assert loaded(tmp_path / "a.parquet", mode=Mode(accept_partial=True)).created == 1


def test_infinite_numbers_keep_the_file_out_and_nan_is_nothing(tmp_path: Path) -> None:
    table = pa.table({"a": [1.5, float("inf")], "b": [float("nan"), 1.0]})
    pq.write_table(table, tmp_path / "a.parquet")
    report = loaded(tmp_path / "a.parquet")
    (finding,) = report.findings["refused"].kept
    assert (finding.row, finding.field) == (2, "a")
    assert "b: 1 times NaN" in notes(report)
    loaded(tmp_path / "a.parquet", mode=Mode(accept_partial=True))
    assert rows_of("a, b") == [(1.5, None)]


def test_a_value_that_its_type_cannot_hold_is_named_without_the_row(
    tmp_path: Path,
) -> None:
    # 30 February: GDAL hands it on as text, PostgreSQL does not take it.
    file = saved(
        tmp_path / "a.gpkg",
        [shapely.Point(0, 0)],
        {"at": np.array(["2026-01-01T10:00:00"], "M8[ms]")},
    )
    with sqlite3.connect(file) as opened:
        for (trigger,) in opened.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            opened.execute(f'DROP TRIGGER "{trigger}"')
        opened.execute("UPDATE a SET at = '2026-02-30T10:00:00Z'")
    with pytest.raises(ImportRefused, match=r"column 'at'.*nothing was written"):
        loaded(file)
    assert not is_layer("a")


def test_a_dry_run_says_all_and_writes_nothing(tmp_path: Path) -> None:
    before = version_of("catalogue")
    report = loaded(
        geojson(tmp_path / "a.geojson", feature(HERE)), mode=Mode(dry_run=True)
    )
    assert report.created == 1
    assert report.figures["key"] == "fid"
    assert not report.written
    assert not is_layer("a")
    assert version_of("catalogue") == before


# --- Limits -------------------------------------------------------------------------


def test_too_many_features_columns_and_bytes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(0, 0)] * 30)
    monkeypatch.setattr("layers.ingest.layer_import.MAX_FEATURES", 29)
    with pytest.raises(UnreadableFile, match="more than 29 features"):
        loaded(file)
    monkeypatch.undo()
    monkeypatch.setattr("layers.ingest.layer_import.max_bytes", lambda: 10)
    with pytest.raises(UnreadableFile, match="times the size"):
        loaded(file)
    monkeypatch.undo()
    wide = geojson(
        tmp_path / "w.geojson", feature(HERE, **{f"c{n}": n for n in range(501)})
    )
    with pytest.raises(UnreadableFile, match="more than 500 columns"):
        loaded(wide)
    assert not is_layer("a")


def test_a_view_that_makes_rows_without_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(tmp_path / "a.gpkg", [shapely.Point(0, 0)] * 100)
    with sqlite3.connect(file) as opened:
        opened.execute(
            "CREATE VIEW bomb AS SELECT a.n + b.n + c.n AS n FROM a, a AS b, a AS c"
        )
        opened.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
            " VALUES ('bomb', 'attributes', 'bomb')"
        )
    monkeypatch.setattr("layers.ingest.layer_import.MAX_FEATURES", 50_000)
    with pytest.raises(UnreadableFile, match="more than 50,000 features"):
        loaded(file, layer="bomb")


def test_after_very_many_faults_a_file_is_not_read_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.ingest.layer_import.MAX_REFUSED_ROWS", 10)
    points = [shapely.Point(500, 500)] * 11
    report = loaded(saved(tmp_path / "a.gpkg", points), mode=Mode(accept_partial=True))
    assert not report.written
    assert "too many faults" in str(report.findings["refused"].kept[-1])


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 60_000_000)
    with pytest.raises(UnreadableFile, match="ZIP bombs"):
        loaded(file)


@pytest.mark.parametrize("inside", ["readme.txt.pdf", "__MACOSX/a.shp", ".a.geojson"])
def test_an_archive_without_a_layer_says_so(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(inside, "x")
    with pytest.raises(UnreadableFile, match="no file in the archive"):
        loaded(file)


def test_of_several_files_in_an_archive_one_is_chosen(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("one.geojson", "{}")
        archive.writestr("in/two.csv", "n\n1\n")
    with pytest.raises(UnreadableFile, match=r"2 files in the archive.*one, two"):
        loaded(file)
    with pytest.raises(UnreadableFile, match="one, two"):
        loaded(file, layer="three")


# --- Files that are none, or lead elsewhere --------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("/vsicurl/https://example.org/a.geojson", "/vsizip//etc/x.zip/a.shp", "-"),
        *(
            "https://example.org/a.geojson",
            "PG:host=localhost",
            "/vsistdin/",
            "/dev/zero",
        ),
        *("/etc", "missing.gpkg", "a\x00b", '{"type":"Point","coordinates":[0,0]}'),
    ],
)
def test_what_is_no_file_here_is_refused(path: str) -> None:
    with pytest.raises(UnreadableFile):
        loaded(Path(path))


def test_an_exclamation_mark_does_not_lead_to_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    geojson(tmp_path / "secret.geojson", feature(HERE, n="secret"))
    monkeypatch.chdir(tmp_path)
    archive = tmp_path / "b!secret.kmz"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("doc.kml", "<kml/>")
    with pytest.raises(UnreadableFile, match="no '!'"):
        loaded(archive)
    with pytest.raises(UnreadableFile, match="no '!'"):
        loaded(geojson(tmp_path / "a!secret.geojson", feature(HERE, n="open")))


def test_a_virtual_file_is_not_followed(tmp_path: Path) -> None:
    other = geojson(tmp_path / "other.geojson", feature(HERE))
    for name in ("a.vrt", "a.geojson", "a.csv"):
        file = tmp_path / name
        file.write_text(
            '<OGRVRTDataSource><OGRVRTLayer name="other"><SrcDataSource>'
            f"{other}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
        )
        if name == "a.csv":
            loaded(file)  # a table of one column with that text in it
            assert rows_of("count(*)", order="1") == [(0,)]
        else:
            with pytest.raises(UnreadableFile):
                loaded(file)


@pytest.mark.parametrize(
    "content",
    [
        b"not a map",
        b'{"type": "FeatureCollection", "features": [',
        b"SQLite format 3\x00" + b"\x00" * 200,
        b"fgb\x03fgb\x00" + b"\x00" * 100,
        b"PAR1" + b"\x00" * 100 + b"PAR1",
        b"PAR1",
        b"<?xml version='1.0'?><kml>",
        b"PK\x03\x04junk",
        b"{" * 100_000,
        bytes(range(256)) * 100,
    ],
    ids=range(10),
)
@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "fgb", "parquet", "zip"])
def test_junk_is_refused_with_one_sentence(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    file = tmp_path / f"junk.{suffix}"
    file.write_bytes(content)
    with pytest.raises(LayersError) as refusal:
        loaded(file)
    assert str(tmp_path) not in str(refusal.value)
    assert not is_layer("a")


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "parquet", "geojson", "geojsonl"])
def test_a_file_that_ends_too_soon_is_refused(tmp_path: Path, suffix: str) -> None:
    rng = np.random.default_rng(2)
    points = [shapely.Point(p) for p in rng.uniform(0, 10, (5_000, 2))]
    file = tmp_path / f"a.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table({"a": rng.random(50_000)}), file)
    else:
        saved(file, points)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(LayersError):
        loaded(file)
    assert not is_layer("a")


def test_what_is_left_of_a_file_is_taken_when_that_is_asked_for(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.fgb", [shapely.Point(n / 50, 0) for n in range(5_000)])
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    report = loaded(file, mode=Mode(accept_partial=True))
    assert 0 < report.created < 5_000
    assert "it says it has 5000 features" in notes(report)


def test_geometries_of_surfaces_are_refused_by_row(tmp_path: Path) -> None:
    source = tmp_path / "wkt.csv"
    source.write_text(
        'WKT,n\n"TIN(((0 0 0,1 0 0,0 1 0,0 0 0)))",1\n"POINT Z (1 1 1)",2\n'
    )
    file = tmp_path / "a.gpkg"
    subprocess.run(
        [
            "ogr2ogr",
            "-f",
            "GPKG",
            file,
            source,
            "-nlt",
            "GEOMETRY",
            "-a_srs",
            "EPSG:4326",
        ],
        check=True,
        capture_output=True,
    )
    report = loaded(file)
    assert not report.written
    assert "cannot be read" in report.findings["refused"].kept[0].reason


def test_texts_in_a_wrong_encoding_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("name\nΣχολείο\n".encode("cp1253"))
    report = loaded(file, encoding="utf-8")
    assert not report.written
    assert "not UTF-8" in report.findings["refused"].kept[0].reason
    with pytest.raises(UnreadableFile, match="not UTF-16 text"):
        loaded(file, encoding="utf-16")
    with pytest.raises(InvalidParameter, match="cp1253"):
        loaded(file, encoding="greek-ish")
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(file, "a.csv")
    assert not loaded(archive).written
    with pytest.raises(InvalidParameter, match="unpack it"):
        loaded(archive, encoding="cp1253")
    with pytest.raises(InvalidParameter, match="says its own"):
        loaded(saved(tmp_path / "a.gpkg", [shapely.Point(0, 0)]), encoding="cp1253")


@pytest.mark.parametrize("options", [{"x": "lon", "y": "nope"}, {"wkt": "nope"}])
def test_columns_of_places_that_are_missing_are_named(
    tmp_path: Path, options: dict[str, str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("lon,lat\n23,38\n")
    with pytest.raises(InvalidParameter, match="one of the columns lon, lat"):
        loaded(file, srid=4326, **options)


def test_a_system_for_a_table_without_places_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("n\n1\n")
    with pytest.raises(InvalidParameter, match="without geometries"):
        loaded(file, srid=4326)


# --- Hostile content ------------------------------------------------------------------


def test_sql_in_every_corner_stays_text(tmp_path: Path) -> None:
    bad = "'; DROP TABLE layers_service; -- \" %s %(x)s $$ \\. \\N {} \u202e"
    file = geojson(tmp_path / "a.geojson", feature(HERE, bad, **{bad: bad, "n": [bad]}))
    loaded(file, titles={"en": bad}, licence=bad, attribution=bad, source=bad)
    (found,) = features_of()
    assert found["id"] == bad
    (changed,) = [name for name in found["properties"] if name.startswith("'; DROP")]
    assert found["properties"][changed] == bad
    assert found["properties"]["n"] == [bad]
    assert rows_of("count(*)", "service_point") == [(0,)]


# --- The commands -----------------------------------------------------------------------


def test_the_command_ends_with_one_line_for_a_refusal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = geojson(tmp_path / "a.geojson", feature("POINT (500 500)"))
    with pytest.raises(CommandError, match="was refused; nothing was written"):
        call_command("import_layer", file, "--collection", "a")
    assert "lies outside the reference system" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there is no layer 'a'"):
        call_command("drop_layer", "a")


def test_the_command_publishes_and_drops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = geojson(
        tmp_path / "a.geojson", feature(HERE, a="2026-01-01", b="2026-01-02")
    )
    call_command(
        *("import_layer", file, "--title", "el=Α", "en=A", "--interval", "a", "b"),
        *("--license", "CC0", "--report", tmp_path / "report.json"),
    )
    assert "a.geojson -> layer a\n" in capsys.readouterr().out
    assert json.loads((tmp_path / "report.json").read_text())["written"] is True
    call_command("drop_layer", "a")
    assert not is_layer("a")
    assert version_of("layer:a") == 2
