"""What of a siting anybody may see: areas, and counts of people that give nobody away."""

from typing import Any

import numpy as np

from layers.analysis.flags import ordered
from layers.analysis.siting_result import Area, Proposal, SitingResult
from layers.measures.secondary_suppression import is_small_difference, rounded
from layers.measures.suppression import SMALL_COUNT, is_small


def as_published(result: SitingResult, *, k: int = SMALL_COUNT) -> dict[str, Any]:
    """Return a siting as plain values, ready for JSON.

    Parameters
    ----------
    result : SitingResult
        As it was found, exact.
    k : int
        Fewer people than this, except none, are withheld: null.

    Notes
    -----
    Counts of people are multiples of 5; their differences would otherwise count the
    people of a single cell. What is withheld for one proposal does not follow from
    `served_after`, for that is rounded and people reached twice are in no proposal.
    """
    people = result.parameters.model == "mclp"
    before, after = result.served_before, result.served_after
    tells = is_small_difference([before], [after], k=k)[0]
    return {
        "status": result.status,
        "objective": _people(result.objective, k) if people else result.objective,
        "bound": _people(result.bound, k) if people else result.bound,
        "gap": result.gap,
        "seconds": round(result.seconds, 3),
        "why": result.why,
        "residents": _people(result.residents, k),
        "served_before": _people(before, k),
        "served_after": None if tells else _people(after, k),
        "out_of_reach": _people(result.out_of_reach, k),
        "proposals": [_proposal(p, k, people=people) for p in result.proposals],
        "flags": ordered(result.flags),
        "parameters": result.parameters.as_dict(),
    }


def _proposal(proposal: Proposal, k: int, *, people: bool) -> dict[str, Any]:
    return {
        **_area(proposal.area),
        "residents_gained": _people(proposal.residents_gained, k),
        "alternatives": [
            {
                **_area(other.area),
                "objective": _people(other.objective, k) if people else other.objective,
            }
            for other in proposal.alternatives
        ],
    }


def _area(area: Area) -> dict[str, Any]:
    return {
        "area": area.code,
        "district": area.district_code or None,
        "centre_m": list(area.centre_m),
        "side_m": area.side_m,
    }


def _people(count: float | None, k: int) -> float | None:
    if count is None or not np.isfinite(count) or is_small([max(count, 0.0)], k=k)[0]:
        return None
    return float(rounded([max(count, 0.0)])[0])
