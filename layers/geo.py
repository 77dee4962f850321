"""Coordinates: reference systems, lon/lat boxes and metres; knows no tables.

Longitude comes before latitude everywhere. Boxes follow OGC API - Features Part 1,
7.15.3: a box whose west edge is east of its east edge crosses the antimeridian.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from pyproj import CRS, Transformer

from layers.errors import InvalidParameter

WGS84 = 4326
"""EPSG code of the stored coordinates (read as lon, lat)."""

WEB_MERCATOR = 3857
GREEK_GRID = 2100

COORDINATE_DECIMALS = 6
"""Decimals of lon/lat in answers: 0.1 m, finer than any address."""


@dataclass(frozen=True, slots=True)
class BBox:
    """A lon/lat box in degrees, edges included.

    `west > east` means that the box crosses the antimeridian.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        """Refuse what is not a box on the globe."""
        for name, value, bound in (
            ("west", self.west, 180),
            ("south", self.south, 90),
            ("east", self.east, 180),
            ("north", self.north, 90),
        ):
            if not math.isfinite(value) or abs(value) > bound:
                raise InvalidParameter(
                    "bbox", value, f"{name} is a number from -{bound} to {bound}"
                )
        if self.south > self.north:
            raise InvalidParameter(
                "bbox", f"{self.south},{self.north}", "south is not north of north"
            )

    @property
    def crosses_antimeridian(self) -> bool:
        """Whether the box runs over 180 degrees."""
        return self.west > self.east

    def parts(self) -> list[Self]:
        """Return the box as one part, or two where it crosses the antimeridian."""
        if not self.crosses_antimeridian:
            return [self]
        cls = type(self)
        return [
            cls(self.west, self.south, 180.0, self.north),
            cls(-180.0, self.south, self.east, self.north),
        ]


def checked_lon(value: float, name: str = "lon") -> float:
    """Return `value`, a longitude in degrees, or raise InvalidParameter."""
    if not math.isfinite(value) or abs(value) > 180:
        raise InvalidParameter(name, value, "a number from -180 to 180")
    return value


def checked_lat(value: float, name: str = "lat") -> float:
    """Return `value`, a latitude in degrees, or raise InvalidParameter."""
    if not math.isfinite(value) or abs(value) > 90:
        raise InvalidParameter(name, value, "a number from -90 to 90")
    return value


def is_projected_in_metres(srid: int) -> bool:
    """Tell whether EPSG:`srid` is a projected system with metres on both axes.

    Raises
    ------
    pyproj.exceptions.CRSError
        There is no such code.
    """
    crs = CRS.from_epsg(srid)
    return crs.is_projected and all(a.unit_name == "metre" for a in crs.axis_info[:2])


@lru_cache(maxsize=32)
def transformer(source_srid: int, target_srid: int) -> Transformer:
    """Return a transformer that takes and gives x (east, lon) before y."""
    return Transformer.from_crs(source_srid, target_srid, always_xy=True)
