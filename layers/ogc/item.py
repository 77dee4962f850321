"""`/ogc/collections/{id}/items/{fid}`: one feature."""

from collections.abc import Mapping

import orjson

from layers.answers.answer import HTML, JSON, Answer
from layers.answers.extensions import Link
from layers.answers.resource import Asked
from layers.errors import NotFound
from layers.ogc.item_page import item_content
from layers.ogc.items import FORMATS, FeatureResource
from layers.ogc.items_parameters import item_parameters
from layers.ogc.links import (
    HTML_TYPE,
    Address,
    collection_address,
    link_header,
    members,
    root,
    self_and_alternates,
)
from layers.ogc.pages import page as html_page
from layers.params.collections import shape_of, system_of
from layers.params.reading import Parameters, query_pairs
from layers.published.layers import catalogue, items


class Item(FeatureResource):
    """A feature of a collection."""

    template = "ogc/item.html"

    def parameters_of(self, path: Mapping[str, str]) -> Parameters:
        """Return in which forms the layer's features come."""
        return item_parameters(catalogue.layer(path["id"]))

    def get(self, asked: Asked) -> Answer:
        """Return the feature."""
        layer_id, fid = asked.path["id"], asked.path["fid"]
        text, state = items.item(
            layer_id, fid, lambda layer: shape_of(layer, asked.values)
        )
        if text is None:
            raise NotFound("feature", fid)
        layer = catalogue.layer(layer_id)
        links = item_links(asked)
        headers = {
            "Content-Crs": f"<{system_of(layer, asked.values).uri}>",
            "Link": link_header(links),
        }
        if asked.media_type == HTML_TYPE:
            content = item_content(layer, asked, text, links)
            page = html_page(asked.request, self.template, asked.lang, content)
            return Answer(page, HTML, asked.lang, headers=headers)
        body = b'%b,"links":%b}\n' % (text[:-1], orjson.dumps(members(links)))
        return Answer(body, asked.media_type, state=state, headers=headers)


def item_links(asked: Asked) -> list[Link]:
    """Return `self`, `alternate` and `collection`."""
    base, layer_id = root(asked.request), asked.path["id"]
    address = collection_address(base, layer_id, "items", asked.path["fid"])
    pairs = query_pairs(asked.request.META.get("QUERY_STRING", ""))
    return [
        *self_and_alternates(Address(address, pairs), asked.media_type, FORMATS),
        Link("collection", collection_address(base, layer_id), JSON, "Collection"),
    ]
