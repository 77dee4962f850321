"""Outlines of districts as SVG paths: for small maps that are drawn on the server."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from layers.published.connection import read

LONGEST = 1000
"""Units of the longer side of a map; coordinates are whole units, so that neighbours whose
borders coincide still do."""


@dataclass(frozen=True, slots=True)
class DistrictOutline:
    """A district as a path, and the spot of its name; None without one."""

    path: str
    label_at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class DistrictOutlines:
    """The districts of a level, in one box.

    Attributes
    ----------
    width, height : float
        Of the box, in units; the longer one is LONGEST. 0 without districts.
    metres_per_unit : float
        Scale, in METRIC_SRID.
    by_code : mapping of str to DistrictOutline
        x to the right and y down from the upper left corner, north up.
    """

    width: float
    height: float
    metres_per_unit: float
    by_code: Mapping[str, DistrictOutline]


_STATEMENT = """
WITH shape AS (
    SELECT code, ST_Transform(boundary, %(srid)s) AS area,
           ST_Transform(label_point, %(srid)s) AS spot
    FROM published.district
    WHERE municipality_slug = %(municipality)s AND level = %(level)s
      AND boundary IS NOT NULL
), frame AS (
    SELECT ST_XMin(e) AS west, ST_YMax(e) AS north, ST_XMax(e) - ST_XMin(e) AS width,
           ST_YMax(e) - ST_YMin(e) AS height
    FROM (SELECT ST_Extent(area) AS e FROM shape) AS extent
), scaled AS (
    SELECT f.*, %(longest)s / greatest(width, height) AS k FROM frame AS f
)
SELECT code, ST_AsSVG(ST_SnapToGrid(ST_Affine(area, k, 0, 0, k, -west * k, -north * k), 1),
                      1, 0),
       (ST_X(spot) - west) * k, (north - ST_Y(spot)) * k, width * k, height * k, 1 / k
FROM shape, scaled
WHERE width > 0 AND height > 0
ORDER BY code"""


def district_outlines(municipality: str, level: str) -> DistrictOutlines:
    """Return the outlines of a level's districts; one statement.

    A district smaller than a unit has an empty path.
    """
    rows = read(
        _STATEMENT,
        {
            "municipality": municipality,
            "level": level,
            "srid": settings.METRIC_SRID,
            "longest": LONGEST,
        },
    )
    if not rows:
        return DistrictOutlines(0.0, 0.0, 0.0, {})
    width, height, unit_m = rows[0][4:]
    return DistrictOutlines(
        width,
        height,
        unit_m,
        {
            code: DistrictOutline(path or "", None if x is None else (x, y))
            for code, path, x, y, *_ in rows
        },
    )
