"""Schemas that several answers share, as components of the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def ref(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT: Schema = {"type": "string"}
_NULLABLE_TEXT: Schema = {"type": "string", "nullable": True}

_LINK: Schema = {
    "type": "object",
    "required": ["rel", "href", "type"],
    "properties": {
        "rel": _TEXT,
        "href": {"type": "string", "format": "uri"},
        "type": _TEXT,
    },
}

_PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457 problem details; the one shape of every error.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "The path, never the query.",
        },
        "parameter": {"type": "string", "description": "The parameter at fault."},
        "errors": {
            "type": "array",
            "description": "Where several parameters are at fault: each of them.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {"parameter": _TEXT, "detail": _TEXT},
            },
        },
    },
}

_GEOMETRY: Schema = {
    "type": "object",
    "nullable": True,
    "description": "GeoJSON geometry, longitude before latitude; null without a place.",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"type": "string", "enum": ["Point", "Polygon", "MultiPolygon"]},
        "coordinates": {"type": "array", "items": {}},
    },
}


def _feature(properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _TEXT,
            "geometry": ref("Geometry"),
            "properties": properties,
        },
    }


METADATA: Schema = {
    "lang": {"type": "string", "description": "Language of the texts."},
    "demo": {"type": "boolean", "description": "Whether some of it is invented."},
    "notice": {"type": "string", "description": "What `demo` means, in words."},
    "attribution": {
        "type": "array",
        "items": _TEXT,
        "description": "Whom the data is owed to, with licences.",
    },
    "updated_at": {"type": "string", "format": "date-time", "nullable": True},
}
"""Members that every answer has; `notice` only where `demo`."""

_PAGED: Schema = {
    "numberReturned": {"type": "integer", "minimum": 0},
    "numberMatched": {
        "type": "integer",
        "minimum": 0,
        "description": "Only with `count=true`, or where it is known anyway.",
    },
    **METADATA,
    "links": {"type": "array", "items": _LINK},
}

_ALWAYS = ["lang", "demo", "attribution"]


def collection(features: Schema, **members: Schema) -> Schema:
    """Return the schema of a page of features with more members."""
    return {
        "type": "object",
        "required": ["type", "numberReturned", "features", "links", *_ALWAYS],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            **_PAGED,
            **members,
            "features": {"type": "array", "items": features},
        },
    }


def listing(item: Schema, **members: Schema) -> Schema:
    """Return the schema of a list of items with more members."""
    return {
        "type": "object",
        "required": ["numberReturned", "items", *_ALWAYS],
        "properties": {
            **_PAGED,
            **members,
            "items": {"type": "array", "items": item},
        },
    }


_NAMED: Schema = {
    "lang": _TEXT,
    "name": _TEXT,
    "name_lang": {
        "type": "string",
        "description": "The language that `name` is really in.",
    },
}

_SERVICE_POINT: Schema = {
    "type": "object",
    "description": "A service at a place, or without one.",
    "required": ["service_id", "name", "name_lang", "status"],
    "properties": {
        **_NAMED,
        "service_id": {"type": "string", "format": "uuid"},
        "organization_id": {"type": "string", "format": "uuid"},
        "organization_name": _NULLABLE_TEXT,
        "category": _NULLABLE_TEXT,
        "categories": {"type": "array", "items": _TEXT},
        "committees": {"type": "array", "items": _TEXT},
        "groups": {"type": "array", "items": _TEXT},
        "languages": {"type": "array", "items": _TEXT},
        "status": _TEXT,
        "audience": _TEXT,
        "visibility": {"type": "string", "enum": ["public", "district_only"]},
        "verified_on": {"type": "string", "format": "date", "nullable": True},
        "demo": {"type": "boolean"},
    },
}

_NEAR_PROPERTIES: Schema = {
    "distance_m": {
        "type": "number",
        "nullable": True,
        "description": "Metres in a straight line on the ellipsoid.",
    },
    "walk_min": {
        "type": "number",
        "nullable": True,
        "description": "Minutes on foot: distance_m x detour at walk_kmh.",
    },
    "open_now": {
        "type": "boolean",
        "nullable": True,
        "description": "null where its hours are not known.",
    },
    "why": {
        "type": "array",
        "items": _TEXT,
        "description": "What made it match, like `language:fa:staff` or `group:everybody`.",
    },
}

COMPONENTS: Schema = {
    "Problem": _PROBLEM,
    "Geometry": _GEOMETRY,
    "ServicePoint": _feature(_SERVICE_POINT),
    "NearServicePoint": _feature(
        {
            **_SERVICE_POINT,
            "required": [*_SERVICE_POINT["required"], *_NEAR_PROPERTIES],
            "properties": {**_NEAR_PROPERTIES, **_SERVICE_POINT["properties"]},
        }
    ),
    "Feature": _feature({"type": "object"}),
}
"""Name -> schema."""
