"""`/ogc/conformance`: what the API keeps to, each class beside the tests that prove it."""

from collections.abc import Iterator

from layers.answers.extensions import ConformanceClass, extensions
from layers.answers.resource import Asked
from layers.ogc.resource import Content, OgcResource
from layers.published.versions import data_state

_SPEC = "http://www.opengis.net/spec/"
_TESTS = "tests/api/ogc/"

# Standard -> class -> title; the tests of a standard are named below.
_FEATURES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "ogcapi-features-1/1.0",
        "core",
        "Features: core",
        ("test_core.py", "test_items.py"),
    ),
    ("ogcapi-features-1/1.0", "oas30", "Features: OpenAPI 3.0", ("test_openapi.py",)),
    ("ogcapi-features-1/1.0", "geojson", "Features: GeoJSON", ("test_items.py",)),
    ("ogcapi-features-1/1.0", "html", "Features: HTML", ("test_html.py",)),
    (
        "ogcapi-features-2/1.0",
        "crs",
        "Features: coordinate reference systems",
        ("test_crs.py",),
    ),
    (
        "ogcapi-features-3/1.0",
        "queryables",
        "Filtering: queryables",
        ("test_schemas.py",),
    ),
    (
        "ogcapi-features-3/1.0",
        "queryables-query-parameters",
        "Filtering: queryables as parameters",
        ("test_column_parameters.py",),
    ),
    ("ogcapi-features-3/1.0", "filter", "Filtering: filter", ("test_filter.py",)),
    (
        "ogcapi-features-3/1.0",
        "features-filter",
        "Filtering: filter of features",
        ("test_filter.py",),
    ),
    *(
        ("cql2/1.0", name, f"CQL2: {title}", ("test_filter.py",))
        for name, title in (
            ("cql2-text", "text"),
            ("cql2-json", "JSON"),
            ("basic-cql2", "basic"),
            ("advanced-comparison-operators", "advanced comparison"),
            ("case-insensitive-comparison", "case-insensitive comparison"),
            ("accent-insensitive-comparison", "accent-insensitive comparison"),
            ("basic-spatial-functions", "basic spatial functions"),
            ("basic-spatial-functions-plus", "basic spatial functions, all geometries"),
            ("spatial-functions", "spatial functions"),
            ("temporal-functions", "temporal functions"),
            ("array-functions", "array functions"),
            ("property-property", "property with property"),
            ("functions", "functions"),
            ("arithmetic", "arithmetic"),
            # The name of a draft, without which QGIS before 3.44 filters nothing here.
            ("basic-spatial-operators", "basic spatial operators (a draft's name)"),
        )
    ),
    *(
        ("ogcapi-features-5/1.0", name, title, ("test_schemas.py",))
        for name, title in (
            ("schemas", "Schemas"),
            ("advanced-property-roles", "Schemas: roles of properties"),
            ("returnables-and-receivables", "Schemas: what is returned"),
            ("queryables", "Schemas: queryables"),
            ("sortables", "Schemas: sortables"),
        )
    ),
    *(
        ("ogcapi-common-3/1.0", name, title, ("test_schemas.py",))
        for name, title in (
            ("schemas", "Schemas (by the prefix of Common)"),
            ("advanced-property-roles", "Schemas: roles of properties (Common)"),
            ("returnables-and-receivables", "Schemas: what is returned (Common)"),
            ("queryables", "Schemas: queryables (Common)"),
            ("sortables", "Schemas: sortables (Common)"),
        )
    ),
    *(
        ("ogcapi-features-6/1.0", name, title, ("test_selection.py",))
        for name, title in (
            ("properties", "Draft: property selection"),
            ("properties-features", "Draft: property selection of features"),
        )
    ),
    *(
        ("ogcapi-features-8/1.0", name, title, ("test_sorting.py",))
        for name, title in (
            ("sortables", "Draft: sortables"),
            ("sorting", "Draft: sorting"),
            ("features-sorting", "Draft: sorting of features"),
        )
    ),
    *(
        ("ogcapi-features-9/1.0", name, title, ("test_search.py",))
        for name, title in (
            ("text-search", "Draft: text search"),
            ("features-text-search", "Draft: text search of features"),
        )
    ),
)

OWN = tuple(
    ConformanceClass(
        f"{_SPEC}{standard}/conf/{name}", title, tuple(_TESTS + file for file in files)
    )
    for standard, name, title, files in _FEATURES
)
"""The classes of this room."""


def declared() -> Iterator[ConformanceClass]:
    """Return every class that the API declares."""
    yield from OWN
    for extension in extensions():
        yield from extension.conformance


class Conformance(OgcResource):
    """The conformance declaration."""

    template = "ogc/conformance.html"
    has_links_member = False
    is_english = True

    def content(self, asked: Asked) -> Content:
        """Return the classes."""
        known = list(declared())
        return Content(
            {"conformsTo": [one.uri for one in known]},
            self.own_links(asked),
            data_state(),
            {"title": "Conformance", "classes": known},
        )
