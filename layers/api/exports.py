"""`/api/v1/exports`: whole layers as files, sent while they are made where that can be."""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import IO, Any

import orjson
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, http_date

from layers.answers.answer import JSON, Answer, etag, is_known, not_modified
from layers.answers.compression import coding
from layers.answers.resource import Asked
from layers.answers.streaming import Begun, Pieces, compressed_pieces
from layers.api.openapi import Reply
from layers.api.pages import address
from layers.api.views import Resource
from layers.errors import NotFound
from layers.exports.extract import Extract
from layers.exports.folders import working_folder
from layers.exports.formats import FORMATS, Made, Streamed
from layers.params.exports import (
    EXPORT_PARAMETERS,
    export_parameters,
    wanted_of,
)
from layers.params.languages import LANG
from layers.params.reading import Parameters
from layers.published.layers import catalogue, items
from layers.published.layers.copying import ReaderGone
from layers.published.layers.layer import Layer
from layers.published.layers.streams import open_layer
from layers.published.layers.texts import text_in
from layers.published.layers.wanted import Wanted
from layers.published.versions import DataState, data_state

NOBODY_WAITS = 499
"""What web servers put in their logs where the reader went before there was an answer."""

Wish = Callable[[Layer], Wanted]


class Exports(Resource):
    """Every layer with the formats that it can be had in."""

    parameters = Parameters(LANG)
    summary = "Layers to download"
    tag = "exports"
    reply = Reply({JSON: {"type": "object"}})

    def get(self, asked: Asked) -> Answer:
        """Return the list."""
        base = address(asked.request)
        said = {
            "items": [
                {
                    "id": layer.id,
                    "title": text_in(layer.titles, asked.lang) or layer.id,
                    "links": [
                        {
                            "rel": "enclosure",
                            "href": f"{base}/{layer.id}.{known.code}",
                            "type": known.media_type,
                            "title": known.title,
                        }
                        for known in FORMATS.values()
                    ],
                }
                for layer in catalogue.layers()
            ]
        }
        return Answer(orjson.dumps(said), JSON, asked.lang, data_state())


class Export(Resource):
    """A whole layer, or what filters leave of it, as a file.

    Besides the parameters here each column of the layer is one of its own name. GeoJSON
    has coordinates in the order of the authority of `crs`; in every other format x (east,
    longitude) comes before y. An answer that breaks off is not whole, whatever arrived.
    """

    parameters = EXPORT_PARAMETERS
    summary = "A layer as a file"
    tag = "exports"
    reply = Reply(
        {
            known.media_type.partition(";")[0]: {"type": "string", "format": "binary"}
            for known in FORMATS.values()
        },
        "The file.",
    )

    def parameters_of(self, path: Mapping[str, str]) -> Parameters:
        """Return what may be asked of this layer in this format."""
        form = _format(path)
        return export_parameters(catalogue.layer(path["layer"]), form.code)

    def media_type_of(self, request: HttpRequest, values: Mapping[str, Any]) -> str:
        """Return what the address says; it is the reader's choice."""
        kwargs: Mapping[str, str] = self.kwargs
        return _format(kwargs).media_type

    def state_of(self, asked: Asked) -> DataState:
        """Return the state of the layer's data."""
        return items.layer_state(asked.path["layer"])

    def get(self, asked: Asked) -> Answer:
        """Exist, so that the methods are listed; `_read` answers."""
        raise NotImplementedError

    def _read(self, asked: Asked) -> HttpResponseBase:
        request = asked.request
        # Taken before the rows are read: they are of this state, or of a later one, and
        # then a reader who asks whether it holds gets them anew.
        state = self.state_of(asked)
        of = (request.path, asked.lang, sorted(asked.values.items()))
        tag = etag(state, *of)
        if is_known(request, tag):
            return not_modified(tag)
        form, layer_id = _format(asked.path), asked.path["layer"]

        def wish(layer: Layer) -> Wanted:
            return wanted_of(layer, asked.values, asked.lang)

        layer = catalogue.layer(layer_id)
        wanted = wish(layer)
        try:
            response = _response(request, form, layer_id, wish)
        except ReaderGone:
            return HttpResponse(status=NOBODY_WAITS)
        _describe(response, form, layer, wanted)
        headers = response.headers
        headers["ETag"] = tag
        headers["Cache-Control"] = "public, no-cache"
        if state.changed_at is not None:
            headers["Last-Modified"] = http_date(state.changed_at.timestamp())
        return response


def _format(path: Mapping[str, str]) -> Streamed | Made:
    known = FORMATS.get(path["file_format"])
    if known is None:
        listed = ", ".join(FORMATS)
        raise NotFound(f"format (there are {listed}) called", path["file_format"])
    return known


def _response(
    request: HttpRequest, form: Streamed | Made, layer_id: str, wish: Wish
) -> HttpResponseBase:
    media_type = form.media_type
    if request.method == "HEAD":
        return StreamingHttpResponse(content_type=media_type)
    hangup = _socket_of(request)
    if isinstance(form, Made):
        return FileResponse(
            _made(form, layer_id, wish, hangup), content_type=media_type
        )
    pieces = _pieces(form, layer_id, wish, hangup)
    taken = None
    if form.is_text:
        taken = coding(request.headers.get("Accept-Encoding", ""))
    if taken is not None:
        pieces = compressed_pieces(pieces, taken)
    if request.META.get("SERVER_PROTOCOL") == "HTTP/1.0":
        # It has no way to say that a transfer broke off but its length.
        response: HttpResponseBase = FileResponse(
            _kept(pieces), content_type=media_type
        )
    else:
        response = StreamingHttpResponse(Begun(pieces), content_type=media_type)
    if taken is not None:
        response.headers["Content-Encoding"] = taken
    return response


def _describe(
    response: HttpResponseBase, form: Streamed | Made, layer: Layer, wanted: Wanted
) -> None:
    headers = response.headers
    name = f"{layer.id}.{form.code}"
    headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=name
    )
    headers["X-Accel-Buffering"] = "no"  # a proxy that waits would hide how far it is
    if layer.geometry is not None and wanted.shape.has_geometry:
        headers["Content-Crs"] = f"<{wanted.system.uri}>"
    links = [f'</ogc/collections/{layer.id}>; rel="collection"']
    if layer.licence.startswith(("https://", "http://")):
        links.append(f'<{layer.licence}>; rel="license"')
    headers["Link"] = ", ".join(links)


def _pieces(form: Streamed, layer_id: str, wish: Wish, hangup: int | None) -> Pieces:
    with open_layer(layer_id, hangup=hangup) as reading:
        yield from form.chunks(Extract(reading, wish(reading.layer)))


def _made(form: Made, layer_id: str, wish: Wish, hangup: int | None) -> IO[bytes]:
    """Return the file, open; it has no name any more and goes when it is closed."""
    with working_folder() as folder:
        with open_layer(layer_id, hangup=hangup) as reading:
            path = form.write(Extract(reading, wish(reading.layer)), folder)
        return path.open("rb")


def _kept(pieces: Pieces) -> IO[bytes]:
    with working_folder() as folder, closing(pieces):
        path = folder / "pieces"
        with path.open("wb") as file:
            file.writelines(pieces)
        return path.open("rb")


def _socket_of(request: HttpRequest) -> int | None:
    """Return the file descriptor of the reader's connection, where the server tells."""
    socket = request.META.get("gunicorn.socket")
    return None if socket is None else int(socket.fileno())
