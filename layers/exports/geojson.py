"""GeoJSON as PostGIS wrote it: one collection (RFC 7946), or one feature to a line."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from layers.exports.extract import Extract, stamp
from layers.geo import WGS84
from layers.published.layers.feature_sql import feature_sql

_END = b"]}\n"


def feature_collection(extract: Extract) -> Iterator[bytes]:
    """Yield a FeatureCollection.

    Coordinates are in the order of the system's authority. What the file says of itself
    (licence, attribution, system) comes before the features, so that a reader who stops
    early knows it.
    """
    head = orjson.dumps(_members(extract))[:-1] + b',"features":[\n'
    # Each line ends itself; lines that are yielded together have commas between them.
    for n, lines in enumerate(_lines(extract, separator=b",")):
        yield (b"," if n else head) + lines
        head = b""
    yield head + _END


def feature_lines(extract: Extract) -> Iterator[bytes]:
    """Yield features, one to a line; no feature is no line."""
    yield from _lines(extract, separator=b"")


def _lines(extract: Extract, separator: bytes) -> Iterator[bytes]:
    item = feature_sql(extract.layer, extract.wanted.shape)
    return extract.reading.json_lines(item, extract.condition, separator)


def _members(extract: Extract) -> Mapping[str, Any]:
    said: dict[str, Any] = {"type": "FeatureCollection", **extract.about}
    said["timeStamp"] = stamp(extract.wanted.made_at)
    if extract.geometry is None:
        return said
    system = extract.wanted.system
    # Not as `coordRefSys`: GDAL would take the file for JSON-FG and look elsewhere for
    # geometries.
    said["reference_system"] = system.uri
    if system.srid != WGS84 and not system.flips:
        # The old member, which GDAL and QGIS read; they take x before y whatever it says.
        name = f"urn:ogc:def:crs:EPSG::{system.srid}"
        said["crs"] = {"type": "name", "properties": {"name": name}}
    return said
