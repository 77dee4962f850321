"""Streets from GraphML as OSMnx and NetworkX write it, read as a stream."""

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from numpy.typing import NDArray

from layers.errors import UnreadableFile, shown
from layers.geo import WGS84
from layers.ingest.report import Report
from layers.ingest.street_drawing import (
    Drawing,
    StreetOptions,
    Way,
    highway_of,
    name_of,
    on_globe,
)
from layers.ingest.street_rules import RULE_TAGS, why_not_walked
from layers.ingest.vector import known_crs, transformer_of

NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"

MAX_ID = 2**63

NOTHING = frozenset({"", "nan", "None"})
"""What writers put where there is no value."""


@dataclass(slots=True)
class _Graph:
    """What was read so far."""

    names: dict[str, str] = field(default_factory=dict)
    crs: str = ""
    nodes: dict[str, tuple[float, float]] = field(default_factory=dict)
    heights: dict[str, float] = field(default_factory=dict)
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


def drawing_of_graphml(path: Path, options: StreetOptions, report: Report) -> Drawing:
    """Return the walkable streets of a graph.

    Parameters
    ----------
    path : Path
        A checked file.
    options : StreetOptions
        `crs` where the graph says none or a wrong one.
    report : Report
        Gets what is refused: nodes without a position, edges between nodes that are
        not there, lengths and drawings that are none.

    Raises
    ------
    UnreadableFile
        No well-formed GraphML, or one with a document type: entities in it can
        unfold to gigabytes or fetch other files, and GraphML needs none.
    InvalidParameter
        A reference system that PROJ does not know.
    """
    graph = _read(path, report)
    drawing = Drawing(read=len(graph.edges))
    ids = _numbers(graph.nodes)
    crs = _crs(graph, options)
    spots = _spots(graph, crs, report)
    for name, height in graph.heights.items():
        drawing.elevation_m[ids[name]] = height
    for row, (start, end, values) in enumerate(graph.edges, start=1):
        tags = _tags(values)
        if reason := why_not_walked(tags):
            drawing.leave_out(reason)
            continue
        missing = next((name for name in (start, end) if name not in spots), None)
        if missing is not None:
            report.refuse(row, "edge", missing, "no node of that id has a position")
            continue
        line = _line(row, values, (spots[start], spots[end]), crs, report)
        if line is not None:
            drawing.ways.append(
                Way(
                    row,
                    (ids[start], ids[end]),
                    line,
                    length_m=_length(row, values, report),
                    is_drawn="geometry" in values,
                    highway=highway_of(tags),
                    name=name_of(tags),
                )
            )
    return drawing


def _read(path: Path, report: Report) -> _Graph:
    graph = _Graph()
    name = shown(path.name)
    try:
        with path.open("rb") as file:
            events = iterparse(file, events=("start", "end"), forbid_dtd=True)
            for event, element in events:
                if event == "end":
                    _take(element, graph, report)
    except DefusedXmlException as error:
        raise UnreadableFile(
            f"{name}: it has a document type or entities, which GraphML needs none of; "
            "save it without"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(
            f"{name}: no well-formed GraphML ({shown(str(error))})"
        ) from error
    return graph


def _take(element: Element, graph: _Graph, report: Report) -> None:
    """Take what an element says and forget it, so that memory does not hold the tree."""
    kind = element.tag.removeprefix(NAMESPACE)
    if kind == "key":
        graph.names[element.get("id", "")] = element.get("attr.name", "")
    elif kind == "node":
        _take_node(element, graph, report)
        element.clear()
    elif kind == "edge":
        values = dict(_values(element, graph.names))
        graph.edges.append(
            (element.get("source", ""), element.get("target", ""), values)
        )
        element.clear()
    elif kind == "graph":
        graph.crs = dict(_values(element, graph.names)).get("crs", "")
        element.clear()


def _take_node(element: Element, graph: _Graph, report: Report) -> None:
    name = element.get("id", "")
    values = dict(_values(element, graph.names))
    x, y = (_number(values.get(key, "")) for key in ("x", "y"))
    if x is None or y is None:
        report.refuse(None, "node", name, "x and y are numbers")
    else:
        graph.nodes[name] = (x, y)
    height = _number(values.get("elevation", ""))
    if height is not None:
        graph.heights[name] = height


def _values(element: Element, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for data in element:
        if data.tag.removeprefix(NAMESPACE) == "data":
            yield names.get(data.get("key", ""), ""), (data.text or "").strip()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _numbers(nodes: Mapping[str, object]) -> dict[str, int]:
    """Return a number for each id: itself, or one made from the text."""
    if all(re.fullmatch(r"\d{1,18}", name) for name in nodes):
        return {name: int(name) for name in nodes}
    return {
        name: int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
        % MAX_ID
        for name in nodes
    }


def _spots(
    graph: _Graph, crs: str | None, report: Report
) -> dict[str, tuple[float, float]]:
    if not graph.nodes:
        return {}
    spots = _in_degrees(np.array(list(graph.nodes.values())), crs)
    if not on_globe(spots):
        report.refuse(
            None,
            "x",
            crs or "EPSG:4326",
            "coordinates outside their reference system; give --crs",
        )
        return {}
    return dict(zip(graph.nodes, map(tuple, spots.tolist()), strict=True))


def _in_degrees(xy: NDArray[np.float64], crs: str | None) -> NDArray[np.float64]:
    if crs is None:
        return xy
    return np.column_stack(transformer_of(crs).transform(xy[:, 0], xy[:, 1]))


def _crs(graph: _Graph, options: StreetOptions) -> str | None:
    """Return the system to transform from, None where it is lon, lat already."""
    said = options.crs or graph.crs
    if not said:
        return None
    known = known_crs(said)
    return None if known.to_epsg() == WGS84 else said


def _tags(values: Mapping[str, str]) -> dict[str, str]:
    """Return tags; OSMnx writes several values as a list in Python's spelling."""
    found = {}
    for key in (*RULE_TAGS, "name"):
        if (value := values.get(key, "")) not in NOTHING:
            many = (
                re.findall(r"'([^']*)'|\"([^\"]*)\"", value) if value[:1] == "[" else ()
            )
            found[key] = ";".join(a or b for a, b in many) or value
    return found


def _length(row: int, values: Mapping[str, str], report: Report) -> float | None:
    text = values.get("length")
    if text is None:
        return None
    length = _number(text)
    if length is None or length < 0:
        report.refuse(row, "length", text, "metres, 0 or more")
        return None
    return length


def _line(
    row: int,
    values: Mapping[str, str],
    ends: tuple[tuple[float, float], tuple[float, float]],
    crs: str | None,
    report: Report,
) -> NDArray[np.float64] | None:
    """Return the vertices from start to end, None where the drawing is refused."""
    straight = np.array(ends)
    text = values.get("geometry")
    if text is None:
        return straight
    drawn = shapely.from_wkt(text, on_invalid="ignore")
    if drawn is None or drawn.geom_type != "LineString" or drawn.is_empty:
        report.refuse(row, "geometry", text, "a LINESTRING of two vertices or more")
        return None
    line = _in_degrees(shapely.get_coordinates(drawn), crs)
    if not on_globe(line):
        report.refuse(row, "geometry", text, "longitudes and latitudes")
        return None
    return joined(line, straight)


def joined(line: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a line that runs from the first end to the second, whichever way it did."""
    forth = np.abs(line[0] - ends[0]).sum() + np.abs(line[-1] - ends[1]).sum()
    back = np.abs(line[-1] - ends[0]).sum() + np.abs(line[0] - ends[1]).sum()
    ordered = line if forth <= back else line[::-1]
    whole = [ordered]
    if (ordered[0] != ends[0]).any():
        whole.insert(0, ends[:1])
    if (ordered[-1] != ends[1]).any():
        whole.append(ends[1:])
    return np.concatenate(whole)
