"""What other rooms hang onto the API at `/ogc/`: links, conformance classes, paths.

The rooms that answer do not know each other. One that adds resources below `/ogc/`
(tiles, say) registers here what the landing page, the collections, the conformance
declaration and the API document have to say of them; `ogc` reads it when asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from layers.published.layers.layer import Layer


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a resource.

    Attributes
    ----------
    rel, href, type : str
        Relation, absolute address, media type.
    title : str
        For people.
    is_templated : bool
        Whether the address has parts in braces to fill in.
    """

    rel: str
    href: str
    type: str
    title: str = ""
    is_templated: bool = False

    def member(self) -> dict[str, Any]:
        """Return the link as a JSON object."""
        said: dict[str, Any] = {"rel": self.rel, "href": self.href, "type": self.type}
        if self.title:
            said["title"] = self.title
        if self.is_templated:
            said["templated"] = True
        return said

    def header(self) -> str:
        """Return the link as the Link header has it (RFC 8288); titles stay in the body."""
        return f'<{self.href}>; rel="{self.rel}"; type="{self.type}"'


@dataclass(frozen=True, slots=True)
class ConformanceClass:
    """A conformance class that the API declares.

    Attributes
    ----------
    uri : str
        As OGC names it.
    title : str
        For people.
    tests : tuple of str
        Files of tests that prove it, from the top of the repository.
    """

    uri: str
    title: str
    tests: tuple[str, ...]


def _no_links(_root: str) -> Sequence[Link]:
    return ()


def _no_links_of_layer(_root: str, _layer: Layer) -> Sequence[Link]:
    return ()


def _no_paths(_layers: Sequence[Layer]) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Extension:
    """What a room adds to the API.

    Attributes
    ----------
    name : str
        One for each room; registering it again replaces it.
    conformance : tuple of ConformanceClass
        Declared at `/ogc/conformance`.
    landing_links : callable
        (root) -> links of the landing page; `root` is the absolute address of `/ogc`.
    collection_links : callable
        (root, layer) -> links of a collection.
    paths : callable
        (layers) -> path items of the OpenAPI document, below the server's address, which
        is `root`.
    schemas : mapping
        Components that the paths refer to as `#/components/schemas/<name>`.
    """

    name: str
    conformance: tuple[ConformanceClass, ...] = ()
    landing_links: Callable[[str], Sequence[Link]] = _no_links
    collection_links: Callable[[str, Layer], Sequence[Link]] = _no_links_of_layer
    paths: Callable[[Sequence[Layer]], Mapping[str, Any]] = _no_paths
    schemas: Mapping[str, Any] = field(default_factory=dict)


_registered: dict[str, Extension] = {}


def extend(extension: Extension) -> None:
    """Register what a room adds; called where its routes are declared."""
    _registered[extension.name] = extension


def extensions() -> tuple[Extension, ...]:
    """Return what was registered."""
    return tuple(_registered.values())
