"""Vector files for tests of published layers, and the rows that became of them."""

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.db import connection

from layers.ingest.layer_import import import_layer
from layers.ingest.layer_options import LayerOptions
from layers.ingest.report import Mode, Report
from layers.published.layers.layer import quoted


def feature(geometry: Any, id_: Any = None, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature of a WKT text (or None)."""
    shape = None if geometry is None else shapely.from_wkt(geometry)
    found = {
        "type": "Feature",
        "geometry": shape and json.loads(shapely.to_geojson(shape)),
        "properties": properties,
    }
    return found if id_ is None else {**found, "id": id_}


def geojson(path: Path, *features: Mapping[str, Any]) -> Path:
    """Write features as GeoJSON."""
    whole = {"type": "FeatureCollection", "features": list(features)}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


def saved(
    path: Path,
    geometries: Sequence[Any],
    columns: Mapping[str, Sequence[Any]] | None = None,
    *,
    geometry_type: str | None = "Point",
    crs: str | None = "EPSG:4326",
    **kw: Any,
) -> Path:
    """Write geometries (shapely or None) and columns with GDAL."""
    columns = columns or {"n": np.arange(len(geometries))}
    arrays = [
        c if isinstance(c, np.ndarray) else np.array(c, dtype=object)
        for c in columns.values()
    ]
    wkb = None
    if geometry_type is not None:
        wkb = shapely.to_wkb(np.array(list(geometries), dtype=object), flavor="iso")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a format knows no system or no type
        pyogrio.raw.write(
            path, wkb, arrays, list(columns), geometry_type=geometry_type, crs=crs, **kw
        )
    return path


def loaded(path: Path, *, mode: Mode | None = None, **options: Any) -> Report:
    """Import a file, as collection `a` where nothing else is said."""
    return import_layer(path, LayerOptions(**{"collection": "a", **options}), mode)


def columns_of(collection: str = "a") -> dict[str, str]:
    """Return the columns of a layer's table with their types, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
               WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
               ORDER BY attnum""",
            [f'published."{collection}"'],
        )
        return dict(cursor.fetchall())


def rows_of(sql: str, collection: str = "a", order: str = "1") -> list[tuple[Any, ...]]:
    """Return what a select list gives for each row of a layer."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sql} FROM published.{quoted(collection)} r ORDER BY {order}"  # noqa: S608
        )
        return list(cursor.fetchall())


def features_of(collection: str = "a") -> list[dict[str, Any]]:
    """Return the ready-made features of a layer, parsed."""
    return [json.loads(text) for (text,) in rows_of("_feature", collection, "r.ctid")]


def comment_of(collection: str = "a") -> dict[str, Any]:
    """Return the description of a layer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(%s::regclass)", [f'published."{collection}"']
        )
        found: dict[str, Any] = json.loads(cursor.fetchone()[0])
        return found


def notes(report: Report) -> str:
    """Return what the report remarks, in one text."""
    return "\n".join(str(f) for f in report.findings["noted"].kept)


def is_layer(collection: str) -> bool:
    """Tell whether there is a relation of that name in the published schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass(%s) IS NOT NULL", [f'published."{collection}"']
        )
        return bool(cursor.fetchone()[0])


def version_of(name: str) -> int:
    """Return a data version, 0 where it was never raised."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(version), 0) FROM layers_dataversion WHERE name = %s",
            [name],
        )
        return int(cursor.fetchone()[0])
