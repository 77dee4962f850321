"""Stores what readers report: errors in a service's record, and services that are missing.

Nothing about the reporter is asked or kept.
"""

from dataclasses import dataclass
from uuid import UUID

from layers.errors import InvalidRecord
from layers.models import (
    District,
    Feedback,
    Municipality,
    ServicePoint,
    ServiceRequest,
    TaxonomyTerm,
)
from layers.models.moderation import FeedbackKind
from layers.models.taxonomy import TaxonomyKind

TEXT_LIMIT = 1_000
"""Characters of a report's text."""

LANGUAGE_LENGTH = 3


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    """What somebody found wrong with a service; `language` is that of the text."""

    service_id: UUID
    kind: str
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class MissingService:
    """A kind of service that somebody looked for in vain.

    Attributes
    ----------
    municipality, category, district
        Slug, slug and code; `district` is empty for the whole city.
    language
        In which it should be given (ISO 639); empty for any.
    """

    municipality: str
    category: str
    district: str = ""
    language: str = ""
    text: str = ""


def report_error(report: FeedbackReport) -> Feedback:
    """Store a report about a published service.

    Raises
    ------
    InvalidRecord
        No service of that id may be seen; the kind is none; the text says nothing where
        the kind needs words, or is too long.
    """
    text = _checked_text(report.text)
    if report.kind not in FeedbackKind.values:
        raise InvalidRecord(
            "kind", report.kind, f"one of {', '.join(FeedbackKind.values)}"
        )
    if report.kind == FeedbackKind.OTHER and not text:
        raise InvalidRecord("text", text, "say in words what is wrong")
    # The read model holds what may be seen: hidden and withdrawn services are like none.
    if not ServicePoint.objects.filter(service_id=report.service_id).exists():
        raise InvalidRecord("service", str(report.service_id), "there is no such one")
    return Feedback.objects.create(
        service_id=report.service_id,
        kind=report.kind,
        text=text,
        language=_checked_language(report.language),
    )


def request_service(wanted: MissingService) -> ServiceRequest:
    """Store a request for a kind of service that is missing.

    Raises
    ------
    InvalidRecord
        No such municipality, category or district; the text is too long.
    """
    text = _checked_text(wanted.text)
    municipality = Municipality.objects.filter(slug=wanted.municipality).first()
    if municipality is None:
        raise InvalidRecord("municipality", wanted.municipality, "there is no such one")
    category = TaxonomyTerm.objects.filter(
        taxonomy__slug=TaxonomyKind.CATEGORY, slug=wanted.category
    ).first()
    if category is None:
        raise InvalidRecord("category", wanted.category, "there is no such one")
    return ServiceRequest.objects.create(
        municipality=municipality,
        category=category,
        district=_district(municipality, wanted.district),
        language=_checked_language(wanted.language),
        text=text,
    )


def _district(municipality: Municipality, code: str) -> District | None:
    if not code:
        return None
    found = District.objects.filter(
        municipality=municipality, code=code, valid_to__isnull=True
    ).order_by("-level")  # a code that two levels share means the smaller district
    if (district := found.first()) is None:
        raise InvalidRecord("district", code, "there is no such one here")
    return district


def _checked_text(text: str) -> str:
    said = text.strip()
    if len(said) > TEXT_LIMIT:
        raise InvalidRecord("text", said, f"at most {TEXT_LIMIT} characters")
    return said


def _checked_language(code: str) -> str:
    is_code = code.isascii() and code.isalpha() and code.islower()
    if code and not (is_code and 2 <= len(code) <= LANGUAGE_LENGTH):
        raise InvalidRecord("language", code, "a code of ISO 639 like fa")
    return code
