"""Demand and supply from plain files, as arrays that measures and models take."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.errors import InvalidParameter, shown
from layers.geo import WGS84, transformer
from layers.ingest.tables import is_table
from layers.measures.arrays import FloatArray
from layers.workbench.columns import Asked, Columns, read_columns, split_layer

LON_NAMES = frozenset(("lon", "lng", "long", "longitude"))
LAT_NAMES = frozenset(("lat", "latitude"))


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points of a file, in its order.

    Attributes
    ----------
    ids : tuple of str, n
        As written, trimmed; unique.
    values : ndarray, (n,)
        Finite, 0 or more; 1 each where no value column was named.
    xy : ndarray, (n, 2), or None
        In the metric CRS that was asked for; None where none was.
    columns : Columns
        The file's columns that were asked for, further ones included.
    from_areas : bool
        Some points are centroids of polygons.
    """

    ids: tuple[str, ...]
    values: FloatArray
    xy: FloatArray | None
    columns: Columns
    from_areas: bool = False

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.ids)

    def located(self) -> FloatArray:
        """Return `xy` where points were read with a CRS; a caller's mistake else."""
        if self.xy is None:
            raise ValueError("these points were read without a place")
        return self.xy


def read_points(
    path: Path,
    id_column: str,
    value_column: str | None = None,
    x: str | None = None,
    y: str | None = None,
    srid: int | None = None,
    *,
    kind: str = "demand",
    further: Asked | None = None,
) -> Points:
    """Return the points of a CSV file, a workbook or a vector file.

    Parameters
    ----------
    path : Path
        A local file with a header, or of a format that GDAL reads.
    id_column, value_column : str
        Columns of the file; without a value column every point counts 1.
    x, y : str or None
        Columns of a table, needed when `srid` is given; not used of a vector file,
        which has its own geometry.
    srid : int or None
        EPSG code of the projected system to measure in; None reads no place.
    kind : str
        What messages call the columns: `demand` makes `demand-id`.
    further : mapping of str to str or None
        More columns to read, by the option that names them.

    Returns
    -------
    Points
        In the order of the file. A vector file is transformed from the system it
        says. A table's x and y are in `srid`, unless their columns are called
        longitude and latitude (`LON_NAMES`, `LAT_NAMES`): then they are degrees of
        WGS 84 and are transformed. Polygons stand for their centroid in `srid`.

    Raises
    ------
    UnreadableFile
        The file is missing, empty or broken.
    InvalidParameter
        A column that is not there; a table without `x` and `y`; a system that is not
        projected; a vector file that does not say its system.
    InvalidRecord
        An id that is missing or repeated; a value that is missing, negative or no
        finite number; a place that is missing, not finite or no point; places that
        look like degrees where metres belong. Names file, row and column.
    """
    system = None if srid is None else metric_crs(srid)
    is_tabular = is_table(split_layer(path)[0])
    asked = {f"{kind}-id": id_column, f"{kind}-value": value_column}
    asked |= further or {}
    if system is not None and is_tabular:
        for name, column in (("x", x), ("y", y)):
            if column is None:
                raise InvalidParameter(
                    name, "", f"a column of {shown(path.name)}, which is a table"
                )
        asked |= {"x": x, "y": y}
    found = read_columns(path, asked, target_srid=srid)
    xy, from_areas = None, False
    if system is not None:
        xy, from_areas = _places(found, x or "", y or "", system)
    ids = found.ids(id_column)
    values = np.ones(len(ids))
    if value_column is not None:
        values = found.amounts(value_column)
    return Points(ids, values, xy, found, from_areas)


def metric_crs(srid: int) -> CRS:
    """Return the projected system of an EPSG code, for plane distances.

    Raises
    ------
    InvalidParameter
        PROJ does not know the code, or it is not projected: degrees are no metres.
    """
    try:
        system = CRS.from_epsg(srid)
    except CRSError as error:
        raise InvalidParameter("srid", srid, "an EPSG code, such as 2100") from error
    if not system.is_projected:
        raise InvalidParameter(
            "srid", srid, "a projected system, such as 2100; degrees are no distance"
        )
    return system


def _places(found: Columns, x: str, y: str, system: CRS) -> tuple[FloatArray, bool]:
    if found.geometries is not None:
        return _of_geometries(found)
    xy = np.column_stack([found.numbers(x), found.numbers(y)])
    if x.casefold() in LAT_NAMES and y.casefold() in LON_NAMES:
        raise InvalidParameter("x, y", f"{x}, {y}", "longitude first: --x lon --y lat")
    if x.casefold() in LON_NAMES and y.casefold() in LAT_NAMES:
        return _from_degrees(xy, found, f"{x}, {y}", system), False
    _refuse_degrees(xy, f"{x}, {y}", system, found.file)
    return xy, False


def _of_geometries(found: Columns) -> tuple[FloatArray, bool]:
    geometries = np.array(found.geometries, dtype=object)
    kinds = shapely.get_type_id(geometries)
    areas = np.isin(kinds, (3, 6))  # Polygon, MultiPolygon
    single = (kinds == 4) & (shapely.get_num_geometries(geometries) == 1)
    usable = (areas | single | (kinds == 0)) & ~shapely.is_empty(geometries)
    if not usable.all():
        at = int(np.argmin(usable))
        what = geometries[at].geom_type if geometries[at] is not None else ""
        reason = found.faults[at] or "no place to measure from; points and polygons are"
        raise found.fault(found.rows[at], "geometry", what, reason)
    return shapely.get_coordinates(shapely.centroid(geometries)), bool(areas.any())


def _from_degrees(
    lonlat: FloatArray, found: Columns, names: str, system: CRS
) -> FloatArray:
    wrong = (np.abs(lonlat) > (180, 90)).any(axis=1)
    turn = transformer(WGS84, system.to_epsg())
    xy = np.column_stack(turn.transform(lonlat[:, 0], lonlat[:, 1], errcheck=False))
    wrong |= ~np.isfinite(xy).all(axis=1)
    if wrong.any():
        at = int(np.argmax(wrong))
        text = f"{lonlat[at, 0]:g}, {lonlat[at, 1]:g}"
        reason = f"columns called so hold degrees that {system.to_string()} can hold"
        raise found.fault(found.rows[at], names, text, reason)
    return xy


def _refuse_degrees(xy: FloatArray, names: str, system: CRS, file: str) -> None:
    """Refuse x and y that all lie where the system is used, read as degrees."""
    area = system.area_of_use
    if area is None or area.west > area.east:
        return
    for lon, lat in (xy.T, xy.T[::-1]):
        east_west = (area.west <= lon) & (lon <= area.east)
        if (east_west & (area.south <= lat) & (lat <= area.north)).all():
            raise InvalidParameter(
                "x, y",
                names,
                f"{file} seems to hold degrees ({xy[0, 0]:g}, {xy[0, 1]:g}), not "
                f"coordinates of {system.to_string()}; call the columns lon and lat",
            )
