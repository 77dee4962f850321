"""Everything that a committee is shown about one question, put together once.

The page, its files and the meeting's PDF read this and nothing else, so that their
numbers are the same. All of it is public: rows that a run withholds hold no figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from layers.analysis.parameters import CoverageParameters
from layers.analysis.runs import get_or_run
from layers.errors import InvalidParameter
from layers.models import AnalysisRun
from layers.published.committee_rows import (
    CoverageRowOfArea,
    DirectoryCounts,
    ServiceToVerify,
    coverage_rows,
    directory_counts,
    services_to_verify,
)
from layers.published.pages import MunicipalityRow, TermRow
from layers.selectors.run_history import run_in_force
from layers.web.committee.areas import Area, areas_of
from layers.web.committee.classes import Scale, scale_of
from layers.web.committee.distribution import Distribution, distribution_of
from layers.web.committee.flags import words_of
from layers.web.committee.profile import Profiles, profiles_of
from layers.web.committee.question import CommitteeQuestion
from layers.web.committee.ranking import ranked_areas
from layers.web.committee.subject import Subject

VERIFIED_DAYS = 365
"""A service verified within so many days counts as verified."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the figures stand on.

    Attributes
    ----------
    municipality_id : UUID
        Whose people.
    run_id, run_hash : UUID, str
        The stored run; equal questions about equal data have equal hashes.
    finished_at : datetime or None
        When it was computed.
    as_of : date or None
        The month whose verifications and hours it looked at.
    method : str
        Version of the method.
    parameters, data_versions, summary : mapping
        As the run holds them.
    vintages : tuple of int
        Years that the residents are of.
    sources : tuple of str
        Whom the borders are owed to.
    api_url : str
        Path and query under which the API gives the same rows.
    """

    municipality_id: UUID
    run_id: UUID
    run_hash: str
    finished_at: datetime | None
    as_of: date | None
    method: str
    parameters: Mapping[str, Any]
    data_versions: Mapping[str, Any]
    summary: Mapping[str, Any]
    vintages: tuple[int, ...]
    sources: tuple[str, ...]
    api_url: str


@dataclass(frozen=True, slots=True)
class DataQuality:
    """How much the directory knows of the services, and what to ask their owners.

    `since` is the first day whose verifications count.
    """

    counts: DirectoryCounts
    since: date
    to_verify: tuple[ServiceToVerify, ...]


@dataclass(frozen=True, slots=True)
class CommitteeReport:
    """What a committee is shown.

    Attributes
    ----------
    lang : str
        Language of names and words.
    municipality : MunicipalityRow
        Where.
    subject : Subject
        The committee, its categories, and the one chosen.
    question : CommitteeQuestion
        What was asked.
    total, outside : CoverageRowOfArea
        The headline; and people in no area, None where nobody lives there.
    notes : tuple of str
        Flags of the headline in words.
    areas : tuple of Area
        In the order of the ranking table.
    scale : Scale
        Classes of the map.
    distribution : Distribution
        How the people not reached are spread.
    profiles : Profiles
        All categories of the committee, by area.
    quality : DataQuality
        What the directory knows.
    provenance : Provenance
        What all this stands on.
    run : AnalysisRun
        The stored run of the figures, to be compared with earlier ones.
    """

    lang: str
    municipality: MunicipalityRow
    subject: Subject
    question: CommitteeQuestion
    total: CoverageRowOfArea
    outside: CoverageRowOfArea | None
    notes: tuple[str, ...]
    areas: tuple[Area, ...]
    scale: Scale
    distribution: Distribution
    profiles: Profiles
    quality: DataQuality
    provenance: Provenance
    run: AnalysisRun

    def area(self, code: str | None) -> Area | None:
        """Return the area of a code, None where there is none."""
        return next((area for area in self.areas if area.code == code), None)

    @property
    def chosen(self) -> TermRow:
        """What the figures are of: the category chosen, or the committee."""
        return self.subject.category or self.subject.committee


def committee_report(
    question: CommitteeQuestion,
    subject: Subject,
    municipality: MunicipalityRow,
    lang: str,
) -> CommitteeReport:
    """Return what a committee is shown; computes runs where nobody asked before.

    Raises
    ------
    InvalidParameter, Unavailable
        As `get_or_run`.
    """
    run = run_of(question, question.parameters)
    rows = coverage_rows(run.id, (question.term,), lang)[question.term]
    areas = areas_of(row for row in rows if row.code)
    total = next(row for row in rows if row.is_total)
    scale = scale_of(area.drawn for area in areas)
    return CommitteeReport(
        lang=lang,
        municipality=municipality,
        subject=subject,
        question=question,
        total=total,
        outside=next((r for r in rows if not r.is_total and not r.code), None),
        notes=tuple(words_of(total.flags)),
        areas=tuple(ranked_areas(areas, question.sort)),
        scale=scale,
        distribution=distribution_of(areas, scale),
        profiles=_profiles(question, subject, lang),
        quality=_quality(question, run, lang),
        provenance=_provenance(question, run, municipality),
        run=run,
    )


def run_of(question: CommitteeQuestion, parameters: CoverageParameters) -> AnalysisRun:
    """Return the run that answers a question, or answered it on the day asked for.

    Raises
    ------
    InvalidParameter
        Named `as_of`: no figures of such a question are kept from that day.
    Unavailable
        As `get_or_run`.
    """
    day = question.as_of
    if day is None:
        return get_or_run(parameters)
    is_kept = parameters.eligibility.asks_nothing and not question.asked["engine"]
    found = is_kept and run_in_force(
        parameters.municipality,
        day,
        by=parameters.by,
        level=parameters.level,
        group=parameters.group,
        threshold_min=parameters.threshold_min,
    )
    if not found:
        raise InvalidParameter(
            "as_of", day, "a day from which figures of such a question are kept"
        )
    return found.run


def _profiles(question: CommitteeQuestion, subject: Subject, lang: str) -> Profiles:
    run = run_of(question, question.as_category_question())
    slugs = [term.slug for term in subject.categories]
    return profiles_of(subject.categories, coverage_rows(run.id, slugs, lang))


def _quality(question: CommitteeQuestion, run: AnalysisRun, lang: str) -> DataQuality:
    day = timezone.localdate(run.finished_at)
    since = day - timedelta(days=VERIFIED_DAYS)
    about = (question.parameters.municipality, question.parameters.by, question.term)
    return DataQuality(
        counts=directory_counts(*about, since=since),
        since=since,
        to_verify=tuple(services_to_verify(*about, lang, since=since)),
    )


def _provenance(
    question: CommitteeQuestion, run: AnalysisRun, municipality: MunicipalityRow
) -> Provenance:
    as_of = run.data_versions.get("as_of")
    return Provenance(
        municipality_id=run.municipality_id,
        run_id=run.id,
        run_hash=run.hash,
        finished_at=run.finished_at,
        as_of=date.fromisoformat(as_of) if as_of else None,
        method=run.code_version,
        parameters=run.parameters,
        data_versions=run.data_versions,
        summary=run.summary,
        vintages=tuple(run.summary.get("vintages", ())),
        sources=municipality.boundary_sources,
        api_url=question.api_url(),
    )
