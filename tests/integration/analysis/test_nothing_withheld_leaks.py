"""One small city, every output of its figures: what is withheld is in none of them.

Of A all but 4 of 1,241 residents reach the clinic, so A is withheld, and B with it, as
B's count is the city's less A's. Secret are 1,237 and 4 of A, 2,311 and 6,871 of B, and
their shares. The city's 3,548 and 6,875 are told, and so is who lives where.
"""

import io
import itertools
import json
import re
import shutil
import sqlite3
import struct
import zipfile
from pathlib import Path
from typing import Any

import mapbox_vector_tile as mvt
import pytest
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.exports.formats import FORMATS
from layers.geo import WGS84, transformer
from layers.models import AnalysisRun, District, ResultRow
from layers.published.layers import catalogue, tiles
from layers.tiles.tilesets import tile_at
from layers.web.committee.files import PICTURES
from layers.web.committee.tables import TABLES
from tests.integration.analysis.city import CORNER, City, box

pytestmark = pytest.mark.django_db

SECRETS = (1237.0, 2311.0, 6871.0)
SHARES = (1237 / 1241, 2311 / 9182, 4 / 1241, 6871 / 9182)
TOLD = 3548.0
LEVELS = ("neighbourhood", "municipal_community", "municipality")


@pytest.fixture
def town(city: City) -> City:
    catalogue.forget()
    tiles.forget()
    cache.clear()
    city.place(300, "clinic")
    city.place(1900, "clinic")
    city.people(300, 1237)
    city.people(990, 4, y=20_000)
    city.people(1900, 2311)
    city.people(1400, 6871, y=20_000)
    _far(city)
    city.publish()
    for level, by in itertools.product(LEVELS, ("category", "committee")):
        get_or_run(CoverageParameters("athens", level=level, by=by), as_default=True)
    return city


def _far(city: City) -> None:
    """Stretch the districts northwards, so that people of them live far from clinics."""
    for code, x0, x1 in (
        ("A", 0, 1000),
        ("B", 1000, 2000),
        ("C", 0, 2000),
        ("M", 0, 2000),
    ):
        District.objects.filter(code=code).update(boundary=box(x0, x1, 0, 21_000))
    city.municipality.boundary = box(0, 2000, 0, 21_000)
    city.municipality.save()


def spoken(count: float) -> list[str]:
    """Return the ways in which a text may write a count."""
    whole = f"{count:.0f}"
    grouped = [
        f"{whole[:-3]}{mark}{whole[-3:]}"
        for mark in (",", ".", "\u202f", "\xa0", " ", "٬")
    ]
    return [whole, *grouped]


def written(share: float) -> list[str]:
    return [f"{share:.6f}", f"{share:.4f}", f"{100 * share:.1f}", f"{100 * share:.2f}"]


def leaks(content: bytes) -> list[str]:
    """Return which secrets some content holds, as text or as a number in binary."""
    text = content.decode("utf-8", "replace")
    words = [word for count in SECRETS for word in spoken(count)]
    words += [word for share in SHARES for word in written(share) if len(word) > 4]
    found = [
        text[max(0, m.start() - 200) : m.end() + 30]
        for w in words
        for m in [re.search(rf"(?<![\w.,]){re.escape(w)}(?![\w])", text)]
        if m
    ]
    numbers = [*SECRETS, *(round(share, 6) for share in SHARES)]
    return found + [str(n) for n in numbers if struct.pack("<d", n) in content]


def unpacked(content: bytes, tmp_path: Path) -> bytes:
    """Return content without its wrapping: files of an archive, rows of a GeoPackage."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"SQLite format 3"):
        path = tmp_path / "file.gpkg"
        path.write_bytes(content)
        with sqlite3.connect(path) as file:
            names = [r[0] for r in file.execute("SELECT table_name FROM gpkg_contents")]
            rows = [
                file.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
                for name in names
            ]
        return repr(rows).encode()
    return content


def read(path: str) -> bytes:
    answer = Client().get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    if answer.streaming:
        return b"".join(answer.streaming_content)
    return bytes(answer.content)


def told(content: bytes) -> bool:
    """Tell whether the city's own count is there: the search sees what is written."""
    text = content.decode("utf-8", "replace")
    return (
        any(word in text for word in spoken(TOLD)) or struct.pack("<d", TOLD) in content
    )


def test_the_town_withholds_both_districts(town: City) -> None:
    for term in ("clinic", "health"):
        rows = ResultRow.objects.filter(
            run__parameters__by="category", term=term, level="neighbourhood"
        )
        by_code = {row.district_code: row for row in rows}
        assert by_code["A"].is_suppressed
        assert by_code["B"].is_suppressed
        assert by_code[""].residents_served == TOLD


def test_no_answer_of_the_api_holds_a_secret(town: City) -> None:
    run = AnalysisRun.objects.filter(parameters__by="category").first()
    assert run is not None
    asked = [
        f"/api/v1/{name}?municipality=athens&level={level}&by={by}{more}"
        for name in ("coverage", "gaps")
        for level in LEVELS
        for by in ("category", "committee")
        for more in ("", "&f=csv", "&f=geojson")
        if Client().get(f"/api/v1/{name}?municipality=athens{more}").status_code == 200
    ]
    assert len(asked) >= 12
    for path in [*asked, "/api/v1/runs", f"/api/v1/runs/{run.pk}"]:
        assert leaks(read(path)) == [], path
    assert told(read("/api/v1/coverage?municipality=athens"))


def test_no_layer_item_tile_or_file_holds_a_secret(town: City, tmp_path: Path) -> None:
    lon, lat = transformer(2100, WGS84).transform(CORNER[0] + 900, CORNER[1] + 900)
    for layer in ("coverage", "gaps"):
        items = read(f"/ogc/collections/{layer}/items?limit=1000&f=json")
        assert leaks(items) == []
        assert told(items) or layer == "gaps"
        for code in FORMATS:
            content = unpacked(read(f"/api/v1/exports/{layer}.{code}"), tmp_path)
            assert leaks(content) == [], code
        for zoom in (10, 13):
            x, y = tile_at(lon, lat, zoom)[-2:]
            answer = Client().get(f"/tiles/{layer}/{zoom}/{x}/{y}.pbf")
            if answer.status_code == 200:
                text = json.dumps(mvt.decode(answer.content), ensure_ascii=False)
                assert leaks(text.encode()) == []


@pytest.mark.parametrize("level", LEVELS[:2])
def test_no_page_picture_or_table_of_a_committee_holds_a_secret(
    town: City, level: str
) -> None:
    page = "/en/committees/health"
    for more in ("", "&category=clinic", "&threshold_min=15"):
        asked = f"?level={level}{more}"
        assert leaks(read(page + asked)) == [], asked
        for blocks, kind in ((TABLES, "csv"), (PICTURES, "svg")):
            for block in blocks:
                answer = Client().get(f"{page}/{block}.{kind}{asked}")
                if answer.status_code == 200:
                    assert leaks(answer.content) == [], (block, kind)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium: no PDF")
def test_no_meeting_report_holds_a_secret(town: City) -> None:
    reader = PdfReader(io.BytesIO(read("/en/committees/health.pdf")))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert leaks(text.encode()) == []
    assert "6,875" in text


ADDED = {
    "residents_served", "residents_unserved", "share_served", "mean_walk_m",
    "residents_with_capacity", "residents_without_capacity", "access_per_1000",
    "access_per_1000_fresh", "gap_depth", "need_weighted_gap", "shortage_places",
    "open_share", "open_share_high",
}  # fmt: skip
"""Figures whose city-wide value is a sum of the districts', or a mean by residents."""


def test_in_no_column_does_a_withheld_district_follow_from_the_others(
    town: City,
) -> None:
    for by in ("category", "committee"):
        answer: Any = json.loads(read(f"/api/v1/coverage?municipality=athens&by={by}"))
        cells: dict[tuple[str, str], list[tuple[Any, Any]]] = {}
        for row in answer["items"]:
            for column, value in row.items():
                if column in ADDED:
                    cells.setdefault((row["term"], column), []).append(
                        (row["code"], value)
                    )
        assert {column for _, column in cells} == ADDED
        for (term, column), values in cells.items():
            n_hidden = sum(value is None for _, value in values)
            # One unknown beside all others would be the one that they leave.
            assert n_hidden != 1, (term, column, values)
