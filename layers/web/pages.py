"""What every page shares: its language, its frame, and how a view becomes an answer.

A view is a function of (request, language, …) that returns an HttpResponse made by
`render`. `page` wraps it: only GET and HEAD, texts in the interface language, faults of
the reader's as pages that say what to mend.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.templatetags.static import static
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from layers.errors import (
    Gone,
    InvalidParameter,
    InvalidParameters,
    NotFound,
    Unavailable,
    UnknownParameter,
)
from layers.published.pages import MunicipalityRow, municipality
from layers.web.languages import PageLanguage, page_language, page_languages

MODULES = (
    "api",
    "basemap",
    "card",
    "committee-choice",
    "committee-files",
    "committee-map",
    "committee-swap",
    "entries",
    "map",
    "map-wanted",
    "near",
    "page",
    "pins",
    "points",
    "results",
    "table",
)
"""Our modules that other modules import, by the name that the import map gives them."""

VENDORED = ("maplibre-gl", "pmtiles", "fflate")
"""Modules of others, by the names under which `layers.web.finders` serves them."""

_HELD = "geoaccmr_municipality"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, PageLanguage, P], HttpResponse]


@dataclass(frozen=True, slots=True)
class Translation:
    """The same page in a language."""

    language: PageLanguage
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """The frame of a page: everything that base.html asks for."""

    language: PageLanguage
    section: str
    nonce: str
    translations: list[Translation]
    municipality: MunicipalityRow | None
    import_map: SafeString


def page(view: View[P]) -> Callable[..., HttpResponse]:
    """Make a view answer under `/<lang>/`, with the faults of the reader as pages."""
    return require_safe(_answering(view))


def form_page(view: View[P]) -> Callable[..., HttpResponse]:
    """Make a view answer as `page` does, and take its form by POST.

    A form holds a token of one reader, so no such page is kept anywhere.
    """
    taken = require_http_methods(["GET", "HEAD", "POST"])(_answering(view))
    kept_nowhere: Callable[..., HttpResponse] = never_cache(taken)
    return kept_nowhere


def _answering(view: View[P]) -> Callable[..., HttpResponse]:
    @gzip_page
    @functools.wraps(view)
    def answer(
        request: HttpRequest, lang: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        language = page_language(lang)
        with translation.override(language.interface):
            if current_municipality(request) is None:
                return render_error(request, language, 503)
            try:
                return view(request, language, *args, **kwargs)
            except (InvalidParameter, InvalidParameters, UnknownParameter) as fault:
                return render_error(request, language, 400, fault)
            except Gone:
                return render_error(request, language, 410)
            except NotFound:
                return render_error(request, language, 404)
            except Unavailable as fault:
                return render_error(request, language, 503, fault)

    return answer


def render(
    request: HttpRequest,
    language: PageLanguage,
    template: str,
    context: dict[str, Any],
    *,
    section: str,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a template, in the frame."""
    frame = page_frame(request, language, section, current_municipality(request))
    response = render_template(
        request, f"web/{template}", {"page": frame, **context}, status=status
    )
    response.headers["Content-Language"] = language.code
    return response


def render_error(
    request: HttpRequest,
    language: PageLanguage,
    status: int,
    fault: Exception | None = None,
) -> HttpResponse:
    """Return the page of an error, which says what to mend where somebody can."""
    return render(
        request,
        language,
        f"{status}.html",
        {"fault": fault},
        section="",
        status=status,
    )


def page_frame(
    request: HttpRequest,
    language: PageLanguage,
    section: str,
    shown: MunicipalityRow | None,
) -> Page:
    """Return the frame of a page."""
    return Page(
        language=language,
        section=section,
        nonce=getattr(request, "csp_nonce", ""),
        translations=[
            Translation(other, translated_path(request.get_full_path(), other.code))
            for other in page_languages()
        ],
        municipality=shown,
        import_map=import_map(),
    )


def current_municipality(request: HttpRequest) -> MunicipalityRow | None:
    """Return the municipality of this deployment; None before it is loaded or reachable.

    It is looked up once per request, and failing that is no fault: an error page needs
    no database.
    """
    if not hasattr(request, _HELD):
        try:
            found = municipality(settings.DEFAULT_MUNICIPALITY)
        except (NotFound, Unavailable):
            found = None
        setattr(request, _HELD, found)
    held: MunicipalityRow | None = getattr(request, _HELD)
    return held


def translated_path(path: str, lang: str) -> str:
    """Return the address of the same page in another language.

    Examples
    --------
    >>> translated_path("/en/committees/health?sort=name", "el")
    '/el/committees/health?sort=name'
    >>> translated_path("/nowhere", "el")
    '/el/'
    """
    first, _, rest = path.removeprefix("/").partition("/")
    known = dict(settings.LANGUAGES)
    return f"/{lang}/{rest}" if first in known else f"/{lang}/"


def import_map() -> SafeString:
    """Return the import map: bare names of modules to their (hashed) addresses."""
    imports = {f"web/{name}.js": static(f"web/{name}.js") for name in MODULES}
    imports |= {name: static(f"vendor/{name}.mjs") for name in VENDORED}
    text = json.dumps({"imports": imports}, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c"))  # noqa: S308 (our own file names)
