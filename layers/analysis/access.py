"""Places per person, competition and distance counted, at each point."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, hstack

from layers.analysis.parameters import STEPPED, CoverageParameters
from layers.analysis.places_in_reach import PlacesInReach, TermPlaces
from layers.measures.arrays import FloatArray
from layers.measures.decay import Decay, Stepped
from layers.measures.decay_text import parse_decay
from layers.measures.floating_catchment import (
    balanced_fca,
    enhanced_two_step_fca,
    three_step_fca,
    two_step_fca,
)
from layers.measures.group_demand import group_two_step_fca
from layers.measures.pairs import with_data
from layers.measures.walking import metres_per_minute

STEPS = (1.0, 0.68, 0.22)
"""Weights of Luo & Qi (2009) for their three zones of travel time."""

_Measure = Callable[[FloatArray, FloatArray, csr_array, Decay], FloatArray]

SLACK = 1 + 1e-9
"""Keeps a walk of exactly a step's end within it, whatever the division rounds."""


def decay_of(parameters: CoverageParameters) -> Decay:
    """Return the decay over minutes on foot that the parameters ask for."""
    if parameters.decay != STEPPED:
        return parse_decay(parameters.decay)
    third = parameters.threshold_min / len(STEPS)
    limits = tuple(third * n * SLACK for n in range(1, len(STEPS) + 1))
    return Stepped(limits, STEPS)


def access_of(
    parameters: CoverageParameters,
    reached: PlacesInReach,
    term: TermPlaces,
    places: FloatArray,
) -> FloatArray:
    """Return the places per person at each resident's point, (n,).

    Parameters
    ----------
    parameters : CoverageParameters
        Which measure and decay; its threshold is the term's.
    reached : PlacesInReach
        Who asks. Neighbours compete, too, but have no figure.
    term : TermPlaces
        Who reaches what.
    places : ndarray, (s,)
        Of each service.

    Notes
    -----
    For a group: services for everybody are shared with everybody, services for the
    group with the group only. Else each group would be given all places.
    """
    walks = term.pairs
    minutes = with_data(walks, walks.data / metres_per_minute(parameters.walk_kmh))
    decay = decay_of(parameters)
    if reached.is_group:
        found = _of_group(reached, term, places, minutes, decay)
    else:
        found = _MEASURES[parameters.access](
            reached.everybody, term.summed(places), minutes, decay
        )
    return found[: reached.n_residents]


def _of_group(
    reached: PlacesInReach,
    term: TermPlaces,
    places: FloatArray,
    minutes: csr_array,
    decay: Decay,
) -> FloatArray:
    is_for_all = reached.places.is_for_all[term.rows]
    rest = np.maximum(reached.everybody - reached.people, 0.0)
    n_spots = minutes.shape[1]
    serves = np.ones((2 * n_spots, 2), dtype=np.bool_)
    serves[n_spots:, 1] = False  # the second half is for the group only
    found = group_two_step_fca(
        np.column_stack((reached.people, rest)),
        np.concatenate(
            (term.summed(places * is_for_all), term.summed(places * ~is_for_all))
        ),
        serves,
        csr_array(hstack((minutes, minutes))),
        decay=decay,
    )
    return np.asarray(found[:, 0], dtype=np.float64)


_MEASURES: dict[str, _Measure] = {
    "enhanced_two_step_fca": lambda people, places, costs, decay: enhanced_two_step_fca(
        people, places, costs, decay=decay
    ),
    "two_step_fca": lambda people, places, costs, _: two_step_fca(
        people, places, costs, threshold=np.inf
    ),
    "three_step_fca": lambda people, places, costs, decay: three_step_fca(
        people, places, costs, decay=decay
    ),
    "balanced_fca": lambda people, places, costs, decay: balanced_fca(
        people, places, costs, decay=decay
    ),
}


def at_threshold(
    parameters: CoverageParameters, threshold_min: float
) -> CoverageParameters:
    """Return the question with the longest walk of one term."""
    if threshold_min == parameters.threshold_min:
        return parameters
    return replace(parameters, threshold_min=threshold_min)
