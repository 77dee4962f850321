"""Points as people give them: on the globe, the right way round, in the right system."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.db.models import Extent
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidRecord
from layers.geo import GREEK_GRID, WEB_MERCATOR, WGS84, transformer
from layers.ingest.boundaries import in_metres
from layers.ingest.district_topology import polygon_of
from layers.ingest.vector import transformer_of
from layers.models import District, Municipality
from layers.models.district import DistrictLevel

FIELD = "lon, lat"

NEAR_DEGREES = 0.5
"""So far around the municipality a point still counts as meant there."""

GUESSED_SYSTEMS = (GREEK_GRID, WEB_MERCATOR, 3035, 32634, 32635)
"""Systems in metres that Greek data comes in, looked at to name the remedy."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class PointRules:
    """What may be a point of one municipality.

    Points far from it are allowed (a service may be elsewhere, and is reported); those
    that would be near if they were read otherwise are refused.
    """

    def __init__(self, municipality: Municipality, crs: str | None = None) -> None:
        """Load where the municipality lies; `crs` is of the points, lon/lat without it."""
        self._municipality = municipality
        self._turn: Transformer | None = None if crs is None else transformer_of(crs)
        self._box = _box(municipality)

    def point(self, x: float, y: float) -> Point:
        """Return (lon, lat) in EPSG:4326.

        Raises
        ------
        InvalidRecord
            Not on the globe, 0/0, swapped, or metres; the reason names the remedy and
            no coordinate.
        """
        lon, lat = x, y
        if self._turn is not None:
            lon, lat = self._turn.transform(x, y)
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise InvalidRecord(FIELD, f"{x:g}, {y:g}", "outside its reference system")
        if abs(lon) <= 180 and abs(lat) <= 90 and self._is_near(lon, lat):
            return lon, lat
        given = f"{x:.10g}, {y:.10g}"
        if self._is_near(lat, lon, unknown=False):
            raise InvalidRecord(
                FIELD, given, "longitude and latitude have changed places; swap them"
            )
        if abs(lon) > 180 or abs(lat) > 90:
            raise InvalidRecord(FIELD, given, self._metres(lon, lat))
        if lon == 0 and lat == 0:
            raise InvalidRecord(
                FIELD, given, "0, 0 stands for no point; leave the cells empty"
            )
        return lon, lat

    def _is_near(self, lon: float, lat: float, *, unknown: bool = True) -> bool:
        if self._box is None:
            return unknown
        west, south, east, north = self._box
        return west <= lon <= east and south <= lat <= north

    def _metres(self, x: float, y: float) -> str:
        """Return why numbers off the globe are refused, naming the system they fit."""
        for srid in dict.fromkeys((settings.METRIC_SRID, *GUESSED_SYSTEMS)):
            turn = transformer(srid, WGS84)
            for a, b, how in ((x, y, ""), (y, x, ", with x and y swapped")):
                lon, lat = turn.transform(a, b)
                if self._is_near(lon, lat, unknown=False):
                    return (
                        f"metres of EPSG:{srid}{how}, not degrees; give --crs "
                        f"EPSG:{srid} or crs in the mapping"
                    )
        return "not degrees (-180..180, -90..90); if these are metres, give --crs"


class Whereabouts:
    """Tells of many points at once which lie outside a municipality, or in no district."""

    def __init__(self, municipality: Municipality) -> None:
        """Load the boundary and the districts of the finest level."""
        self._slug = municipality.slug
        self._whole: BaseGeometry | None = None
        if municipality.boundary is not None:
            self._whole = polygon_of(municipality.boundary)
        districts = District.objects.filter(municipality=municipality, valid_to=None)
        loaded = set(districts.values_list("level", flat=True))
        levels = [x for x in reversed(DistrictLevel.values) if x in loaded]
        self._level = next(iter(levels), "")
        self._districts = shapely.STRtree(
            [polygon_of(d.boundary) for d in districts.filter(level=self._level)]
        )

    def remarks(self, points: Sequence[Point], *, with_distance: bool) -> list[str]:
        """Return for each point where it lies, empty for in a district.

        Borders belong inside.
        """
        if not points:
            return []
        found = shapely.points(np.asarray(points))
        remarks = [""] * len(points)
        inside = self._is_inside(found)
        in_district = np.zeros(len(found), dtype=bool)
        in_district[self._districts.query(found, predicate="covered_by")[0]] = True
        for index, point in enumerate(found):
            if not inside[index]:
                remarks[index] = f"outside {self._slug}"
                if with_distance:
                    remarks[index] += f", {self._distance(point)}"
            elif self._level and not in_district[index]:
                remarks[index] = f"in no {self._level.replace('_', ' ')}"
        return remarks

    def _is_inside(
        self, points: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    ) -> list[bool]:
        if self._whole is None:
            return [True] * len(points)
        shapely.prepare(self._whole)
        return [bool(x) for x in shapely.covers(self._whole, points)]

    def _distance(self, point: BaseGeometry) -> str:
        if self._whole is None:
            return ""
        metres = in_metres(point).distance(in_metres(self._whole))
        if metres >= 1000:
            return f"{metres / 1000:,.0f} km away"
        return f"{metres:.0f} m away"


def _box(municipality: Municipality) -> Box | None:
    extent: Box | None = None
    if municipality.boundary is not None:
        extent = municipality.boundary.extent
    else:
        districts = District.objects.filter(municipality=municipality, valid_to=None)
        extent = districts.aggregate(box=Extent("boundary"))["box"]
    if extent is None:
        return None
    west, south, east, north = extent
    return (
        west - NEAR_DEGREES,
        south - NEAR_DEGREES,
        east + NEAR_DEGREES,
        north + NEAR_DEGREES,
    )
