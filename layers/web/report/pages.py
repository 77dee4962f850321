"""The report of a committee's meeting, as a PDF."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from layers.errors import NotFound
from layers.web.committee.question import FORM
from layers.web.languages import PageLanguage
from layers.web.pages import current_municipality, page, render_error
from layers.web.query import read_form
from layers.web.report.asking import asked_document
from layers.web.report.document import html_of
from layers.web.report.press import RETRY_AFTER_S, Busy, fingerprint, printed


@page
def committee_pdf(
    request: HttpRequest, language: PageLanguage, slug: str
) -> HttpResponse:
    """Answer `/<lang>/committees/<slug>.pdf`; 503 while another one is being printed."""
    municipality = current_municipality(request)
    if municipality is None:
        raise NotFound("municipality", settings.DEFAULT_MUNICIPALITY)
    document = asked_document(
        read_form(request, FORM),
        slug,
        language,
        municipality,
        request.build_absolute_uri("/").removesuffix("/"),
    )
    html = html_of(document)
    etag = quote_etag(fingerprint(html))
    known: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if isinstance(known, HttpResponse):
        return known
    try:
        written = printed(html)
    except Busy as fault:
        answer = render_error(request, language, 503, fault)
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
        return answer
    name = f"{slug}-{language.code}.pdf"
    return HttpResponse(
        written,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Language": language.code,
            "ETag": etag,
            "Cache-Control": "no-cache",  # kept, and asked about each time
        },
    )
