"""The envelope of a page: members, links, and the features or items that SQL wrote."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest

from layers.answers.answer import Answer
from layers.api.metadata import metadata
from layers.api.views import Asked
from layers.params.paging import cursor_text
from layers.params.reading import query_pairs
from layers.published.versions import DataState


def collection(members: Mapping[str, Any], features: bytes) -> bytes:
    """Return a GeoJSON FeatureCollection; foreign members come before the features."""
    head = orjson.dumps({"type": "FeatureCollection", **members})
    return b'%b,\n"features":[\n%b\n]}\n' % (head[:-1], features)


def listing(members: Mapping[str, Any], items: bytes) -> bytes:
    """Return a JSON object whose last member is `items`."""
    head = orjson.dumps(members)
    return b'%b,\n"items":[\n%b\n]}\n' % (head[:-1], items)


def page(
    asked: Asked,
    *,
    features: bytes,
    n: int,
    next_key: Sequence[object] | None,
    matched: int | None,
    state: DataState,
    is_geojson: bool = True,
    members: Mapping[str, Any] | None = None,
) -> Answer:
    """Return the answer of a list.

    Parameters
    ----------
    asked : Asked
        The request.
    features : bytes
        JSON texts in UTF-8, separated by commas.
    n : int
        How many.
    next_key : sequence or None
        Sort key of the last one where more follow.
    matched : int or None
        How many match on all pages, where known.
    state : DataState
        What it was made from.
    is_geojson : bool
        Whether they are features.
    members : Mapping, optional
        More members of the envelope.
    """
    links = page_links(asked, next_key)
    said = {
        "numberReturned": n,
        **({} if matched is None else {"numberMatched": matched}),
        **(members or {}),
        **metadata(
            asked.lang,
            state=state,
            municipality=asked.values.get("municipality") or (),
        ),
        "links": [
            {"rel": rel, "href": href, "type": asked.media_type} for rel, href in links
        ],
    }
    body = collection(said, features) if is_geojson else listing(said, features)
    return Answer(body, asked.media_type, asked.lang, state, links)


def page_links(
    asked: Asked, next_key: Sequence[object] | None
) -> list[tuple[str, str]]:
    """Return `self`, and `next` where more follow, as absolute addresses."""
    request = asked.request
    pairs = query_pairs(request.META.get("QUERY_STRING", ""))
    links = [("self", address(request, pairs))]
    if next_key is not None:
        rest = [(name, value) for name, value in pairs if name != "cursor"]
        after = ("cursor", cursor_text(next_key))
        links.append(("next", address(request, [*rest, after])))
    return links


def address(request: HttpRequest, pairs: Sequence[tuple[str, str]] = ()) -> str:
    """Return the absolute address of this path with some parameters."""
    query = f"?{urlencode(pairs)}" if pairs else ""
    return request.build_absolute_uri(request.path) + query
