"""What is asked near a spot, and the values that statements about it bind."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from pyproj import CRS

from layers.geo import WGS84, transformer
from layers.measures.walking import DETOUR, WALK_KMH, metres_per_minute
from layers.published.filters import ServicePointFilters

PLANAR_SLACK = 1.02
"""A planar reach that holds every point of the same ellipsoidal reach, within MARGIN_DEG."""

MARGIN_DEG = 5.0
"""How far outside the metric system's area of use its distances still rank rightly."""

# The spot is bound as ready geometries: with functions around numbers in every place the
# planner would price a prepared statement above planning it anew for every question.
SPOT = "%(spot)s::geometry"
SPOT_M = "%(spot_m)s::geometry"
DISTANCE = "ST_Distance(p.point::geography, %(spot_g)s::geography)"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestQuestion:
    """What is asked for near a spot.

    Attributes
    ----------
    lon, lat : float
        The spot, in degrees; never stored, logged or repeated.
    filters : ServicePointFilters
        What it has to be.
    limit : int
        At most so many of each list.
    max_distance_m : float or None
        Straight-line metres on the ellipsoid, included.
    walk_kmh : float
        Walking speed.
    now : datetime
        For `open_now`.
    lang : str
        Language of the texts.
    """

    lon: float
    lat: float
    filters: ServicePointFilters
    now: datetime
    lang: str
    limit: int = 10
    max_distance_m: float | None = None
    walk_kmh: float = WALK_KMH


def values_of(question: NearestQuestion) -> dict[str, Any]:
    """Return the statement's values besides those of the filters."""
    values: dict[str, Any] = {
        "spot": f"SRID={WGS84};POINT({question.lon!r} {question.lat!r})",
        "spot_g": f"POINT({question.lon!r} {question.lat!r})",
        "lang": question.lang,
        "min_per_m": DETOUR / metres_per_minute(question.walk_kmh),
    }
    if ranks_rightly(question.lon, question.lat):
        to_metric = transformer(WGS84, settings.METRIC_SRID)
        x, y = to_metric.transform(question.lon, question.lat)
        values["spot_m"] = f"SRID={settings.METRIC_SRID};POINT({x!r} {y!r})"
    if question.max_distance_m is not None:
        values["max_m"] = question.max_distance_m
        values["reach_m"] = question.max_distance_m * PLANAR_SLACK + 1
    return values


def ranks_rightly(lon: float, lat: float) -> bool:
    """Tell whether distances in METRIC_SRID rank places by distance from this spot."""
    west, south, east, north = _area_of_use()
    return west <= lon <= east and south <= lat <= north


@lru_cache(maxsize=1)
def _area_of_use() -> tuple[float, float, float, float]:
    area = CRS.from_epsg(settings.METRIC_SRID).area_of_use
    if area is None:
        return (0.0, 0.0, 0.0, 0.0)
    return (
        area.west - MARGIN_DEG,
        area.south - MARGIN_DEG,
        area.east + MARGIN_DEG,
        area.north + MARGIN_DEG,
    )
