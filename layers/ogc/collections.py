"""`/ogc/collections`: the published layers, each with its extent, systems and links."""

import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings

from layers.answers.answer import GEOJSON, JSON
from layers.answers.extensions import Link, extensions
from layers.answers.resource import Asked
from layers.crs import CRS84, LISTED_SRIDS, ReferenceSystem, of_epsg, storage_system
from layers.errors import NotFound
from layers.ogc.links import (
    HTML_TYPE,
    QUERYABLES_REL,
    SCHEMA_JSON,
    SCHEMA_REL,
    SORTABLES_REL,
    collection_address,
    members,
    root,
)
from layers.ogc.pages import import_map, map_block
from layers.ogc.resource import Content, OgcResource, current_layer
from layers.params.collections import default_system
from layers.published.layers import catalogue, extents
from layers.published.layers.layer import Layer
from layers.published.layers.texts import language_of, text_in
from layers.published.versions import DataState, data_state

ROWS_OF_A_PAGE = 50
"""Features that a page shows where it is linked to; a thousand would take a browser long."""

_PARTS = 10_000_000

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


class Collections(OgcResource):
    """All collections."""

    template = "ogc/collections.html"

    def content(self, asked: Asked) -> Content:
        """Return the collections by their ids."""
        base = root(asked.request)
        state = data_state()  # before the extents: they are as new, or newer
        described = list(_described(base, asked.lang))
        return Content(
            {
                "crs": [system.uri for system in listed_systems()],
                "collections": described,
            },
            self.own_links(asked),
            state,
            {"title": "Collections"},
        )


class Collection(OgcResource):
    """One collection."""

    template = "ogc/collection.html"

    def content(self, asked: Asked) -> Content:
        """Return the collection as the list of all shows it."""
        base = root(asked.request)
        state = data_state()
        layer = current_layer(asked.path["id"])
        said = collection(layer, base, asked.lang)
        links = [*self.own_links(asked), *collection_links(layer, base)]
        del said["links"]
        reach = said.get("extent", {}).get("spatial", {}).get("bbox")
        context = {
            "title": said["title"],
            "title_lang": said.get("lang", ""),
            "layer": layer,
            "systems": systems_of(layer),
            "at": collection_address(base, layer.id),
            "has_map": reach is not None,
            "import_map": import_map(),
            "map": map_block(
                {
                    "features": f"{collection_address(base, layer.id, 'items')}"
                    "?f=json&limit=2000",
                    "link": True,
                }
            ),
        }
        return Content(said, links, state, context)

    def state_of(self, asked: Asked) -> DataState:
        """Return the state; NotFound where there is no such collection."""
        catalogue.layer(asked.path["id"])
        return data_state()


def _described(base: str, lang: str) -> Iterator[dict[str, Any]]:
    for layer in catalogue.layers():
        try:
            yield collection(layer, base, lang)
        except NotFound:
            continue  # removed this very moment


def collection(layer: Layer, base: str, lang: str) -> dict[str, Any]:
    """Return what is said of a layer in the list of all and at its own address.

    Parameters
    ----------
    layer : Layer
        The layer.
    base : str
        Absolute address of the API.
    lang : str
        Language of the texts.
    """
    reach = extents.extent(layer)
    said: dict[str, Any] = {
        "id": layer.id,
        "title": text_in(layer.titles, lang) or layer.id,
        "lang": language_of(layer.titles, lang),
        "description": text_in(layer.descriptions, lang),
        "attribution": layer.attribution,
        "licence": layer.licence,
        "source": layer.source,
    }
    said = {name: value for name, value in said.items() if value}
    extent = _extent(reach)
    if extent:
        said["extent"] = extent
    said |= {
        "itemType": "feature",
        "itemCount": reach.n,
        "crs": [system.uri for system in systems_of(layer)],
    }
    storage = _storage(layer)
    if storage is not None:
        said["storageCrs"] = storage.uri
    address = collection_address(base, layer.id)
    said["links"] = members(
        [
            Link("self", address, JSON, "This collection"),
            Link(
                "alternate", f"{address}?f=html", HTML_TYPE, "This collection as HTML"
            ),
            *collection_links(layer, base),
        ]
    )
    return said


def collection_links(layer: Layer, base: str) -> list[Link]:
    """Return the links of a collection but those to itself."""
    at = collection_address(base, layer.id)
    links = [
        Link("items", f"{at}/items", GEOJSON, "Features as GeoJSON"),
        Link(
            "items",
            f"{at}/items?f=html&limit={ROWS_OF_A_PAGE}",
            HTML_TYPE,
            "Features as HTML",
        ),
        Link("describedby", f"{at}/schema", SCHEMA_JSON, "Schema of the features"),
        Link(SCHEMA_REL, f"{at}/schema", SCHEMA_JSON, "Schema of the features"),
        Link(
            QUERYABLES_REL, f"{at}/queryables", SCHEMA_JSON, "What can be filtered by"
        ),
        Link(SORTABLES_REL, f"{at}/sortables", SCHEMA_JSON, "What can be sorted by"),
    ]
    if layer.licence.startswith(("http://", "https://")):
        links.append(Link("license", layer.licence, HTML_TYPE, "Licence"))
    return links + [
        link
        for extension in extensions()
        for link in extension.collection_links(base, layer)
    ]


def listed_systems() -> list[ReferenceSystem]:
    """Return the systems that every layer offers by name, CRS84 first."""
    codes = dict.fromkeys((*LISTED_SRIDS, settings.METRIC_SRID))
    return [CRS84, *_known(codes)]


def systems_of(layer: Layer) -> list[ReferenceSystem]:
    """Return the systems that a layer offers by name, its default first."""
    storage = _storage(layer)
    more = [] if storage is None else [storage]
    offered = [default_system(layer), *listed_systems(), *more]
    return list(dict.fromkeys(offered))


def _storage(layer: Layer) -> ReferenceSystem | None:
    if layer.geometry is None:
        return None
    if layer.geometry.srid == CRS84.srid:
        return default_system(layer)
    try:
        return storage_system(layer.geometry.srid)
    except LookupError:
        return None  # a system of the database's own


def _known(codes: dict[int, None]) -> Iterator[ReferenceSystem]:
    for code in codes:
        try:
            yield of_epsg(code)
        except LookupError:
            continue


def _extent(reach: extents.Extent) -> dict[str, Any]:
    extent: dict[str, Any] = {}
    if reach.bounds is not None:
        box = _rounded(reach.bounds)
        extent["spatial"] = {"bbox": [box], "crs": CRS84.uri}
    ends = [rfc3339(reach.first), rfc3339(reach.last)]
    if any(ends):
        extent["temporal"] = {"interval": [ends], "trs": GREGORIAN}
    return extent


def _rounded(bounds: tuple[float, float, float, float]) -> list[float]:
    """Return the bounds to a centimetre, outwards, so that nothing lies beyond them."""
    west, south, east, north = (edge * _PARTS for edge in bounds)
    low = [math.floor(west) / _PARTS, math.floor(south) / _PARTS]
    return [*low, math.ceil(east) / _PARTS, math.ceil(north) / _PARTS]


def rfc3339(moment: datetime | date | None) -> str | None:
    """Return a moment as RFC 3339 writes it; a day begins at midnight UTC."""
    if moment is None:
        return None
    if isinstance(moment, datetime):
        text = moment.isoformat()
        return text.replace("+00:00", "Z") if moment.tzinfo else f"{text}Z"
    return f"{moment.isoformat()}T00:00:00Z"
