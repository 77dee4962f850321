"""FlatGeobuf, written by GDAL: one file that is read by parts, over HTTP as well."""

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


def flatgeobuf(extract: Extract, folder: Path) -> Path:
    """Write the extract into `folder` and return the file.

    x before y. It has a spatial index unless a feature has no geometry, which an index
    cannot hold; with it features are sorted by place. Days are moments at midnight UTC:
    the format has no days. What the layer says of itself is in the header.
    """
    layer, geometry = extract.layer, extract.geometry
    path = folder / f"{layer.id}.fgb"
    place = None if geometry is None else geometry.name
    taken = () if place is None else (place,)
    names = unique_names(extract.columns, taken)
    schema = schema_of(names, place)
    about = extract.about
    told = [f"{name}: {value}" for name, value in about.items() if name != "title"]
    options: dict[str, object] = {}
    if geometry is not None:
        options = {
            "geometry_name": place,
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
        driver="FlatGeobuf",
        layer=layer.id,
        layer_options={
            "SPATIAL_INDEX": "YES" if _all_have_places(extract) else "NO",
            "TITLE": about.get("title", layer.id),
            "DESCRIPTION": "\n".join(told),
        },
        **options,
    )
    return path


def _all_have_places(extract: Extract) -> bool:
    geometry = extract.geometry
    if geometry is None:
        return False
    rows, places = extract.reading.one(
        f"count(*), count(*) FILTER (WHERE NOT ST_IsEmpty({geometry.sql}))",
        extract.condition,
    )
    return bool(rows == places and rows)
