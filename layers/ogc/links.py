"""Links between the resources of the API, in bodies and in the Link header."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

from django.http import HttpRequest

from layers.answers.extensions import Link

HTML_TYPE = "text/html"
SCHEMA_JSON = "application/schema+json"
OPENAPI_JSON = "application/vnd.oai.openapi+json;version=3.0"
"""Exactly so: QGIS compares this text."""

_OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
QUERYABLES_REL = f"{_OGC_REL}queryables"
SORTABLES_REL = f"{_OGC_REL}sortables"
SCHEMA_REL = f"{_OGC_REL}schema"
FUNCTIONS_REL = f"{_OGC_REL}functions"


def members(links: Iterable[Link]) -> list[dict[str, Any]]:
    """Return links as JSON objects."""
    return [link.member() for link in links]


def link_header(links: Iterable[Link]) -> str:
    """Return the value of the Link header; templates are no links yet and left out."""
    return ", ".join(link.header() for link in links if not link.is_templated)


def root(request: HttpRequest) -> str:
    """Return the absolute address of the API, without a slash at its end."""
    prefix = request.META.get("SCRIPT_NAME", "")
    return f"{request.scheme}://{request.get_host()}{prefix}/ogc"


def collection_address(root_address: str, layer_id: str, *parts: str) -> str:
    """Return the address of a collection, or of what is below it."""
    steps = "".join(
        f"/{part if _PLAIN.fullmatch(part) else quote(part, safe='')}"
        for part in (layer_id, *parts)
    )
    return f"{root_address}/collections{steps}"


def with_query(address: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Return an address with parameters."""
    return f"{address}?{encoded(pairs)}" if pairs else address


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Return parameters as a query string."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


_PLAIN = re.compile(r"[\w.~-]*", re.ASCII)


def _quoted(text: str) -> str:
    # Most names and values are plain, and the library takes ten times as long to see it.
    return text if _PLAIN.fullmatch(text) else quote_plus(text)


def replaced(
    pairs: Sequence[tuple[str, str]], changes: Mapping[str, str | None]
) -> list[tuple[str, str]]:
    """Return parameters with some changed, added, or (None) left out."""
    kept = [(name, value) for name, value in pairs if name not in changes]
    return kept + [(n, v) for n, v in changes.items() if v is not None]


class Address:
    """The address of an answer, from which its links differ by a parameter or two.

    Parameters are encoded once: that is a good part of what a small answer costs.
    """

    def __init__(self, path: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Keep the absolute address and the parameters."""
        self.path, self.pairs = path, pairs
        self.names = {name for name, _ in pairs}
        self.here = with_query(path, pairs)

    def changed(self, changes: Mapping[str, str | None]) -> str:
        """Return the address with parameters changed, added, or (None) left out."""
        if not self.names.isdisjoint(changes):
            return with_query(self.path, replaced(self.pairs, changes))
        added = [(name, value) for name, value in changes.items() if value is not None]
        return f"{self.here}{'&' if self.pairs else '?'}{encoded(added)}"


def self_and_alternates(
    address: Address, chosen: str, formats: Mapping[str, str]
) -> list[Link]:
    """Return the links of a resource to itself and to its other formats.

    Parameters
    ----------
    address : Address
        Of this answer.
    chosen : str
        Its media type.
    formats : mapping of str to str
        Value of `f` -> media type; `json` may stand for what was chosen by Accept.
    """
    taken = next((f for f, kind in formats.items() if kind == chosen), "json")
    here = Link("self", address.here, chosen, "This document")
    others = [
        Link(
            "alternate",
            address.changed({"f": f}),
            kind,
            f"This document as {_NAMES[f]}",
        )
        for f, kind in formats.items()
        if f != taken
    ]
    return [here, *others]


_NAMES = {"json": "JSON", "html": "HTML"}
