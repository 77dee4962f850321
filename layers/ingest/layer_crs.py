"""In which reference system a layer is stored: its own where PostGIS knows it."""

from dataclasses import dataclass

from django.db import connection
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from layers.errors import InvalidParameter, shown
from layers.geo import WGS84
from layers.ingest.vector import known_crs


@dataclass(frozen=True, slots=True)
class Storage:
    """How coordinates get from the file into the table.

    Attributes
    ----------
    srid : int
        EPSG code of the stored coordinates.
    to_storage : pyproj.Transformer or None
        From the file's system, x before y; None where they are stored as they are.
    to_lon_lat : pyproj.Transformer or None
        From the stored coordinates; None where they are longitude and latitude.
    remarks : tuple of str
        What the reader of the report should know.
    """

    srid: int
    to_storage: Transformer | None = None
    to_lon_lat: Transformer | None = None
    remarks: tuple[str, ...] = ()


def storage(said: str | None, srid: int | None, name: str) -> Storage:
    """Return how a layer is stored.

    Parameters
    ----------
    said : str or None
        The system as the file says it.
    srid : int or None
        The system as the person says it; goes before the file's word.
    name : str
        Of the file, for messages.

    Raises
    ------
    InvalidParameter
        Neither says a system, PROJ or PostGIS does not know it, or it is none of the
        earth's surface.
    """
    if srid is not None:
        return _given(said, srid)
    if not said or _is_placeholder(said):
        raise InvalidParameter(
            "srid",
            "",
            f"{name} does not say its reference system; give --srid, such as 4326 "
            "for longitude and latitude or 2100 for the Greek grid",
        )
    system, remarks = _horizontal(known_crs(said, "srid"))
    code = _epsg(system)
    if code is not None and _is_known_to_postgis(code):
        return Storage(code, None, _to_lon_lat(code), tuple(remarks))
    remarks.append(
        f"PostGIS does not know {shown(system.name)!r}: stored in EPSG:{WGS84}"
    )
    transformer = Transformer.from_crs(system, WGS84, always_xy=True)
    return Storage(WGS84, transformer, None, tuple(remarks))


def _given(said: str | None, srid: int) -> Storage:
    system, remarks = _horizontal(known_crs(f"EPSG:{srid}", "srid"))
    if _epsg(system) != srid or not _is_known_to_postgis(srid):
        raise InvalidParameter(
            "srid", srid, "the EPSG code of a two-dimensional system that PostGIS knows"
        )
    if said and not _is_placeholder(said) and _code_of(said) != srid:
        remarks.append(f"the file says {shown(said)}, it was read as EPSG:{srid}")
    return Storage(srid, None, _to_lon_lat(srid), tuple(remarks))


def _code_of(said: str) -> int | None:
    try:
        return _epsg(_horizontal(known_crs(said))[0])
    except InvalidParameter:
        return None


def _is_placeholder(said: str) -> bool:
    """Tell whether a file says only that it does not know: GeoPackage's -1 and 0."""
    try:
        return CRS.from_user_input(said).name.startswith("Undefined")
    except CRSError:
        return False


def _horizontal(system: CRS) -> tuple[CRS, list[str]]:
    """Return the part of a system that lies on the ground, and what was left out."""
    if system.is_compound:
        ground, *rest = system.sub_crs_list
        names = ", ".join(shown(part.name) for part in rest)
        return ground, [f"heights are kept as they are, in {names}"]
    if len(system.axis_info) > 2:
        return system.to_2d(), ["heights are kept as they are, above the ellipsoid"]
    return system, []


def _epsg(system: CRS) -> int | None:
    if system.to_authority() in {("OGC", "CRS84"), ("OGC", "CRS84h")}:
        return WGS84
    return system.to_epsg()


def _to_lon_lat(srid: int) -> Transformer | None:
    if srid == WGS84:
        return None
    return Transformer.from_crs(srid, WGS84, always_xy=True)


def _is_known_to_postgis(code: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM spatial_ref_sys WHERE srid = %(code)s"
            " AND auth_name = 'EPSG' AND auth_srid = %(code)s)",
            {"code": code},
        )
        return bool(cursor.fetchone()[0])
