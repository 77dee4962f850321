"""Features as a page: a table, a map, the links."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from layers.answers.extensions import Link
from layers.answers.resource import Asked
from layers.ogc.links import (
    collection_address,
    replaced,
    root,
    with_query,
)
from layers.ogc.pages import import_map, map_block
from layers.ogc.resource import Content
from layers.params.reading import query_pairs
from layers.published.layers.layer import Layer
from layers.published.layers.texts import language_of, text_in


def items_content(
    layer: Layer,
    asked: Asked,
    features: bytes,
    said: Mapping[str, Any],
    links: Sequence[Link],
) -> Content:
    """Return the content of a page of features."""
    read = orjson.loads(b"[%b]" % features)
    names = asked.values["properties"]
    columns = [c for c in layer.columns if not names or c.name in names]
    base = root(asked.request)
    context = {
        "layer": layer,
        "title": text_in(layer.titles, asked.lang) or layer.id,
        "title_lang": language_of(layer.titles, asked.lang),
        "columns": [
            (column.name, text_in(column.titles, asked.lang)) for column in columns
        ],
        "rows": [_row(feature, base, layer, columns_of(columns)) for feature in read],
        "next": next((link.href for link in links if link.rel == "next"), None),
        "has_map": layer.geometry is not None,
        "import_map": import_map(),
        "map": map_block({"features": _map_address(asked), "link": True}),
        "collection": with_query(
            collection_address(base, layer.id), [("f", "html"), ("lang", asked.lang)]
        ),
    }
    return Content(said, links, context=context)


def columns_of(columns: Sequence[Any]) -> list[str]:
    """Return the names of columns."""
    return [column.name for column in columns]


def item_content(
    layer: Layer, asked: Asked, text: bytes, links: Sequence[Link]
) -> Content:
    """Return the content of a feature's page."""
    feature = orjson.loads(text)
    titles = {
        column.name: text_in(column.titles, asked.lang) for column in layer.columns
    }
    base = root(asked.request)
    context = {
        "layer": layer,
        "title": text_in(layer.titles, asked.lang) or layer.id,
        "title_lang": language_of(layer.titles, asked.lang),
        "fid": asked.path["fid"],
        "rows": [
            (name, titles.get(name), shown_value(value))
            for name, value in feature["properties"].items()
        ],
        "geometry": feature["geometry"] and orjson.dumps(feature["geometry"]).decode(),
        "geometry_type": feature["geometry"] and feature["geometry"]["type"],
        "has_map": feature["geometry"] is not None,
        "import_map": import_map(),
        "map": map_block({"features": _map_address(asked), "link": False}),
        "collection": with_query(
            collection_address(base, layer.id), [("f", "html"), ("lang", asked.lang)]
        ),
    }
    return Content({}, links, context=context)


def _map_address(asked: Asked) -> str:
    """Return the address of the same features as the map wants them: CRS84."""
    request = asked.request
    pairs = query_pairs(request.META.get("QUERY_STRING", ""))
    changed = replaced(pairs, {"f": "json", "crs": None, "properties": None})
    return with_query(request.path, changed)


def _row(
    feature: Mapping[str, Any], base: str, layer: Layer, names: Sequence[str]
) -> dict[str, Any]:
    properties = feature["properties"]
    fid = str(feature["id"])
    geometry = feature["geometry"]
    return {
        "id": fid,
        "href": f"{collection_address(base, layer.id, 'items', fid)}?f=html",
        "geometry": geometry["type"] if geometry else None,
        "values": [shown_value(properties.get(name)) for name in names],
    }


def shown_value(value: object) -> str | None:
    """Return a property's value as text, None for null."""
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return orjson.dumps(value).decode()
