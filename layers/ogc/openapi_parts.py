"""Parts of the OpenAPI document that all resources share: schemas, headers, refusals."""

from collections.abc import Mapping
from typing import Any

from layers.answers.problems import PROBLEM_JSON
from layers.params.reading import Parameter

Schema = dict[str, Any]

REFUSALS: Mapping[str, str] = {
    "400": "A parameter is unknown or has a value that is not allowed; it is named.",
    "404": "There is nothing at this address.",
    "405": "Only GET, HEAD and OPTIONS are allowed.",
    "406": "The answer does not come in the format that Accept asks for.",
    "503": "The database cannot answer now; `Retry-After` says when to come back.",
}

_NAMES = {
    "400": "BadRequest",
    "404": "NotFound",
    "405": "MethodNotAllowed",
    "406": "NotAcceptable",
    "503": "Unavailable",
}

HEADERS: Mapping[str, Any] = {
    "ETag": {
        "schema": {"type": "string"},
        "description": "Send it as If-None-Match to be told 304 while nothing changed.",
    },
    "Last-Modified": {
        "schema": {"type": "string"},
        "description": "When the data last changed.",
    },
    "Link": {
        "schema": {"type": "string"},
        "description": "The links of the body (RFC 8288).",
    },
}

CONTENT_CRS: Mapping[str, Any] = {
    "Content-Crs": {
        "schema": {"type": "string"},
        "description": "The system of the coordinates, in angle brackets.",
    }
}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def responses(
    content: Mapping[str, Schema],
    *,
    not_found: bool = False,
    headers: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return every status of an operation.

    Parameters
    ----------
    content : mapping
        Media type -> schema of the answer.
    not_found : bool
        Whether the address has a part that need not exist.
    headers : mapping, optional
        Headers besides those that all answers have.
    """
    said: dict[str, Any] = {
        "200": {
            "description": "What was asked for.",
            "headers": {**HEADERS, **(headers or {})},
            "content": {kind: {"schema": schema} for kind, schema in content.items()},
        },
        "304": {"description": "What you have (If-None-Match) still holds."},
    }
    for status, name in _NAMES.items():
        if status != "404" or not_found:
            said[status] = {"$ref": f"#/components/responses/{name}"}
    return said


def described(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter of the query as OpenAPI has it."""
    schema = dict(parameter.kind.schema)
    if parameter.many:
        schema = {"type": "array", "minItems": 1, "items": schema}
    if parameter.default not in (None, ()):
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def refusal_components() -> dict[str, Any]:
    """Return the answers to faults."""
    said: dict[str, Any] = {}
    for status, name in _NAMES.items():
        said[name] = {
            "description": REFUSALS[status],
            "content": {PROBLEM_JSON: {"schema": ref("Problem")}},
        }
    said["Unavailable"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return said


def _object(required: list[str], **properties: Schema) -> Schema:
    said: Schema = {"type": "object", "properties": properties}
    return said | {"required": required} if required else said


_TEXT: Schema = {"type": "string"}
_URI: Schema = {"type": "string", "format": "uri"}
_LINKS: Schema = {"type": "array", "items": ref("Link")}
_EXTENT: Schema = _object(
    [],
    spatial=_object(
        ["bbox", "crs"],
        bbox={
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "minItems": 4,
                "maxItems": 6,
                "items": {"type": "number"},
            },
        },
        crs=_URI,
    ),
    temporal=_object(
        ["interval", "trs"],
        interval={
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "minItems": 2,
                "maxItems": 2,
                "items": {"type": "string", "format": "date-time", "nullable": True},
            },
        },
        trs=_URI,
    ),
)


def _geometry(name: str, coordinates: Schema) -> Schema:
    return _object(
        ["type", "coordinates"],
        type={"type": "string", "enum": [name]},
        coordinates=coordinates,
    )


def _list_of(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "minItems": least, "items": items}


_POSITION: Schema = _list_of({"type": "number"}, 2)
_LINE, _RING = _list_of(_POSITION, 2), _list_of(_POSITION, 4)

GEOMETRIES: Mapping[str, Schema] = {
    # An empty point is written with no coordinates at all (RFC 7946, 3.1).
    "Point": _geometry("Point", _list_of({"type": "number"})),
    "MultiPoint": _geometry("MultiPoint", _list_of(_POSITION)),
    "LineString": _geometry("LineString", _list_of(_POSITION)),
    "MultiLineString": _geometry("MultiLineString", _list_of(_LINE)),
    "Polygon": _geometry("Polygon", _list_of(_RING)),
    "MultiPolygon": _geometry("MultiPolygon", _list_of(_list_of(_RING))),
    "GeometryCollection": _object(
        ["type", "geometries"],
        type={"type": "string", "enum": ["GeometryCollection"]},
        geometries=_list_of({"type": "object"}),
    ),
}

SCHEMAS: Mapping[str, Schema] = {
    "Link": _object(
        ["rel", "href", "type"],
        rel=_TEXT,
        href=_TEXT,
        type=_TEXT,
        title=_TEXT,
        templated={"type": "boolean"},
    ),
    "Problem": _object(
        ["type", "title", "status", "detail", "instance"],
        type=_TEXT,
        title=_TEXT,
        status={"type": "integer"},
        detail=_TEXT,
        instance=_TEXT,
        parameter=_TEXT,
        errors={
            "type": "array",
            "items": _object(["parameter", "detail"], parameter=_TEXT, detail=_TEXT),
        },
    ),
    "Landing": _object(
        ["title", "links"],
        title=_TEXT,
        description=_TEXT,
        attribution=_list_of(_TEXT),
        links=_LINKS,
    ),
    "Conformance": _object(["conformsTo"], conformsTo=_list_of(_URI, 1)),
    "Collections": _object(
        ["links", "collections"],
        links=_LINKS,
        crs=_list_of(_URI, 1),
        collections=_list_of(ref("Collection")),
    ),
    "Collection": _object(
        ["id", "title", "links", "itemType", "itemCount", "crs"],
        id=_TEXT,
        title=_TEXT,
        lang=_TEXT | {"description": "Language in which the title really is."},
        description=_TEXT,
        attribution=_TEXT,
        licence=_TEXT,
        source=_TEXT,
        extent=_EXTENT,
        itemType={"type": "string", "enum": ["feature"]},
        itemCount={"type": "integer", "minimum": 0},
        crs=_list_of(_URI, 1),
        storageCrs=_URI,
        links=_LINKS,
    ),
    "LayerSchema": _object(
        ["$schema", "$id", "type", "properties"],
        **{
            "$schema": _URI,
            "$id": _URI,
            "type": {"type": "string", "enum": ["object"]},
            "title": _TEXT,
            "properties": {
                "type": "object",
                "additionalProperties": {"type": "object"},
            },
            "additionalProperties": {"type": "boolean"},
        },
    ),
    "Functions": _object(
        ["functions"],
        functions=_list_of(
            _object(
                ["name", "returns"],
                name=_TEXT,
                description=_TEXT,
                arguments=_list_of(
                    _object(["type"], title=_TEXT, type=_list_of(_TEXT, 1))
                ),
                returns=_list_of(_TEXT, 1),
            )
        ),
    ),
    **{f"{name}GeoJSON": schema for name, schema in GEOMETRIES.items()},
    "geometryGeoJSON": {
        "oneOf": [ref(f"{name}GeoJSON") for name in GEOMETRIES],
        "nullable": True,
    },
}
