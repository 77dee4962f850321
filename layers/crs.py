"""Coordinate reference systems as clients name them, and which axis they put first.

PostGIS always keeps and gives x (east, lon) before y. OGC API - Features Part 2 wants the
order of the authority that defines the system: EPSG:4326 is lat, lon and EPSG:3035 is
northing, easting, while CRS84, EPSG:3857 and EPSG:2100 are x before y. What is decided
here is the name, the order and how many decimals are worth sending; knows no tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.geo import COORDINATE_DECIMALS, WGS84

LISTED_SRIDS = (4326, 3857, 2100, 3035, 25834)
"""EPSG codes that every layer offers by name; any other that is known is taken, too."""

LINEAR_DECIMALS = 3
"""Decimals of coordinates in metres or feet: a millimetre."""

ALLOWED = (
    "a two-dimensional system of EPSG or OGC, like "
    "http://www.opengis.net/def/crs/EPSG/0/2100 or "
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
)

_OGC_NAMES = {"crs84": "1.3/CRS84", "crs84h": "0/CRS84h"}

_VERSION = r"[A-Za-z0-9._-]{0,20}"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"https?://www\.opengis\.net/def/crs/(EPSG|OGC)/{_VERSION}/(\w{{1,10}})",
        rf"urn:(?:x-)?ogc:def:crs:(EPSG|OGC):{_VERSION}:(\w{{1,10}})",
        r"\[?(EPSG|OGC):(\w{1,10})\]?",
    )
)


@dataclass(frozen=True, slots=True)
class ReferenceSystem:
    """A coordinate reference system in which coordinates are asked for or given.

    Attributes
    ----------
    uri : str
        Its name of OGC, e.g. `http://www.opengis.net/def/crs/EPSG/0/2100`.
    srid : int
        PostGIS's number of it; CRS84 is 4326, whose coordinates PostGIS keeps in that order.
    flips : bool
        Whether its authority puts y (north, lat) first, so that x and y change places.
    is_geographic : bool
        Whether coordinates are angles.
    title : str
        Its name for people.
    """

    uri: str
    srid: int
    flips: bool
    is_geographic: bool
    title: str

    @property
    def decimals(self) -> int:
        """Decimals of a coordinate in answers."""
        return COORDINATE_DECIMALS if self.is_geographic else LINEAR_DECIMALS

    def xy(self, edges: Sequence[float]) -> tuple[float, float, float, float]:
        """Return the four numbers of a box in this system's order as x, y, x, y."""
        first, second, third, fourth = edges
        if self.flips:
            return second, first, fourth, third
        return first, second, third, fourth


def reference_system(text: str) -> ReferenceSystem:
    """Return the system of a URI, URN, CURIE (`EPSG:2100`, `[EPSG:2100]`) or `CRS84`.

    The version of the authority's data set is passed over.

    Raises
    ------
    LookupError
        It is none of these, nobody knows it, or it is not two-dimensional: vertical,
        compound, geocentric and three-dimensional systems are not; CRS84h is taken as
        CRS84 with heights.
    """
    if text.upper() in ("CRS84", "CRS84H"):
        return of_ogc(text)
    found = next((m for form in _FORMS if (m := form.fullmatch(text))), None)
    if found is None:
        raise LookupError(text)
    authority, code = found.groups()
    if authority.upper() == "OGC":
        return of_ogc(code)
    if not code.isdigit() or code.startswith("0"):
        raise LookupError(text)
    return of_epsg(int(code))


def of_ogc(name: str) -> ReferenceSystem:
    """Return `CRS84` or `CRS84h`; LookupError for any other name."""
    path = _OGC_NAMES.get(name.lower())
    if path is None:
        raise LookupError(name)
    return ReferenceSystem(
        uri=f"http://www.opengis.net/def/crs/OGC/{path}",
        srid=WGS84,
        flips=False,
        is_geographic=True,
        title=f"WGS 84, longitude before latitude ({path.partition('/')[2]})",
    )


@lru_cache(maxsize=256)
def of_epsg(code: int) -> ReferenceSystem:
    """Return EPSG:`code`; LookupError where there is none with two axes."""
    if (
        not 1024 <= code <= 32767
    ):  # where EPSG numbers systems; PROJ takes longer to say no
        raise LookupError(code)
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        raise LookupError(code) from None
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
        raise LookupError(code)
    return ReferenceSystem(
        uri=f"http://www.opengis.net/def/crs/EPSG/0/{code}",
        srid=code,
        flips=_puts_north_first(crs),
        is_geographic=crs.is_geographic,
        title=crs.name,
    )


def storage_system(srid: int) -> ReferenceSystem:
    """Return the system in which PostGIS keeps coordinates of `srid`: 4326 as CRS84."""
    return CRS84 if srid == WGS84 else of_epsg(srid)


def _puts_north_first(crs: CRS) -> bool:
    """Tell whether y comes first, by PROJ's rule (`proj_normalize_for_visualization`).

    Around a pole both axes point the same way, and their names decide.
    """
    first, second = crs.axis_info
    directions = (first.direction.lower(), second.direction.lower())
    if directions in (("north", "north"), ("south", "south")):
        return first.name.lower().startswith("northing")
    return directions == ("north", "east")


CRS84 = of_ogc("CRS84")
CRS84H = of_ogc("CRS84h")
