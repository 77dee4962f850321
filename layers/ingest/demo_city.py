"""The demo city's files as values: Athens with its outline, communities, neighbourhoods."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape

from layers.errors import UnreadableFile
from layers.geo import GREEK_GRID, WGS84, transformer
from layers.ingest.schematic import (
    ModelledResidents,
    dissolve,
    modelled_residents,
    voronoi_districts,
)

SPACING_M = 125.0
"""Metres between the points of modelled residents: two minutes' walk."""

_DEGREE_DECIMALS = 7
"""A centimetre; neighbours round alike, so that the drawing stays a coverage."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A neighbourhood's facts; `source_name` is its name in the file of Inside Airbnb."""

    code: str
    source_name: str
    names: Mapping[str, str]
    community: str
    lon: float
    lat: float
    residents: int


@dataclass(frozen=True, slots=True)
class Community:
    """A municipal community's facts; `residents` by year."""

    code: str
    names: Mapping[str, str]
    residents: Mapping[int, int]


@dataclass(frozen=True)
class DemoCity:
    """What the files in `fixtures/demo` say, and the schematic drawing made of it.

    Cells and areas come in EPSG:4326 (lon, lat), in the order of `neighbourhoods` or by
    community code; they cover the outline exactly once.
    """

    slug: str
    code: str
    names: Mapping[str, str]
    country: str
    timezone: str
    languages: Sequence[str]
    residents: Mapping[int, int]
    boundary_source: str
    boundary_licence: str
    outline: Polygon
    communities: Sequence[Community]
    neighbourhoods: Sequence[Neighbourhood]

    @cached_property
    def cells(self) -> list[MultiPolygon]:
        """The neighbourhoods' schematic boundaries."""
        return [_to_degrees(cell) for cell in self._cells_m]

    @cached_property
    def areas(self) -> dict[str, MultiPolygon]:
        """The communities' schematic boundaries, by code."""
        return dissolve(self.cells, [n.community for n in self.neighbourhoods])

    @cached_property
    def boundary(self) -> MultiPolygon:
        """The municipality's schematic boundary: the cells taken together."""
        return dissolve(self.cells, [self.code] * len(self.cells))[self.code]

    @cached_property
    def people(self) -> ModelledResidents:
        """The modelled residents, at points in lon, lat."""
        found = modelled_residents(
            self._cells_m,
            [n.residents for n in self.neighbourhoods],
            spacing_m=SPACING_M,
        )
        return ModelledResidents(_degrees(found.xy), found.people, found.cell)

    @cached_property
    def _cells_m(self) -> list[MultiPolygon]:
        to_metres = transformer(WGS84, GREEK_GRID).transform
        centroids = [to_metres(n.lon, n.lat) for n in self.neighbourhoods]
        return voronoi_districts(centroids, shapely.transform(self.outline, _metres))


def read_demo_city(folder: Path) -> DemoCity:
    """Return the city that the files of a folder describe.

    Raises
    ------
    UnreadableFile
        A file is missing or is not what docs/reference/fixtures.md says.
    """
    try:
        city = json.loads((folder / "municipality.json").read_text(encoding="utf-8"))
        return DemoCity(
            slug=city["slug"],
            code=city["code"],
            names=city["names"],
            country=city["country"],
            timezone=city["timezone"],
            languages=city["languages"],
            residents={
                int(year): int(people) for year, people in city["residents"].items()
            },
            boundary_source=city["boundary_source"],
            boundary_licence=city["boundary_licence"],
            outline=shape(city["boundary"]),
            communities=[_community(row) for row in _rows(folder / "communities.csv")],
            neighbourhoods=[
                _neighbourhood(row) for row in _rows(folder / "neighbourhoods.csv")
            ],
        )
    except OSError as error:
        name = Path(error.filename or folder).name
        raise UnreadableFile(f"{name}: cannot be read ({error.strerror})") from error
    except (AttributeError, LookupError, TypeError, ValueError, csv.Error) as error:
        raise UnreadableFile(
            f"{folder.name}: not the files of a demo city ({error!r})"
        ) from error


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def _names(row: Mapping[str, str]) -> dict[str, str]:
    return {
        key[5:]: text for key, text in row.items() if key.startswith("name_") and text
    }


def _community(row: Mapping[str, str]) -> Community:
    residents = {
        int(key[10:]): int(text)
        for key, text in row.items()
        if key.startswith("residents_")
    }
    return Community(row["code"], _names(row), residents)


def _neighbourhood(row: Mapping[str, str]) -> Neighbourhood:
    return Neighbourhood(
        code=row["code"],
        source_name=row["source_name"],
        names=_names(row),
        community=row["community"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        residents=int(row["residents_2021"]),
    )


def _metres(lonlat: NDArray[Any]) -> NDArray[Any]:
    return np.column_stack(transformer(WGS84, GREEK_GRID).transform(*lonlat.T))


def _degrees(xy: NDArray[Any]) -> NDArray[Any]:
    lonlat = np.column_stack(transformer(GREEK_GRID, WGS84).transform(*xy.T))
    return np.round(lonlat, _DEGREE_DECIMALS)


def _to_degrees(cell: MultiPolygon) -> MultiPolygon:
    return shapely.transform(cell, _degrees)
