"""The formats that a layer can be had in, each with how it is made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from layers.exports.csv import csv_records
from layers.exports.extract import Extract
from layers.exports.geojson import feature_collection, feature_lines

# GDAL, pyarrow and openpyxl take more memory than the rest of a server process: they are
# loaded when the first file of theirs is asked for, and most processes are never asked.


def _geopackage(extract: Extract, folder: Path) -> Path:
    from layers.exports.geopackage import geopackage

    return geopackage(extract, folder)


def _flatgeobuf(extract: Extract, folder: Path) -> Path:
    from layers.exports.flatgeobuf import flatgeobuf

    return flatgeobuf(extract, folder)


def _shapefile(extract: Extract, folder: Path) -> Path:
    from layers.exports.shapefile import shapefile_zip

    return shapefile_zip(extract, folder)


def _workbook(extract: Extract, folder: Path) -> Path:
    from layers.exports.xlsx import workbook

    return workbook(extract, folder)


def _geoparquet(extract: Extract) -> Iterator[bytes]:
    from layers.exports.geoparquet import geoparquet

    return geoparquet(extract)


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes
    ----------
    code : str
        What a file's name ends with, without the dot.
    title, media_type
        What it is called.
    is_text : bool
        Whether it is worth compressing on the way.
    has_authority_order : bool
        Whether coordinates are in the order of the system's authority. Everywhere else x
        (east, lon) comes before y, which is what a GIS expects of a file.
    """

    code: str
    title: str
    media_type: str
    is_text: bool = False
    has_authority_order: bool = False


@dataclass(frozen=True, slots=True)
class Streamed(Format):
    """A format that is sent while it is made: `chunks` yields it."""

    chunks: Callable[[Extract], Iterator[bytes]] = feature_collection


@dataclass(frozen=True, slots=True)
class Made(Format):
    """A format that is put together in a folder first: `write` returns the file."""

    write: Callable[[Extract, Path], Path] = _geopackage


_ALL: tuple[Streamed | Made, ...] = (
    Streamed(
        "geojson",
        "GeoJSON",
        "application/geo+json",
        is_text=True,
        has_authority_order=True,
        chunks=feature_collection,
    ),
    Streamed(
        "geojsonl",
        "GeoJSON, one feature to a line",
        "application/x-ndjson",
        is_text=True,
        has_authority_order=True,
        chunks=feature_lines,
    ),
    Streamed("csv", "CSV", "text/csv; charset=utf-8", is_text=True, chunks=csv_records),
    Made(
        "xlsx",
        "Excel workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=_workbook,
    ),
    Made("gpkg", "GeoPackage", "application/geopackage+sqlite3", write=_geopackage),
    Made("fgb", "FlatGeobuf", "application/vnd.flatgeobuf", write=_flatgeobuf),
    Made("shp.zip", "Shapefile, zipped", "application/zip", write=_shapefile),
    Streamed(
        "parquet", "GeoParquet", "application/vnd.apache.parquet", chunks=_geoparquet
    ),
)

FORMATS: Mapping[str, Streamed | Made] = {known.code: known for known in _ALL}
"""Code -> format, in the order in which they are listed."""
