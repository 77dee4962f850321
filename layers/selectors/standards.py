"""What a municipality calls covered, by category, for the people a question is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from layers.models import ServiceStandard


@dataclass(frozen=True, slots=True)
class Standard:
    """What holds for one category; None where nothing was set.

    Attributes
    ----------
    max_walk_min : float or None
        The longest walk that is covered, its end included.
    per_1000 : float or None
        Places per 1,000 people.
    unit : str
        What places are; "" is whichever most services give theirs in.
    """

    max_walk_min: float | None = None
    per_1000: float | None = None
    unit: str = ""


NO_STANDARD = Standard()

Standards = Mapping[str, Standard]
"""By category; one without an entry has no standard."""


def standards(municipality_id: UUID, path: tuple[str, ...]) -> dict[str, Standard]:
    """Return the standards of a municipality for a population group; one query.

    Parameters
    ----------
    municipality_id : UUID
        Whose standards.
    path : tuple of str
        The group and all above it, from the top; empty for everybody.

    Notes
    -----
    The nearest group that has a standard decides, and that for everybody where none
    has. Of a question about everybody the shortest walk of any group stands where
    there is none for everybody: a longer one would call covered what some of those
    whom the service is for cannot walk. A target of places counts people of its own
    group and is never taken over from another.
    """
    rows = ServiceStandard.objects.filter(municipality_id=municipality_id).order_by(
        "category__slug", "groups"
    )
    by_category: dict[str, list[_Row]] = {}
    for row in rows.select_related("category"):
        by_category.setdefault(row.category.slug, []).append(
            _Row(row.groups, row.max_walk_min, row.target_per_1000, row.target_unit)
        )
    found = {slug: _decided(listed, path) for slug, listed in by_category.items()}
    return {slug: one for slug, one in found.items() if one != NO_STANDARD}


class _Row(NamedTuple):
    groups: list[str]
    max_walk_min: float | None
    per_1000: float | None
    unit: str


def _decided(rows: list[_Row], path: tuple[str, ...]) -> Standard:
    own = _nearest(rows, path)
    if own is not None:
        return Standard(own.max_walk_min, own.per_1000, own.unit)
    shortest = min(
        (row.max_walk_min for row in rows if row.max_walk_min is not None), default=None
    )
    return Standard(None if path else shortest)


def _nearest(rows: list[_Row], path: tuple[str, ...]) -> _Row | None:
    """Return the row for the lowest group of a path, else that for everybody."""
    for group in reversed(path):
        for row in rows:
            if group in row.groups:
                return row
    return next((row for row in rows if not row.groups), None)
