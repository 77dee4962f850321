"""Streets from an OpenStreetMap extract: PBF, or OSM XML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from layers.errors import UnreadableFile, shown
from layers.ingest.street_drawing import MAX_VERTICES, Drawing, Way, highway_of, name_of
from layers.ingest.street_rules import RULE_TAGS, why_not_walked

_FAULTS = (RuntimeError, ValueError, OverflowError)

KEPT_TAGS = (*RULE_TAGS, "name")


@dataclass(frozen=True, slots=True)
class _Found:
    """A walkable way, its vertices not yet placed."""

    row: int
    ids: NDArray[np.int64]
    tags: Mapping[str, str]


def drawing_of_osm(path: Path, kind: str) -> Drawing:
    """Return the walkable streets of an extract.

    Parameters
    ----------
    path : Path
        A checked file.
    kind : str
        `pbf` or `osm`, which is XML.

    Raises
    ------
    UnreadableFile
        osmium cannot read it, or it has more vertices than `MAX_VERTICES`.

    Notes
    -----
    The file is read twice: ways, then the vertices that walkable ways have. So memory
    grows with the streets, not with the file. A vertex that the extract was cut off at
    ends its way; a way with fewer than two is left out.
    """
    drawing = Drawing()
    try:
        ways = list(_walkable(path, kind, drawing))
        ids = np.unique(np.concatenate([np.empty(0, np.int64), *(w.ids for w in ways)]))
        if len(ids) > MAX_VERTICES:
            raise UnreadableFile(
                f"{shown(path.name)}: more than {MAX_VERTICES:,} vertices of streets; cut "
                "out the city (osmium extract --bbox)"
            )
        lonlat = _placed(path, kind, ids, drawing)
    except _FAULTS as error:
        reason = str(error).replace(str(path.parent), "")
        raise UnreadableFile(
            f"{shown(path.name)}: osmium cannot read it ({shown(reason)})"
        ) from error
    for found in ways:
        drawing.ways += _cut(found, ids, lonlat, drawing)
    return drawing


def _walkable(path: Path, kind: str, drawing: Drawing) -> Iterator[_Found]:
    source = osmium.io.File(str(path), kind)
    reader = osmium.FileProcessor(source, osmium.osm.WAY)
    for way in reader.with_filter(osmium.filter.KeyFilter("highway")):
        if not isinstance(way, osmium.osm.Way):
            continue
        drawing.read += 1
        tags = {key: way.tags[key] for key in KEPT_TAGS if key in way.tags}
        if reason := why_not_walked(tags):
            drawing.leave_out(reason)
            continue
        ids = np.array([node.ref for node in way.nodes], dtype=np.int64)
        yield _Found(drawing.read, ids, tags)


def _placed(
    path: Path, kind: str, ids: NDArray[np.int64], drawing: Drawing
) -> NDArray[np.float64]:
    """Return the positions of some vertices, NaN where the file has none."""
    lonlat = np.full((len(ids), 2), np.nan)
    if not len(ids):
        return lonlat
    source = osmium.io.File(str(path), kind)
    reader = osmium.FileProcessor(source, osmium.osm.NODE)
    for node in reader.with_filter(osmium.filter.IdFilter(ids.tolist())):
        if not isinstance(node, osmium.osm.Node) or not node.location.valid():
            continue
        lonlat[np.searchsorted(ids, node.id)] = node.location.lon, node.location.lat
        if "ele" in node.tags:
            _keep_height(node.id, node.tags["ele"], drawing)
    return lonlat


def _keep_height(node: int, text: str, drawing: Drawing) -> None:
    try:
        height = float(text.removesuffix("m").strip())
    except ValueError:
        return
    if -500 < height < 9000:
        drawing.elevation_m[node] = height


def _cut(
    found: _Found,
    ids: NDArray[np.int64],
    lonlat: NDArray[np.float64],
    drawing: Drawing,
) -> Iterator[Way]:
    """Yield the runs of a way whose vertices the extract has."""
    spots = lonlat[np.searchsorted(ids, found.ids)]
    is_there = ~np.isnan(spots[:, 0])
    runs = np.split(np.arange(len(spots)), np.flatnonzero(np.diff(is_there)) + 1)
    kept = [run for run in runs if len(run) > 1 and is_there[run[0]]]
    if not kept:
        drawing.leave_out("beyond where the extract was cut off")
    for run in kept:
        yield Way(
            found.row,
            tuple(found.ids[run].tolist()),
            spots[run],
            highway=highway_of(found.tags),
            name=name_of(found.tags),
        )
