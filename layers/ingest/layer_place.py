"""Which columns of a text table hold the place of a row."""

from collections.abc import Sequence

from layers.errors import InvalidParameter, shown
from layers.ingest.layer_options import LayerOptions

WKT_COLUMNS = ("wkt", "geom", "geometry", "the_geom", "wkt_geom")
X_COLUMNS = ("lon", "longitude", "lng", "long", "x", "easting", "point_x", "xcoord")
Y_COLUMNS = ("lat", "latitude", "y", "northing", "point_y", "ycoord")
"""Names, in lower case, by which columns of places are found; earlier ones go first."""

_NOWHERE = " "
"""Keeps GDAL from looking for a column of WKT of its own accord."""


def place_options(columns: Sequence[str], options: LayerOptions) -> dict[str, str]:
    """Return how GDAL's CSV driver finds types and places in a table.

    A column of WKT becomes the geometry; x and y stay columns as well.

    Raises
    ------
    InvalidParameter
        A column that was named does not exist.
    """
    found = {
        "AUTODETECT_TYPE": "YES",
        "AUTODETECT_SIZE_LIMIT": "0",  # the whole file, not its first megabyte
        "EMPTY_STRING_AS_NULL": "YES",
    }
    for parameter, name in (("x", options.x), ("y", options.y), ("wkt", options.wkt)):
        if name is not None and name not in columns:
            listed = shown(", ".join(columns), limit=300)
            raise InvalidParameter(parameter, name, f"one of the columns {listed}")
    if options.is_placeless:
        return {**found, "GEOM_POSSIBLE_NAMES": _NOWHERE}
    wkt = options.wkt or (None if options.x else _first(columns, WKT_COLUMNS))
    if wkt is not None:
        return {**found, "GEOM_POSSIBLE_NAMES": wkt, "KEEP_GEOM_COLUMNS": "NO"}
    x = options.x or _first(columns, X_COLUMNS)
    y = options.y or _first(columns, Y_COLUMNS)
    if x is None or y is None:
        return {**found, "GEOM_POSSIBLE_NAMES": _NOWHERE}
    chosen = {"X_POSSIBLE_NAMES": x, "Y_POSSIBLE_NAMES": y}
    return {**found, **chosen, "GEOM_POSSIBLE_NAMES": _NOWHERE}


def _first(columns: Sequence[str], known: Sequence[str]) -> str | None:
    by_name = {name.lower(): name for name in reversed(columns)}
    return next((by_name[name] for name in known if name in by_name), None)
