"""The walking network of a municipality as arrays, straight from the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from layers.models import StreetNetwork
from layers.selectors.packed import unpacked


@dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """Junctions and the streets between them.

    Attributes
    ----------
    node_ids : ndarray of int, (n,)
        Ids in the source; position is the junction's index.
    xy : ndarray, (n, 2)
        Metres in METRIC_SRID.
    elevation_m, local_detour : ndarray, (n,)
        NaN where not known.
    start, end : ndarray of int, (m,)
        Junctions that each street joins.
    length_m : ndarray, (m,)
        Metres.
    vertices : ndarray, (v, 2)
        All streets as drawn from start to end, one after another, metres.
    first : ndarray of int, (m + 1,)
        Street `i` has the vertices `first[i]` up to `first[i + 1]`.
    """

    node_ids: NDArray[np.int64]
    xy: NDArray[np.float64]
    elevation_m: NDArray[np.float64]
    local_detour: NDArray[np.float64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    length_m: NDArray[np.float64]
    vertices: NDArray[np.float64]
    first: NDArray[np.int64]


_NODE = {"id": "i8", "x": "f8", "y": "f8", "elevation_m": "f8", "local_detour": "f8"}
_EDGE = {"start": "i4", "end": "i4", "length_m": "f8"}

# Junctions come along PostGIS's Hilbert curve: a search touches memory that lies together,
# which is a quarter quicker than by ids, which say nothing of where a junction is.
_NODES = """
SELECT string_agg(
    int8send(source_id) || float8send(ST_X(spot)) || float8send(ST_Y(spot))
    || float8send(coalesce(elevation_m, 'NaN'))
    || float8send(coalesce(local_detour, 'NaN')),
    ''::bytea ORDER BY point, source_id)
FROM (SELECT source_id, point, elevation_m, local_detour,
             ST_Transform(point, %(srid)s) AS spot
      FROM layers_streetnode WHERE municipality_id = %(municipality)s) node
"""

# Ordered by what streets are, not by when they were written: the same file loaded twice
# gives the same arrays. All lines come as one geometry, without an object for each.
_EDGES = """
WITH node AS MATERIALIZED (
    SELECT id, source_id, point,
           (row_number() OVER (ORDER BY point, source_id) - 1)::int AS number
    FROM layers_streetnode WHERE municipality_id = %(municipality)s
), edge AS MATERIALIZED (
    SELECT a.number AS start, b.number AS "end", e.length_m, e.id,
           coalesce(e.line, ST_MakeLine(a.point, b.point)) AS line
    FROM layers_streetedge e
    JOIN node a ON a.id = e.start_id
    JOIN node b ON b.id = e.end_id
    WHERE e.municipality_id = %(municipality)s
)
SELECT string_agg(int4send(start) || int4send("end") || float8send(length_m),
                  ''::bytea ORDER BY start, "end", length_m, id),
       ST_AsBinary(ST_Transform(
           ST_Collect(line ORDER BY start, "end", length_m, id), %(srid)s))
FROM edge
"""

_VERSION = """
SELECT concat_ws(' ',
    (SELECT version FROM layers_dataversion WHERE name = 'streets'),
    (SELECT digest FROM layers_streetnetwork
     WHERE municipality_id = %(municipality)s),
    (SELECT concat_ws('-', count(*), max(id)) FROM layers_streetedge
     WHERE municipality_id = %(municipality)s))
"""


def streets_version(municipality_id: UUID) -> str:
    """Return what identifies the streets of a municipality; equal data, equal text."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, {"municipality": municipality_id})
        return str(cursor.fetchone()[0])


def streets(municipality_id: UUID) -> Streets:
    """Return the streets of a municipality; empty arrays where none are loaded.

    Notes
    -----
    Two queries; packed values, 100,000 junctions in about a second.
    """
    values: dict[str, Any] = {
        "municipality": municipality_id,
        "srid": settings.METRIC_SRID,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NODES, values)
        node = unpacked(cursor.fetchone()[0], _NODE)
        cursor.execute(_EDGES, values)
        packed, drawn = cursor.fetchone()
    edge = unpacked(packed, _EDGE)
    vertices, first = _lines(drawn)
    return Streets(
        node_ids=node["id"].copy(),
        xy=np.column_stack((node["x"], node["y"])),
        elevation_m=node["elevation_m"].copy(),
        local_detour=node["local_detour"].copy(),
        start=edge["start"].astype(np.int64),
        end=edge["end"].astype(np.int64),
        length_m=edge["length_m"].copy(),
        vertices=vertices,
        first=first,
    )


def _lines(
    drawn: bytes | memoryview | None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    if drawn is None:
        return np.empty((0, 2)), np.zeros(1, dtype=np.int64)
    lines = shapely.get_parts(shapely.from_wkb(bytes(drawn)))
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    counts = np.bincount(line, minlength=len(lines))
    return vertices, np.concatenate([[0], np.cumsum(counts)])


def street_network(municipality: str) -> StreetNetwork | None:
    """Return what is known of the streets of a municipality, None where none are."""
    return StreetNetwork.objects.filter(municipality__slug=municipality).first()


def city_detour(municipality: str) -> float | None:
    """Return the measured detour of a municipality, None where nobody measured it."""
    found = street_network(municipality)
    return None if found is None else found.detour


_MEASURED = """
SELECT string_agg(float8send(ST_X(spot)) || float8send(ST_Y(spot))
                  || float8send(local_detour), ''::bytea ORDER BY source_id)
FROM (SELECT source_id, local_detour, ST_Transform(point, %(srid)s) AS spot
      FROM layers_streetnode
      WHERE municipality_id = %(municipality)s AND local_detour IS NOT NULL) node
"""


def local_detours(
    municipality_id: UUID,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the junctions with a measured detour: xy in METRIC_SRID (n, 2), and it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MEASURED, {"municipality": municipality_id, "srid": settings.METRIC_SRID}
        )
        node = unpacked(
            cursor.fetchone()[0], {"x": "f8", "y": "f8", "local_detour": "f8"}
        )
    return np.column_stack((node["x"], node["y"])), node["local_detour"].copy()
