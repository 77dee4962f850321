"""The ranking table of a committee page: its columns and their order."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.web.committee.areas import Area

Key = Callable[[Area], Any]


def spelled(area: Area) -> str:
    """Return an area's name as an index sorts it: accents and capitals do not count."""
    letters = unicodedata.normalize("NFKD", area.name.value)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()


COLUMNS: dict[str, tuple[Promise, Key, bool]] = {
    "name": (_("Area"), spelled, False),
    "unserved": (_("People not reached"), lambda area: area.row.unserved, True),
    "share": (_("Share not reached"), lambda area: area.row.share_unserved, True),
    "residents": (_("Residents"), lambda area: area.row.residents, True),
    "walk": (_("Median walk"), lambda area: area.row.median_walk_m, True),
    "located": (_("Places here"), lambda area: area.row.n_located, False),
}
"""Code -> heading, value to sort by, and whether the first press sorts downwards."""

SORTS = tuple(f"{sign}{code}" for code in COLUMNS for sign in ("", "-"))
DEFAULT_SORT = "-unserved"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; `href` is the address that sorts by it."""

    code: str
    heading: str
    aria_sort: str
    descends_first: bool
    next_sort: str
    href: str = ""


def columns(sort: str) -> list[Column]:
    """Return the columns of the table as it stands, sorted by `sort` (`-` is downwards)."""
    sorted_by, is_descending = sort.removeprefix("-"), sort.startswith("-")
    heads = []
    for code, (heading, _key, descends_first) in COLUMNS.items():
        is_sorted = code == sorted_by
        descends_next = not is_descending if is_sorted else descends_first
        now = "descending" if is_descending else "ascending"
        heads.append(
            Column(
                code,
                str(heading),
                now if is_sorted else "",
                descends_first,
                f"-{code}" if descends_next else code,
            )
        )
    return heads


def ranked_areas(areas: Iterable[Area], sort: str) -> list[Area]:
    """Return the areas in the order of the table; unknown values last."""
    key = COLUMNS[sort.removeprefix("-")][1]
    listed = list(areas)
    known = [area for area in listed if key(area) is not None]
    unknown = [area for area in listed if key(area) is None]
    known.sort(key=key, reverse=sort.startswith("-"))
    return known + unknown


def values_of(area: Area) -> list[Any]:
    """Return an area's value in each column, None where it is unknown."""
    return [key(area) for _heading, key, _first in COLUMNS.values()]
