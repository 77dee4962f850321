"""How the public may ask about a population group, so that no answer shows few people."""

from layers.analysis.parameters import STEPPED, CoverageParameters
from layers.errors import InvalidParameter
from layers.measures.walking import SLOW_KMH, WALK_KMH

GROUP_THRESHOLDS_MIN = (10.0, 15.0, 20.0, 30.0)
"""The only thresholds at which the public may ask about a population group: whoever could
choose them freely would count the few people between two of them."""

GROUP_SPEEDS_KMH = (WALK_KMH, SLOW_KMH)


def check_group_question(parameters: CoverageParameters) -> None:
    """Raise InvalidParameter where the public may not ask so about a group."""
    if parameters.group is None or parameters.is_restricted:
        return
    if parameters.threshold_min not in GROUP_THRESHOLDS_MIN:
        listed = ", ".join(f"{minutes:g}" for minutes in GROUP_THRESHOLDS_MIN)
        raise InvalidParameter(
            "threshold_min", parameters.threshold_min, f"with `group` one of {listed}"
        )
    if parameters.walk_kmh not in GROUP_SPEEDS_KMH:
        listed = " or ".join(f"{speed:g}" for speed in GROUP_SPEEDS_KMH)
        raise InvalidParameter(
            "walk_kmh", parameters.walk_kmh, f"with `group` {listed}"
        )
    # Whoever could choose these freely would weigh the few people in ever new ways.
    if parameters.decay != STEPPED:
        raise InvalidParameter("decay", parameters.decay, f"with `group` {STEPPED}")
    if parameters.places_per_1000 is not None:
        raise InvalidParameter(
            "places_per_1000", parameters.places_per_1000, "not with `group`"
        )
