"""The meeting's document: what a committee is shown, laid out for paper.

It is made of `committee_report` and `changes_since` and adds no figure of its own.
"""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from layers.published.committee_rows import PublicPoint, ServiceToVerify
from layers.published.layers.texts import language_of, text_in
from layers.published.outlines import district_outlines
from layers.published.pages import TermRow, Text
from layers.web.charts.svg import plain
from layers.web.committee.areas import Area
from layers.web.committee.changes import Changes, changes_since, last_meeting
from layers.web.committee.profile import Profile, ProfileCell
from layers.web.committee.report import CommitteeReport
from layers.web.committee.wording import VERDICTS, causes_in_words, citation
from layers.web.languages import PageLanguage
from layers.web.report.pictures import MapKey, map_keys, map_picture, spread_picture
from layers.web.report.ranking import Ranking, numbered, ranking_of
from layers.web.report.what_if import Then, then_of
from layers.web.report.words import Asked, asked_of, change_sentence, in_short
from layers.web.template_tags import grouped

MOST_TO_VERIFY, FEWEST_TO_VERIFY = 36, 12
"""Services on the agenda at most: a page of them, less what changes and a scenario take, so
that the report keeps to six pages."""

MOST_CHANGES = 10
COMPARED = 5
"""Areas beside the municipality in the table of categories: those with most people."""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """An area on both days: people not reached, and what may be said of it."""

    name: Text
    before: float | None
    after: float | None
    told: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category in the municipality, and in each of the document's profiles."""

    term: TermRow
    total: ProfileCell
    cells: list[ProfileCell]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that the template of the report asks for.

    Attributes
    ----------
    language : PageLanguage
        Of the document.
    report : CommitteeReport
        What the page shows.
    changes : Changes
        Since the last meeting.
    title : str
        Of the document, as viewers show it.
    place : Text
        The municipality.
    asked, in_short : list
        The question in words, and the answer in a few sentences.
    map_svg, spread_svg : SafeString
        Pictures without words; `keys` is the map's legend.
    ranking : Ranking
        The areas by people not reached.
    compared : tuple of Profile
        The area chosen and those with most of them, in all categories.
    then : Then or None
        The scenario, where the question has one.
    agenda : tuple of ServiceToVerify
        What to verify; `agenda_is_whole` says whether that is all.
    site : str
        Scheme and host of the pages, empty where nobody said.
    """

    language: PageLanguage
    report: CommitteeReport
    changes: Changes
    title: str
    place: Text
    asked: list[Asked]
    in_short: list[str]
    map_svg: SafeString
    keys: list[MapKey]
    spread_svg: SafeString
    ranking: Ranking
    compared: tuple[Profile, ...]
    then: Then | None
    agenda: tuple[ServiceToVerify, ...]
    site: str

    @property
    def agenda_is_whole(self) -> bool:
        """Whether the agenda names every service that is not verified."""
        return len(self.agenda) >= self.report.quality.counts.n_unverified

    @property
    def change_sentence(self) -> str:
        """What changed in the municipality."""
        return change_sentence(self.changes)

    @property
    def changed(self) -> list[ChangedRow]:
        """The areas whose change is shown."""
        return [
            ChangedRow(
                one.name,
                one.change.before.residents_unserved if one.change.before else None,
                one.change.after.residents_unserved if one.change.after else None,
                str(VERDICTS[one.change.verdict]),
            )
            for one in self.changes.areas[:MOST_CHANGES]
        ]

    @property
    def n_more_changed(self) -> int:
        """How many changed areas are left out."""
        return max(len(self.changes.areas) - MOST_CHANGES, 0)

    @property
    def opened(self) -> tuple[PublicPoint, ...]:
        """Services new in the directory, as many as are shown."""
        return self.changes.opened[:MOST_CHANGES]

    @property
    def closed(self) -> tuple[PublicPoint, ...]:
        """Services gone from the directory that can still be read."""
        return self.changes.closed[:MOST_CHANGES]

    @property
    def causes(self) -> list[str]:
        """What is not the same on both dates, in words."""
        return causes_in_words(self.changes.causes)

    @property
    def matrix(self) -> list[CategoryRow]:
        """A row for each category, a cell for each of `compared`."""
        known = self.report.profiles
        return [
            CategoryRow(
                term, known.total.cells[n], [each.cells[n] for each in self.compared]
            )
            for n, term in enumerate(known.terms)
        ]

    @property
    def gini(self) -> str:
        """The Gini index as the language writes it; empty where there is none."""
        gini = self.report.distribution.gini
        return "" if gini is None else grouped(gini, 2)

    @property
    def page_url(self) -> str:
        """Where the page with these figures is."""
        question = self.report.question
        path = reverse("web:committee", args=[self.language.code, question.committee])
        asked = question.query(sort=None, since=None)
        return f"{self.site}{path}{'?' if asked else ''}{asked}"

    @property
    def citation(self) -> str:
        """How to cite the report: as its page."""
        return citation(self.report, self.page_url)

    @property
    def method_url(self) -> str:
        """Where the method is described."""
        return self.site + reverse("web:method", args=[self.language.code])

    @property
    def api_url(self) -> str:
        """Where the API gives the same rows."""
        return self.site + self.report.provenance.api_url


def document_of(report: CommitteeReport, language: PageLanguage, site: str) -> Document:
    """Return the document of a report; the interface language has to be active."""
    changes = changes_since(report, last_meeting(report))
    parameters = report.question.parameters
    outlines = district_outlines(parameters.municipality, parameters.level)
    areas = numbered(report)
    place = place_of(report, language)
    then = then_of(report, areas, outlines, language)
    return Document(
        language=language,
        report=report,
        changes=changes,
        title=f"{gettext('Committee report')}: {report.chosen.name} – {place}",
        place=place,
        asked=asked_of(report),
        in_short=in_short(report, changes),
        map_svg=map_picture(areas, outlines, language, chosen=report.question.district),
        keys=map_keys(report),
        spread_svg=spread_picture(report, language),
        ranking=ranking_of(report),
        compared=_compared(report, areas),
        then=then,
        agenda=report.quality.to_verify[: _room(changes, then)],
        site=site,
    )


def _room(changes: Changes, then: Then | None) -> int:
    moved, listed = len(changes.areas), max(len(changes.opened), len(changes.closed))
    taken = min(moved, MOST_CHANGES) + min(listed, MOST_CHANGES)
    return max(MOST_TO_VERIFY - taken - (16 if then else 0), FEWEST_TO_VERIFY)


def _compared(report: CommitteeReport, areas: list[Area]) -> tuple[Profile, ...]:
    chosen = [area.code for area in areas if area.code == report.question.district]
    codes = [*chosen, *(area.code for area in areas if area.code not in chosen)]
    return tuple(report.profiles.of(code) for code in codes[:COMPARED])


def place_of(report: CommitteeReport, language: PageLanguage) -> Text:
    """Return the name of the municipality, with the language that it is in."""
    names = report.municipality.names
    return Text(text_in(names, language.code), language_of(names, language.code))


def html_of(document: Document) -> str:
    """Return the document as HTML that asks for nothing but the fonts.

    Control characters are dropped: one of them makes all text of a PDF unreadable to
    programs.
    """
    return plain(render_to_string("web/report/document.html", {"document": document}))
