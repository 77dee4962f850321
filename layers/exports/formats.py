"""The formats that a layer can be had in, each with how it is made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from layers.exports.extract import Extract


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes
    ----------
    code : str
        What a file's name ends with, without the dot.
    title, media_type : str
        What it is called.
    writer : str
        Module of this room and function that makes it. It is imported when a file is
        first asked for: GDAL and Arrow weigh more than all the rest of the server.
    is_text : bool
        Whether it is worth compressing on the way.
    """

    code: str
    title: str
    media_type: str
    writer: str
    is_text: bool = False

    def _made_by(self) -> Callable[..., Any]:
        module, _, name = self.writer.partition(".")
        made_by: Callable[..., Any] = getattr(
            import_module(f"layers.exports.{module}"), name
        )
        return made_by


@dataclass(frozen=True, slots=True)
class Streamed(Format):
    """A format that is sent while it is made."""

    def chunks(self, extract: Extract) -> Iterator[bytes]:
        """Yield the file; the first bytes before the last row is read."""
        made: Iterator[bytes] = self._made_by()(extract)
        return made


@dataclass(frozen=True, slots=True)
class Made(Format):
    """A format that is put together in a folder first."""

    def write(self, extract: Extract, folder: Path) -> Path:
        """Write the file into the folder and return it."""
        made: Path = self._made_by()(extract, folder)
        return made


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_ALL: tuple[Streamed | Made, ...] = (
    Streamed(
        "geojson",
        "GeoJSON",
        "application/geo+json",
        "geojson.feature_collection",
        is_text=True,
    ),
    Streamed(
        "geojsonl",
        "GeoJSON, one feature to a line",
        "application/x-ndjson",
        "geojson.feature_lines",
        is_text=True,
    ),
    Streamed("csv", "CSV", "text/csv; charset=utf-8", "csv.csv_records", is_text=True),
    Made("xlsx", "Excel workbook", _SPREADSHEET, "xlsx.workbook"),
    Made(
        "gpkg", "GeoPackage", "application/geopackage+sqlite3", "geopackage.geopackage"
    ),
    Made("fgb", "FlatGeobuf", "application/vnd.flatgeobuf", "flatgeobuf.flatgeobuf"),
    Made("shp.zip", "Shapefile, zipped", "application/zip", "shapefile.shapefile_zip"),
    Streamed(
        "parquet",
        "GeoParquet",
        "application/vnd.apache.parquet",
        "geoparquet.geoparquet",
    ),
)

FORMATS: Mapping[str, Streamed | Made] = {known.code: known for known in _ALL}
"""Code -> format, in the order in which they are listed."""
