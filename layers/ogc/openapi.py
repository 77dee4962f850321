"""`/ogc/api`: the OpenAPI 3.0 document, from the declarations that check requests."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from layers.answers.answer import JSON
from layers.answers.extensions import extensions
from layers.answers.resource import Asked
from layers.ogc.landing import DESCRIPTION, TITLE
from layers.ogc.links import HTML_TYPE, OPENAPI_JSON, root
from layers.ogc.openapi_collections import (
    LANG,
    collection_paths,
    component_name,
    feature_schemas,
    get,
    parameter_components,
    parameters,
    shared_parameters,
)
from layers.ogc.openapi_parts import SCHEMAS, ref, refusal_components, responses
from layers.ogc.resource import COMMON, Content, F, OgcResource
from layers.params.reading import Parameters
from layers.published.layers import catalogue
from layers.published.layers.layer import Layer
from layers.published.layers.texts import text_in
from layers.published.versions import data_state

VERSION = "1.0.0"


class Api(OgcResource):
    """The API document, and as a page."""

    parameters = Parameters(F)
    offers: ClassVar[tuple[str, ...]] = (OPENAPI_JSON, JSON, HTML_TYPE)
    template = "ogc/api.html"
    has_links_member = False
    is_english = True

    def content(self, asked: Asked) -> Content:
        """Return the document."""
        state = data_state()
        described = document(root(asked.request), catalogue.layers())
        context = {"title": "API", "groups": groups(described)}
        return Content(described, self.own_links(asked), state, context)


def document(base: str, layers: Sequence[Layer]) -> dict[str, Any]:
    """Return the OpenAPI document.

    Parameters
    ----------
    base : str
        Absolute address of the API.
    layers : sequence of Layer
        Those that are published.
    """
    named = [(layer, component_name(layer, n)) for n, layer in enumerate(layers)]
    paths = common_paths()
    schemas = dict(SCHEMAS)
    asked = shared_parameters(COMMON)
    for layer, name in named:
        paths |= collection_paths(layer, name)
        schemas |= feature_schemas(layer, name)
        asked |= parameter_components(layer, name)
    for extension in extensions():
        paths |= extension.paths(layers)
        schemas |= extension.schemas
    return {
        "openapi": "3.0.3",
        "info": {
            "title": text_in(TITLE, LANG),
            "description": text_in(DESCRIPTION, LANG),
            "version": VERSION,
        },
        "servers": [{"url": base}],
        "tags": [
            {"name": "about", "description": "What the API is and keeps to."},
            *(
                {"name": layer.id, "description": text_in(layer.titles, LANG)}
                for layer in layers
            ),
        ],
        "paths": paths,
        "components": {
            "parameters": asked,
            "schemas": schemas,
            "responses": refusal_components(),
        },
    }


def common_paths() -> dict[str, Any]:
    """Return the path items that do not depend on the collections."""
    html = {HTML_TYPE: {"type": "string"}}
    common = parameters(COMMON, "")
    answers = {
        "/": ("landing", "Landing page", ref("Landing")),
        "/conformance": ("conformance", "Conformance declaration", ref("Conformance")),
        "/functions": ("functions", "Functions in filters", ref("Functions")),
        "/collections": ("collections", "The collections", ref("Collections")),
    }
    paths = {
        path: get(operation, summary, "about", common, responses({JSON: schema} | html))
        for path, (operation, summary, schema) in answers.items()
    }
    api = {"type": "object"}
    paths["/api"] = get(
        "api",
        "This document",
        "about",
        parameters(Parameters(F), ""),
        responses({OPENAPI_JSON: api, JSON: api} | html),
    )
    return paths


def groups(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the operations of each tag, with their parameters, for the page."""
    components = described["components"]["parameters"]
    for tag in described["tags"]:
        operations = [
            {
                "path": path,
                "summary": item["get"]["summary"],
                "statuses": list(item["get"]["responses"]),
                "parameters": [
                    _shown(_resolved(one, components))
                    for one in item["get"]["parameters"]
                ],
            }
            for path, item in described["paths"].items()
            if "get" in item and tag["name"] in item["get"].get("tags", ())
        ]
        yield {**tag, "operations": operations}


def _resolved(
    parameter: Mapping[str, Any], components: Mapping[str, Any]
) -> Mapping[str, Any]:
    reference = parameter.get("$ref")
    if reference is None:
        return parameter
    found: Mapping[str, Any] = components[reference.rpartition("/")[2]]
    return found


def _shown(parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    items = schema.get("items", {})
    words = schema.get("enum") or items.get("enum")
    kind = schema.get("format") or schema.get("type", "")
    if schema.get("type") == "array":
        kind = f"list of {items.get('type', '')}"
    ends = [
        f"{sign} {schema[name]:g}"
        for sign, name in (("from", "minimum"), ("to", "maximum"))
        if name in schema and abs(schema[name]) < 1e9
    ]
    return {
        "name": parameter["name"],
        "kind": " ".join([" | ".join(map(str, words)) if words else kind, *ends]),
        "default": schema.get("default"),
        "description": parameter.get("description", ""),
    }
