"""What is declared is proven: every class has tests, every requirement is cited by one."""

import importlib
from pathlib import Path

import pytest

import layers.urls  # noqa: F401 (where rooms register what they add to the API)
from layers.answers.extensions import ConformanceClass
from layers.ogc.conformance import OWN, declared

REPOSITORY = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
PAGE = REPOSITORY / "docs/reference/ogc-api.md"

SPEC = "http://www.opengis.net/spec/"

# The requirements of OGC 17-069r4 and 18-058r1, as their texts name them.
REQUIREMENTS = {
    "ogcapi-features-1/1.0/req/core": (
        "root-op root-success api-definition-op api-definition-success conformance-op "
        "conformance-success http query-param-unknown query-param-invalid crs84 fc-md-op "
        "fc-md-success fc-md-links fc-md-items fc-md-items-links fc-md-extent "
        "fc-md-extent-multi sfc-md-op sfc-md-success fc-op fc-limit-definition "
        "fc-limit-response-1 fc-bbox-definition fc-bbox-response fc-time-definition "
        "fc-time-response fc-response fc-links fc-rel-type fc-timeStamp fc-numberMatched "
        "fc-numberReturned f-op f-success f-links"
    ),
    "ogcapi-features-1/1.0/req/geojson": "definition content",
    "ogcapi-features-1/1.0/req/html": "definition content",
    "ogcapi-features-1/1.0/req/oas30": (
        "oas-definition-1 oas-definition-2 oas-impl completeness exceptions-codes security"
    ),
    "ogcapi-features-2/1.0/req/crs": (
        "crs-uri fc-md-crs-list fc-md-crs-list-global fc-md-storageCrs "
        "fc-md-storageCrs-valid-value fc-bbox-crs-definition fc-bbox-crs-valid-values "
        "fc-bbox-crs-default-value fc-bbox-crs-action bbox-crs-exception fc-crs-definition "
        "fc-crs-valid-value fc-crs-default-value fc-crs-action crs-exception geojson "
        "ogc-crs-header ogc-crs-header-value"
    ),
}


def requirements() -> list[str]:
    """Return the requirements by their URIs."""
    return [
        f"{SPEC}{start}/{name}"
        for start, names in REQUIREMENTS.items()
        for name in names.split()
    ]


@pytest.fixture(scope="module")
def cited() -> set[str]:
    """Return the requirements that the tests of this folder name in their marks."""
    found: set[str] = set()
    for file in HERE.glob("test_*.py"):
        module = importlib.import_module(f"tests.api.ogc.{file.stem}")
        for test in vars(module).values():
            for mark in getattr(test, "pytestmark", ()) if callable(test) else ():
                if mark.name == "requirement":
                    found |= set(mark.args)
    return found


@pytest.mark.parametrize("uri", requirements(), ids=lambda uri: uri.removeprefix(SPEC))
def test_every_requirement_is_named_by_a_test(cited: set[str], uri: str) -> None:
    assert uri in cited


@pytest.mark.parametrize("known", OWN, ids=lambda known: known.uri.removeprefix(SPEC))
def test_every_declared_class_has_tests(known: ConformanceClass) -> None:
    assert known.tests
    for test in known.tests:
        assert (REPOSITORY / test).is_file(), test


def test_the_page_in_the_docs_lists_every_class_beside_its_tests() -> None:
    rows = [
        f"| {one.title} | `{one.uri}` | {', '.join(f'`{test}`' for test in one.tests)} |"
        for one in declared()
    ]
    text = PAGE.read_text(encoding="utf-8")
    assert [row for row in rows if row not in text] == []


def test_no_class_is_declared_twice() -> None:
    uris = [one.uri for one in declared()]
    assert len(set(uris)) == len(uris)
