"""What every resource under `/ogc/` does alike: choose the format, link, be a page, too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson
from django.http import HttpRequest, HttpResponseBase

from layers.answers.answer import HTML, JSON, Answer, response_of
from layers.answers.extensions import Link
from layers.answers.resource import Asked, PublicResource
from layers.ogc.links import (
    HTML_TYPE,
    Address,
    link_header,
    members,
    self_and_alternates,
)
from layers.ogc.pages import page
from layers.params.kinds import Choice
from layers.params.languages import LANG
from layers.params.reading import Parameter, Parameters, query_pairs
from layers.published.layers import catalogue
from layers.published.layers.layer import Layer
from layers.published.versions import DataState, data_state

F = Parameter(
    "f",
    Choice(("json", "html")),
    "Format of the answer; before the Accept header.",
)
COMMON = Parameters(F, LANG)


def current_layer(layer_id: str) -> Layer:
    """Return a layer as it is described now, whoever changed it; one cheap statement.

    Raises
    ------
    NotFound
        There is no such layer.
    """
    catalogue.layers()
    return catalogue.layer(layer_id)


@dataclass(frozen=True, slots=True)
class Content:
    """What a resource says, for JSON and for the page.

    Attributes
    ----------
    body : mapping
        The JSON object, without `links`.
    links : sequence of Link
        All of them, `self` first.
    state : DataState or None
        What it was made from; None: not to be kept.
    context : mapping
        What the page's template is told besides.
    """

    body: Mapping[str, Any]
    links: Sequence[Link]
    state: DataState | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


class OgcResource(PublicResource):
    """A resource of the API: JSON and HTML from one content.

    Attributes
    ----------
    template : str
        Of the page.
    has_links_member : bool
        Whether the JSON has a member `links`; the header always has them.
    is_english : bool
        Whether its texts are in English, whatever the reader asks for.
    """

    parameters = COMMON
    offers: ClassVar[tuple[str, ...]] = (JSON, HTML_TYPE)
    template: ClassVar[str]
    has_links_member: ClassVar[bool] = True
    is_english: ClassVar[bool] = False

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Return the view; without the check of forged forms, as it takes none."""
        view = super().as_view(**initkwargs)
        view.csrf_exempt = True  # type: ignore[attr-defined]
        return view

    def content(self, asked: Asked) -> Content:
        """Return what the resource says."""
        raise NotImplementedError

    def get(self, asked: Asked) -> Answer:
        """Return it in the format that was asked for."""
        said = self.content(asked)
        headers = {"Link": link_header(said.links)}
        lang = "en" if self.is_english else asked.lang
        if asked.media_type == HTML_TYPE:
            text = page(asked.request, self.template, lang, said)
            return Answer(text, HTML, lang, headers=headers)
        body = dict(said.body)
        if self.has_links_member:
            body["links"] = members(said.links)
        return Answer(
            orjson.dumps(body),
            asked.media_type,
            asked.lang,
            said.state,
            headers=headers,
        )

    def own_links(self, asked: Asked) -> list[Link]:
        """Return `self` and the `alternate` ones."""
        path = asked.request.build_absolute_uri(asked.request.path)
        pairs = query_pairs(asked.request.META.get("QUERY_STRING", ""))
        formats = {"json": self.offers[0], "html": HTML_TYPE}
        return self_and_alternates(Address(path, pairs), asked.media_type, formats)

    def media_type_of(self, request: HttpRequest, values: Mapping[str, Any]) -> str:
        """Return what `f` says, else what Accept prefers."""
        wanted = values.get("f")
        if wanted == "json":
            return self.offers[0]
        if wanted == "html":
            return HTML_TYPE
        return super().media_type_of(request, values)

    def state_of(self, asked: Asked) -> DataState:
        """Return the state of all published data."""
        return data_state()

    def _read(self, asked: Asked) -> HttpResponseBase:
        if asked.media_type == HTML_TYPE:
            # A page carries the nonce of its request: nobody may keep it.
            return response_of(self._answer("get", asked), None)
        return super()._read(asked)
