"""One area of a committee's map, as every block of the page and every file shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from layers.published.committee_rows import CoverageRowOfArea
from layers.published.pages import Text
from layers.web.committee.classes import AreaState, state_of
from layers.web.committee.flags import words_of
from layers.web.template_tags import people, percent


@dataclass(frozen=True, slots=True)
class Area:
    """An area with its figures, how it is drawn, and what is said of it.

    Attributes
    ----------
    row : CoverageRowOfArea
        Its figures; None where they are unknown or withheld.
    drawn : AreaState
        Its class, or why it has none.
    words : str
        One sentence with its figures, in the language of the page.
    notes : tuple of str
        Its flags in words.
    """

    row: CoverageRowOfArea
    drawn: AreaState
    words: str
    notes: tuple[str, ...]

    @property
    def code(self) -> str:
        """Its code."""
        return self.row.code

    @property
    def name(self) -> Text:
        """Its name, with the language that it is in."""
        return self.row.name


def areas_of(rows: Iterable[CoverageRowOfArea]) -> tuple[Area, ...]:
    """Return the areas of some rows, in their order."""
    return tuple(
        Area(row, state_of(row), sentence(row), tuple(words_of(row.flags)))
        for row in rows
    )


def sentence(row: CoverageRowOfArea) -> str:
    """Return one sentence about an area: for a line under the map, or a title in it."""
    if row.is_suppressed:
        return gettext("%(district)s: withheld, too few people.") % {
            "district": row.name
        }
    if row.share_unserved is None:
        return gettext("%(district)s: no residents known.") % {"district": row.name}
    return gettext(
        "%(district)s: %(unserved)s of %(residents)s residents are not reached (%(share)s)."
    ) % {
        "district": row.name,
        "unserved": people(row.unserved),
        "residents": people(row.residents),
        "share": percent(row.share_unserved),
    }
