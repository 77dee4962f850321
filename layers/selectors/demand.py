"""Where people live, as arrays for the analysis."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from layers.models import District
from layers.selectors.packed import unpacked


@dataclass(frozen=True, slots=True)
class Demand:
    """People at points, with the district that each point belongs to.

    Attributes
    ----------
    district_codes : tuple of str
        Districts of the level in force, sorted; position is the zone's index.
    xy : ndarray, (n, 2)
        Metres in METRIC_SRID.
    people : ndarray, (n,)
        Residents, or those of the group asked about.
    zone : ndarray of int, (n,)
        Index into `district_codes`; `len(district_codes)` is no district at all.
    is_modelled, is_near_border : ndarray of bool, (n,)
        Modelled, not counted; within reach of the border of what is loaded.
    vintage : ndarray of int, (n,)
        Year that the people stand for.
    is_group_known : bool
        False: people of the group asked about are not on record, `people` is everybody.
    everybody : ndarray, (n,), or None
        All residents, whichever group is asked about; None where `people` are all.
    """

    district_codes: tuple[str, ...]
    xy: NDArray[np.float64]
    people: NDArray[np.float64]
    zone: NDArray[np.int64]
    is_modelled: NDArray[np.bool_]
    is_near_border: NDArray[np.bool_]
    vintage: NDArray[np.int64]
    is_group_known: bool
    everybody: NDArray[np.float64] | None = None

    @property
    def residents(self) -> NDArray[np.float64]:
        """All residents at each point, whichever group is asked about, (n,)."""
        return self.people if self.everybody is None else self.everybody


_FIELDS = {
    "x": "f8",
    "y": "f8",
    "people": "f8",
    "everybody": "f8",
    "zone": "i4",
    "is_modelled": "i4",
    "is_near_border": "i4",
    "vintage": "i4",
}

# Districts outermost, so that each boundary is prepared once and asked many times; the
# first zone (the lower code) wins on a shared border. The border is that of all
# municipalities together whose services are loaded; without any boundary every point
# counts as near it, because nobody can say that it is not.
_DEMAND = """
WITH district AS MATERIALIZED (
    SELECT boundary, (row_number() OVER (ORDER BY code) - 1)::int AS zone
    FROM layers_district
    WHERE municipality_id = %(municipality)s AND level = %(level)s AND valid_to IS NULL
), placed AS (
    SELECT DISTINCT ON (p.id) p.id, d.zone
    FROM district d
    JOIN layers_demandpoint p
      ON p.municipality_id = %(municipality)s AND ST_Intersects(d.boundary, p.point)
    ORDER BY p.id, d.zone
), inner_city AS MATERIALIZED (
    SELECT ST_Buffer(
        ST_MakeValid(ST_Transform(ST_Union(m.boundary), %(srid)s)), -%(reach_m)s, 16
    ) AS area
    FROM layers_municipality m
    WHERE m.id = %(municipality)s
       OR EXISTS (SELECT FROM layers_servicepoint s WHERE s.municipality_id = m.id)
)
SELECT string_agg(
    float8send(ST_X(p.point_m)) || float8send(ST_Y(p.point_m))
    || float8send(CASE WHEN %(by_group)s
                       THEN coalesce((p.groups ->> %(group)s)::float8, 0)
                       ELSE p.population END)
    || float8send(p.population)
    || int4send(coalesce(placed.zone, %(outside)s))
    || int4send((p.quality = 'modelled')::int)
    || int4send((NOT coalesce(ST_Contains(c.area, p.point_m), false))::int)
    || int4send(p.vintage::int),
    ''::bytea ORDER BY p.id)
FROM layers_demandpoint p
LEFT JOIN placed ON placed.id = p.id
CROSS JOIN inner_city c
WHERE p.municipality_id = %(municipality)s AND p.is_resident
"""

_GROUP_KNOWN = """
SELECT EXISTS (SELECT FROM layers_demandpoint
               WHERE municipality_id = %(municipality)s AND is_resident
                 AND groups ? %(group)s)
"""


def demand(
    municipality_id: UUID, level: str, *, group: str | None, reach_m: float
) -> Demand:
    """Return the people of a municipality, placed in the districts of a level.

    Parameters
    ----------
    municipality_id : UUID
        Whose people.
    level : str
        District level.
    group : str, optional
        Count only people of this group where anything is known about them; a point
        that says nothing then has none.
    reach_m : float
        Straight-line metres within which the border is near.

    Notes
    -----
    Two or three queries; the points come as one packed value.
    """
    codes = tuple(
        District.objects.filter(
            municipality_id=municipality_id, level=level, valid_to__isnull=True
        )
        .order_by("code")
        .values_list("code", flat=True)
    )
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "level": level,
        "group": group or "",
        "reach_m": reach_m,
        "srid": settings.METRIC_SRID,
        "outside": len(codes),
    }
    with connection.cursor() as cursor:
        by_group = False
        if group is not None:
            cursor.execute(_GROUP_KNOWN, values)
            by_group = bool(cursor.fetchone()[0])
        cursor.execute(_DEMAND, {**values, "by_group": by_group})
        points = unpacked(cursor.fetchone()[0], _FIELDS)
    return Demand(
        district_codes=codes,
        xy=np.column_stack((points["x"], points["y"])),
        people=points["people"].copy(),
        zone=points["zone"].astype(np.int64),
        is_modelled=points["is_modelled"] == 1,
        is_near_border=points["is_near_border"] == 1,
        vintage=points["vintage"].astype(np.int64),
        is_group_known=group is None or by_group,
        everybody=points["everybody"].copy() if by_group else None,
    )


# Every level at once; the first zone (the lower code) wins on a shared border, as above.
_PARTITIONS = """
WITH district AS MATERIALIZED (
    SELECT boundary, level,
           (row_number() OVER (PARTITION BY level ORDER BY code) - 1)::int AS zone
    FROM layers_district WHERE municipality_id = %(municipality)s AND valid_to IS NULL
), placed AS MATERIALIZED (
    SELECT DISTINCT ON (p.id, d.level) p.id, d.level, d.zone
    FROM district d
    JOIN layers_demandpoint p
      ON p.municipality_id = %(municipality)s AND ST_Intersects(d.boundary, p.point)
    ORDER BY p.id, d.level, d.zone
)
SELECT l.level, count(DISTINCT d.zone)::int,
       (SELECT string_agg(int4send(coalesce(placed.zone, -1)), ''::bytea ORDER BY p.id)
        FROM layers_demandpoint p
        LEFT JOIN placed ON placed.id = p.id AND placed.level = l.level
        WHERE p.municipality_id = %(municipality)s AND p.is_resident)
FROM (SELECT DISTINCT level FROM district) l JOIN district d ON d.level = l.level
GROUP BY l.level ORDER BY l.level
"""


@dataclass(frozen=True, slots=True)
class Partition:
    """How the districts of one level divide the points of `demand`.

    Attributes
    ----------
    level : str
        District level.
    n_districts : int
        Districts in force.
    zone : ndarray of int, (n,)
        Index of each point's district among their sorted codes; `n_districts` is none.
    """

    level: str
    n_districts: int
    zone: NDArray[np.int64]


def partitions(municipality_id: UUID) -> tuple[Partition, ...]:
    """Return how each level divides the residents, points in the order of `demand`.

    Notes
    -----
    One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS, {"municipality": municipality_id})
        rows = cursor.fetchall()
    found = []
    for level, n_districts, packed in rows:
        zone = unpacked(packed, {"zone": "i4"})["zone"].astype(np.int64)
        zone = np.where(zone < 0, n_districts, zone)
        found.append(Partition(level, n_districts, zone))
    return tuple(found)


_HOMES = """
SELECT string_agg(float8send(ST_X(point_m)) || float8send(ST_Y(point_m))
                  || float8send(population), ''::bytea ORDER BY id)
FROM layers_demandpoint WHERE municipality_id = %(municipality)s AND is_resident
"""


def homes(municipality_id: UUID) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where residents live, xy in METRIC_SRID (n, 2), and how many, (n,).

    Notes
    -----
    One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOMES, {"municipality": municipality_id})
        found = unpacked(
            cursor.fetchone()[0], {"x": "f8", "y": "f8", "population": "f8"}
        )
    return np.column_stack((found["x"], found["y"])), found["population"].copy()
