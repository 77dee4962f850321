"""How much room there is: places of a term, and who of those in reach finds one."""

from dataclasses import dataclass

import numpy as np

from layers.analysis.flags import Flag, flag_if
from layers.analysis.places_in_reach import PlacesInReach, TermPlaces
from layers.measures.arrays import BoolArray, FloatArray
from layers.measures.capacity import capacity_split
from layers.measures.freshness import fresh_supply
from layers.selectors.standards import Standard
from layers.selectors.supply_places import Places

SERVICES = "services"
"""What is counted where capacities are not known: each service once."""

IMPUTE_FROM = 0.5
"""Where at least this share of a term's services say what they take, the others are taken
to be as large as the middle one of those; else nobody knows how much room there is."""

DUST_DECIMALS = 6
"""The solver's remainders of people are far smaller."""


@dataclass(frozen=True, slots=True)
class TermCapacity:
    """What the places of one term can take.

    Attributes
    ----------
    unit : str
        Of capacity; `SERVICES` where that is not known.
    is_known : bool
        Whether `places` are places and not services.
    places, fresh : ndarray, (s,)
        Of each service; the same with less for what was not verified for long.
    is_imputed : ndarray of bool, (s,)
        The middle one of the others.
    share_discounted : float
        What freshness takes off all places; NaN without places.
    """

    unit: str
    is_known: bool
    places: FloatArray
    fresh: FloatArray
    is_imputed: BoolArray
    share_discounted: float


def capacity_of(
    places: Places, term: TermPlaces, unit: str = "", *, are_all: bool = True
) -> TermCapacity:
    """Return what the places of a term can take, in one unit.

    Parameters
    ----------
    places : Places
        All services at places.
    term : TermPlaces
        Those of the term.
    unit : str
        The unit that the committee's target counts; "" is the one that most services of
        the term have, of equally frequent ones the first by name. Units are never
        added: what is given in another one is as if it were not known.
    are_all : bool
        False: the term has places that are not among these, so nobody knows its room.
    """
    taken, units = places.capacity[term.rows], places.unit[term.rows]
    has_one = ~np.isnan(taken) & (units != "")
    names, counts = np.unique(units[has_one], return_counts=True)
    chosen = unit or (str(names[np.argmax(counts)]) if len(names) else SERVICES)
    has_it = has_one & (units == chosen)
    is_told = not len(taken) or bool(has_it.any() and has_it.mean() >= IMPUTE_FROM)
    is_known = are_all and is_told
    if is_known and len(taken):
        room = np.where(has_it, taken, np.median(taken[has_it]))
    else:
        room = np.ones(len(taken))
    discounted = fresh_supply(room, places.months[term.rows])
    return TermCapacity(
        unit=chosen if is_known else SERVICES,
        is_known=is_known,
        places=room,
        fresh=discounted.counted,
        is_imputed=~has_it & is_known,
        share_discounted=discounted.share_discounted,
    )


def why_unknown(
    capacity: TermCapacity, standard: Standard, *, is_shared: bool
) -> frozenset[Flag]:
    """Return the flags that say why nobody can tell who finds a place; none if one can."""
    return (
        flag_if(Flag.NO_STANDARD, condition=standard.per_1000 is None)
        | flag_if(Flag.CAPACITY_UNKNOWN, condition=not capacity.is_known)
        | flag_if(Flag.CAPACITY_SHARED, condition=is_shared)
    )


def people_with_place(
    reached: PlacesInReach,
    term: TermPlaces,
    capacity: TermCapacity,
    per_1000: float,
) -> FloatArray:
    """Return the residents at each point for whom the places in reach are enough, (n,).

    Parameters
    ----------
    reached : PlacesInReach
        Who asks; neighbours take places, too.
    term : TermPlaces
        Who reaches what.
    capacity : TermCapacity
        What there is.
    per_1000 : float
        Places per 1,000 people that are enough: a place does for 1,000 / per_1000 people.
        0 is enough for everybody.

    Notes
    -----
    The assignment that serves the most people and walks least: what a planner could
    reach at best. People who choose for themselves do worse.
    """
    if per_1000 == 0:
        does = np.diff(term.pairs.indptr) > 0
        return np.where(does, reached.people, 0.0)[: reached.n_residents]
    enough_for = term.summed(capacity.places) * 1000 / per_1000
    split = capacity_split(reached.people, enough_for, term.pairs, threshold=np.inf)
    people = reached.people[: reached.n_residents]
    served = split.served[: reached.n_residents]
    # Everybody at a point is everybody, to the last digit: else a remainder of the
    # solver would look like very few people.
    is_all = people - served < 10.0**-DUST_DECIMALS
    return np.where(is_all, people, np.round(served, DUST_DECIMALS))
