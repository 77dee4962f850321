"""Pages of the committees: who is not reached, where, and how sure that is."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from layers.analysis.city_defaults import as_the_city_walks
from layers.analysis.parameters import STRAIGHT_LINE, CoverageParameters
from layers.analysis.runs import get_or_run
from layers.errors import InvalidParameter, NotFound
from layers.measures.walking import WALK_KMH
from layers.models.district import DistrictLevel
from layers.params.kinds import Choice, Code, Number
from layers.params.reading import Parameter, Parameters
from layers.published.pages import (
    CoverageRowOfArea,
    TermRow,
    coverage_rows,
    coverage_totals,
    terms,
)
from layers.web import addresses
from layers.web.committee.classes import map_classes, map_data, without_class
from layers.web.committee.flags import words_of
from layers.web.committee.ranking import DEFAULT_SORT, SORTS, Column, columns, ranked
from layers.web.languages import PageLanguage
from layers.web.map_page import map_page
from layers.web.pages import current_municipality, page, render
from layers.web.query import NOTHING, read_form

LEVELS = (
    DistrictLevel.NEIGHBOURHOOD.value,
    DistrictLevel.MUNICIPAL_COMMUNITY.value,
)
THRESHOLDS_MIN = (5, 10, 15, 20, 30)
SPEEDS_KMH = (2.9, WALK_KMH)
FORM = Parameters(
    Parameter("category", Code(), "One category of the committee instead of all."),
    Parameter("level", Choice(LEVELS), "Areas of the map.", default=LEVELS[0]),
    Parameter("threshold_min", Number(1, 120), "Longest walk, minutes.", default=15.0),
    Parameter("walk_kmh", Number(1, 10), "Walking speed, km/h.", default=WALK_KMH),
    Parameter("sort", Choice(SORTS), "Column; - sorts down.", default=DEFAULT_SORT),
)


@dataclass(frozen=True, slots=True)
class CommitteeQuestion:
    """What a committee page was asked: a committee, or one category of it."""

    committee: str
    category: str | None
    sort: str
    parameters: CoverageParameters

    @property
    def term(self) -> str:
        """The slug whose rows are shown."""
        return self.category or self.committee

    def query(self, **changed: str) -> str:
        """Return the query string that asks this again, with some parts changed."""
        asked = {
            "category": self.category or "",
            "level": self.parameters.level,
            "threshold_min": f"{self.parameters.threshold_min:g}",
            "walk_kmh": f"{self.parameters.walk_kmh:g}",
            "sort": self.sort,
        } | changed
        return urlencode({name: value for name, value in asked.items() if value})


def question_of(request: HttpRequest, committee: str) -> CommitteeQuestion:
    """Return what a request asks of a committee's page.

    Raises
    ------
    UnknownParameter, InvalidParameter, InvalidParameters
        As the page's 400 says.
    """
    given = read_form(request, FORM)
    return CommitteeQuestion(
        committee=committee,
        category=given["category"],
        sort=given["sort"],
        parameters=as_the_city_walks(
            CoverageParameters(
                settings.DEFAULT_MUNICIPALITY,
                level=given["level"],
                by="category" if given["category"] else "committee",
                threshold_min=given["threshold_min"],
                walk_kmh=given["walk_kmh"],
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """The rows of a run for one term: districts, the people in none, and the total."""

    run_id: UUID
    finished_at: datetime | None
    vintages: str
    total: CoverageRowOfArea
    outside: CoverageRowOfArea | None
    districts: list[CoverageRowOfArea]


def finding_of(question: CommitteeQuestion, lang: str) -> Finding:
    """Return what the analysis found; computes it where nobody asked before."""
    run = get_or_run(question.parameters)
    rows = coverage_rows(run.id, question.term, lang)
    return Finding(
        run_id=run.id,
        finished_at=run.finished_at,
        vintages=", ".join(str(year) for year in run.summary.get("vintages", ())),
        total=next(row for row in rows if row.is_total),
        outside=next((row for row in rows if not row.is_total and not row.code), None),
        districts=[row for row in rows if row.code],
    )


@page
def committee_page(
    request: HttpRequest, language: PageLanguage, slug: str
) -> HttpResponse:
    """Answer `/<lang>/committees/<slug>`."""
    known = terms(("committee", "category"), language.code)
    committee = named(known["committee"], slug)
    question = question_of(request, slug)
    categories = [term for term in known["category"] if slug in term.committees]
    chosen = chosen_category(categories, question.category)
    finding = finding_of(question, language.code)
    classes = map_classes(finding.districts)
    return render(
        request,
        language,
        "committee/page.html",
        {
            "committee": committee,
            "chosen": chosen,
            "categories": categories,
            "question": question,
            "levels": LEVELS,
            "thresholds_min": offered(
                THRESHOLDS_MIN, question.parameters.threshold_min
            ),
            "speeds_kmh": offered(SPEEDS_KMH, question.parameters.walk_kmh),
            "finding": finding,
            "flags": words_of(finding.total.flags),
            "classes": classes,
            "without_class": without_class(finding.districts),
            "columns": heads(question),
            "rows": ranked(finding.districts, question.sort),
            "api_url": api_url(question),
            "page_data": map_page(
                language,
                current_municipality(request),
                level=question.parameters.level,
                choropleth=map_data(
                    question.parameters.level, finding.districts, classes
                ),
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


def named(found: list[TermRow], slug: str) -> TermRow:
    """Return the term of a slug, or raise NotFound."""
    for term in found:
        if term.slug == slug:
            return term
    raise NotFound("committee", slug)


def chosen_category(categories: list[TermRow], slug: str | None) -> TermRow | None:
    """Return the category that was asked for; it has to be the committee's own."""
    if slug is None:
        return None
    for term in categories:
        if term.slug == slug:
            return term
    allowed = f"one of {', '.join(term.slug for term in categories)}"
    raise InvalidParameter("category", slug, allowed)


def offered(usual: tuple[float, ...], asked: float) -> list[float]:
    """Return the values that the form offers: the usual ones and the one asked for."""
    return sorted({*usual, asked})


def heads(question: CommitteeQuestion) -> list[Column]:
    """Return the table's columns, each with the address that sorts by it."""
    return [
        replace(column, href="?" + question.query(sort=column.next_sort))
        for column in columns(question.sort)
    ]


def api_url(question: CommitteeQuestion) -> str:
    """Return the address under which the API gives the same rows."""
    asked = {
        "level": question.parameters.level,
        question.parameters.by: question.term,
        "threshold_min": f"{question.parameters.threshold_min:g}",
        "walk_kmh": f"{question.parameters.walk_kmh:g}",
    }
    if question.parameters.engine != STRAIGHT_LINE:
        asked["engine"] = question.parameters.engine
    return f"{addresses.COVERAGE}?{urlencode(asked)}"
