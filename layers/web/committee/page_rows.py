"""Rows of a committee page's tables as its templates write them: words and addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from layers.published.pages import Text
from layers.web.committee.areas import Area
from layers.web.committee.changes import ChangedArea, Changes
from layers.web.committee.missed import MissedService, MissedServices
from layers.web.committee.need import NeedMap
from layers.web.committee.proposals import Proposals, ProposedArea
from layers.web.committee.ranking import values_of
from layers.web.committee.report import CommitteeReport
from layers.web.committee.scenario import ScenarioArea, ScenarioReport
from layers.web.committee.wording import VERDICTS, between, signed


@dataclass(frozen=True, slots=True)
class RankingRow:
    """An area of the ranking table; `href` chooses it."""

    area: Area
    values: list[Any]
    href: str


def ranking_rows(report: CommitteeReport) -> list[RankingRow]:
    """Return the rows of the ranking table."""
    return [
        RankingRow(
            area,
            values_of(area),
            f"?{report.question.query(district=area.code)}#profile",
        )
        for area in report.areas
    ]


@dataclass(frozen=True, slots=True)
class GainRow:
    """An area of "who gains, who loses"."""

    area: ScenarioArea
    difference: str
    between: str


def gain_rows(found: ScenarioReport | None) -> list[GainRow]:
    """Return the areas in which something changes, or which are withheld."""
    if found is None:
        return []
    return [
        GainRow(area, signed(area.row.difference), between(area.row.interval))
        for area in found.areas
        if area.row.is_suppressed or moves(area)
    ]


def moves(area: ScenarioArea) -> bool:
    """Tell whether anybody of an area gains or loses."""
    return bool(area.row.residents_gaining or area.row.residents_losing)


@dataclass(frozen=True, slots=True)
class ThenPicture:
    """One of the three maps of a scenario; `file` is its block as a file."""

    name: str
    title: str
    picture: SafeString
    file: str


def then_pictures(maps: dict[str, SafeString]) -> list[ThenPicture]:
    """Return the maps of a scenario in their order."""
    titles = {
        "before": gettext("Today: share not reached"),
        "after": gettext("Then: share not reached"),
        "change": gettext("Difference, in points of the share"),
    }
    return [
        ThenPicture(name, titles[name], picture, f"scenario-{name}")
        for name, picture in maps.items()
    ]


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A place that would be missed; `href` closes it."""

    service: MissedService
    district: Text
    href: str


def missed_rows(
    found: MissedServices | None, report: CommitteeReport
) -> list[MissedRow]:
    """Return the places that would be missed most."""
    if found is None:
        return []
    names = {area.code: area.name for area in report.areas}
    closed = report.question.asked["close"]
    return [
        MissedRow(
            one,
            names.get(one.point.district_code, Text("–", "")),
            "?"
            + report.question.query(close=tuple({*closed, one.point.id}))
            + "#what-if",
        )
        for one in found.services
    ]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposed area; `href` opens a place there, empty without a category."""

    area: ProposedArea
    href: str


def proposal_rows(
    found: Proposals | None, report: CommitteeReport
) -> list[ProposalRow]:
    """Return the proposed areas."""
    if found is None:
        return []
    return [ProposalRow(one, _opening(one, report)) for one in found.areas]


def _opening(one: ProposedArea, report: CommitteeReport) -> str:
    question = report.question
    if not question.category or question.parameters.group:
        return ""
    place = f"{question.category}:{one.lon:.5f}:{one.lat:.5f}"
    opened = (*question.asked["open"], place)
    return f"?{question.query(open=opened)}#what-if"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """An area that differs from the last meeting, and what may be said of that."""

    area: ChangedArea
    verdict: str


def change_rows(changes: Changes) -> list[ChangeRow]:
    """Return the areas that differ."""
    return [ChangeRow(one, str(VERDICTS[one.change.verdict])) for one in changes.areas]


@dataclass(frozen=True, slots=True)
class SquareCell:
    """A field of the legend of two classes: the role of its colour, and its areas."""

    role: str
    n: int


@dataclass(frozen=True, slots=True)
class SquareLine:
    """A line of that legend."""

    label: str
    cells: Sequence[SquareCell]


def square_lines(need: NeedMap) -> list[SquareLine]:
    """Return the legend of two classes, the largest share not reached first."""
    labels = (
        gettext("more than 50% not reached"),
        gettext("10–50% not reached"),
        gettext("up to 10% not reached"),
    )
    return [
        SquareLine(
            label,
            [
                SquareCell(f"{across}{up}", n)
                for across, n in enumerate(need.counts[3 - up], start=1)
            ],
        )
        for label, up in zip(labels, (3, 2, 1), strict=True)
    ]
