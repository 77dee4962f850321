"""The two forms: report an error in a record, and request a service that is missing."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from layers.directory.reports import TEXT_LIMIT, report_error, request_service
from layers.models.district import DistrictLevel
from layers.params.reports import (
    FEEDBACK_FORM,
    REQUEST_FORM,
    feedback_of,
    request_of,
)
from layers.published.pages import TermRow, districts, terms
from layers.published.service_pages import service
from layers.web.language_names import language_name, spoken_languages
from layers.web.languages import PageLanguage
from layers.web.pages import form_page, page, render
from layers.web.query import NOTHING, read_form
from layers.web.service.form import TRAP, Form, take
from layers.web.service.words import feedback_kinds


@form_page
def report_page(
    request: HttpRequest, language: PageLanguage, service_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/service/<id>/report`."""
    read_form(request, NOTHING)
    shown = service(service_id, settings.DEFAULT_MUNICIPALITY, language.code)

    def store(values: dict[str, Any]) -> object:
        return report_error(
            feedback_of(values, service_id=service_id, language=language.code)
        )

    form = Form()
    if request.method == "POST":
        faulty = take(request, FEEDBACK_FORM, store)
        if faulty is None:
            return HttpResponseRedirect(
                reverse("web:report_thanks", args=[language.code, service_id])
            )
        form = faulty
    return render(
        request,
        language,
        "service/report.html",
        {
            "service": shown,
            "form": form,
            "kinds": feedback_kinds(),
            "text_limit": TEXT_LIMIT,
            "trap": TRAP,
        },
        section="",
        status=form.status,
    )


@page
def report_thanks(
    request: HttpRequest, language: PageLanguage, service_id: UUID
) -> HttpResponse:
    """Answer `/<lang>/service/<id>/report/thanks`."""
    read_form(request, NOTHING)
    shown = service(service_id, settings.DEFAULT_MUNICIPALITY, language.code)
    return render(
        request, language, "service/thanks.html", {"service": shown}, section=""
    )


@form_page
def request_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/request`: say which service is missing."""
    read_form(request, NOTHING)
    city, lang = settings.DEFAULT_MUNICIPALITY, language.code

    def store(values: dict[str, Any]) -> object:
        return request_service(request_of(values, municipality=city))

    form = Form()
    if request.method == "POST":
        faulty = take(request, REQUEST_FORM, store)
        if faulty is None:
            return HttpResponseRedirect(reverse("web:request_thanks", args=[lang]))
        form = faulty
    hoods = [
        row
        for row in districts(city, lang)
        if row.level == DistrictLevel.NEIGHBOURHOOD.value
    ]
    return render(
        request,
        language,
        "service/request.html",
        {
            "form": form,
            "kinds": families(terms(("category",), lang)["category"]),
            "districts": hoods,
            "languages": [
                (code, language_name(code, lang)) for code in spoken_languages()
            ],
            "text_limit": TEXT_LIMIT,
            "trap": TRAP,
        },
        section="",
        status=form.status,
    )


@page
def request_thanks(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/request/thanks`."""
    read_form(request, NOTHING)
    return render(request, language, "service/thanks.html", {}, section="")


def families(rows: list[TermRow]) -> list[tuple[TermRow, list[TermRow]]]:
    """Return each top category with those below it."""
    return [
        (top, [row for row in rows if row.parent == top.slug])
        for top in rows
        if top.parent is None
    ]
