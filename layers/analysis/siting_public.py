"""Siting for everybody: one search at a time, public places only, areas on the map."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from layers.analysis.group_questions import check_group_question
from layers.analysis.runs import wait_for_turn
from layers.analysis.siting import propose
from layers.analysis.siting_answers import as_published
from layers.analysis.siting_parameters import SitingParameters
from layers.analysis.small_counts import small_count
from layers.errors import InvalidParameter
from layers.geo import COORDINATE_DECIMALS, WGS84, transformer
from layers.selectors.groups import group_path


def public_siting(parameters: SitingParameters) -> dict[str, Any]:
    """Return proposals as anybody may see them, ready for JSON.

    Parameters
    ----------
    parameters : SitingParameters
        The question.

    Returns
    -------
    dict
        As `as_published`; each area also with `centre` (lon, lat) and `polygon`
        (GeoJSON), both of its cell and of no address.

    Raises
    ------
    NotFound, InvalidParameter
        As `propose`; a question about protected places, or one about a group that the
        public may not ask.
    Unavailable
        When other analyses take too long.
    """
    asked = parameters.coverage
    if asked.is_restricted:
        raise InvalidParameter("supply", asked.supply, "public")
    check_group_question(asked)
    with transaction.atomic():
        wait_for_turn()
        result = propose(parameters, as_of=timezone.localdate().replace(day=1))
    said = as_published(result, k=small_count(group_path(asked.group)))
    said["proposals"] = [
        {
            **_drawn(proposal),
            "alternatives": [_drawn(other) for other in proposal["alternatives"]],
        }
        for proposal in said["proposals"]
    ]
    return said


def _drawn(area: dict[str, Any]) -> dict[str, Any]:
    """Return an area with its centre and its corners in lon and lat."""
    x, y = area["centre_m"]
    half = area["side_m"] / 2
    ring = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    corners = [_lon_lat(x + east, y + north) for east, north in ring]
    return {
        **area,
        "centre": _lon_lat(x, y),
        "polygon": {"type": "Polygon", "coordinates": [corners]},
    }


def _lon_lat(x: float, y: float) -> list[float]:
    lon, lat = transformer(settings.METRIC_SRID, WGS84).transform(x, y)
    return [round(lon, COORDINATE_DECIMALS), round(lat, COORDINATE_DECIMALS)]
