"""The demo city's districts: drawn from facts, or the real ones under the same codes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from layers.errors import UnreadableFile, shown
from layers.ingest.demo_city import DemoCity
from layers.ingest.districts import DistrictArea, DistrictOptions
from layers.ingest.vector import read_vector
from layers.models.district import DistrictLevel

REAL_DISTRICTS: Mapping[str, tuple[str, str, str, str]] = {
    DistrictLevel.MUNICIPALITY: (
        "municipality_of_athens.geojson",
        "ypes_code",
        "geodata.gov.gr",
        "CC BY 3.0",
    ),
    DistrictLevel.MUNICIPAL_COMMUNITY: (
        "athens_municipal_communities.geojson",
        "ypes_code",
        "© OpenStreetMap contributors",
        "ODbL 1.0",
    ),
    DistrictLevel.NEIGHBOURHOOD: (
        "athens_neighbourhoods.geojson",
        "neighbourhood",
        "Inside Airbnb",
        "CC BY 4.0",
    ),
}
"""Per level: file, the column that tells which district it is, source, licence."""


def district_files(real: Path | None) -> dict[str, str]:
    """Return what the districts of each level are read from, coarse to fine."""
    return {
        str(level): known[0] if real else "schematic drawing"
        for level, known in REAL_DISTRICTS.items()
    }


def district_options(city: DemoCity, level: str, *, real: bool) -> DistrictOptions:
    """Return what the import is told about the districts of a level."""
    source, licence = (
        REAL_DISTRICTS[level][2:]
        if real
        else (city.boundary_source, city.boundary_licence)
    )
    return DistrictOptions(
        municipality=city.slug,
        municipality_code=city.code,
        level=level,
        source=source,
        licence=licence,
        name_fields={},
        schematic=not real,
        retire_missing=True,
    )


def drawn_areas(city: DemoCity) -> dict[str, list[DistrictArea]]:
    """Return the schematic districts by level."""
    return {
        DistrictLevel.MUNICIPALITY: [
            DistrictArea(1, city.names, city.code, city.boundary)
        ],
        DistrictLevel.MUNICIPAL_COMMUNITY: [
            DistrictArea(row, known.names, known.code, city.areas[known.code])
            for row, known in enumerate(city.communities, 1)
        ],
        DistrictLevel.NEIGHBOURHOOD: [
            DistrictArea(row, known.names, known.code, cell)
            for row, (known, cell) in enumerate(
                zip(city.neighbourhoods, city.cells, strict=True), 1
            )
        ],
    }


def real_areas(city: DemoCity, folder: Path) -> dict[str, list[DistrictArea]]:
    """Return the districts of the files by level, under our names and codes.

    Raises
    ------
    UnreadableFile
        A file is missing, or its districts are not the ones that we know.
    """
    known = {
        DistrictLevel.MUNICIPALITY: [(city.code, city.code, city.names)],
        DistrictLevel.MUNICIPAL_COMMUNITY: [
            (c.code, c.code, c.names) for c in city.communities
        ],
        DistrictLevel.NEIGHBOURHOOD: [
            (n.source_name, n.code, n.names) for n in city.neighbourhoods
        ],
    }
    areas = {}
    for level, districts in known.items():
        name, column, _, _ = REAL_DISTRICTS[level]
        found = _boundaries(folder / name, column, [key for key, _, _ in districts])
        areas[str(level)] = [
            DistrictArea(found[key][0], names, code, found[key][1])
            for key, code, names in districts
        ]
    return areas


def _boundaries(
    path: Path, column: str, keys: Sequence[str]
) -> dict[str, tuple[int, BaseGeometry]]:
    """Return feature number and geometry of each key in a vector file's column."""
    found = {
        str(feature.values.get(column)): (feature.number, feature.geometry)
        for feature in read_vector(path).features
        if feature.geometry is not None
    }
    missing, strange = sorted(set(keys) - set(found)), sorted(set(found) - set(keys))
    if missing or strange:
        raise UnreadableFile(
            f"{path.name}: {column} has {len(missing)} of the {len(keys)} districts missing"
            f" {shown(', '.join(missing))!r} and {len(strange)} unknown"
            f" {shown(', '.join(strange))!r}"
        )
    return found
