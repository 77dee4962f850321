"""Where everything is mounted."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from layers.answers import problems
from layers.api.health import healthz, readyz
from layers.ogc.landing import Landing
from layers.ogc.urls import nothing
from layers.web import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("ogc", Landing.as_view()),  # what a client makes of the address with a / less
    path("ogc/", include("layers.ogc.urls")),
    path("", include("layers.tiles.urls")),  # also below /ogc/; a map asks for many
    path("", include("layers.api.urls")),
    re_path(r"^ogc/(?P<rest>(?s:.*))$", nothing),
    path("", include("layers.web.urls")),
]

_OF_PROBLEMS = ("/api/", "/ogc/", "/tiles/")
"""Where a fault is answered by a problem; elsewhere by a page."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the answer to a request that Django refuses: a problem, or a page."""
    if request.path_info.startswith(_OF_PROBLEMS):
        return problems.bad_request(request, exception)
    return errors.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the answer where something of ours is broken: a problem, or a page."""
    if request.path_info.startswith(_OF_PROBLEMS):
        return problems.internal_error(request)
    return errors.server_error(request)
