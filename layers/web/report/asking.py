"""From a committee's name and a query string to its document, for pages and commands."""

from collections.abc import Mapping
from typing import Any

from layers.published.pages import MunicipalityRow
from layers.web.committee.question import FORM, question_from
from layers.web.committee.report import committee_report
from layers.web.committee.subject import subject_of
from layers.web.languages import PageLanguage
from layers.web.report.document import Document, document_of

REPORT_FORM = FORM.without(
    *("sort", "district", "close", "open", "open_category", "open_district"),
    *("show", "n_new"),
)
"""What a report may be asked: a committee meets about what is, not about a scenario."""


def asked_document(
    given: Mapping[str, Any],
    committee: str,
    language: PageLanguage,
    municipality: MunicipalityRow,
    site: str,
) -> Document:
    """Return the document of values of REPORT_FORM.

    The interface language has to be active. Computes runs where nobody asked before.

    Raises
    ------
    NotFound
        No such committee.
    InvalidParameter, Unavailable
        As the committee's page.
    """
    question = question_from({**FORM.defaults, **given}, committee)
    subject = subject_of(question, language.code)
    report = committee_report(question, subject, municipality, language.code)
    return document_of(report, language, site)
