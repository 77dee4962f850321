"""How far is each term from each demand point? One search per category, parents free."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.analysis.checkpoints import checkpoint
from layers.analysis.travel_cost import TravelCost
from layers.measures.arrays import FloatArray
from layers.selectors.supply import Term
from layers.selectors.supply_arrays import (
    ARE_HOURS_UNKNOWN,
    IS_UNCERTAIN,
    IS_UNVERIFIED,
    Sites,
)

QualityArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reach:
    """The way from every demand point to the nearest place of a term.

    Attributes
    ----------
    walk_m : ndarray, (n,)
        Walking metres, inf where there is no place.
    quality : ndarray of uint8, (n,)
        Bits of what is not well known of that place; 0 where there is none.
    sure_walk_m : ndarray, (n,)
        Walking metres to the nearest place whose hours are known and that was verified
        within a year; never less than `walk_m`.
    possible_walk_m : ndarray, (n,)
        Walking metres to the nearest place that may be usable, those included of which
        that is not known; never more than `walk_m`.
    """

    walk_m: FloatArray
    quality: QualityArray
    sure_walk_m: FloatArray
    possible_walk_m: FloatArray


def reaches(
    term_tree: Iterable[Term],
    sites: dict[str, Sites],
    origins: FloatArray,
    engine: TravelCost,
) -> Iterator[tuple[Term, Reach]]:
    """Yield each term with its reach, in the order of `term_tree`.

    The nearest place of a parent is the nearest of its own and its children's, so
    only places that no child has are searched for a parent. Children that
    `term_tree` does not hold are as if they had no places.
    """
    term_list = list(term_tree)
    by_slug = {term.slug: term for term in term_list}
    known: dict[str, Reach] = {}

    def reach_of(slug: str) -> Reach:
        if slug not in known:
            nearest = _own(sites.get(slug), origins, engine)
            for child in by_slug[slug].children:
                if child in by_slug:
                    nearest = _nearer(nearest, reach_of(child))
            known[slug] = nearest
        return known[slug]

    for term in term_list:
        checkpoint()
        yield term, reach_of(term.slug)


DOUBTS = ARE_HOURS_UNKNOWN | IS_UNVERIFIED
"""Whether such a place can be used is not known: intervals count it both ways."""


def _own(sites: Sites | None, origins: FloatArray, engine: TravelCost) -> Reach:
    if sites is None or not len(sites.xy):
        nothing = np.zeros(len(origins), dtype=np.uint8)
        nowhere = np.full(len(origins), np.inf)
        return Reach(nowhere, nothing, nowhere, nowhere)
    is_uncertain = sites.quality & IS_UNCERTAIN > 0
    if not is_uncertain.any():
        return _certain(sites, origins, engine)
    certain = Sites(sites.xy[~is_uncertain], sites.quality[~is_uncertain])
    found = _own(certain, origins, engine)
    uncertain_m, _ = engine.to_closest(origins, sites.xy[is_uncertain])
    is_nearer = uncertain_m < found.walk_m
    return Reach(
        found.walk_m,
        np.where(is_nearer, found.quality | np.uint8(IS_UNCERTAIN), found.quality),
        found.sure_walk_m,
        np.where(is_nearer, uncertain_m, found.walk_m),
    )


def _certain(sites: Sites, origins: FloatArray, engine: TravelCost) -> Reach:
    walk_m, index = engine.to_closest(origins, sites.xy)
    quality = np.where(index >= 0, sites.quality[index], np.uint8(0))
    sure_m = _sure(sites, origins, engine, walk_m, quality)
    return Reach(walk_m, quality, sure_m, walk_m)


def _sure(
    sites: Sites,
    origins: FloatArray,
    engine: TravelCost,
    walk_m: FloatArray,
    quality: QualityArray,
) -> FloatArray:
    """Return the way to the nearest place without a doubt; most know it already."""
    is_doubtful = quality & DOUBTS > 0
    if not is_doubtful.any():
        return walk_m
    sure_m = walk_m.copy()
    places = sites.xy[sites.quality & DOUBTS == 0]
    sure_m[is_doubtful] = np.inf
    if len(places):
        # Another search may round the same way differently: never nearer than nearest.
        found, _ = engine.to_closest(origins[is_doubtful], places)
        sure_m[is_doubtful] = np.maximum(found, walk_m[is_doubtful])
    return sure_m


def _nearer(one: Reach, other: Reach) -> Reach:
    is_nearer = other.walk_m < one.walk_m
    return Reach(
        np.where(is_nearer, other.walk_m, one.walk_m),
        np.where(is_nearer, other.quality, one.quality),
        np.minimum(one.sure_walk_m, other.sure_walk_m),
        np.minimum(one.possible_walk_m, other.possible_walk_m),
    )
