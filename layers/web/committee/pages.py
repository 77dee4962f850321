"""Pages of the committees: who is not reached, where, and how sure that is."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from layers.analysis.city_defaults import as_the_city_walks
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.published.committee_rows import coverage_totals
from layers.published.pages import terms
from layers.web.committee.assembling import report_of
from layers.web.committee.builder import opening_asked_for
from layers.web.committee.page_context import page_context
from layers.web.committee.ranking import columns
from layers.web.languages import PageLanguage
from layers.web.pages import page, render
from layers.web.query import NOTHING, read_form


@page
def committee_page(
    request: HttpRequest, language: PageLanguage, slug: str
) -> HttpResponse:
    """Answer `/<lang>/committees/<slug>`."""
    report = report_of(request, language, slug)
    opening = opening_asked_for(report)
    if opening is not None:
        return HttpResponseRedirect(f"{request.path}?{opening}#what-if")
    question = report.question
    heads = [
        replace(one, href=f"?{question.query(sort=one.next_sort)}#areas")
        for one in columns(question.sort)
    ]
    context = page_context(report, request, language) | {"columns": heads}
    return render(
        request, language, "committee/page.html", context, section="committees"
    )


@page
def committees_page(request: HttpRequest, language: PageLanguage) -> HttpResponse:
    """Answer `/<lang>/committees/`: every committee with its headline."""
    read_form(request, NOTHING)
    asked = CoverageParameters(settings.DEFAULT_MUNICIPALITY, by="committee")
    run = get_or_run(as_the_city_walks(asked))
    totals = coverage_totals(run.id)
    known = terms(("committee",), language.code)["committee"]
    cards = [(term, totals.get(term.slug)) for term in known]
    return render(
        request,
        language,
        "committee/list.html",
        {"cards": cards, "finished_at": run.finished_at},
        section="committees",
    )
