"""The ranking of the report: areas by people not reached, each with its interval."""

from dataclasses import dataclass

from layers.published.committee_rows import CoverageRowOfArea
from layers.web.committee.areas import Area
from layers.web.committee.flags import words_of
from layers.web.committee.report import CommitteeReport

MOST = 45
"""Areas listed at most: what fits a page. The page of the committee lists them all."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Stripe:
    """A bar and its interval, in per cent of the longest one; None is not drawn."""

    length: float | None
    low: float | None
    span: float | None


@dataclass(frozen=True, slots=True)
class RankedArea:
    """An area as a row: its number on the map, its figures, its notes as letters."""

    number: int
    area: Area
    stripe: Stripe
    notes: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The rows, what their letters mean, and how many areas are left out."""

    rows: tuple[RankedArea, ...]
    notes: tuple[tuple[str, str], ...]
    n_left_out: int


def numbered(report: CommitteeReport) -> list[Area]:
    """Return the areas as they are numbered: most people not reached first.

    That is the order of the page's table; areas without a figure come last.
    """
    known = [area for area in report.areas if area.row.unserved is not None]
    unknown = [area for area in report.areas if area.row.unserved is None]
    known.sort(key=lambda area: (-(area.row.unserved or 0.0), area.code))
    return known + sorted(unknown, key=lambda area: area.code)


def ranking_of(report: CommitteeReport) -> Ranking:
    """Return the ranking; notes that the headline carries are not repeated."""
    areas = numbered(report)
    shown = areas[:MOST]
    letters = _letters(report, shown)
    longest = max((_end(area.row) for area in shown), default=0.0)
    rows = tuple(
        RankedArea(
            number=n,
            area=area,
            stripe=_stripe(area.row, longest),
            notes=" ".join(letters[f] for f in area.row.flags if f in letters),
        )
        for n, area in enumerate(shown, start=1)
    )
    words = zip(letters.values(), words_of(letters), strict=True)
    return Ranking(rows, tuple(words), len(areas) - len(shown))


def _letters(report: CommitteeReport, shown: list[Area]) -> dict[str, str]:
    found: dict[str, str] = {}
    everywhere = set(report.total.flags)
    for area in shown:
        for flag in area.row.flags:
            if flag not in everywhere and flag not in found and len(found) < 26:
                found[flag] = LETTERS[len(found)]
    return found


def _end(row: CoverageRowOfArea) -> float:
    between = row.unserved_between or (0.0, 0.0)
    return max(row.unserved or 0.0, between[1])


def _stripe(row: CoverageRowOfArea, longest: float) -> Stripe:
    if row.unserved is None or not longest > 0:
        return Stripe(None, None, None)
    length = _percent(row.unserved, longest)
    if row.unserved_between is None:
        return Stripe(length, None, None)
    low, high = (_percent(end, longest) for end in row.unserved_between)
    return Stripe(length, low, round(max(high - low, 0.0), 1))


def _percent(value: float, longest: float) -> float:
    return round(100 * value / longest, 1)
