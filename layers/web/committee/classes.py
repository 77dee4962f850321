"""Classes of the committee map: fixed cut-offs, computed here and sent with the data.

The class of a district is the priority class of its result row, so that map, table and
API cannot disagree. Colours: ColorBrewer YlGnBu, 5 classes (Cynthia Brewer, Apache-2.0).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from layers.measures.priority import PRIORITY_CUTS
from layers.published.pages import CoverageRowOfArea
from layers.web.template_tags import people, percent

COLOURS = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")


@dataclass(frozen=True, slots=True)
class MapClass:
    """One class of the legend: from above `low` to `high`, both shares; n districts."""

    number: int
    colour: str
    label: str
    n: int


def map_classes(rows: Iterable[CoverageRowOfArea]) -> list[MapClass]:
    """Return the classes with the number of districts in each."""
    counts = Counter(row.priority_class for row in rows)
    edges = (0.0, *PRIORITY_CUTS, 1.0)
    return [
        MapClass(
            number=index + 1,
            colour=COLOURS[index],
            label=f"{edges[index]:.0%}–{edges[index + 1]:.0%}",
            n=counts[index + 1],
        )
        for index in range(len(COLOURS))
    ]


def without_class(rows: Iterable[CoverageRowOfArea]) -> int:
    """Return how many districts have no class: no residents, or withheld."""
    return sum(row.priority_class is None for row in rows)


def map_data(
    level: str, rows: Iterable[CoverageRowOfArea], classes: list[MapClass]
) -> dict[str, Any]:
    """Return what the page's map draws: classes, and each district's class and words."""
    return {
        "level": level,
        "classes": [{"colour": one.colour, "label": one.label} for one in classes],
        "areas": {
            row.code: {
                "class": None if row.priority_class is None else row.priority_class - 1,
                "text": area_words(row),
            }
            for row in rows
        },
    }


def area_words(row: CoverageRowOfArea) -> str:
    """Return one sentence about a district, for the line under the map."""
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
