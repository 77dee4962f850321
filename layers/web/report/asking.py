"""From a committee's name and a query string to its document, for pages and commands."""

from collections.abc import Mapping
from typing import Any

from layers.published.pages import MunicipalityRow
from layers.web.committee.question import question_from
from layers.web.committee.report import committee_report
from layers.web.committee.subject import subject_of
from layers.web.languages import PageLanguage
from layers.web.report.document import Document, document_of


def asked_document(
    given: Mapping[str, Any],
    committee: str,
    language: PageLanguage,
    municipality: MunicipalityRow,
    site: str,
) -> Document:
    """Return the document of values of the page's FORM.

    How the page is sorted, and what it works out beside a scenario, changes nothing here.
    The interface language has to be active. Computes runs where nobody asked before.

    Raises
    ------
    NotFound
        No such committee.
    InvalidParameter, Unavailable
        As the committee's page.
    """
    question = question_from(given, committee)
    subject = subject_of(question, language.code)
    report = committee_report(question, subject, municipality, language.code)
    return document_of(report, language, site)
