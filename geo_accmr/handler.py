"""The way of a request for published data: straight to what answers it.

A page needs what Django puts around a view: forms, redirects, a nonce, signals that close
connections. Features and tiles need none of that, and it costs as much as finding them.
Whatever is not plainly one of them goes the usual way, and so does what fails.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse  # noqa: TID251 (it stands before the rooms)
from django.urls import Resolver404, URLResolver, get_resolver

from layers.web.security import PERMISSIONS

PLACES = ("/tiles/", "/ogc/collections/")
"""Where published data is; all of it is read by GET and HEAD."""

POLICY = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""Content-Security-Policy of data: a browser that shows it runs and loads nothing."""

Environ = dict[str, Any]


def is_data(environ: Environ) -> bool:
    """Tell whether a request is plainly for published data, and not for a page of it."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and environ["PATH_INFO"].startswith(PLACES)
        and not environ.get("SCRIPT_NAME")
        and "html" not in environ.get("QUERY_STRING", "")
        and "html" not in environ.get("HTTP_ACCEPT", "")
    )


class Handler(WSGIHandler):
    """Django's handler, with a short way for published data."""

    def __call__(  # type: ignore[override]  # a server wants an iterable, no more
        self, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""
        response = self._data(environ) if is_data(environ) else None
        if response is None:
            usual: Iterable[bytes] = super().__call__(environ, start_response)
            return usual
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, list(response.items()))
        return [response.content]

    def _data(self, environ: Environ) -> HttpResponse | None:
        """Return the answer, or None where the usual way has to find one."""
        request = WSGIRequest(environ)
        try:
            request.get_host()
            if settings.SECURE_SSL_REDIRECT and not request.is_secure():
                return None
            found = self._resolver.resolve(request.path_info)
            request.resolver_match = found
            response = found.func(request, *found.args, **found.kwargs)
        except (DisallowedHost, Resolver404):
            return None
        except Exception:  # noqa: BLE001 (it fails once more, and is told and logged)
            return None
        if not isinstance(response, HttpResponse):
            response.close()
            return None
        for name, value in self._headers:
            response.headers.setdefault(name, value)
        return response

    @cached_property
    def _resolver(self) -> URLResolver:
        return get_resolver()

    @cached_property
    def _headers(self) -> tuple[tuple[str, str], ...]:
        """Return what the middleware of the usual way says of every answer."""
        said = [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
            ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
            ("X-Frame-Options", settings.X_FRAME_OPTIONS),
            ("Permissions-Policy", PERMISSIONS),
            ("Content-Security-Policy", POLICY),
        ]
        if settings.SECURE_HSTS_SECONDS:
            age = f"max-age={settings.SECURE_HSTS_SECONDS}"
            said.append(("Strict-Transport-Security", age))
        return tuple(said)
