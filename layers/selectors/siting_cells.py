"""Where something new could be: the cells of a grid over a municipality."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from layers.selectors.packed import unpacked

_FIELDS = {"column": "i4", "row": "i4", "zone": "i4"}


@dataclass(frozen=True, slots=True)
class Cells:
    """Squares of a grid whose lines are whole multiples of their side.

    Attributes
    ----------
    side_m : int
        Length of a side in metres of METRIC_SRID.
    grid : ndarray of int, (n, 2)
        Column and row; the lower left corner is at `grid * side_m`.
    district_codes : tuple of str
        Districts of the level in force, sorted.
    zone : ndarray of int, (n,)
        Index of the district that the centre lies in; `len(district_codes)` is none.
    """

    side_m: int
    grid: NDArray[np.int64]
    district_codes: tuple[str, ...]
    zone: NDArray[np.int64]

    @property
    def xy(self) -> NDArray[np.float64]:
        """Centres, (n, 2), metres in METRIC_SRID."""
        return np.asarray((self.grid + 0.5) * self.side_m, dtype=np.float64)

    def code(self, at: int) -> str:
        """Return the name of a cell: side, then east and north of its lower left."""
        east, north = (self.grid[at] * self.side_m).tolist()
        return f"{self.side_m}mE{east}N{north}"

    def district(self, at: int) -> str:
        """Return the code of the district that a cell's centre lies in; "" is none."""
        return (*self.district_codes, "")[int(self.zone[at])]


# The centre decides: a cell is a suggestion to look around there, and its centre is
# where people are supposed to walk to. The lower code wins on a shared border.
_CELLS = """
WITH district AS MATERIALIZED (
    SELECT code, ST_Transform(boundary, %(srid)s) AS area,
           (row_number() OVER (ORDER BY code) - 1)::int AS zone
    FROM layers_district
    WHERE municipality_id = %(municipality)s AND level = %(level)s AND valid_to IS NULL
), city AS MATERIALIZED (
    SELECT coalesce(
        (SELECT ST_Transform(boundary, %(srid)s) FROM layers_municipality
         WHERE id = %(municipality)s),
        (SELECT ST_Union(area) FROM district)
    ) AS area
), cell AS MATERIALIZED (
    SELECT g.i, g.j, ST_Centroid(g.geom) AS centre
    FROM city, ST_SquareGrid(%(side_m)s, city.area) AS g
    WHERE ST_Intersects(city.area, ST_Centroid(g.geom))
)
SELECT (SELECT coalesce(array_agg(code ORDER BY code), '{}') FROM district),
       (SELECT string_agg(
            int4send(c.i) || int4send(c.j) || int4send(coalesce(d.zone, %(outside)s)),
            ''::bytea ORDER BY c.i, c.j)
        FROM cell c
        LEFT JOIN LATERAL (
            SELECT zone FROM district WHERE ST_Intersects(area, c.centre)
            ORDER BY zone LIMIT 1
        ) d ON true)
"""


def cells(municipality_id: UUID, level: str, *, side_m: int) -> Cells:
    """Return the cells whose centre lies in a municipality; one query.

    Parameters
    ----------
    municipality_id : UUID
        Its boundary, or where it has none the union of its districts, is covered.
    level : str
        District level whose codes are given.
    side_m : int
        Length of a side, metres.

    Returns
    -------
    Cells
        From west to east, then south to north. None where there is no boundary.
    """
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "level": level,
        "side_m": side_m,
        "srid": settings.METRIC_SRID,
        "outside": -1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, values)
        codes, packed = cursor.fetchone()
    found = unpacked(packed, _FIELDS)
    zone = found["zone"].astype(np.int64)
    return Cells(
        side_m=side_m,
        grid=np.column_stack((found["column"], found["row"])).astype(np.int64),
        district_codes=tuple(codes),
        zone=np.where(zone < 0, len(codes), zone),
    )
