"""What every public resource does alike: read the request, answer, or say the fault.

A resource declares its parameters and its formats and implements `get` or `post` from
what was asked to an `Answer`. The REST framework's own dispatch (its request object,
authentication, throttles) is not used for public reads: it costs more than the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views import View
from rest_framework.exceptions import (
    MethodNotAllowed,
    NotAcceptable,
    UnsupportedMediaType,
)

from layers.answers.answer import (
    JSON,
    Answer,
    etag,
    finished,
    is_known,
    not_modified,
    preflight,
    response_of,
)
from layers.answers.problems import problem
from layers.errors import InvalidParameter, NotFound, shown
from layers.params.kinds import Code, Uuid
from layers.params.languages import LANG, chosen_language
from layers.params.reading import Parameters
from layers.published.versions import DataState, data_state


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was read: its values, the language and format of the answer.

    `path` holds the parts of the address that are not fixed.
    """

    request: HttpRequest
    values: dict[str, Any]
    lang: str
    media_type: str
    path: Mapping[str, str]

    def uuid(self, kind: str) -> UUID:
        """Return the id in the address; NotFound where it is none at all."""
        text = self.path["id"]
        try:
            id_: UUID = _UUID.from_text("id", text)
        except InvalidParameter:
            raise NotFound(kind, text) from None
        return id_

    def code(self, name: str, kind: str) -> str:
        """Return a code in the address; NotFound where it can be none."""
        text = self.path[name]
        try:
            code: str = _CODE.from_text(name, text)
        except InvalidParameter:
            raise NotFound(kind, text) from None
        return code


_UUID, _CODE = Uuid(), Code()


class PublicResource(View):
    """A resource that anybody may read.

    Attributes
    ----------
    parameters : Parameters
        What its query, or the body of a POST, may hold.
    offers : tuple of str
        Media types it comes in, its favourite first.
    is_kept : bool
        Whether a reader may keep the answer and ask whether it still holds.
    depends_on_data_only : bool
        Whether that is known from the state of the published data, before the answer.
    """

    parameters: ClassVar[Parameters] = Parameters(LANG)
    offers: ClassVar[tuple[str, ...]] = (JSON,)
    is_kept: ClassVar[bool] = True
    depends_on_data_only: ClassVar[bool] = True
    methods: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Note the methods that a resource has."""
        super().__init_subclass__(**kwargs)
        own = [name for name in ("get", "post", "delete") if hasattr(cls, name)]
        also = ["HEAD"] if "get" in own else []
        cls.methods = (*map(str.upper, own), *also, "OPTIONS")

    def dispatch(
        self, request: HttpRequest, *args: object, **kwargs: str
    ) -> HttpResponseBase:
        """Return the answer, or the problem, with what every response has."""
        try:
            response: HttpResponseBase = self._response(request, kwargs)
        except Exception as fault:
            said = problem(fault, request.path)
            if said is None:
                raise
            if isinstance(fault, MethodNotAllowed):
                said.headers["Allow"] = ", ".join(self.methods)
            response = said
        return finished(request, response)

    def _response(
        self, request: HttpRequest, path: Mapping[str, str]
    ) -> HttpResponseBase:
        method = request.method or ""
        if method == "OPTIONS":
            return preflight(self.methods)
        if method not in self.methods:
            allowed = ", ".join(self.methods)
            raise MethodNotAllowed(method, f"{shown(method)} is not one of {allowed}")
        values = self._values(request, path)
        media_type = self.media_type_of(request, values)
        lang = chosen_language(
            values.get("lang"), request.headers.get("Accept-Language", "")
        )
        asked = Asked(request, values, lang, media_type, path)
        if method in ("POST", "DELETE"):
            return response_of(self._answer(method.lower(), asked), None)
        return self._read(asked)

    def _answer(self, handler: str, asked: Asked) -> Answer:
        answer: Answer = getattr(self, handler)(asked)
        return answer

    def _read(self, asked: Asked) -> HttpResponseBase:
        request = asked.request
        of = (request.path, asked.lang, asked.media_type, sorted(asked.values.items()))
        may_ask = self.is_kept and self.depends_on_data_only
        if may_ask and "If-None-Match" in request.headers:
            tag = etag(self.state_of(asked), *of)
            if is_known(request, tag):
                return not_modified(tag)
        answer = self._answer("get", asked)
        if answer.state is None:
            return response_of(answer, None)
        tag = etag(answer.state, *of)
        if is_known(request, tag):
            return not_modified(tag)
        return response_of(answer, tag)

    def state_of(self, asked: Asked) -> DataState:
        """Return the state of the data that the answer would be made from."""
        return data_state()

    def parameters_of(self, path: Mapping[str, str]) -> Parameters:
        """Return what the query may hold, where that depends on the address."""
        return self.parameters

    def parameters_for(self, method: str, path: Mapping[str, str]) -> Parameters:
        """Return what a request may hold, where that depends on its method."""
        del method
        return self.parameters_of(path)

    def _values(self, request: HttpRequest, path: Mapping[str, str]) -> dict[str, Any]:
        query = request.META.get("QUERY_STRING", "")
        parameters = self.parameters_for(request.method or "", path)
        if request.method != "POST":
            return parameters.read_query(query)
        Parameters().read_query(query)  # a POST says everything in its body
        if request.content_type != JSON:
            raise UnsupportedMediaType("", f"declare the body as {JSON}")
        return parameters.read_body(request.body)

    def media_type_of(self, request: HttpRequest, values: Mapping[str, Any]) -> str:
        """Return the media type to answer in, of `offers`."""
        accept = request.headers.get("Accept", "*/*")
        if accept == "*/*":
            return self.offers[0]
        chosen = request.get_preferred_type(self.offers)
        if chosen is None:
            raise NotAcceptable(f"it comes as {' or '.join(self.offers)}")
        return chosen
