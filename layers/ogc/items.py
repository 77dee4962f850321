"""`/ogc/collections/{id}/items`: features of a layer, as bytes that PostGIS wrote."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import HttpRequest

from layers.answers.answer import GEOJSON, HTML, JSON, Answer
from layers.answers.extensions import Link
from layers.answers.resource import Asked
from layers.errors import InvalidParameter, UnknownParameter
from layers.ogc.cursors import Position, cursor_text
from layers.ogc.item_page import items_content
from layers.ogc.items_parameters import items_parameters
from layers.ogc.links import (
    HTML_TYPE,
    QUERYABLES_REL,
    SCHEMA_JSON,
    SORTABLES_REL,
    Address,
    collection_address,
    link_header,
    members,
    root,
    self_and_alternates,
)
from layers.ogc.pages import page as html_page
from layers.ogc.resource import OgcResource
from layers.params.collections import filters_of, shape_of, sort_of, system_of
from layers.params.reading import Parameters, query_pairs
from layers.published.layers import catalogue, extents, items
from layers.published.layers.items import ItemsPage
from layers.published.layers.layer import Layer
from layers.published.layers.page_sql import ItemsQuestion
from layers.published.versions import DataState

FORMATS = {"json": GEOJSON, "html": HTML_TYPE}


class FeatureResource(OgcResource):
    """A resource of features of one layer: its parameters depend on the layer."""

    offers = (GEOJSON, JSON, HTML_TYPE)

    def state_of(self, asked: Asked) -> DataState:
        """Return the state of the layer's data."""
        return items.layer_state(asked.path["id"])

    def _values(self, request: HttpRequest, path: Mapping[str, str]) -> dict[str, Any]:
        try:
            return super()._values(request, path)
        except (InvalidParameter, UnknownParameter):
            # Perhaps the layer was imported anew with other columns since it was
            # described in this process.
            before = catalogue.layer(path["id"])
            catalogue.layers()
            if catalogue.layer(path["id"]) is before:
                raise
            return super()._values(request, path)


class Items(FeatureResource):
    """Features of a collection."""

    template = "ogc/items.html"

    def parameters_of(self, path: Mapping[str, str]) -> Parameters:
        """Return what may be asked of the layer."""
        return items_parameters(catalogue.layer(path["id"]))

    def get(self, asked: Asked) -> Answer:
        """Return a page of features."""
        values = asked.values
        layer_id = asked.path["id"]
        questions: list[ItemsQuestion] = []

        def ask(layer: Layer) -> ItemsQuestion:
            questions.append(question_of(layer, values))
            return questions[-1]

        found = items.page(layer_id, ask)
        layer = catalogue.layer(layer_id)
        links = page_links(asked, found.next_key)
        headers = {
            "Content-Crs": f"<{system_of(layer, values).uri}>",
            "Link": link_header([*links, *schema_links(links)]),
        }
        said: dict[str, Any] = {"numberReturned": found.n}
        matched = number_matched(layer, questions[-1], found)
        if matched is not None:
            said["numberMatched"] = matched
        said["timeStamp"] = time_stamp()
        if asked.media_type == HTML_TYPE:
            content = items_content(layer, asked, found.features, said, links)
            text = html_page(asked.request, self.template, asked.lang, content)
            return Answer(text, HTML, asked.lang, headers=headers)
        said["links"] = members(links)
        body = feature_collection(said, found.features)
        return Answer(body, asked.media_type, state=found.state, headers=headers)


def question_of(layer: Layer, values: Mapping[str, Any]) -> ItemsQuestion:
    """Return the page that is asked for.

    Raises
    ------
    InvalidParameter
        The box is none, or the cursor belongs to another order.
    """
    position: Position | None = values["cursor"]
    if position is not None and position.order != values["sortby"]:
        raise InvalidParameter("cursor", "(another order)", "used with its own sortby")
    return ItemsQuestion(
        filters=filters_of(layer, values),
        shape=shape_of(layer, values),
        limit=values["limit"],
        after=None if position is None else position.key,
        offset=values["offset"],
        sort=sort_of(layer, values),
        has_count=values["count"],
    )


def number_matched(
    layer: Layer, question: ItemsQuestion, found: ItemsPage
) -> int | None:
    """Return how many features match in all, where that is known or cheap to know.

    All of a layer are counted once for each state of its data; what a filter leaves is
    counted only on demand (`count=true`), or seen to end with the first page.
    """
    if found.matched is not None:
        return found.matched
    if not question.filters.asks_nothing:
        return None
    known = extents.count_at(layer, found.state)
    if known is None and question.after is None and question.offset == 0:
        reach = extents.extent(layer)
        return reach.n if reach.state == found.state else None
    return known


def page_links(asked: Asked, next_key: Sequence[str | None] | None) -> list[Link]:
    """Return `self`, `alternate`, `next` where more follow, and `collection`."""
    request = asked.request
    collection = collection_address(root(request), asked.path["id"])
    pairs = query_pairs(request.META.get("QUERY_STRING", ""))
    address = Address(f"{collection}/items", pairs)
    links = self_and_alternates(address, asked.media_type, FORMATS)
    if next_key is not None:
        after = cursor_text(asked.values["sortby"], next_key)
        href = address.changed({"cursor": after, "offset": None})
        links.append(Link("next", href, asked.media_type, "Next page"))
    links.append(Link("collection", collection, JSON, "Collection"))
    return links


def schema_links(links: Sequence[Link]) -> list[Link]:
    """Return the links to what can be filtered and sorted by; for the header alone."""
    at = links[-1].href
    return [
        Link(QUERYABLES_REL, f"{at}/queryables", SCHEMA_JSON),
        Link(SORTABLES_REL, f"{at}/sortables", SCHEMA_JSON),
    ]


def feature_collection(head: Mapping[str, Any], features: bytes) -> bytes:
    """Return a GeoJSON FeatureCollection; foreign members come before the features."""
    said = orjson.dumps({"type": "FeatureCollection", **head})
    return b'%b,\n"features":[\n%b\n]}\n' % (said[:-1], features)


def time_stamp() -> str:
    """Return now as RFC 3339 writes it, in UTC."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return f"{now.isoformat(timespec='microseconds')}Z"
