"""Capacity, access, depth and opening of one term at every point where people live."""

from dataclasses import dataclass

import numpy as np

from layers.analysis.access import access_of
from layers.analysis.capacity import (
    TermCapacity,
    capacity_of,
    people_with_place,
    why_unknown,
)
from layers.analysis.flags import Flag
from layers.analysis.parameters import CoverageParameters
from layers.analysis.places_in_reach import PlacesInReach, TermPlaces
from layers.measures.arrays import BoolArray, FloatArray
from layers.measures.opening_shares import open_shares
from layers.measures.pairs import with_data
from layers.measures.poverty import fgt_terms
from layers.measures.week_slots import N_WORDS
from layers.selectors.standards import Standard


@dataclass(frozen=True, slots=True)
class Measured:
    """What one term means for the people of each point; arrays are (n,).

    Attributes
    ----------
    standard : Standard
        What the committee asks for.
    unit : str
        What places are.
    are_places_known : bool
        Whether `access` counts places and not services.
    access, access_fresh : ndarray
        Places per person; the same with less for what was not verified for long.
    depth : ndarray
        How far beyond the threshold, 0 to 1.
    with_place : ndarray or None
        People for whom the places in reach are enough; None where `why` says.
    opened, opened_high : ndarray
        Share of the week's hours with a place open in reach; the second with unknown
        hours counted as open.
    has_hours : ndarray of bool
        A place with hours on record is in reach.
    is_imputed : ndarray of bool
        A place whose capacity is the middle one of others is in reach.
    share_discounted : float
        What freshness takes off all places of the term.
    why : frozenset of Flag
        Why there is no `with_place`.
    """

    standard: Standard
    unit: str
    are_places_known: bool
    access: FloatArray
    access_fresh: FloatArray
    depth: FloatArray
    with_place: FloatArray | None
    opened: FloatArray
    opened_high: FloatArray
    has_hours: BoolArray
    is_imputed: BoolArray
    share_discounted: float
    why: frozenset[Flag]


def measured(
    slug: str,
    parameters: CoverageParameters,
    reached: PlacesInReach,
    standard: Standard,
    walk_m: FloatArray,
    *,
    are_all: bool = True,
) -> Measured:
    """Return what a term means at every point.

    Parameters
    ----------
    slug : str
        The term.
    parameters : CoverageParameters
        The question; its threshold is that of the term.
    reached : PlacesInReach
        Who lives where, and what they reach.
    standard : Standard
        Of the term.
    walk_m : ndarray, (n,)
        Walking metres to the nearest place.
    are_all : bool
        False: the term has places that nobody is told of, so its room is not known.
    """
    threshold_m = parameters.threshold_m
    term = reached.of_term(slug, threshold_m)
    capacity = capacity_of(reached.places, term, standard.unit, are_all=are_all)
    is_shared = reached.is_group and bool(reached.places.is_for_all[term.rows].any())
    why = why_unknown(capacity, standard, is_shared=is_shared)
    with_place = None
    if not why and standard.per_1000 is not None:
        found = people_with_place(reached, term, capacity, standard.per_1000)
        # One rule says who is in reach: the walk to the nearest place.
        own = reached.people[: reached.n_residents]
        with_place = np.where(walk_m <= threshold_m, np.minimum(found, own), 0.0)
    low, high, has_hours = _opened(parameters, reached, term)
    return Measured(
        standard=standard,
        unit=capacity.unit,
        are_places_known=capacity.is_known,
        access=access_of(parameters, reached, term, capacity.places),
        access_fresh=access_of(parameters, reached, term, capacity.fresh),
        depth=depths(walk_m, threshold_m),
        with_place=with_place,
        opened=low,
        opened_high=high,
        has_hours=has_hours,
        is_imputed=_reaches(reached, term, capacity),
        share_discounted=capacity.share_discounted,
        why=why,
    )


def depths(walk_m: FloatArray, threshold_m: float) -> FloatArray:
    """Return how far beyond a threshold each walk is: 0 within it, 1 from twice it on.

    Notes
    -----
    The Foster-Greer-Thorbecke gap with what is left of twice the threshold as access, and
    the threshold as standard: so the share of people below it is the share not served.
    """
    left = np.maximum(2 * threshold_m - walk_m, 0.0)
    return np.where(
        walk_m <= threshold_m, 0.0, fgt_terms(left, standard=threshold_m, alpha=1)
    )


def _reaches(
    reached: PlacesInReach, term: TermPlaces, capacity: TermCapacity
) -> BoolArray:
    """Return who reaches a place whose capacity is imputed, (n,)."""
    is_there = term.summed(capacity.is_imputed.astype(np.float64)) > 0
    return _is_near(term, is_there)[: reached.n_residents]


def _is_near(term: TermPlaces, is_such: BoolArray) -> BoolArray:
    """Return who has a spot of some kind in reach, neighbours too, (n + o,)."""
    ones = with_data(term.pairs, np.ones(term.pairs.nnz))
    return np.asarray(ones @ is_such.astype(np.float64) > 0, dtype=np.bool_)


def _opened(
    parameters: CoverageParameters, reached: PlacesInReach, term: TermPlaces
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return the shares of the week, unknown hours closed and open, and who knows any."""
    places, slots = reached.places, parameters.eligibility.slots
    week, known = places.week[term.rows], places.has_hours[term.rows]
    sure = np.zeros((term.pairs.shape[1], N_WORDS), dtype=np.uint64)
    np.bitwise_or.at(sure, term.at[known], week[known])
    low = open_shares(term.pairs, sure, slots=slots)
    has_hours = _is_near(term, term.summed(known.astype(np.float64)) > 0)
    # A place that might be open at any time leaves no hour in which none is.
    has_doubt = _is_near(term, term.summed((~known).astype(np.float64)) > 0)
    high = np.where(has_doubt, 1.0, low)
    n = reached.n_residents
    return low[:n], high[:n], has_hours[:n]
