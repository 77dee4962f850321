"""What the streets of a city tell about its people and figures, whatever the engine."""

from typing import Any
from uuid import UUID

import numpy as np
from scipy.spatial import cKDTree

from layers.analysis.flags import Flag
from layers.analysis.parameters import STRAIGHT_LINE, CoverageParameters
from layers.analysis.street_network import SNAP_LIMIT_M
from layers.measures.arrays import BoolArray, FloatArray
from layers.selectors.streets import local_detours, street_network

LONG_DETOUR = 1.6
"""Walks longer than this times the straight line have something in their way."""


def detour_marks(municipality_id: UUID, origins: FloatArray) -> dict[Flag, BoolArray]:
    """Return which origins live where walks are long, {} where nobody measured it.

    Parameters
    ----------
    municipality_id : UUID
        Whose streets.
    origins : ndarray, (n, 2)
        x and y in METRIC_SRID, metres.

    Notes
    -----
    As measured at the nearest junction within `SNAP_LIMIT_M`; one query.
    """
    xy, local_detour = local_detours(municipality_id)
    if not len(xy) or not len(origins):
        return {}
    away_m, nearest = cKDTree(xy).query(origins, distance_upper_bound=SNAP_LIMIT_M)
    is_near = np.isfinite(away_m)
    is_long = local_detour[np.where(is_near, nearest, 0)] > LONG_DETOUR
    return {Flag.LOCAL_DETOUR: is_near & is_long}


def distance_facts(parameters: CoverageParameters) -> dict[str, Any]:
    """Return what walks stand on, plain values for the summary of a run.

    Notes
    -----
    One query.
    """
    facts: dict[str, Any] = {"distance": "walking metres", "engine": parameters.engine}
    network = street_network(parameters.municipality)
    if network is None:
        return facts
    if parameters.engine != STRAIGHT_LINE:
        facts["snap_limit_m"] = SNAP_LIMIT_M
        facts["streets"] = {
            "source": network.source,
            "licence": network.licence,
            "imported_at": network.imported_at.isoformat(),
            "digest": network.digest,
        }
    elif network.detour == parameters.detour:
        facts["detour_measured"] = network.calibration
    return facts
