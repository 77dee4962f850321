"""The OpenAPI description of a collection: its own paths, parameters and features.

Each collection has concrete paths: GDAL reads there which properties can be filtered on
the server, and asks for `=` on them instead of reading everything.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from layers.answers.answer import GEOJSON, JSON
from layers.ogc.items_parameters import item_parameters, items_parameters
from layers.ogc.links import HTML_TYPE, SCHEMA_JSON
from layers.ogc.openapi_parts import CONTENT_CRS, Schema, described, ref, responses
from layers.ogc.resource import COMMON
from layers.ogc.schemas import column_schema
from layers.params.reading import Parameter, Parameters
from layers.published.layers.layer import GeometryKind, Kind, Layer
from layers.published.layers.texts import text_in

LANG = "en"

SHARED = (
    "bbox",
    "bbox-crs",
    "datetime",
    "q",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "limit",
    "cursor",
    "offset",
    "count",
    "f",
    "lang",
)
"""Parameters that are the same at every collection, and stand in the components once."""

_HTML: dict[str, Schema] = {HTML_TYPE: {"type": "string"}}

_GEOJSON_NAMES: Mapping[GeometryKind, str] = {
    GeometryKind.POINT: "Point",
    GeometryKind.MULTIPOINT: "MultiPoint",
    GeometryKind.LINESTRING: "LineString",
    GeometryKind.MULTILINESTRING: "MultiLineString",
    GeometryKind.POLYGON: "Polygon",
    GeometryKind.MULTIPOLYGON: "MultiPolygon",
    GeometryKind.COLLECTION: "GeometryCollection",
}


def component_name(layer: Layer, n: int) -> str:
    """Return a name for the layer that may stand in a reference, each once."""
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', layer.id)}-{n}"


def collection_paths(layer: Layer, name: str) -> dict[str, Any]:
    """Return the path items of one collection; `name` is that of its components."""
    at = f"/collections/{layer.id}"
    title = text_in(layer.titles, LANG) or layer.id
    return {
        at: get(
            f"{name}.collection",
            f"{title}: the collection",
            layer.id,
            parameters(COMMON, name),
            responses({JSON: ref("Collection")} | _HTML),
        ),
        f"{at}/items": get(
            f"{name}.items",
            f"{title}: features",
            layer.id,
            parameters(items_parameters(layer), name),
            responses(_feature_types(f"{name}-features"), headers=CONTENT_CRS),
        ),
        f"{at}/items/{{featureId}}": get(
            f"{name}.item",
            f"{title}: one feature",
            layer.id,
            [feature_id(), *parameters(item_parameters(layer), name)],
            responses(
                _feature_types(f"{name}-feature"), not_found=True, headers=CONTENT_CRS
            ),
        ),
        **_schema_paths(layer, name, title),
    }


def _schema_paths(layer: Layer, name: str, title: str) -> dict[str, Any]:
    schema = ref("LayerSchema")
    return {
        f"/collections/{layer.id}/{step}": get(
            f"{name}.{step}",
            f"{title}: {words}",
            layer.id,
            parameters(COMMON, name),
            responses({SCHEMA_JSON: schema, JSON: schema} | _HTML),
        )
        for step, words in (
            ("schema", "schema of the features"),
            ("queryables", "what can be filtered by"),
            ("sortables", "what can be sorted by"),
        )
    }


def _feature_types(name: str) -> dict[str, Schema]:
    return {GEOJSON: ref(name), JSON: ref(name)} | _HTML


def get(
    operation: str,
    summary: str,
    tag: str,
    asked: list[dict[str, Any]],
    answers: dict[str, Any],
) -> dict[str, Any]:
    """Return a path item with its one method."""
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": asked,
            "responses": answers,
        }
    }


def feature_id() -> dict[str, Any]:
    """Return the parameter of the path that names a feature."""
    return {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": "`id` of the feature.",
        "schema": {"type": "string", "minLength": 1},
    }


def parameters(asked: Parameters, name: str) -> list[dict[str, Any]]:
    """Return references to the parameters of one resource of a collection."""
    return [{"$ref": f"#/components/parameters/{_key(p, name)}"} for p in asked]


def parameter_components(layer: Layer, name: str) -> dict[str, Any]:
    """Return the parameters of a collection's items, those of all collections included."""
    return {_key(p, name): described(p) for p in items_parameters(layer)}


def _key(parameter: Parameter, name: str) -> str:
    if parameter.name in SHARED:
        return parameter.name
    # Names of columns are in any script; what stands in a reference is not.
    ascii_name = "".join(
        c if c.isascii() and (c.isalnum() or c == "_") else f".{ord(c):x}."
        for c in parameter.name
    )
    return f"{name}.{ascii_name}"


def feature_schemas(layer: Layer, name: str) -> dict[str, Schema]:
    """Return the schemas of a feature and of a page of features."""
    feature = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            "geometry": _geometry_of(layer),
            "properties": _properties(layer),
            "links": {"type": "array", "items": ref("Link")},
        },
    }
    page = {
        "type": "object",
        "required": ["type", "features", "links", "numberReturned", "timeStamp"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": ref(f"{name}-feature")},
            "links": {"type": "array", "items": ref("Link")},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberReturned": {"type": "integer", "minimum": 0},
            "numberMatched": {"type": "integer", "minimum": 0},
        },
    }
    return {f"{name}-feature": feature, f"{name}-features": page}


def _geometry_of(layer: Layer) -> Schema:
    kind = layer.geometry.kind if layer.geometry else None
    name = _GEOJSON_NAMES.get(kind) if kind else None
    if layer.geometry is not None and name is None:
        return ref("geometryGeoJSON")
    schema: Schema = {"type": "object", "nullable": True}
    if name is not None:
        schema["allOf"] = [ref(f"{name}GeoJSON")]
    return schema


def _properties(layer: Layer) -> Schema:
    described_columns: dict[str, Any] = {}
    for column in layer.columns:
        schema = column_schema(column, LANG)
        if column.kind is Kind.JSON:
            schema.pop("type")  # anything; 3.0 has no list of types
        elif "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        described_columns[column.name] = schema | {"nullable": True}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": described_columns,
    }


def shared_parameters(asked: Iterable[Parameter]) -> dict[str, Any]:
    """Return the parameters that are the same everywhere."""
    return {p.name: described(p) for p in asked if p.name in SHARED}
