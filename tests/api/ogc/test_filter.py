"""Part 3: `filter`, `filter-lang`, `filter-crs` on items, and the list of functions.

What each operator and function of CQL2 does is tested where it is compiled
(tests/integration/published/cql2, tests/unit/published/cql2); here, that every conformance
class that is declared answers over HTTP, and that faults are refused as faults.
"""

import json

import pytest

from tests.api.ogc.conftest import Get, Ids

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zoo")]

REQ = "http://www.opengis.net/spec/ogcapi-features-3/1.0/req"
FIVE = [f"p{n:02d}" for n in range(1, 6)]


@pytest.mark.requirement(f"{REQ}/filter/filter-param", f"{REQ}/filter/response")
@pytest.mark.requirement(f"{REQ}/features-filter/response")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # basic-cql2
        ("n <= 5", FIVE),
        ("n < 3 OR n = 5", ["p01", "p02", "p05"]),
        ("NOT n > 5 AND kind = 'odd'", ["p01", "p03", "p05"]),
        ("at IS NULL", ["p25"]),
        ("\"Πλήθος\" = 3000000000", ["p03"]),
        ("ok = TRUE AND n < 7", ["p03", "p06"]),
        ("day < DATE('2026-01-03')", ["p01", "p02"]),
        ("at = TIMESTAMP('2026-01-02T12:00:00Z')", ["p02"]),
        # advanced-comparison-operators
        ("n BETWEEN 2 AND 3", ["p02", "p03"]),
        ("n IN (1, 5)", ["p01", "p05"]),
        ("id LIKE 'p2_'", [f"p{n}" for n in range(20, 26)]),
        # case-insensitive-comparison, accent-insensitive-comparison
        ("CASEI(word) = CASEI('ΏΡΑ 7')", ["p07"]),
        ("ACCENTI(CASEI(word)) = ACCENTI(CASEI('ωρα 7'))", ["p07"]),
        # basic-spatial-functions, -plus and spatial-functions
        ("S_INTERSECTS(point, POINT(1 0))", ["p03"]),
        ("S_INTERSECTS(point, BBOX(177, 65, -177, 70))", ["p21", "p22"]),
        ("S_INTERSECTS(point, POLYGON((-1 -1, 1.2 -1, 1.2 1, -1 1, -1 -1)))", FIVE[:3]),
        ("S_WITHIN(point, POLYGON((-1 -1, 0.2 -1, 0.2 1, -1 1, -1 -1)))", ["p01"]),
        # temporal-functions
        ("T_AFTER(at, TIMESTAMP('2026-01-23T12:00:00Z'))", ["p24"]),
        ("T_INTERSECTS(at, INTERVAL('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'))", ["p01"]),
        # array-functions
        ("A_CONTAINS(tags, ('tag4')) AND n < 10", ["p04", "p09"]),
        # property-property
        ("\"limit\" = n * 10 AND n < 3", ["p01", "p02"]),
        # functions, arithmetic
        ("upper(kind) = 'ODD' AND n < 4", ["p01", "p03"]),
        ("n * 2 - 1 = 9", ["p05"]),
    ],
)  # fmt: skip
def test_a_filter_leaves_what_it_says(ids: Ids, text: str, expected: list[str]) -> None:
    assert ids("places", filter=text) == expected


@pytest.mark.requirement(
    f"{REQ}/filter/filter-lang-param", f"{REQ}/features-filter/filter-lang-param"
)
@pytest.mark.parametrize(
    "tree",
    [
        {"op": "<=", "args": [{"property": "n"}, 5]},
        {
            "op": "and",
            "args": [
                {
                    "op": "s_intersects",
                    "args": [{"property": "point"}, {"bbox": [0, -1, 2, 1]}],
                },
                {"op": ">=", "args": [{"property": "n"}, 1]},
            ],
        },
    ],
)
def test_a_filter_may_be_json(ids: Ids, tree: dict[str, object]) -> None:
    asked = {"filter": json.dumps(tree), "filter-lang": "cql2-json"}
    assert ids("places", **asked) == FIVE


@pytest.mark.requirement(
    f"{REQ}/filter/filter-crs-param",
    f"{REQ}/filter/filter-crs-wgs84",
    f"{REQ}/features-filter/filter-crs-param",
)
@pytest.mark.parametrize(
    ("system", "text"),
    [
        (None, "S_INTERSECTS(area, POINT(23.7317 37.9719))"),
        (
            "http://www.opengis.net/def/crs/EPSG/0/4326",
            "S_INTERSECTS(area, POINT(37.9719 23.7317))",
        ),
        (
            "http://www.opengis.net/def/crs/EPSG/0/2100",
            "S_INTERSECTS(area, POINT(476500 4202500))",
        ),
        (
            "http://www.opengis.net/def/crs/EPSG/0/2100",
            "S_INTERSECTS(area, BBOX(476400, 4202400, 476600, 4202600))",
        ),
    ],
)
def test_geometries_of_a_filter_are_in_the_system_that_is_said(
    ids: Ids, system: str | None, text: str
) -> None:
    asked = {"filter": text} | ({"filter-crs": system} if system else {})
    assert ids("periods", **asked) == [1]


@pytest.mark.requirement(
    f"{REQ}/filter/mixing-expressions", f"{REQ}/features-filter/response"
)
def test_a_filter_is_anded_with_everything_else(ids: Ids) -> None:
    asked = {"filter": "n > 2", "bbox": "0,0,2,0", "kind": "odd", "q": "ώρα"}
    assert ids("places", **asked) == ["p03", "p05"]


@pytest.mark.requirement(f"{REQ}/filter/response")
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("filter", {"filter": "THIS IS NOT A FILTER"}),
        ("filter", {"filter": ""}),
        ("filter", {"filter": "n"}),
        ("filter", {"filter": "n = 'x'"}),
        ("filter", {"filter": "this_is_not_a_queryable = 1"}),
        ("filter", {"filter": "pg_sleep(5) = 1"}),
        ("filter", {"filter": "n = 1; DROP TABLE published.places"}),
        ("filter", {"filter": "(" * 5000 + "n = 1" + ")" * 5000}),
        ("filter", {"filter": "n = 1 OR " * 40_000 + "n = 1"}),
        ("filter", {"filter": "n = 1", "filter-lang": "cql2-json"}),
        ("filter-lang", {"filter": "n = 1", "filter-lang": "cql-text"}),
        ("filter-lang", {"filter": "n = 1", "filter-lang": ""}),
        ("filter-crs", {"filter": "n = 1", "filter-crs": "EPSG:99999"}),
        ("filter-crs", {"filter": "n = 1", "filter-crs": "http://www.opengis.net/def/crs/0/x"}),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_filter_that_is_none_is_refused(
    get: Get, name: str, query: dict[str, str]
) -> None:
    said = get("/collections/places/items", 400, **query)
    assert said["parameter"] == name


@pytest.mark.requirement(
    f"{REQ}/filter/get-functions-operation", f"{REQ}/filter/get-functions-response-json"
)
def test_the_functions_are_listed_with_their_arguments(get: Get) -> None:
    listed = {f["name"]: f for f in get("/functions")["functions"]}
    assert listed["upper"]["returns"] == ["string"]
    assert listed["upper"]["arguments"][0]["type"] == ["string"]
    assert all(f["description"] for f in listed.values())


def test_only_declared_classes_of_cql2_are_declared(get: Get) -> None:
    said = [uri for uri in get("/conformance")["conformsTo"] if "/cql2/" in uri]
    assert len(said) == 15
