"""`…/schema`, `…/queryables`, `…/sortables`: a layer's columns as JSON Schema (Part 5)."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from layers.answers.answer import JSON
from layers.answers.extensions import Link
from layers.answers.resource import Asked
from layers.ogc.links import HTML_TYPE, SCHEMA_JSON, collection_address, root
from layers.ogc.resource import Content, OgcResource, current_layer
from layers.params.collections import sortables
from layers.published.layers import catalogue
from layers.published.layers.layer import Column, Geometry, Kind, Layer
from layers.published.layers.texts import language_of, text_in
from layers.published.versions import DataState, data_state

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: Mapping[Kind, Mapping[str, Any]] = {
    Kind.STRING: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.STRINGS: {"type": "array", "items": {"type": "string"}},
    Kind.INTEGERS: {"type": "array", "items": {"type": "integer"}},
    Kind.NUMBERS: {"type": "array", "items": {"type": "number"}},
    Kind.JSON: {"type": ["object", "array", "string", "number", "boolean"]},
}


class LayerSchema(OgcResource):
    """A schema of a collection.

    Attributes
    ----------
    name : str
        Last step of its address.
    heading : str
        What it is, for people.
    """

    offers: ClassVar[tuple[str, ...]] = (SCHEMA_JSON, JSON, HTML_TYPE)
    template = "ogc/schema.html"
    has_links_member = False
    name: ClassVar[str]
    heading: ClassVar[str]

    def content(self, asked: Asked) -> Content:
        """Return the schema."""
        layer = current_layer(asked.path["id"])
        base = root(asked.request)
        address = collection_address(base, layer.id, self.name)
        body: dict[str, Any] = {
            "$schema": DRAFT,
            "$id": address,
            "type": "object",
            "title": text_in(layer.titles, asked.lang) or layer.id,
            "properties": self.properties(layer, asked.lang),
            "additionalProperties": False,
        }
        at = collection_address(base, layer.id)
        links = [*self.own_links(asked), Link("collection", at, JSON, "Collection")]
        context = {
            "title": body["title"],
            "title_lang": language_of(layer.titles, asked.lang),
            "heading": self.heading,
            "layer": layer,
            "rows": [_row(name, said) for name, said in body["properties"].items()],
            "id": address,
            "schema": DRAFT,
        }
        return Content(body, links, data_state(), context)

    def state_of(self, asked: Asked) -> DataState:
        """Return the state; NotFound where there is no such collection."""
        catalogue.layer(asked.path["id"])
        return data_state()

    def properties(self, layer: Layer, lang: str) -> dict[str, Any]:
        """Return the schemas of the columns that it lists."""
        raise NotImplementedError


class Returnables(LayerSchema):
    """What features of a collection hold."""

    name, heading = "schema", "Schema"

    def properties(self, layer: Layer, lang: str) -> dict[str, Any]:
        """Return all columns, their places in the order, and the geometry."""
        return numbered(all_properties(layer, lang))


class Queryables(LayerSchema):
    """What features of a collection can be filtered by."""

    name, heading = "queryables", "Queryables"

    def properties(self, layer: Layer, lang: str) -> dict[str, Any]:
        """Return the columns that CQL2 can compare, and the geometry."""
        said = all_properties(layer, lang)
        opaque = {c.name for c in layer.columns if c.kind is Kind.JSON}
        return {name: said[name] for name in said if name not in opaque}


class Sortables(LayerSchema):
    """What features of a collection can be sorted by."""

    name, heading = "sortables", "Sortables"

    def properties(self, layer: Layer, lang: str) -> dict[str, Any]:
        """Return the columns that hold one value."""
        return columns_schema(sortables(layer), layer, lang)


def all_properties(layer: Layer, lang: str) -> dict[str, Any]:
    """Return the schemas of all columns and of the geometry."""
    said = columns_schema(layer.columns, layer, lang)
    if layer.geometry is not None:
        said[layer.geometry.name] = geometry_schema(layer.geometry)
    return said


def columns_schema(
    columns: Iterable[Column], layer: Layer, lang: str
) -> dict[str, Any]:
    """Return the schemas of columns, by name."""
    roles = roles_of(layer)
    said = {}
    for column in columns:
        schema = column_schema(column, lang)
        if column.name in roles:
            schema["x-ogc-role"] = roles[column.name]
        said[column.name] = schema
    return said


def column_schema(column: Column, lang: str) -> dict[str, Any]:
    """Return the JSON Schema of one column."""
    schema: dict[str, Any] = dict(_TYPES[column.kind])
    title = text_in(column.titles, lang)
    if title:
        schema["title"] = title
    description = text_in(column.descriptions, lang)
    if description:
        schema["description"] = description
    if column.values:
        if column.kind is Kind.STRINGS:
            schema["items"] = {"type": "string", "enum": list(column.values)}
        else:
            schema["enum"] = list(column.values)
    if column.unit:
        schema["x-ogc-unit"] = column.unit
    return schema


def geometry_schema(geometry: Geometry) -> dict[str, Any]:
    """Return the schema of a geometry, which has a format and no type (Part 5, 7.2)."""
    return {
        "title": "Geometry",
        "format": f"geometry-{geometry.kind.value}",
        "x-ogc-role": "primary-geometry",
    }


def roles_of(layer: Layer) -> dict[str, str]:
    """Return which columns are the id and the time of a feature."""
    roles = {}
    if layer.key.kind in (Kind.STRING, Kind.INTEGER, Kind.UUID):
        roles[layer.key.name] = "id"
    if layer.interval:
        start, end = layer.interval
        roles |= {start: "primary-interval-start", end: "primary-interval-end"}
    elif layer.instant:
        roles[layer.instant] = "primary-instant"
    return roles


def numbered(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas with their places in the order."""
    return {
        name: schema | {"x-ogc-propertySeq": n}
        for n, (name, schema) in enumerate(properties.items(), start=1)
    }


def _row(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a property as a line of the page's table."""
    items = schema.get("items", {})
    kind = schema.get("format") or schema.get("type", "")
    if kind == "array":
        kind = f"list of {items.get('type', '')}"
    return {
        "name": name,
        "type": kind if isinstance(kind, str) else "anything",
        "title": schema.get("title", ""),
        "description": schema.get("description", ""),
        "values": schema.get("enum") or items.get("enum") or (),
        "role": schema.get("x-ogc-role", ""),
        "unit": schema.get("x-ogc-unit", ""),
    }
