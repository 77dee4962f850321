"""Features Part 1, core: landing page, conformance, collections, HTTP.

A restatement of the test methods of the OGC test suite (CITE-equivalent, not CITE). Each
test names the requirements of OGC 17-069r4 that it proves.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from layers.crs import CRS84
from layers.published.layers import catalogue, extents
from tests.api.ogc.conftest import Get
from tests.api.ogc.links import by_rel, follow, one
from tests.api.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/req/core"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
RESOURCES = (
    "/",
    "/api",
    "/conformance",
    "/functions",
    "/collections",
    "/collections/places",
    "/collections/places/schema",
    "/collections/places/queryables",
    "/collections/places/sortables",
    "/collections/places/items",
    "/collections/places/items/p01",
)


@pytest.mark.requirement(f"{CORE}/root-op", f"{CORE}/root-success")
def test_the_landing_page_links_to_everything(get: Get) -> None:
    said = get("/")
    assert said["title"]
    assert one(said, "service-desc")["type"] == OPENAPI
    assert one(said, "service-doc")["type"] == "text/html"
    for rel in ("self", "alternate", "conformance"):
        assert one(said, rel)["href"]
    assert one(said, "data")["type"] == "application/json"


@pytest.mark.requirement(f"{CORE}/root-op")
def test_the_landing_page_answers_without_its_slash(get: Get) -> None:
    assert one(get(""), "data")["href"] == one(get("/"), "data")["href"]


@pytest.mark.requirement(f"{CORE}/api-definition-op", f"{CORE}/api-definition-success")
def test_the_api_document_is_what_the_link_says(client: Client, get: Get) -> None:
    for rel in ("service-desc", "service-doc"):
        link = one(get("/"), rel)
        answer = follow(client, link["href"], accept=link["type"])
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(link["type"])


@pytest.mark.requirement(f"{CORE}/conformance-op", f"{CORE}/conformance-success")
def test_the_conformance_declaration_lists_the_core(client: Client, get: Get) -> None:
    said = follow(client, one(get("/"), "conformance")["href"]).json()
    assert f"{CORE}".replace("/req/", "/conf/") in said["conformsTo"]
    assert len(set(said["conformsTo"])) == len(said["conformsTo"])


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize("path", RESOURCES)
def test_head_says_what_get_says_without_the_body(client: Client, path: str) -> None:
    headers = {"Accept-Encoding": "identity"}
    full = client.get(f"/ogc{path}", headers=headers)
    head = client.head(f"/ogc{path}", headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == full["Content-Type"]
    assert head["ETag"] == full["ETag"]
    assert abs(int(head["Content-Length"]) - len(full.content)) <= 8  # the time stamp


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_named_and_refused(
    client: Client, path: str, method: str
) -> None:
    answer = getattr(client, method)(f"/ogc{path}")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize("path", RESOURCES)
def test_an_answer_is_kept_until_the_data_changes(client: Client, path: str) -> None:
    first = client.get(f"/ogc{path}")
    assert first["Cache-Control"] == "public, no-cache"
    again = client.get(f"/ogc{path}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO layers_dataversion VALUES ('catalogue', 1, now()) "
            "ON CONFLICT (name) DO UPDATE SET version = layers_dataversion.version + 1"
        )
    changed = client.get(f"/ogc{path}", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize("path", RESOURCES)
def test_any_site_may_read(client: Client, path: str) -> None:
    answer = client.get(f"/ogc{path}", headers={"Origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    exposed = answer["Access-Control-Expose-Headers"]
    assert {"Content-Crs", "Link", "ETag"} <= set(exposed.split(", "))
    preflight = client.options(f"/ogc{path}")
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_large_answers_are_packed_for_who_takes_it(client: Client, coding: str) -> None:
    answer = client.get("/ogc/api", headers={"Accept-Encoding": coding})
    assert answer["Content-Encoding"] == coding
    assert "Accept-Encoding" in answer["Vary"]


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize("path", RESOURCES)
def test_a_format_that_there_is_not_is_406(ask: Callable[..., Any], path: str) -> None:
    answer = ask(path, 406, accept="application/gml+xml")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/collections/nothing",
        "/collections/nothing/items",
        "/collections/nothing/items/1",
        "/collections/nothing/schema",
        "/collections/service_point/items",  # a relation of the schema that is no layer
        "/collections/pg_class",
        "/collections/places/nothing",
        "/collections/Places",
        "/collections/",
    ],
)
def test_what_is_not_there_is_404(get: Get, path: str) -> None:
    assert get(path, 404)["status"] == 404


@pytest.mark.requirement(f"{CORE}/query-param-unknown")
@pytest.mark.parametrize("path", RESOURCES)
def test_an_unknown_parameter_is_refused_everywhere(get: Get, path: str) -> None:
    assert get(path, 400, xyzunknown="1")["parameter"] == "xyzunknown"


@pytest.mark.requirement(f"{CORE}/query-param-invalid")
@pytest.mark.parametrize("path", RESOURCES)
def test_a_format_that_is_none_is_refused_everywhere(get: Get, path: str) -> None:
    assert get(path, 400, f="xml")["parameter"] == "f"


@pytest.mark.requirement(f"{CORE}/fc-md-op", f"{CORE}/fc-md-success")
def test_every_layer_is_a_collection_and_nothing_else_is(get: Get) -> None:
    said = get("/collections")
    listed = [collection["id"] for collection in said["collections"]]
    assert listed == sorted(listed)
    assert set(listed) == {layer.id for layer in catalogue.layers()}
    assert {"places", "periods", "heights", "ledger", "service-points"} <= set(listed)
    assert "service_point" not in listed


@pytest.mark.requirement(f"{CORE}/fc-md-links")
def test_the_collections_link_to_themselves_in_every_format(
    client: Client, get: Get
) -> None:
    said = get("/collections")
    assert one(said, "self")["type"] == "application/json"
    page = one(said, "alternate", "text/html")
    assert follow(client, page["href"])["Content-Type"].startswith("text/html")


@pytest.mark.requirement(
    f"{CORE}/fc-md-items", f"{CORE}/fc-md-items-links", f"{CORE}/fc-rel-type"
)
def test_every_collection_links_to_its_features_once_in_each_format(
    client: Client, get: Get
) -> None:
    for collection in get("/collections")["collections"]:
        kinds = [link["type"] for link in by_rel(collection, "items")]
        assert sorted(kinds) == ["application/geo+json", "text/html"]
        for link in by_rel(collection, "items"):
            answer = follow(client, link["href"], accept=link["type"])
            assert answer.status_code == 200, link
            assert answer["Content-Type"].startswith(link["type"])
        assert all(link["rel"] and link["type"] for link in collection["links"])


@pytest.mark.requirement(f"{CORE}/fc-md-extent", f"{CORE}/fc-md-extent-multi")
def test_the_extent_covers_the_whole_collection(get: Get) -> None:
    extents = {c["id"]: c.get("extent", {}) for c in get("/collections")["collections"]}
    assert extents["places"]["spatial"] == {
        "bbox": [[-179.5, -89, 179.5, 89]],
        "crs": CRS84.uri,
    }
    assert extents["places"]["temporal"]["interval"] == [
        ["2026-01-01T12:00:00Z", "2026-01-24T12:00:00Z"]
    ]
    assert "temporal" not in extents["heights"]  # an open beginning and an open end
    assert extents["periods"].get("temporal") is None
    assert extents["ledger"] == {}


@pytest.mark.requirement(f"{CORE}/sfc-md-op", f"{CORE}/sfc-md-success")
def test_a_collection_is_the_same_by_itself_as_in_the_list(get: Get) -> None:
    for listed in get("/collections")["collections"]:
        alone = get(f"/collections/{listed['id']}")
        for member in ("id", "title", "description", "extent", "itemType", "crs"):
            assert alone.get(member) == listed.get(member)
        hrefs = {(link["rel"], link["href"]) for link in alone["links"]}
        assert {(link["rel"], link["href"]) for link in listed["links"]} <= hrefs
        assert listed["itemType"] == "feature"


def test_a_collection_says_whom_it_is_owed_to(get: Get) -> None:
    said = get("/collections/places", lang="el")
    assert (said["title"], said["source"]) == ("Τόποι", "tests")
    assert said["itemCount"] == 25
    assert one(said, "license")["href"] == "https://example.org/licence"


def test_titles_come_in_the_language_that_is_asked_for(client: Client) -> None:
    for header, query, title, lang in (
        ("el", "", "Τόποι", "el"),
        ("fr, el;q=0.5", "", "Places", "en"),  # French falls back to English
        ("el", "?lang=en", "Places", "en"),
    ):
        answer = client.get(
            f"/ogc/collections/places{query}", headers={"Accept-Language": header}
        )
        said = answer.json()
        assert (said["title"], said["lang"]) == (title, lang)
    assert answer["Content-Language"] == "en"


@pytest.mark.requirement(f"{CORE}/http")
@pytest.mark.parametrize("path", RESOURCES)
def test_the_link_header_mirrors_the_body(client: Client, path: str) -> None:
    answer = client.get(f"/ogc{path}")
    header = answer["Link"]
    links = answer.json().get("links", [])
    for link in links:
        assert f'<{link["href"]}>; rel="{link["rel"]}"' in header
    assert 'rel="self"' in header


def test_every_link_of_every_resource_leads_somewhere(client: Client, get: Get) -> None:
    seen: set[str] = set()
    todo = [one(get("/"), "self")["href"]]
    while todo:
        href = todo.pop()
        if href in seen or not href.startswith("http://testserver/ogc"):
            continue
        seen.add(href)
        answer = follow(client, href)
        assert answer.status_code in (200, 204), (href, answer.content[:300])
        if "json" in answer["Content-Type"]:
            said = answer.json()
            found = [*said.get("links", [])]
            for collection in said.get("collections", []):
                found += collection["links"]
            todo += [
                link["href"]
                for link in found
                if not link.get("templated") and link["rel"] != "next"
            ]
    assert len(seen) > 60


@pytest.mark.parametrize("path", ["", "/ledger", "/ledger/items"])
def test_a_layer_that_goes_this_moment_is_just_not_there(get: Get, path: str) -> None:
    get("/collections")  # known to this process
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE published.ledger")
    extents.forget()
    if path:
        assert get(f"/collections{path}", 404)["status"] == 404
    else:
        assert "ledger" not in {c["id"] for c in get("/collections")["collections"]}


def test_a_column_that_comes_later_is_known_at_once(get: Get) -> None:
    get("/collections/ledger/items")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE published.ledger ADD colour text DEFAULT 'red'")
        cursor.execute(
            "INSERT INTO layers_dataversion VALUES ('catalogue', 1, now()) "
            "ON CONFLICT (name) DO UPDATE SET version = layers_dataversion.version + 1"
        )
    assert len(get("/collections/ledger/items", colour="red")["features"]) == 3
    assert "colour" in get("/collections/ledger/schema")["properties"]


def test_protected_places_are_in_no_collection(get: Get, world: World) -> None:
    for name in ("service-points", "services-without-place"):
        said = str(get(f"/collections/{name}/items", limit=10000))
        assert "Yysafehouse" not in said
        assert "Zzrefuge" not in said
