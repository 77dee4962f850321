"""`/api/v1/exports`: the layers of the city as files, and what is refused."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import brotli
import psycopg
import pytest
from django.test import Client

from layers.exports.formats import FORMATS, Made
from layers.published.layers import catalogue
from layers.published.layers.streams import SLOTS_KEY, LayerReading
from tests.api.conftest import Get
from tests.api.world import World

pytestmark = pytest.mark.django_db

PLACED = {"hospital", "clinic", "kitchen", "lawyer", "closed_clinic", "old_office"}
"""The services of the city with a public place."""


@pytest.fixture(autouse=True)
def fresh_catalogue() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def names(world: World, said: bytes) -> set[str]:
    return {world.name_of(f["id"]) for f in json.loads(said)["features"]}


def test_the_list_leads_to_every_file(world: World, client: Client, get: Get) -> None:
    listed = get("exports")["items"]
    assert "service-points" in {layer["id"] for layer in listed}
    for layer in listed:
        assert [link["rel"] for link in layer["links"]] == ["enclosure"] * len(FORMATS)
        for link in layer["links"]:
            answer = client.get(link["href"])
            assert answer.status_code == 200, link
            assert answer["Content-Type"] == link["type"]
            body(answer)


@pytest.mark.parametrize("code", list(FORMATS))
def test_a_file_says_what_it_is(world: World, client: Client, code: str) -> None:
    answer = client.get(f"/api/v1/exports/service-points.{code}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == FORMATS[code].media_type
    expected = f'attachment; filename="service-points.{code}"'
    assert answer["Content-Disposition"] == expected
    crs = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert answer["Content-Crs"] == crs
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["ETag"].startswith('W/"')
    assert 'rel="collection"' in answer["Link"]
    sent = body(answer)
    assert len(sent) > 100
    if isinstance(FORMATS[code], Made):
        assert int(answer["Content-Length"]) == len(sent)
    else:
        assert "Content-Length" not in answer


def test_a_whole_layer_holds_every_public_place(world: World, client: Client) -> None:
    answer = client.get("/api/v1/exports/service-points.geojson")
    assert names(world, body(answer)) == PLACED


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": "legal-advice"}, {"lawyer", "old_office"}),
        ({"category": "legal-advice", "status": "active"}, {"lawyer"}),
        ({"bbox": "23.725,37.965,23.745,37.975"}, {"clinic", "kitchen", "closed_clinic"}),
        ({"filter": "gender = 'women'"}, {"clinic"}),
        ({"filter": "S_INTERSECTS(point, BBOX(23.76,38,23.78,38.03))"}, {"lawyer"}),
        (
            {"filter": '{"op":"=","args":[{"property":"gender"},"women"]}',
             "filter-lang": "cql2-json"},
            {"clinic"},
        ),
        ({"q": "kitchen"}, {"kitchen"}),
        ({"category": "nothing-like-it"}, set()),
    ],
)  # fmt: skip
def test_filters_mean_what_they_mean_elsewhere(
    world: World, client: Client, query: dict[str, str], expected: set[str]
) -> None:
    exported = body(client.get("/api/v1/exports/service-points.geojson", query))
    assert names(world, exported) == expected
    listed = client.get("/ogc/collections/service-points/items", {**query, "f": "json"})
    assert names(world, listed.content) == expected


def test_only_what_is_asked_for_is_in_the_file(world: World, client: Client) -> None:
    query = {"properties": "name_en,point", "category": "hospital", "crs": "EPSG:2100"}
    answer = client.get("/api/v1/exports/service-points.geojson", query)
    uri = "http://www.opengis.net/def/crs/EPSG/0/2100"
    assert answer["Content-Crs"] == f"<{uri}>"
    said = json.loads(body(answer))
    (feature,) = said["features"]
    assert feature["properties"] == {"name_en": "The hospital"}
    x, y = feature["geometry"]["coordinates"]
    # Within a kilometre of what the Greek Grid has for 23.72, 37.97.
    assert (round(x, -3), round(y, -3)) == (475_000, 4_202_000)
    assert said["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::2100"


def test_titles_come_in_the_language_asked_for(world: World, client: Client) -> None:
    for lang, title in (("el", "Σημεία υπηρεσιών"), ("en", "Service points")):
        answer = client.get("/api/v1/exports/service-points.geojson", {"lang": lang})
        assert json.loads(body(answer))["title"] == title


def test_a_table_without_places_comes_in_every_format(
    world: World, client: Client
) -> None:
    for code in FORMATS:
        answer = client.get(f"/api/v1/exports/services-without-place.{code}")
        assert answer.status_code == 200
        assert "Content-Crs" not in answer
        assert body(answer)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("service-points.geojson?colour=red", 400, "'colour' is not a parameter"),
        ("service-points.geojson?bbox=1,2,3", 400, "four numbers"),
        ("service-points.gpkg?crs=EPSG:1", 400, "crs: 'EPSG:1' is not allowed"),
        ("service-points.gpkg?bbox=1,2,3,4&bbox=1,2,3,4", 400, "given once"),
        ("service-points.csv?properties=secret", 400, "properties: 'secret'"),
        ("service-points.csv?datetime=yesterday", 400, "datetime"),
        ("service-points.csv?filter=pg_sleep(9)=1", 400, "filter"),
        ("service-points.gpkg?filter=name_en%20=%20", 400, "filter"),
        ("service-points.xlsx?spreadsheet=true", 400, "'spreadsheet' is not a param"),
        ("service-points.csv?limit=1", 400, "'limit' is not a parameter"),
        ("service-points.dwg", 404, "there are geojson, geojsonl, csv"),
        ("service-points.shp", 404, "called 'shp'"),
        ("service-points", 404, "there is no resource"),
        ("service_point.geojson", 404, "there is no layer 'service_point'"),
        ("layers_location.geojson", 404, "there is no layer"),
        ("auth_user.csv", 404, "there is no layer"),
        ('service-points" r; DROP TABLE x; --.csv', 404, "there is no layer"),
    ],
)
def test_what_cannot_be_is_a_problem(
    world: World, client: Client, address: str, status: int, words: str
) -> None:
    answer = client.get(f"/api/v1/exports/{address}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize("code", ["geojson", "gpkg"])
def test_head_reads_no_row(
    world: World, client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = client.get(f"/api/v1/exports/service-points.{code}")
    body(whole)

    def no_rows(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(LayerReading, "_copied", no_rows)
    head = client.head(f"/api/v1/exports/service-points.{code}")
    assert head.status_code == 200
    assert body(head) == b""
    for name in ("Content-Type", "ETag", "Content-Crs", "Content-Disposition"):
        assert head[name] == whole[name]
    assert client.head("/api/v1/exports/service-points.csv?x=1").status_code == 400


def test_what_the_reader_has_is_not_sent_again(world: World, client: Client) -> None:
    address = "/api/v1/exports/service-points.gpkg"
    first = client.get(address)
    body(first)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = client.get(
        address, {"category": "food"}, headers={"if-none-match": first["ETag"]}
    )
    assert other.status_code == 200
    body(other)


@pytest.mark.parametrize(
    ("asked", "unpacked"),
    [("gzip", gzip.decompress), ("br", brotli.decompress), ("identity", bytes)],
)
def test_texts_are_packed_for_whom_asks(
    world: World, client: Client, asked: str, unpacked: Any
) -> None:
    for code in ("geojsonl", "csv"):
        address = f"/api/v1/exports/service-points.{code}"
        plain = body(client.get(address))
        answer = client.get(address, headers={"accept-encoding": asked})
        packed = body(answer)
        assert answer.get("Content-Encoding", "identity") == asked
        assert unpacked(packed) == plain
    file = client.get(
        "/api/v1/exports/service-points.parquet", headers={"accept-encoding": asked}
    )
    assert "Content-Encoding" not in file
    assert body(file).endswith(b"PAR1")


def test_too_many_at_once_are_told_to_come_back(
    world: World, client: Client, settings: Any
) -> None:
    settings.EXPORTS_AT_ONCE = 2
    own = client.get("/api/v1/exports/service-points.geojson")
    assert own.status_code == 200
    body(own)
    database = settings.DATABASES["default"]
    with psycopg.connect(
        dbname=database["NAME"],
        host=database["HOST"],
        user=database["USER"],
        password=database["PASSWORD"],
        port=database["PORT"] or None,
    ) as other:
        for slot in (1, 2):
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SLOTS_KEY, slot])
        answer = client.get("/api/v1/exports/service-points.geojson")
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert "try again soon" in answer.json()["detail"]
    assert body(client.get("/api/v1/exports/service-points.csv"))


def test_the_slowest_export_is_a_problem_too(
    world: World, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXPORT_TIMEOUT_MS = 50

    def slow(reading: LayerReading, *asked: Any) -> Any:
        return reading.records(["pg_sleep(1)"], asked[1])

    monkeypatch.setattr(LayerReading, "json_lines", slow)
    answer = client.get("/api/v1/exports/service-points.geojsonl")
    assert answer.status_code == 503
    assert "took too long" in answer.json()["detail"]


def test_a_layer_imported_anew_is_read_as_it_is_now(
    world: World, client: Client, django_db_blocker: Any
) -> None:
    from django.conf import settings
    from django.db import connection

    def make(columns: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS published.trees")
            cursor.execute(
                f"CREATE TABLE published.trees (id int PRIMARY KEY {columns})"
            )
            cursor.execute(
                "COMMENT ON TABLE published.trees IS "
                """'{"layer": true, "counters": ["layer:trees"]}'"""
            )
            cursor.execute("INSERT INTO published.trees (id) VALUES (1)")
            cursor.execute(
                f'GRANT SELECT ON published.trees TO "{settings.PUBLISHED_ROLE}"'
            )
            cursor.execute(
                "INSERT INTO layers_dataversion VALUES ('catalogue', 1, now()) ON CONFLICT"
                " (name) DO UPDATE SET version = layers_dataversion.version + 1"
            )

    make(", a text")
    address = "/api/v1/exports/trees.csv"
    assert body(client.get(address)) == b"id,a\r\n1,\r\n"
    make(", b text")
    assert body(client.get(address)) == b"id,b\r\n1,\r\n"
    assert client.get(address, {"a": "x"}).status_code == 400
