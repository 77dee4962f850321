"""Streets from a layer of lines, of any vector format, with or without its junctions."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter, shown
from layers.ingest.report import Report
from layers.ingest.street_drawing import (
    Drawing,
    StreetOptions,
    Way,
    highway_of,
    name_of,
)
from layers.ingest.street_graphml import joined
from layers.ingest.street_rules import RULE_TAGS, why_not_walked
from layers.ingest.vector import Feature, read_vector

ENDS = ("u", "v")
"""Columns that name the junctions at both ends, as OSMnx writes them."""

ID_FIELDS = ("osmid", "id", "fid")
"""Columns of a layer of junctions that may hold their ids, the first there counts."""

HEIGHT_FIELDS = ("elevation", "elevation_m", "ele")

LINES = ("LineString", "MultiLineString")

Nodes = dict[int, tuple[float, float]]


def drawing_of_layers(
    path: Path, nodes_path: Path | None, options: StreetOptions, report: Report
) -> Drawing:
    """Return the walkable streets of a layer of lines.

    Parameters
    ----------
    path : Path
        File with the lines.
    nodes_path : Path, optional
        File with the junctions, points with ids; the same file where `nodes_layer`
        names one of its layers.
    options : StreetOptions
        `layer`, `nodes_layer` and `crs` of the files.
    report : Report
        Gets what is refused: features that are no lines, lengths that are none.

    Raises
    ------
    UnreadableFile, InvalidParameter
        As `read_vector`; junctions without the columns `u` and `v` of the lines.

    Notes
    -----
    With columns `u` and `v` lines meet where these say so. Without them they meet
    wherever they share a vertex, to the seventh decimal of a degree (1 cm): where lines
    cross without a common vertex there is a bridge.
    """
    lines = read_vector(path, layer=options.layer, crs=options.crs)
    drawing = Drawing(read=len(lines.features), remarks=list(lines.remarks))
    has_ends = set(ENDS) <= set(lines.columns)
    nodes: Nodes = {}
    if nodes_path is not None or options.nodes_layer is not None:
        if not has_ends:
            raise InvalidParameter(
                "nodes", shown(path.name), "lines with the columns u and v"
            )
        nodes = _nodes(nodes_path or path, options, drawing, report)
    if not {"highway", "fclass"} & set(lines.columns):
        drawing.remarks.append(
            "no column highway or fclass: every line counts as one that people walk"
        )
    for feature in lines.features:
        tags = _tags(feature.values)
        if reason := why_not_walked(tags):
            drawing.leave_out(reason)
        elif _is_line(feature, report):
            drawing.ways += _ways(feature, tags, nodes, report, has_ends=has_ends)
    return drawing


def _nodes(
    path: Path, options: StreetOptions, drawing: Drawing, report: Report
) -> Nodes:
    points = read_vector(path, layer=options.nodes_layer, crs=options.crs)
    id_field = next((name for name in ID_FIELDS if name in points.columns), None)
    if id_field is None:
        raise InvalidParameter(
            "nodes",
            shown(path.name),
            f"junctions with a column {' or '.join(ID_FIELDS)}",
        )
    height_field = next((n for n in HEIGHT_FIELDS if n in points.columns), None)
    nodes: Nodes = {}
    for feature in points.features:
        number, spot = _id(feature.values[id_field]), feature.geometry
        if number is None or spot is None or spot.geom_type != "Point" or spot.is_empty:
            report.refuse(
                None, "nodes", feature.number, "a junction is a point with a whole id"
            )
            continue
        nodes[number] = (spot.x, spot.y)
        height = _number(feature.values.get(height_field)) if height_field else None
        if height is not None:
            drawing.elevation_m[number] = height
    return nodes


def _ways(
    feature: Feature,
    tags: Mapping[str, str],
    nodes: Nodes,
    report: Report,
    *,
    has_ends: bool,
) -> Iterator[Way]:
    parts = [shapely.get_coordinates(g) for g in _parts(feature.geometry)]
    ends = (
        [_id(feature.values.get(name)) for name in ENDS] if has_ends else [None, None]
    )
    if has_ends and (None in ends or len(parts) != 1):
        report.refuse(
            feature.number, "u, v", ends, "two whole ids, and one line between them"
        )
        return
    length_m = _length(feature, report) if len(parts) == 1 else None
    for part in parts:
        start, end = ends
        if start is None or end is None:
            line, ids = part, spot_ids(part)
        else:
            known = [nodes.get(start), nodes.get(end)]
            if nodes and None in known:
                report.refuse(
                    feature.number, "u, v", ends, "junctions of the other layer"
                )
                return
            line = joined(part, np.array(known)) if nodes else part
            ids = (start, end)
        yield Way(
            feature.number,
            ids,
            line,
            highway=highway_of(tags),
            name=name_of(tags),
            length_m=length_m,
        )


def spot_ids(lonlat: NDArray[np.float64]) -> tuple[int, ...]:
    """Return an id for each vertex that says where it is, to 1 cm; it fits in 63 bits."""
    east = np.round((lonlat[:, 0] + 180) * 1e7).astype(np.int64)
    north = np.round((lonlat[:, 1] + 90) * 1e7).astype(np.int64)
    return tuple(((east << 31) | north).tolist())


def _is_line(feature: Feature, report: Report) -> bool:
    shape = feature.geometry
    if shape is not None and shape.geom_type in LINES and not shape.is_empty:
        return True
    kind = feature.fault or ("no geometry" if shape is None else shape.geom_type)
    report.refuse(feature.number, "geometry", kind, "a street is a line")
    return False


def _parts(shape: BaseGeometry | None) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(shape) if not part.is_empty]


def _tags(values: Mapping[str, object]) -> dict[str, str]:
    """Return tags; `fclass` is what Geofabrik's shapefiles call `highway`."""
    tags = {
        key: str(values[key]).strip()
        for key in (*RULE_TAGS, "name")
        if not _is_nothing(values.get(key))
    }
    if "highway" not in tags and not _is_nothing(values.get("fclass")):
        tags["highway"] = str(values["fclass"])
    return tags


def _is_nothing(value: object) -> bool:
    return (
        value is None or value == "" or (isinstance(value, float) and math.isnan(value))
    )


def _id(value: object) -> int | None:
    number = _number(value)
    if number is None or number != int(number) or abs(number) >= 2**63:
        return None
    return int(value) if isinstance(value, int | str) else int(number)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _length(feature: Feature, report: Report) -> float | None:
    value = feature.values.get("length")
    if _is_nothing(value):
        return None
    length = _number(value)
    if length is None or length < 0:
        report.refuse(feature.number, "length", value, "metres, 0 or more")
        return None
    return length
