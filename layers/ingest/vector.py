"""Vector files of every format that GDAL reads, as features in one CRS.

Files are opened where they lie and nowhere else (`ingest/gdal.py`).
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as ProjCRSError
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.geo import WGS84
from layers.ingest.gdal import FAULTS, close_the_doors, gdal_path, reason
from layers.ingest.limits import MAX_ROWS, checked_file


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as read: its number in the file (from 1), attributes, geometry.

    The geometry is in the CRS that was asked for (else EPSG:4326), x or lon first,
    two-dimensional; None where there is none, and `fault` says why where it could not
    be read.
    """

    number: int
    values: Mapping[str, object]
    geometry: BaseGeometry | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class VectorFile:
    """The features of one layer and what GDAL remarked while reading."""

    columns: tuple[str, ...]
    features: tuple[Feature, ...]
    crs: str
    remarks: tuple[str, ...]


def read_vector(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    target_srid: int = WGS84,
    layer_option: str = "--layer",
) -> VectorFile:
    """Return the features of a layer, transformed to one reference system.

    Parameters
    ----------
    path : Path
        A local file of any vector format of GDAL; zipped ones are read in place.
    layer : str, optional
        Needed where the file has several layers with features.
    crs : str, optional
        Reference system where the file does not say, or says a wrong one.
    target_srid : int
        EPSG code of the system to transform to. A file that is in it already keeps
        its coordinates to the last bit.
    layer_option : str
        How the caller lets a person name the layer, for the message.

    Raises
    ------
    UnreadableFile
        See `checked_file`; GDAL does not know the format or finds it broken; several
        layers and none chosen; no features, or more than `MAX_ROWS`.
    InvalidParameter
        The layer does not exist; the system is unknown or missing.
    """
    real = checked_file(path)
    close_the_doors()
    opened = gdal_path(real)
    name = shown(path.name)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            chosen = _chosen_layer(opened, layer, name, layer_option)
            meta, _, wkb, columns = pyogrio.raw.read(
                opened,
                layer=chosen,
                force_2d=True,
                max_features=MAX_ROWS + 1,
                datetime_as_string=True,
            )
        except FAULTS as error:
            raise UnreadableFile(f"{name}: {reason(error, real)}") from error
    count = len(columns[0]) if columns else 0 if wkb is None else len(wkb)
    _check_count(name, count)
    system = _system(meta.get("crs"), crs, name)
    geometries, faults = _geometries(wkb, count, system, target_srid)
    names = tuple(str(field) for field in meta["fields"])
    features = tuple(_features(names, columns, geometries, faults))
    remarks = [shown(str(w.message), limit=200) for w in caught]
    said = meta.get("crs")
    if crs is not None and said and not known_crs(said).equals(system):
        remarks.append(f"the file says {shown(said)}, it was read as {shown(crs)}")
    return VectorFile(
        names, features, system.to_string(), tuple(dict.fromkeys(remarks))[:20]
    )


def transformer_of(crs: str, parameter: str = "crs") -> Transformer:
    """Return the transformer from a named system to lon, lat.

    Raises
    ------
    InvalidParameter
        PROJ does not know the system.
    """
    return Transformer.from_crs(known_crs(crs, parameter), WGS84, always_xy=True)


def known_crs(crs: str, parameter: str = "crs") -> CRS:
    """Return the horizontal reference system of that name, such as `EPSG:2100`.

    Raises
    ------
    InvalidParameter
        PROJ does not know it, or it is neither geographic nor projected.
    """
    try:
        system = CRS.from_user_input(crs)
    except (ProjCRSError, TypeError) as error:
        raise InvalidParameter(
            parameter, crs, "a code that PROJ knows, such as EPSG:2100"
        ) from error
    if not (system.is_geographic or system.is_projected):
        raise InvalidParameter(
            parameter, crs, "a geographic or projected reference system"
        )
    return system


def _chosen_layer(opened: str, layer: str | None, name: str, layer_option: str) -> str:
    found = [str(row[0]) for row in pyogrio.list_layers(opened)]
    if not found:
        raise UnreadableFile(f"{name}: no layers in it")
    if layer is not None:
        if layer not in found:
            raise InvalidParameter("layer", layer, f"one of {shown(', '.join(found))}")
        return layer
    if len(found) > 1:
        raise UnreadableFile(
            f"{name}: {len(found)} layers; choose one with {layer_option}: "
            f"{shown(', '.join(found), limit=200)}"
        )
    return found[0]


def _check_count(name: str, count: int) -> None:
    if not count:
        raise UnreadableFile(f"{name}: no features in it")
    if count > MAX_ROWS:
        raise UnreadableFile(f"{name}: more than {MAX_ROWS:,} features; split it")


def _system(said: str | None, given: str | None, name: str) -> CRS:
    if given is None:
        if not said:
            raise InvalidParameter(
                "crs", "", f"{name} does not say its reference system; give --crs"
            )
        return known_crs(said)
    return known_crs(given)


def _geometries(
    wkb: NDArray[Any] | None, count: int, system: CRS, target_srid: int
) -> tuple[list[BaseGeometry | None], list[str]]:
    if wkb is None:
        return [None] * count, [""] * count
    geometries = shapely.from_wkb(wkb, on_invalid="ignore")
    faults = [
        "unreadable geometry" if g is None and raw is not None else ""
        for g, raw in zip(geometries, wkb, strict=True)
    ]
    if not system.equals(CRS.from_epsg(target_srid), ignore_axis_order=True):
        turn = Transformer.from_crs(system, target_srid, always_xy=True)
        _transform(geometries, faults, turn)
    return list(geometries), faults


def _transform(
    geometries: NDArray[Any], faults: list[str], transformer: Transformer
) -> None:
    def turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = transformer.transform(xy[:, 0], xy[:, 1], errcheck=False)
        return np.column_stack([x, y])

    for index, geometry in enumerate(geometries):
        if geometry is None:
            continue
        try:
            moved = shapely.transform(geometry, turned)
        except (ProjError, shapely.errors.GEOSException):
            moved = None
        if moved is None or not np.isfinite(shapely.get_coordinates(moved)).all():
            geometries[index] = None
            faults[index] = "coordinates outside their reference system"
        else:
            geometries[index] = moved


def _features(
    names: Sequence[str],
    columns: Sequence[NDArray[Any]],
    geometries: Sequence[BaseGeometry | None],
    faults: Sequence[str],
) -> Iterator[Feature]:
    lists = [column.tolist() for column in columns]
    rows = zip(*lists, strict=True) if lists else ((),) * len(geometries)
    for number, (row, geometry, fault) in enumerate(
        zip(rows, geometries, faults, strict=True), start=1
    ):
        yield Feature(number, dict(zip(names, row, strict=True)), geometry, fault)
