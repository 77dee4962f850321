"""Which places would be missed most: the people whom each alone keeps within reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from layers.analysis.disclosure import rounding_base
from layers.analysis.nearest_two import NearestTwo
from layers.analysis.parameters import CoverageParameters
from layers.analysis.today import Today
from layers.analysis.today_base import Base, base_of
from layers.analysis.told import people_told
from layers.errors import InvalidParameter
from layers.measures.arrays import BoolArray, FloatArray, IntArray
from layers.selectors.public_places import PublicPlaces

MOST = 50


@dataclass(frozen=True, slots=True)
class CriticalService:
    """A service point, and what its closure alone would cost.

    Attributes
    ----------
    id : UUID
        The service point.
    residents_losing : float or None
        People within the threshold of it and of no other place; None where withheld.
    is_suppressed : bool
        Whether the figure is withheld because it would show few people.
    """

    id: UUID
    residents_losing: float | None
    is_suppressed: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """Service points by what each one's closure alone would cost, most first.

    Attributes
    ----------
    base : Base
        What today stands on.
    found : list of CriticalService
        Those withheld come last, by id, so that their place in the ranking tells nothing.
    n_places : int
        Public service points of the term that people walk to.
    n_missed : int
        How many of them somebody would miss.
    """

    base: Base
    found: list[CriticalService]
    n_places: int
    n_missed: int


def critical_services(parameters: CoverageParameters, *, limit: int = 10) -> Ranking:
    """Return the public service points that people of the question would miss most.

    Parameters
    ----------
    parameters : CoverageParameters
        The question; exactly one of its `codes`.
    limit : int
        How many, 1 to 50.

    Raises
    ------
    InvalidParameter
        Not exactly one category or committee, or one that does not exist; a limit out
        of range.
    NotFound, Unavailable
        As `get_or_run`.
    """
    if len(parameters.codes) != 1:
        raise InvalidParameter(
            "codes", list(parameters.codes), "exactly one category or committee"
        )
    if not 1 <= limit <= MOST:
        raise InvalidParameter("limit", limit, f"from 1 to {MOST}")
    base = base_of(parameters)
    today = base.today[parameters.by]
    slug = parameters.codes[0]
    if slug not in {term.slug for term in today.tree}:
        raise InvalidParameter("codes", slug, f"a {parameters.by}")
    return rank(base, today, slug, limit=limit)


def rank(base: Base, today: Today, slug: str, *, limit: int) -> Ranking:
    """Return the ranking of one term, from arrays alone."""
    rows = base.places.below(today.kind, slug)
    spots, spot_of, n_at = np.unique(
        base.places.xy[rows], axis=0, return_inverse=True, return_counts=True
    )
    nearest = NearestTwo.of(today.origins, spots, today.engine)
    threshold_m = today.zones.parameters.threshold_m
    within = nearest.walk_m <= threshold_m
    is_missed = within[:, 0] & ~within[:, 1]
    people = today.zones.people
    loss = np.bincount(
        nearest.index[is_missed, 0], weights=people[is_missed], minlength=len(spots)
    ).astype(np.float64)
    # Where several service points share a spot, closing one of them costs nobody a walk.
    loss[n_at > 1] = 0
    listed = np.flatnonzero(loss > 0)
    order = listed[np.lexsort((listed, -loss[listed]))][:limit]
    point_at = dict(zip(spot_of.reshape(-1).tolist(), rows.tolist(), strict=True))
    found = list(_told(base.places, today, nearest, order, loss, point_at))
    return Ranking(
        base,
        sorted(found, key=lambda one: (one.is_suppressed, _order(one))),
        n_places=len(rows),
        n_missed=len(listed),
    )


def _order(one: CriticalService) -> tuple[float, str]:
    return (-(one.residents_losing or 0.0), str(one.id))


def _told(
    places: PublicPlaces,
    today: Today,
    nearest: NearestTwo,
    spots: IntArray,
    loss: FloatArray,
    point_at: dict[int, int],
) -> Iterator[CriticalService]:
    """Yield the service points at some spots, as a scenario would tell of each."""
    before_m, following_m = nearest.walk_m.T
    base = rounding_base(today.zones.parameters)
    for spot in spots.tolist():
        is_here: BoolArray = nearest.index[:, 0] == spot
        after_m = np.where(is_here, following_m, before_m)
        is_withheld = today.disclosure.of_change(before_m, after_m).total
        told = None if is_withheld else people_told(float(loss[spot]), base)
        yield CriticalService(places.ids[point_at[spot]], told, is_withheld)
