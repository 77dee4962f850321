"""What is said of a change between two runs of one question; `history.py` makes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from layers.models import AnalysisRun
from layers.selectors.run_history import CellFigures


class Verdict(StrEnum):
    """What may be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    """The figures are equal."""

    UNCLEAR = "unclear"
    """They differ, and by no more than the assumptions move them."""

    WITHHELD = "withheld"
    NOT_COMPARABLE = "not_comparable"
    """Something else than services and people changed, or one date has no figure."""


class Cause(StrEnum):
    """What is not the same on both dates."""

    SERVICES = "services"
    RESIDENTS = "residents"
    DISTRICTS = "districts"
    STREETS = "streets"
    TAXONOMY = "taxonomy"
    STANDARDS = "standards"
    """What counts as enough, or how much a district needs it; no walk depends on it."""

    WALKS = "walks"
    """The engine, the detour or the speed."""

    METHOD = "method"
    MONTH = "month"
    """Verifications and counts of people age."""


BREAKS = frozenset({Cause.DISTRICTS, Cause.STREETS, Cause.WALKS, Cause.METHOD})
"""Causes that move figures though nothing changed for anybody: no verdict is given."""


@dataclass(frozen=True, slots=True)
class Change:
    """One district (or the outside, or all) and one term on two dates.

    Attributes
    ----------
    term, district_code, is_total, names
        Which cell; `names` is a language map, None for the outside and the total.
    before, after : CellFigures or None
        What each run says; both None where the change is withheld.
    difference : float or None
        Residents not reached then less those before: above 0 is worse. None where one
        of them is unknown, or the two cannot be compared.
    verdict : Verdict
        By the share served, since the number of people changes, too. Better or worse is
        said only where the intervals of the two dates do not overlap.
    n_opened, n_closed : int or None
        Public service points of the term in the district that are new in, or gone from,
        the list; None where nobody kept a list, and for the outside.
    """

    term: str
    district_code: str
    is_total: bool
    names: dict[str, str] | None
    before: CellFigures | None
    after: CellFigures | None
    difference: float | None
    verdict: Verdict
    n_opened: int | None
    n_closed: int | None


@dataclass(frozen=True, slots=True)
class ChangeSince:
    """What is different between two runs of one question.

    Attributes
    ----------
    run, earlier : AnalysisRun
        The two runs; the same one where nothing changed since.
    since : datetime or None
        From when on the earlier run was in force; None where it never was.
    changes : tuple of Change
        By term: districts by code, people in no district, the municipality.
    causes : tuple of Cause
        What is not the same on both dates, in the order of `Cause`. `services` says that
        something about services was written, not that it moved a figure.
    is_comparable : bool
        False: there is a cause of `BREAKS`, so no difference and no verdict is given.
    opened, closed : tuple of UUID, or None
        Public service points that came into the list or left it, whatever their term.
        A place that left it may have been withdrawn because it must not be known any
        more: show its name only where it can still be read publicly. None where nobody
        kept a list at one of the dates.
    """

    run: AnalysisRun
    earlier: AnalysisRun
    since: datetime | None
    changes: tuple[Change, ...]
    causes: tuple[Cause, ...]
    is_comparable: bool
    opened: tuple[UUID, ...] | None
    closed: tuple[UUID, ...] | None
