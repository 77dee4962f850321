"""From what a resource has to say to an HTTP response: validators, CORS, coding, HEAD."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import http_date, parse_etags
from django.utils.timezone import get_default_timezone

from layers.answers.compression import SMALLEST, coding, compressed
from layers.published.versions import DataState

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html; charset=utf-8"

PREFLIGHT_S = 86_400

R = TypeVar("R", bound=HttpResponseBase)

_SHARED = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Content-Crs, Content-Language, ETag, Last-Modified, Link, Location, "
        "Retry-After",
    ),
    ("Vary", "Accept, Accept-Encoding, Accept-Language"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a resource has to say.

    Attributes
    ----------
    body : bytes
        The representation.
    media_type : str
        Of the body.
    lang : str
        Language of the texts in it; empty where it has none.
    state : DataState or None
        The state of the data that it was made from. None: it depends on more than its
        address and the data, so nobody may keep it.
    links : sequence of (str, str)
        Relation and address, for the Link header.
    headers : mapping of str to str
        Further headers.
    status : int
        Of HTTP.
    """

    body: bytes
    media_type: str = JSON
    lang: str = ""
    state: DataState | None = None
    links: Sequence[tuple[str, str]] = field(default=())
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def etag(state: DataState, *parts: object) -> str:
    """Return the weak validator of an answer: the same until data or question change.

    The day is part of it, since "verified within 30 days" means other rows tomorrow.
    """
    today = datetime.now(get_default_timezone()).date()
    text = repr((*parts, today))
    digest = hashlib.blake2s(text.encode(), digest_size=9).hexdigest()
    return f'W/"{state.version}-{digest}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """Tell whether the reader says (If-None-Match) that it has this state already."""
    header = request.headers.get("If-None-Match")
    if not header:
        return False
    known = parse_etags(header)
    return "*" in known or tag in known or tag.removeprefix("W/") in known


def not_modified(tag: str) -> HttpResponse:
    """Return the empty answer for a reader that has this state already."""
    response = HttpResponse(status=304)
    del response.headers["Content-Type"]
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def response_of(answer: Answer, tag: str | None) -> HttpResponse:
    """Return the response for an answer; `tag` is its validator, None to keep nothing."""
    response = HttpResponse(
        answer.body, content_type=answer.media_type, status=answer.status
    )
    headers = response.headers
    for name, value in answer.headers.items():
        headers[name] = value
    if answer.lang:
        headers["Content-Language"] = answer.lang
    if tag is None:
        headers["Cache-Control"] = "no-store"
    else:
        headers["Cache-Control"] = (
            "public, no-cache"  # keep it, but ask whether it holds
        )
        headers["ETag"] = tag
        if answer.state is not None and answer.state.changed_at is not None:
            headers["Last-Modified"] = http_date(answer.state.changed_at.timestamp())
    if answer.links:
        headers["Link"] = ", ".join(f'<{to}>; rel="{rel}"' for rel, to in answer.links)
    return response


def preflight(methods: Sequence[str]) -> HttpResponse:
    """Return the answer to OPTIONS: what may be sent here, also from other sites."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    listed = ", ".join(methods)
    response.headers["Allow"] = listed
    response.headers["Access-Control-Allow-Methods"] = listed
    response.headers["Access-Control-Allow-Headers"] = (
        "Accept, Accept-Language, Content-Type, If-None-Match, Job-Token, "
        "Scenario-Token"
    )
    response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_S)
    return response


def finished(request: HttpRequest, response: R) -> R:
    """Return the response with what every one has: CORS, Vary, coding, a body or none.

    A streamed one comes with its coding, and has no length.
    """
    for name, value in _SHARED:
        response.headers[name] = value
    if isinstance(response, HttpResponse):
        _pack(request, response)
    return response


def _pack(request: HttpRequest, response: HttpResponse) -> None:
    body = response.content
    taken = None
    if len(body) >= SMALLEST and not response.has_header("Content-Encoding"):
        taken = coding(request.headers.get("Accept-Encoding", ""))
    if taken is not None:
        body = compressed(body, taken)
        response.headers["Content-Encoding"] = taken
        response.content = body
    response.headers["Content-Length"] = str(len(body))
    if request.method == "HEAD":
        response.content = b""
