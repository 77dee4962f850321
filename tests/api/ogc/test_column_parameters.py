"""Part 3, queryables as query parameters: columns are parameters of their own names."""

import pytest

from tests.api.ogc.conftest import Get, Ids

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

PARAMETERS = "http://www.opengis.net/spec/ogcapi-features-3/1.0/req/queryables-query-parameters/parameters"
SIMPLE = ("string", "integer", "number", "boolean")


@pytest.mark.requirement(PARAMETERS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"id": "p03"}, ["p03"]),
        ({"n": "7"}, ["p07"]),
        ({"n": "+7"}, ["p07"]),
        ({"kind": "even", "n": "8"}, ["p08"]),
        ({"kind": "even", "n": "7"}, []),
        ({"word": "Ώρα 2"}, ["p02"]),
        ({"word": "ώρα 2"}, []),  # case counts, and so do accents
        ({"share": "1.5"}, ["p06"]),
        ({"share": "15e-1"}, ["p06"]),
        ({"ok": "true", "kind": "odd"}, ["p03", "p09", "p15", "p21"]),
        ({"day": "2026-01-05"}, ["p05"]),
        ({"at": "2026-01-05T12:00:00Z"}, ["p05"]),
        ({"at": "2026-01-05T14:00:00+02:00"}, ["p05"]),
        ({"tags": "tag4"}, ["p04", "p09", "p14", "p19", "p24"]),
        ({"tags": "tag"}, []),
        ({"ref": "00000000-0000-0000-0000-000000000011"}, ["p11"]),
        ({"Πλήθος": "25000000000"}, ["p25"]),
    ],
)
def test_a_column_is_asked_for_by_its_name(
    ids: Ids, query: dict[str, str], expected: list[str]
) -> None:
    assert ids("places", **query) == expected


@pytest.mark.requirement(PARAMETERS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", "2147483648"),
        ("n", "1.5"),
        ("n", ""),
        ("kind", "Odd"),
        ("share", "one"),
        ("ok", "yes"),
        ("day", "5.1.2026"),
        ("at", "2026-01-05"),
        ("ref", "11"),
        ("word", "\x00"),
        ("Πλήθος", "9223372036854775808"),
    ],
)
def test_a_value_that_a_column_cannot_have_is_refused(
    get: Get, name: str, value: str
) -> None:
    said = get("/collections/places/items", 400, **{name: value})
    assert said["parameter"] == name


@pytest.mark.parametrize("name", ["raw", "point"])
def test_what_has_no_simple_value_is_no_parameter(get: Get, name: str) -> None:
    get("/collections/places/items", 400, **{name: "1"})


def test_a_name_that_is_taken_means_what_it_means_everywhere(ids: Ids) -> None:
    # The column `limit` of p02 is 20; the parameter is the size of the page.
    assert len(ids("places", limit=20)) == 20
    assert ids("places", filter='"limit" = 20') == ["p02"]


@pytest.mark.requirement(PARAMETERS)
def test_every_simple_queryable_is_a_parameter_of_the_api_document(get: Get) -> None:
    document = get("/api")
    components = document["components"]["parameters"]
    for collection in get("/collections")["collections"]:
        at = f"/collections/{collection['id']}"
        declared = {
            components[p["$ref"].rpartition("/")[2]]["name"]
            for p in document["paths"][f"{at}/items"]["get"]["parameters"]
        }
        simple = {
            name
            for name, schema in get(f"{at}/queryables")["properties"].items()
            if schema.get("type") in SIMPLE
        }
        assert simple <= declared
