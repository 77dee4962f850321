"""Features Part 1, OpenAPI 3.0: the document is valid, complete, and what clients look for."""

from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV30SpecValidator

from tests.api.ogc.conftest import Get
from tests.api.ogc.links import follow, one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-1/1.0/req"
OAS = f"{REQ}/oas30"
CORE = f"{REQ}/core"
CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/req/crs"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def parameter(document: dict[str, Any], path: str, name: str) -> dict[str, Any]:
    """Return a parameter of an operation, its reference followed."""
    for said in document["paths"][path]["get"]["parameters"]:
        found = said
        if "$ref" in said:
            found = document["components"]["parameters"][
                said["$ref"].rpartition("/")[2]
            ]
        if found["name"] == name:
            return dict(found)
    raise AssertionError(f"{path} has no {name}")


@pytest.mark.requirement(f"{OAS}/oas-definition-1", f"{OAS}/oas-definition-2")
@pytest.mark.requirement(f"{OAS}/oas-impl")
def test_the_document_is_valid_openapi_3_0(client: Client, get: Get) -> None:
    link = one(get("/"), "service-desc")
    assert link["type"] == OPENAPI
    answer = follow(client, link["href"], accept=OPENAPI)
    assert answer["Content-Type"] == OPENAPI
    said = answer.json()
    assert said["openapi"].startswith("3.0.")
    OpenAPIV30SpecValidator(said).validate()


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        OPENAPI,
        "application/vnd.oai.openapi+json",
        # what GDAL sends
        f"{OPENAPI}, application/openapi+json;version=3.0, application/json",
    ],
)
def test_clients_get_the_type_that_they_compare(client: Client, accept: str) -> None:
    answer = client.get("/ogc/api", headers={"Accept": accept})
    assert answer["Content-Type"] == OPENAPI


@pytest.mark.requirement(f"{CORE}/fc-limit-definition")
def test_the_limit_is_declared_with_its_ends(get: Get) -> None:
    said = get("/api")
    limit = parameter(said, "/collections/places/items", "limit")
    assert (limit["in"], limit["required"]) == ("query", False)
    assert (limit["style"], limit["explode"]) == ("form", False)
    schema = {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1000}
    assert limit["schema"] == schema
    # QGIS reads its page size here: min(max(1000, default), maximum).
    assert said["components"]["parameters"]["limit"]["schema"] == schema


@pytest.mark.requirement(f"{CORE}/fc-limit-response-1")
def test_the_declared_default_is_what_happens(get: Get) -> None:
    default = parameter(get("/api"), "/collections/places/items", "limit")["schema"][
        "default"
    ]
    assert len(get("/collections/places/items")["features"]) <= default


@pytest.mark.requirement(f"{CORE}/fc-bbox-definition")
def test_the_box_is_declared_as_the_standard_does(get: Get) -> None:
    said = parameter(get("/api"), "/collections/places/items", "bbox")
    assert {k: said[k] for k in ("name", "in", "required", "style", "explode")} == {
        "name": "bbox", "in": "query", "required": False, "style": "form", "explode": False,
    }  # fmt: skip
    assert said["schema"] == {
        "type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"},
    }  # fmt: skip


@pytest.mark.requirement(f"{CORE}/fc-time-definition")
def test_the_time_is_declared_as_the_standard_does(get: Get) -> None:
    said = parameter(get("/api"), "/collections/places/items", "datetime")
    assert (said["in"], said["required"]) == ("query", False)
    assert (said["style"], said["explode"]) == ("form", False)
    assert said["schema"]["type"] == "string"


@pytest.mark.requirement(f"{CRS}/fc-crs-definition", f"{CRS}/fc-bbox-crs-definition")
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/collections/places/items", "crs"),
        ("/collections/places/items", "bbox-crs"),
        ("/collections/places/items/{featureId}", "crs"),
    ],
)
def test_systems_are_declared(get: Get, path: str, name: str) -> None:
    said = parameter(get("/api"), path, name)
    assert (said["in"], said["schema"]["type"]) == ("query", "string")


@pytest.mark.requirement(f"{OAS}/completeness")
def test_every_collection_has_its_paths_and_every_path_answers(
    client: Client, get: Get
) -> None:
    said = get("/api")
    (server,) = said["servers"]
    assert server["url"] == "http://testserver/ogc"
    for collection in get("/collections")["collections"]:
        for step in (
            "",
            "/items",
            "/items/{featureId}",
            "/schema",
            "/queryables",
            "/sortables",
        ):
            assert f"/collections/{collection['id']}{step}" in said["paths"]
    for path in said["paths"]:
        if "{" not in path:
            assert client.get(f"/ogc{path}").status_code == 200, path


@pytest.mark.requirement(f"{OAS}/exceptions-codes")
def test_every_status_is_declared(get: Get) -> None:
    for path, item in get("/api")["paths"].items():
        if not path.startswith(("/collections", "/conformance", "/api", "/functions")):
            continue
        if "tile" in path or "{style" in path:
            continue
        declared = set(item["get"]["responses"])
        assert {"200", "304", "400", "405", "406", "503"} <= declared, path
        assert ("404" in declared) == ("{" in path), path


@pytest.mark.requirement(f"{OAS}/security")
def test_nothing_asks_for_a_password(get: Get) -> None:
    said = get("/api")
    assert "security" not in said
    assert "securitySchemes" not in said["components"]


def test_operations_are_named_once(get: Get) -> None:
    names = [item["get"]["operationId"] for item in get("/api")["paths"].values()]
    assert len(set(names)) == len(names)


def test_a_layer_of_any_name_and_columns_is_described(get: Get) -> None:
    said = get("/api")
    names = {p["name"] for p in said["components"]["parameters"].values()}
    assert "Πλήθος" in names
    OpenAPIV30SpecValidator(said).validate()
