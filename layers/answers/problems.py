"""Every error of the API, in one shape: RFC 9457 problem details.

What a fault means in HTTP is decided here and nowhere else. `instance` is the path alone:
a query may hold where somebody is, and an error is what ends up in logs.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    NotAcceptable,
    UnsupportedMediaType,
)

from layers.errors import (
    InvalidParameter,
    InvalidParameters,
    InvalidRecord,
    LayersError,
    MalformedBody,
    NotAllowed,
    NotFound,
    TooManyQuestions,
    TooManyReports,
    Unavailable,
    UnknownParameter,
)

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 5

TYPES: Mapping[str, tuple[int, str]] = {
    "invalid-parameter": (400, "A parameter has a value that is not allowed"),
    "unknown-parameter": (400, "There is no parameter of that name"),
    "malformed-body": (400, "The body is not the JSON that is expected"),
    "invalid-record": (400, "A record breaks a rule"),
    "bad-request": (400, "The request cannot be understood"),
    "not-allowed": (403, "That may not be done by whoever asks"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "The method is not allowed here"),
    "not-acceptable": (406, "The answer does not come in that format"),
    "too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The body has to be JSON"),
    "too-many-reports": (429, "More reports than are taken from one sender"),
    "too-many-questions": (429, "As much is being computed as is taken at a time"),
    "internal-error": (500, "Something went wrong here"),
    "unavailable": (503, "The answer is not available now"),
}
"""Code of a problem -> HTTP status and title; `docs/reference/errors.md` explains each."""

_CODES: tuple[tuple[type[Exception], str], ...] = (
    (InvalidParameter, "invalid-parameter"),
    (InvalidParameters, "invalid-parameter"),
    (UnknownParameter, "unknown-parameter"),
    (MalformedBody, "malformed-body"),
    (InvalidRecord, "invalid-record"),
    (NotFound, "not-found"),
    (Http404, "not-found"),
    (Unavailable, "unavailable"),
    (OperationalError, "unavailable"),
    (TooManyReports, "too-many-reports"),
    (TooManyQuestions, "too-many-questions"),
    (NotAllowed, "not-allowed"),
    (MethodNotAllowed, "method-not-allowed"),
    (NotAcceptable, "not-acceptable"),
    (UnsupportedMediaType, "unsupported-media-type"),
    (RequestDataTooBig, "too-large"),
    (SuspiciousOperation, "bad-request"),
    (BadRequest, "bad-request"),
)

_SAYS_NOTHING = {
    "not-found": "there is nothing at this address",
    "unavailable": "the database cannot answer now; try again soon",
    "too-large": "the body is larger than this service reads",
    "bad-request": "the request cannot be understood",
    "internal-error": "this is a mistake of ours and has been noted",
}
"""Details for faults of others, whose own text may hold what nobody should read."""


def problem_type(code: str) -> str:
    """Return the address that names a kind of problem, and explains it."""
    return f"/api/v1/docs#{code}"


def problem(fault: Exception, path: str) -> HttpResponse | None:
    """Return the answer for a fault, None where it is a mistake of ours.

    Parameters
    ----------
    fault : Exception
        What was raised.
    path : str
        The request's path, without its query.
    """
    code = next((code for kind, code in _CODES if isinstance(fault, kind)), None)
    if code is None:
        return None
    response = _response(code, path, _detail(fault, code), _parameters(fault))
    if isinstance(fault, TooManyReports | TooManyQuestions):
        response.headers["Retry-After"] = str(fault.retry_after_s)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Return the answer to a request under `/api/` that Django itself refuses."""
    return _response("bad-request", request.path, _SAYS_NOTHING["bad-request"], {})


def internal_error(request: HttpRequest) -> HttpResponse:
    """Return the answer where a mistake of ours keeps us from answering under `/api/`."""
    return _response(
        "internal-error", request.path, _SAYS_NOTHING["internal-error"], {}
    )


def problem_of(fault: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Return the answer for a fault in a view of the REST framework (its handler)."""
    request: HttpRequest = context["request"]
    return problem(fault, request.path)


def _response(
    code: str, path: str, detail: str, parameters: Mapping[str, Any]
) -> HttpResponse:
    status, title = TYPES[code]
    body: dict[str, Any] = {
        "type": problem_type(code),
        "title": title,
        "status": status,
        "detail": detail,
        "instance": escape_uri_path(path),
        **parameters,
    }
    response = HttpResponse(
        orjson.dumps(body), content_type=PROBLEM_JSON, status=status
    )
    response.headers["Content-Language"] = "en"
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _detail(fault: Exception, code: str) -> str:
    if isinstance(fault, LayersError):
        return fault.detail
    if isinstance(fault, APIException):
        return str(fault.detail)
    return _SAYS_NOTHING[code]


def _parameters(fault: Exception) -> dict[str, Any]:
    """Return `parameter`, and `errors` where there are several."""
    if isinstance(fault, InvalidParameter | UnknownParameter):
        return {"parameter": fault.name}
    if isinstance(fault, InvalidRecord):
        return {"parameter": fault.field}
    if isinstance(fault, InvalidParameters):
        errors = [{"parameter": f.name, "detail": f.detail} for f in fault.faults]
        return {"parameter": fault.faults[0].name, "errors": errors}
    return {}
