"""`/api/v1/`: what there is, for programs and for people."""

from typing import Any

import orjson
from django.utils.html import format_html, format_html_join

from layers.answers.answer import HTML, JSON, Answer
from layers.api.metadata import metadata
from layers.api.openapi import Reply
from layers.api.pages import address
from layers.api.plain_html import document
from layers.api.schema import OPENAPI_JSON
from layers.api.views import Asked, Resource
from layers.params.languages import LANG
from layers.params.reading import Parameters

_RESOURCES = (
    ("service-points", "Service points: what the map draws and the list shows"),
    ("nearest", "The nearest services to a spot (POST lon and lat, or GET)"),
    ("districts", "Districts of every level with their boundaries"),
    ("organizations", "Organizations"),
    ("services", "Services"),
    ("locations", "Public places"),
    ("taxonomies", "The words that filters take: categories, groups, sectors"),
    ("committees", "Working committees with their categories"),
    ("activities", "Courses, meetings and events, the next first"),
    ("open-calls", "What organizations offer and need"),
    ("coverage", "How many people reach a service on foot, by district"),
    ("gaps", "Districts by people who do not"),
    ("profiles", "Districts across all categories, none hidden in a mean"),
    ("runs", "Stored analyses, what changed between two, and a queue for long ones"),
    ("jobs", "How far the night's analyses are"),
    (
        "scenarios",
        "What if places closed, opened, moved or changed (POST); stored ones",
    ),
    ("critical-services", "Services that would be missed most"),
    ("siting", "Areas where new places would help most (POST)"),
    ("feedback", "Report an error in a service's record (POST)"),
    ("service-requests", "Say which kind of service is missing (POST)"),
    ("exports", "Layers to download, in the formats of GIS and spreadsheets"),
)
_ABOUT = (
    ("docs", "Documentation", "service-doc", "text/html"),
    ("schema", "OpenAPI 3.0 document", "service-desc", OPENAPI_JSON),
)


class Root(Resource):
    """The resources of this API; a page with links for browsers."""

    parameters = Parameters(LANG)
    offers = (JSON, HTML.partition(";")[0])
    is_kept = False
    summary = "What there is"
    reply = Reply({JSON: {"type": "object"}, "text/html": {"type": "string"}})

    def get(self, asked: Asked) -> Answer:
        """Return the list of resources."""
        base = address(asked.request)
        links = [
            {"rel": "data", "href": base + name, "type": JSON, "title": title}
            for name, title in _RESOURCES
        ]
        links += [
            {"rel": rel, "href": base + name, "type": media, "title": title}
            for name, title, rel, media in _ABOUT
        ]
        if asked.media_type != JSON:
            return Answer(_page(links).encode(), HTML, "en")
        said: dict[str, Any] = {
            "title": "GeoACCMR API",
            "version": "1",
            **metadata(asked.lang),
            "links": [{"rel": "self", "href": base, "type": JSON}, *links],
        }
        return Answer(orjson.dumps(said), JSON, asked.lang)


def _page(links: list[dict[str, str]]) -> str:
    items = format_html_join(
        "\n",
        '<li><a href="{}">{}</a>: {}</li>',
        (
            (link["href"], link["href"].rpartition("/")[2], link["title"])
            for link in links
        ),
    )
    return document(
        "GeoACCMR API", format_html("<h1>GeoACCMR API</h1><ul>{}</ul>", items)
    )
