"""Error pages for addresses that no view answers, and for faults of ours.

Addresses under a language prefix answer in that language, others in the one that the
browser asks for.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from layers.web.languages import PageLanguage, negotiated, page_language
from layers.web.pages import page_frame, render_error


def language_of(request: HttpRequest) -> PageLanguage:
    """Return the language of an address, else of the browser."""
    first = request.path_info.removeprefix("/").partition("/")[0]
    if first in dict(settings.LANGUAGES):
        return page_language(first)
    return negotiated(request.headers.get("Accept-Language", ""))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Return the page for an address that leads nowhere."""
    language = language_of(request)
    with translation.override(language.interface):
        return render_error(request, language, 404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Return the page for a request that cannot be understood."""
    language = language_of(request)
    with translation.override(language.interface):
        return render_error(request, language, 400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Return the page for a form whose token is missing: cookies are off, or it is old."""
    language = language_of(request)
    with translation.override(language.interface):
        return render_error(request, language, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours; it asks nothing of the database."""
    language = language_of(request)
    with translation.override(language.interface):
        frame = page_frame(request, language, "", None)
        html = render_to_string("web/500.html", {"page": frame})
    return HttpResponse(html, status=500)
