"""From a request to the report that it asks for."""

from django.conf import settings
from django.http import HttpRequest

from layers.errors import NotFound
from layers.web.committee.question import question_of
from layers.web.committee.report import CommitteeReport, committee_report
from layers.web.committee.subject import subject_of
from layers.web.languages import PageLanguage
from layers.web.pages import current_municipality


def report_of(
    request: HttpRequest, language: PageLanguage, slug: str
) -> CommitteeReport:
    """Return what a request asks to be shown of a committee.

    Raises
    ------
    NotFound
        No such committee.
    UnknownParameter, InvalidParameter, InvalidParameters, Unavailable
        As the page says.
    """
    question = question_of(request, slug)
    subject = subject_of(question, language.code)
    municipality = current_municipality(request)
    if municipality is None:
        raise NotFound("municipality", settings.DEFAULT_MUNICIPALITY)
    return committee_report(question, subject, municipality, language.code)
