"""GeoPackage 1.3, written by GDAL, with the layer's metadata in its own tables."""

import sqlite3
from contextlib import closing
from pathlib import Path

from layers.exports.arrow import items_of, record_batches
from layers.exports.extract import Extract
from layers.exports.gdal import (
    geometry_type,
    schema_of,
    unique_names,
    wkt,
    written,
)

VERSION = "1.3"
"""GDAL 3.6 and QGIS 3.22 know it; newer ones gain nothing here and draw a warning there."""


def geopackage(extract: Extract, folder: Path) -> Path:
    """Write the extract into `folder` and return the file.

    The table has the layer's id and column names (`_2` behind one that differs from
    another in case alone), x before y, and no feature number of the layer's own: the
    column `fid` is SQLite's. What the layer says of itself is in `gpkg_contents` and
    `gpkg_metadata`; `last_change` is when the data last changed.
    """
    layer = extract.layer
    path = folder / f"{layer.id}.gpkg"
    geometry = extract.geometry
    taken = ("fid",) if geometry is None else ("fid", geometry.name)
    names = unique_names(extract.columns, taken)
    place = None if geometry is None else geometry.name
    schema = schema_of(names, place)
    about = dict(extract.about)
    options: dict[str, object] = {"dataset_options": {"VERSION": VERSION}}
    layer_options = {
        "FID": "fid",
        "IDENTIFIER": about.get("title", layer.id),
        "DESCRIPTION": _description(extract),
    }
    if geometry is not None:
        layer_options["GEOMETRY_NAME"] = geometry.name
        options |= {
            "geometry_name": geometry.name,
            "geometry_type": geometry_type(geometry),
            "crs": wkt(extract),
        }
    written(
        record_batches(
            extract.reading,
            schema,
            items_of(extract.columns, extract.shape_sql),
            extract.condition,
        ),
        schema,
        path,
        driver="GPKG",
        layer=layer.id,
        layer_metadata=about,
        layer_options=layer_options,
        **options,
    )
    _date(path, extract)
    return path


def _description(extract: Extract) -> str:
    about = extract.about
    parts = [about.get("description", "")]
    parts += [
        f"{name.capitalize()}: {about[name]}"
        for name in ("licence", "attribution", "source")
        if name in about
    ]
    return "\n".join(part for part in parts if part)


def _date(path: Path, extract: Extract) -> None:
    """Put the data's own time where GDAL puts the clock's: same data, same bytes."""
    changed_at = extract.reading.state.changed_at or extract.wanted.made_at
    stamp = changed_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE gpkg_contents SET last_change = ?", [stamp])
        database.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", [stamp])
