"""Who lives beyond the border and competes for the same places, as arrays."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from layers.selectors.packed import unpacked


@dataclass(frozen=True, slots=True)
class Neighbours:
    """People beyond the border, who use the same places.

    Attributes
    ----------
    xy : ndarray, (n, 2)
        Metres in METRIC_SRID.
    people, everybody : ndarray, (n,)
        Those of the group asked about; all of them.
    """

    xy: NDArray[np.float64]
    people: NDArray[np.float64]
    everybody: NDArray[np.float64]


# The same people may be loaded twice: beyond the border of one municipality, and as
# residents of the next. Whichever the municipality has of its own counts.
_NEIGHBOURS = """
WITH has_own AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM layers_demandpoint
                   WHERE municipality_id = %(municipality)s AND NOT is_resident) AS yes
)
SELECT string_agg(
    float8send(ST_X(point_m)) || float8send(ST_Y(point_m))
    || float8send(CASE WHEN %(group)s <> ''
                       THEN coalesce((groups ->> %(group)s)::float8, 0)
                       ELSE population END)
    || float8send(population), ''::bytea ORDER BY id)
FROM layers_demandpoint
WHERE CASE WHEN (SELECT yes FROM has_own)
           THEN municipality_id = %(municipality)s AND NOT is_resident
           ELSE municipality_id <> %(municipality)s AND is_resident END
  AND ST_DWithin(
    point_m, (SELECT ST_SetSRID(ST_Extent(point_m)::geometry, %(srid)s)
              FROM layers_demandpoint
              WHERE municipality_id = %(municipality)s AND is_resident), %(near_m)s)
"""


def neighbours(
    municipality_id: UUID, *, group: str | None, reach_m: float
) -> Neighbours:
    """Return the people beyond the border within twice the reach of residents.

    Notes
    -----
    One query; nobody where nothing beyond the border is loaded.
    """
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "group": group or "",
        "near_m": 2 * reach_m,
        "srid": settings.METRIC_SRID,
    }
    fields = {"x": "f8", "y": "f8", "people": "f8", "everybody": "f8"}
    with connection.cursor() as cursor:
        cursor.execute(_NEIGHBOURS, values)
        found = unpacked(cursor.fetchone()[0], fields)
    return Neighbours(
        np.column_stack((found["x"], found["y"])),
        found["people"].copy(),
        found["everybody"].copy(),
    )
