"""Part 5 (and Common Part 3): schema, queryables, sortables as JSON Schema."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from tests.api.ogc.conftest import Get
from tests.api.ogc.links import HOST, one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-5/1.0/req"
PART3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/req"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
STEPS = ("schema", "queryables", "sortables")


@pytest.mark.requirement(
    f"{REQ}/schemas/json-schema", f"{PART3}/queryables/get-queryables-response"
)
@pytest.mark.requirement(f"{PART3}/queryables/get-queryables-op")
@pytest.mark.parametrize("step", STEPS)
def test_each_is_a_valid_schema_that_names_itself(
    ask: Callable[..., Any], get: Get, step: str
) -> None:
    for collection in get("/collections")["collections"]:
        path = f"/collections/{collection['id']}/{step}"
        answer = ask(path, accept="application/schema+json")
        assert answer["Content-Type"] == "application/schema+json"
        said = answer.json()
        assert said["$schema"] == DRAFT
        assert said["$id"] == f"{HOST}/ogc{path}"
        assert (said["type"], said["additionalProperties"]) == ("object", False)
        assert said["properties"]
        jsonschema.Draft202012Validator.check_schema(said)


@pytest.mark.requirement(
    f"{REQ}/returnables-and-receivables/link",
    f"{REQ}/queryables/link",
    f"{REQ}/sortables/link",
    f"{PART3}/queryables/queryables-link",
)
@pytest.mark.parametrize("step", STEPS)
def test_each_collection_links_to_each(get: Get, step: str) -> None:
    for collection in get("/collections")["collections"]:
        link = one(collection, f"http://www.opengis.net/def/rel/ogc/1.0/{step}")
        assert link["href"] == f"{HOST}/ogc/collections/{collection['id']}/{step}"
        assert link["type"] == "application/schema+json"


@pytest.mark.requirement(f"{REQ}/schemas/properties")
def test_the_schema_says_the_type_of_every_column(get: Get) -> None:
    said = get("/collections/places/schema", lang="en")["properties"]
    types = {n: (s.get("type"), s.get("format")) for n, s in said.items()}
    assert types == {
        "id": ("string", None),
        "n": ("integer", None),
        "kind": ("string", None),
        "word": ("string", None),
        "share": ("number", None),
        "ok": ("boolean", None),
        "day": ("string", "date"),
        "at": ("string", "date-time"),
        "tags": ("array", None),
        "raw": (["object", "array", "string", "number", "boolean"], None),
        "ref": ("string", "uuid"),
        "Πλήθος": ("integer", None),
        "limit": ("integer", None),
        "point": (None, "geometry-point"),
    }
    assert said["kind"]["enum"] == ["odd", "even"]
    assert said["tags"]["items"] == {"type": "string"}
    assert (said["n"]["title"], said["n"]["x-ogc-unit"]) == ("Number", "1")


@pytest.mark.requirement(
    f"{REQ}/schemas/role-id",
    f"{REQ}/advanced-property-roles/role-primary-geometry",
    f"{REQ}/advanced-property-roles/role-primary-instant",
    f"{REQ}/advanced-property-roles/role-primary-interval-start",
    f"{REQ}/advanced-property-roles/role-primary-interval-end",
)
@pytest.mark.parametrize(
    ("layer", "roles"),
    [
        ("places", {"id": "id", "at": "primary-instant", "point": "primary-geometry"}),
        (
            "periods",
            {
                "id": "id",
                "first_day": "primary-interval-start",
                "last_day": "primary-interval-end",
                "area": "primary-geometry",
            },
        ),
        ("ledger", {"id": "id"}),
    ],
)
def test_the_schema_says_which_is_the_id_the_place_and_the_time(
    get: Get, layer: str, roles: dict[str, str]
) -> None:
    said = get(f"/collections/{layer}/schema")["properties"]
    found = {n: s["x-ogc-role"] for n, s in said.items() if "x-ogc-role" in s}
    assert found == roles


@pytest.mark.requirement(f"{REQ}/schemas/property-seq")
def test_the_schema_says_the_order(get: Get) -> None:
    said = get("/collections/places/schema")["properties"]
    places = [schema["x-ogc-propertySeq"] for schema in said.values()]
    assert places == list(range(1, len(said) + 1))


@pytest.mark.requirement(f"{REQ}/returnables-and-receivables/response")
def test_features_hold_what_the_schema_says(get: Get) -> None:
    for collection in get("/collections")["collections"]:
        at = f"/collections/{collection['id']}"
        schema = get(f"{at}/schema")
        geometry = [
            n
            for n, s in schema["properties"].items()
            if "geometry-" in s.get("format", "")
        ]
        columns = {n: s for n, s in schema["properties"].items() if n not in geometry}
        checker = jsonschema.Draft202012Validator(
            {**schema, "properties": columns},
            format_checker=jsonschema.FormatChecker(["date", "uuid"]),
        )
        for feature in get(f"{at}/items")["features"]:
            # null says that there is none.
            held = {n: v for n, v in feature["properties"].items() if v is not None}
            checker.validate(held)
            assert list(feature["properties"]) == list(columns)


@pytest.mark.requirement(f"{REQ}/queryables/response")
def test_what_can_be_filtered_by_is_all_but_what_has_no_type(get: Get) -> None:
    schema = get("/collections/places/schema")["properties"]
    queryables = get("/collections/places/queryables")["properties"]
    assert set(schema) - set(queryables) == {"raw"}
    assert "$ref" not in str(queryables["point"])
    assert "type" not in queryables["point"]


@pytest.mark.requirement(f"{REQ}/sortables/response")
def test_what_can_be_sorted_by_has_one_value(get: Get) -> None:
    said = get("/collections/places/sortables")["properties"]
    assert {s["type"] for s in said.values()} == {
        "string",
        "integer",
        "number",
        "boolean",
    }
    assert set(said) == {
        "id", "n", "kind", "word", "share", "ok", "day", "at", "ref", "Πλήθος", "limit",
    }  # fmt: skip


@pytest.mark.requirement(
    f"{REQ}/queryables/response", f"{PART3}/queryables/expression-construction"
)
@pytest.mark.parametrize("query", [{"filter": "nothing = 1"}, {"sortby": "nothing"}])
def test_what_is_not_listed_is_refused(get: Get, query: dict[str, str]) -> None:
    assert get("/collections/places/items", 400, **query)["parameter"] in query
