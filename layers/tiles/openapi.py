"""What the document and the pages of `/ogc/` say of tiles."""

from collections.abc import Mapping, Sequence
from typing import Any

from layers.answers.answer import JSON
from layers.answers.extensions import ConformanceClass, Extension, Link
from layers.answers.problems import PROBLEM_JSON
from layers.params.reading import Parameter
from layers.published.layers.layer import Layer
from layers.published.layers.tiles import DEEPEST_ZOOM
from layers.tiles.matrix_sets import WEB_MERCATOR_QUAD
from layers.tiles.ogc_tile import COLLECTIONS
from layers.tiles.tile import MVT, tile_parameters
from layers.tiles.tilesets import SCHEMES_REL, TILESETS_REL

_CONFORMANCE = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
_TESTS = ("tests/api/test_ogc_tiles.py", "tests/api/test_tiles.py")
_CLASSES = {
    "core": "Tiles",
    "tileset": "Tilesets",
    "tilesets-list": "Lists of tilesets",
    "dataset-tilesets": "Tilesets of all collections",
    "geodata-tilesets": "Tilesets of a collection",
    "collections-selection": "Choice of collections",
    "oas30": "Tiles in the OpenAPI document",
    "mvt": "Mapbox Vector Tiles",
}


def extension() -> Extension:
    """Return what tiles add to the API at `/ogc/`."""
    return Extension(
        name="tiles",
        conformance=tuple(
            ConformanceClass(_CONFORMANCE + name, title, _TESTS)
            for name, title in _CLASSES.items()
        ),
        landing_links=_landing_links,
        collection_links=_collection_links,
        paths=_paths,
    )


def _landing_links(root: str) -> Sequence[Link]:
    return (
        Link(TILESETS_REL, f"{root}/tiles", JSON, "Vector tiles of all collections"),
        Link(SCHEMES_REL, f"{root}/tileMatrixSets", JSON, "Tile matrix sets"),
    )


def _collection_links(root: str, layer: Layer) -> Sequence[Link]:
    if layer.geometry is None:
        return ()
    tilejson = f"{root.removesuffix('/ogc')}/tiles/{layer.id}.json"
    return (
        Link(
            TILESETS_REL, f"{root}/collections/{layer.id}/tiles", JSON, "Vector tiles"
        ),
        Link("alternate", tilejson, JSON, "TileJSON"),
    )


def _paths(layers: Sequence[Layer]) -> Mapping[str, Any]:
    listed = "getTileSetsList"
    tileset = "getTileSet"
    tile = "getTile"
    scheme = f"/{WEB_MERCATOR_QUAD}"
    address = f"{scheme}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    paths = {
        "/tileMatrixSets": _described("getTileMatrixSetsList", "Tile matrix sets"),
        f"/tileMatrixSets{scheme}": _described("getTileMatrixSet", "A tile matrix set"),
        "/tiles": _described(
            f".dataset.vector.{listed}", "Tilesets of all collections"
        ),
        f"/tiles{scheme}": _described(
            f".dataset.vector.{tileset}", "The tileset of all collections"
        ),
        f"/tiles{address}": _tile(
            f".dataset.vector.{tile}",
            "A tile of several collections",
            [_in_query(COLLECTIONS)],
        ),
    }
    for layer in layers:
        if layer.geometry is None:
            continue
        here = f"/collections/{layer.id}/tiles"
        name = f".collection.vector.{layer.id}"
        paths |= {
            here: _described(f"{name}.{listed}", f"Tilesets of {layer.id}"),
            f"{here}{scheme}": _described(
                f"{name}.{tileset}", f"Tileset of {layer.id}"
            ),
            f"{here}{address}": _tile(
                f"{name}.{tile}", f"A tile of {layer.id}", _filters(layer)
            ),
        }
    return paths


def _described(operation_id: str, summary: str) -> dict[str, Any]:
    content = {JSON: {"schema": {"type": "object"}}}
    parameters = [
        {"name": "f", "in": "query", "schema": {"type": "string", "enum": ["json"]}},
        {
            "name": "lang",
            "in": "query",
            "schema": {"type": "string", "enum": ["el", "en", "fr", "ar", "fa", "ur"]},
        },
    ]
    return _get(operation_id, summary, content, parameters)


def _tile(
    operation_id: str, summary: str, more: list[dict[str, Any]]
) -> dict[str, Any]:
    content = {MVT: {"schema": {"type": "string", "format": "binary"}}}
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": meaning,
            "schema": {"type": "integer", "minimum": 0, "maximum": most},
        }
        for name, meaning, most in (
            ("tileMatrix", "Zoom.", DEEPEST_ZOOM),
            ("tileRow", "Row, from the north.", (1 << DEEPEST_ZOOM) - 1),
            ("tileCol", "Column, from the west.", (1 << DEEPEST_ZOOM) - 1),
        )
    ]
    return _get(operation_id, summary, content, [*parameters, *more])


def _filters(layer: Layer) -> list[dict[str, Any]]:
    return [_in_query(parameter) for parameter in tile_parameters(layer)]


def _in_query(parameter: Parameter) -> dict[str, Any]:
    schema = dict(parameter.kind.schema)
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema,
    }
    if parameter.many:
        said |= {
            "style": "form",
            "explode": False,
            "schema": {"type": "array", "items": schema, "minItems": 1},
        }
    return said


def _get(
    operation_id: str,
    summary: str,
    content: dict[str, Any],
    parameters: list[dict[str, Any]],
) -> dict[str, Any]:
    fault = {PROBLEM_JSON: {"schema": {"type": "object"}}}
    faults = {
        "400": "A parameter that is not known or not allowed.",
        "404": "There is no such collection or tile.",
        "406": "It does not come in that format.",
        "503": "The database is away or busy.",
    }
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "tags": ["tiles"],
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": content},
                "304": {"description": "What the reader has is still true."},
                **{
                    status: {"description": text, "content": fault}
                    for status, text in faults.items()
                },
            },
        }
    }
