"""One area across all categories of a committee: never averaged, none left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.published.committee_rows import CoverageRowOfArea
from layers.published.pages import TermRow, Text
from layers.web.committee.classes import AreaState, state_of


@dataclass(frozen=True, slots=True)
class ProfileCell:
    """One category in one area; `row` is None where the run holds no such row."""

    term: TermRow
    row: CoverageRowOfArea | None
    drawn: AreaState | None


@dataclass(frozen=True, slots=True)
class Profile:
    """All categories of the committee in one area.

    Attributes
    ----------
    code, name : str, Text
        The area; empty for the whole municipality.
    cells : tuple of ProfileCell
        In the order of the categories.
    worst : tuple of ProfileCell
        Those of the worst class that any of them has.
    """

    code: str
    name: Text
    cells: tuple[ProfileCell, ...]
    worst: tuple[ProfileCell, ...]


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profile of the municipality and of each area, by name."""

    terms: tuple[TermRow, ...]
    total: Profile
    areas: tuple[Profile, ...]

    def of(self, code: str | None) -> Profile:
        """Return the profile of an area; that of the municipality without one."""
        for profile in self.areas:
            if profile.code == code:
                return profile
        return self.total


def profiles_of(
    terms: Sequence[TermRow], rows: Mapping[str, Sequence[CoverageRowOfArea]]
) -> Profiles:
    """Return the profiles over some categories, from their rows by slug."""
    totals: dict[str, CoverageRowOfArea] = {}
    by_area: dict[str, dict[str, CoverageRowOfArea]] = {}
    for slug, listed in rows.items():
        for row in listed:
            if row.is_total:
                totals[slug] = row
            elif row.code:
                by_area.setdefault(row.code, {})[slug] = row
    areas = [_profile(code, terms, found) for code, found in by_area.items()]
    return Profiles(
        terms=tuple(terms),
        total=_profile("", terms, totals),
        areas=tuple(sorted(areas, key=lambda one: (one.name.value, one.code))),
    )


def _profile(
    code: str, terms: Sequence[TermRow], rows: Mapping[str, CoverageRowOfArea]
) -> Profile:
    cells = tuple(_cell(term, rows.get(term.slug)) for term in terms)
    classes = [c.drawn.map_class for c in cells if c.drawn and c.drawn.map_class]
    worst = max(classes, default=0)
    name = next((row.name for row in rows.values()), Text("", ""))
    return Profile(
        code,
        name,
        cells,
        tuple(c for c in cells if worst and c.drawn and c.drawn.map_class == worst),
    )


def _cell(term: TermRow, row: CoverageRowOfArea | None) -> ProfileCell:
    return ProfileCell(term, row, None if row is None else state_of(row))
