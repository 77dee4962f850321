"""HTML of the resources: everything that the JSON says, every link of it as a link."""

from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString

from layers.ogc.links import root

if TYPE_CHECKING:
    from layers.ogc.resource import Content


def page(request: HttpRequest, template: str, lang: str, said: "Content") -> bytes:
    """Return the page of a resource, in UTF-8."""
    context = {
        "body": said.body,
        "links": said.links,
        "lang": lang,
        "base": root(request),
        "nonce": getattr(request, "csp_nonce", ""),
        **said.context,
    }
    return render_to_string(template, context, request).encode()


def map_block(data: dict[str, Any]) -> SafeString:
    """Return what the script of the map is told, safe inside a script element."""
    said = {
        "styles": static("vendor/maplibre-gl.css"),
        "basemap": (
            {
                "tiles": settings.BASEMAP_TILES,
                "attribution": settings.BASEMAP_ATTRIBUTION,
            }
            if settings.BASEMAP_TILES
            else None
        ),
        **data,
    }
    return _script_text(said)


def import_map() -> SafeString:
    """Return where the script of the map finds what it imports."""
    return _script_text({"imports": {"maplibre-gl": static("vendor/maplibre-gl.mjs")}})


def _script_text(data: object) -> SafeString:
    text = orjson.dumps(data).decode()
    for sign, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return SafeString(text)  # nosec: every < > & is escaped above
