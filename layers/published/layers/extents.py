"""How far a layer reaches in space and time, and how many features it has.

Found by reading the whole layer once for each state of its data, and then remembered.
"""

from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

import psycopg

from layers.errors import NotFound
from layers.geo import WGS84
from layers.published.connection import read_one
from layers.published.layers import catalogue
from layers.published.layers.filters import layer_column
from layers.published.layers.layer import Layer
from layers.published.versions import DataState, version_sql


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a layer reaches.

    Attributes
    ----------
    n : int
        Features, those without a geometry included.
    n_placed : int
        Features with a geometry.
    bounds : tuple of float or None
        West, south, east, north in degrees; None where nothing has a place.
    storage_bounds : tuple of float or None
        The same in the layer's own system, x before y.
    first, last : datetime, date or None
        Earliest and latest time; None where there is none, or where it is open.
    state : DataState
        What it was found in.
    """

    n: int
    n_placed: int
    bounds: tuple[float, float, float, float] | None
    storage_bounds: tuple[float, float, float, float] | None
    first: datetime | date | None
    last: datetime | date | None
    state: DataState


_lock = Lock()
_held: dict[str, Extent] = {}


def extent(layer: Layer) -> Extent:
    """Return how far a layer reaches; reads the layer where its data has changed.

    Raises
    ------
    NotFound
        The layer was removed, or replaced by one of other columns, since it was described.
    """
    row = read_one(f"SELECT {version_sql(layer.counters)}")
    assert row is not None  # noqa: S101 (no FROM: always one row)
    known = _held.get(layer.id)
    if known is not None and known.state == DataState(*row):
        return known
    try:
        found = _read(layer)
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        catalogue.forget()
        raise NotFound("layer", layer.id) from None
    with _lock:
        _held[layer.id] = found
    return found


def count_at(layer: Layer, state: DataState) -> int | None:
    """Return how many features the layer had in a state, None where it is not known."""
    known = _held.get(layer.id)
    return known.n if known is not None and known.state == state else None


def forget() -> None:
    """Read every layer anew when it is next asked for."""
    with _lock:
        _held.clear()


def _read(layer: Layer) -> Extent:
    geometry = layer.geometry
    box, placed = "NULL::box2d", "0"
    if geometry is not None:
        # The box of the data bends when reprojected; its edges are made fine before.
        box, placed = f"ST_Extent({geometry.sql})::box2d", f"count({geometry.sql})"
    first, last = _times(layer)
    srid = geometry.srid if geometry else WGS84
    row = read_one(
        f"""SELECT e.n, e.placed, {_edges(_lonlat(srid))}, {_edges("e.box")},
                   e.first, e.last, e.version, e.changed_at
            FROM (SELECT count({layer.key_sql}) AS n, {placed} AS placed, {box} AS box,
                         {first} AS first, {last} AS last, s.version, s.changed_at
                  FROM (SELECT {version_sql(layer.counters)}) s(version, changed_at)
                  LEFT JOIN {layer.relation} ON true
                  GROUP BY s.version, s.changed_at) e"""
    )
    assert row is not None  # noqa: S101 (the version is always one row)
    n, n_placed, west, south, east, north, *rest = row
    lonlat = None if west is None else (west, south, east, north)
    x0, y0, x1, y1, first_time, last_time, version, changed_at = rest
    stored = None if x0 is None else (x0, y0, x1, y1)
    state = DataState(version, changed_at)
    return Extent(n, n_placed, lonlat, stored, first_time, last_time, state)


def _lonlat(srid: int) -> str:
    if srid == WGS84:
        return "e.box"
    return (
        f"ST_Transform(ST_Segmentize(ST_SetSRID(e.box::geometry, {srid}), "
        "greatest(ST_XMax(e.box) - ST_XMin(e.box), "
        f"ST_YMax(e.box) - ST_YMin(e.box), 1e-9) / 64), {WGS84})"
    )


def _edges(box: str) -> str:
    return ", ".join(f"{edge}({box})" for edge in _EDGES)


_EDGES = ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")


def _times(layer: Layer) -> tuple[str, str]:
    if layer.interval:
        start, end = (layer_column(layer, name).sql for name in layer.interval)
        return (
            f"CASE WHEN bool_and({start} IS NOT NULL) THEN min({start}) END",
            f"CASE WHEN bool_and({end} IS NOT NULL) THEN max({end}) END",
        )
    if layer.instant:
        moment = layer_column(layer, layer.instant).sql
        return f"min({moment})", f"max({moment})"
    return "NULL", "NULL"
