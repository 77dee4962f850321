"""Pages of the committees: who is not reached, where, and how sure that is."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from layers.analysis.city_defaults import as_the_city_walks
from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.measures.walking import WALK_KMH
from layers.published.committee_rows import coverage_totals
from layers.published.pages import terms
from layers.web.committee.assembling import report_of
from layers.web.committee.map_data import map_data
from layers.web.committee.question import (
    LEVELS,
    CommitteeQuestion,
)
from layers.web.committee.ranking import Column, columns, values_of
from layers.web.languages import PageLanguage
from layers.web.map_page import map_page
from layers.web.pages import current_municipality, page, render
from layers.web.query import NOTHING, read_form

THRESHOLDS_MIN = (5, 10, 15, 20, 30)
SPEEDS_KMH = (2.9, WALK_KMH)


@page
def committee_page(
    request: HttpRequest, language: PageLanguage, slug: str
) -> HttpResponse:
    """Answer `/<lang>/committees/<slug>`."""
    report = report_of(request, language, slug)
    question = report.question
    return render(
        request,
        language,
        "committee/page.html",
        {
            "report": report,
            "question": question,
            "levels": LEVELS,
            "thresholds_min": offered(
                THRESHOLDS_MIN, question.parameters.threshold_min
            ),
            "speeds_kmh": offered(SPEEDS_KMH, question.parameters.walk_kmh),
            "columns": heads(question),
            "rows": [(area, values_of(area)) for area in report.areas],
            "page_data": map_page(
                language,
                current_municipality(request),
                level=question.parameters.level,
                choropleth=map_data(report),
            ),
        },
        section="committees",
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


def offered(usual: tuple[float, ...], asked: float) -> list[float]:
    """Return the values that the form offers: the usual ones and the one asked for."""
    return sorted({*usual, asked})


def heads(question: CommitteeQuestion) -> list[Column]:
    """Return the table's columns, each with the address that sorts by it."""
    return [
        replace(column, href="?" + question.query(sort=column.next_sort))
        for column in columns(question.sort)
    ]
