"""Classes of the committee's map: fixed cut-offs, computed here for every output.

The class of an area is the priority class of its result row, so that map, table, files
and API cannot disagree.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layers.measures.priority import PRIORITY_CUTS, priority_class
from layers.published.committee_rows import CoverageRowOfArea
from layers.web.palettes import SEQUENTIAL

NO_PEOPLE, WITHHELD, NO_DATA = "no-people", "withheld", "no-data"
"""Why an area has no class: nobody is known to live there; too few people to tell; it is
in no run."""

UNCERTAIN_CLASSES = 4
"""An area whose interval covers so many classes or more is marked as uncertain."""


@dataclass(frozen=True, slots=True)
class MapClass:
    """One class of the legend: shares above `low` up to and with `high`; n areas."""

    number: int
    low: float
    high: float
    colour: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The classes of a map.

    Attributes
    ----------
    method : str
        `fixed`: the same cut-offs for every committee, question and year.
    breaks : tuple of float
        Shares between the classes; a share on a break belongs to the lower class.
    classes : tuple of MapClass
        From fewest to most people not reached.
    n_no_people, n_withheld, n_uncertain : int
        Areas without a class, by reason, and areas whose class is uncertain.
    """

    method: str
    breaks: tuple[float, ...]
    classes: tuple[MapClass, ...]
    n_no_people: int
    n_withheld: int
    n_uncertain: int


@dataclass(frozen=True, slots=True)
class AreaState:
    """How an area is drawn.

    Attributes
    ----------
    map_class : int or None
        1 to 5.
    state : str
        `class`, or why there is none.
    is_uncertain : bool
        Whether the interval of its share covers `UNCERTAIN_CLASSES` or more.
    """

    map_class: int | None
    state: str
    is_uncertain: bool = False


def scale_of(states: Iterable[AreaState]) -> Scale:
    """Return the classes with the number of areas in each."""
    listed = list(states)
    why = Counter(one.state for one in listed)
    return Scale(
        method="fixed",
        breaks=PRIORITY_CUTS,
        classes=share_classes(listed),
        n_no_people=why[NO_PEOPLE],
        n_withheld=why[WITHHELD],
        n_uncertain=sum(one.is_uncertain for one in listed),
    )


def share_classes(states: Iterable[AreaState]) -> tuple[MapClass, ...]:
    """Return the classes of a share not reached, with the number of areas in each."""
    counts = Counter(one.map_class for one in states)
    edges = (0.0, *PRIORITY_CUTS, 1.0)
    return tuple(
        MapClass(
            number=n + 1,
            low=edges[n],
            high=edges[n + 1],
            colour=colour,
            label=f"{edges[n]:.0%}–{edges[n + 1]:.0%}",
            n=counts[n + 1],
        )
        for n, colour in enumerate(SEQUENTIAL)
    )


def state_of(row: CoverageRowOfArea) -> AreaState:
    """Return how the area of a row is drawn."""
    if row.is_suppressed:
        return AreaState(None, WITHHELD)
    if row.priority_class is None:
        return AreaState(None, NO_PEOPLE)
    return AreaState(row.priority_class, "class", is_uncertain=_is_uncertain(row))


def _is_uncertain(row: CoverageRowOfArea) -> bool:
    between = row.share_unserved_between
    if between is None:
        return False
    low, high = (priority_class(min(max(share, 0.0), 1.0)) or 0 for share in between)
    return high - low + 1 >= UNCERTAIN_CLASSES


def class_of(share: float | None, breaks: Sequence[float] = PRIORITY_CUTS) -> int:
    """Return the class of a share, 0 where there is none; as `priority_class`."""
    if share is None:
        return 0
    return 1 + sum(share > cut for cut in breaks)
