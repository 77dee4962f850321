"""The walking network of a municipality, from whatever file draws its streets."""

from collections.abc import Sequence
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter, shown
from layers.ingest.district_topology import polygon_of
from layers.ingest.limits import checked_file, head
from layers.ingest.report import Mode, Report
from layers.ingest.street_building import (
    Stretch,
    metric,
    stretches_of,
    without_small_parts,
)
from layers.ingest.street_drawing import Drawing, StreetOptions, Way
from layers.ingest.street_graphml import drawing_of_graphml
from layers.ingest.street_layers import drawing_of_layers
from layers.ingest.street_osm import drawing_of_osm
from layers.ingest.street_writes import write_streets
from layers.ingest.writing import locked_municipality, one_transaction
from layers.models import Municipality

__all__ = ["Drawing", "StreetOptions", "Way", "import_streets", "load_streets"]


def import_streets(
    path: Path,
    options: StreetOptions,
    mode: Mode | None = None,
    *,
    nodes_path: Path | None = None,
) -> Report:
    """Load streets from a file; see `load_streets`.

    Parameters
    ----------
    path : Path
        An OpenStreetMap extract (PBF, or XML), a GraphML graph, or any vector file of
        lines; told apart by what is in it, not by its name.
    options : StreetOptions
        How to read it.
    mode : Mode, optional
        Dry run, or good rows only.
    nodes_path : Path, optional
        Junctions of a vector file of lines.

    Raises
    ------
    UnreadableFile, InvalidParameter
        The file cannot be read, or an option does not fit it.
    NotFound, ImportRefused, Unavailable
        As `load_streets`.
    """
    report = _report(options, mode, path.name)
    kind = _kind(checked_file(path))
    if kind != "layers" and (nodes_path or options.layer or options.nodes_layer):
        given = nodes_path or options.layer or options.nodes_layer
        raise InvalidParameter(
            "nodes",
            given,
            f"left out: {shown(path.name)} is {kind}, which has one graph",
        )
    if kind == "graphml":
        drawing = drawing_of_graphml(path, options, report)
    elif kind == "layers":
        drawing = drawing_of_layers(path, nodes_path, options, report)
    else:
        drawing = drawing_of_osm(path, kind)
    return _load(drawing, options, report)


def load_streets(
    drawing: Drawing, options: StreetOptions, mode: Mode | None = None
) -> Report:
    """Load streets that are already in memory, by the same rules.

    The network of the municipality is replaced as a whole, in one transaction: streets
    of two sources do not meet. The same streets again change nothing, and what was
    calibrated on them stays.

    Returns
    -------
    Report
        Counts streets of the file. `figures` has junctions, streets and kilometres of
        the network, what was left out and why, and its parts.

    Raises
    ------
    NotFound
        The municipality is not loaded.
    InvalidParameter
        A margin without a boundary to count it from.
    ImportRefused, Unavailable
        The database refused or failed; nothing was written.
    """
    return _load(drawing, options, _report(options, mode, options.source))


def _report(options: StreetOptions, mode: Mode | None, file: str) -> Report:
    return Report(
        what="streets",
        file=shown(file),
        municipality=options.municipality,
        source=options.source,
        licence=options.licence,
        mode=mode or Mode(),
    )


def _kind(path: Path) -> str:
    """Return what a file is by its beginning: pbf, osm, graphml or layers."""
    begins = head(path, 4096)
    if b"OSMHeader" in begins[:64]:
        return "pbf"
    if b"<graphml" in begins:
        return "graphml"
    return "osm" if b"<osm" in begins else "layers"


def _load(drawing: Drawing, options: StreetOptions, report: Report) -> Report:
    report.read = drawing.read
    for remark in drawing.remarks:
        report.find("noted", None, "", None, remark)
    for reason, count in sorted(drawing.left_out.items()):
        report.figures[f"left out: {reason}"] = count
    with one_transaction(report):
        municipality = locked_municipality(options.municipality)
        area = _area(municipality, options)
        found = stretches_of(drawing, area, report)
        kept = without_small_parts(found, options.smallest_part_m, report)
        if not kept:
            report.refuse(None, "", None, _why_nothing(drawing, options))
        _describe(kept, drawing, report)
        write_streets(kept, drawing, municipality, options, report)
    return report


def _area(municipality: Municipality, options: StreetOptions) -> BaseGeometry | None:
    """Return where streets are kept, in METRIC_SRID; None is everywhere."""
    if options.margin_m is None:
        return None
    if municipality.boundary is None:
        raise InvalidParameter(
            "margin-m",
            options.margin_m,
            f"left out with --whole-file, as the boundary of {municipality.slug} is not "
            "loaded (import_districts --level municipality)",
        )
    boundary = shapely.transform(polygon_of(municipality.boundary), metric)
    return shapely.make_valid(boundary).buffer(options.margin_m, quad_segs=4)


def _why_nothing(drawing: Drawing, options: StreetOptions) -> str:
    if not drawing.read:
        return "no streets in it: no ways with highway, no edges, no lines"
    if not drawing.ways:
        return "no street in it that people may walk"
    return (
        f"no street within {options.margin_m:g} m of the municipality; check the "
        "reference system (--crs), or the city"
        if options.margin_m is not None
        else "no street in it has a length"
    )


def _describe(kept: Sequence[Stretch], drawing: Drawing, report: Report) -> None:
    junctions = {number for s in kept for number in (s.start, s.end)}
    report.figures["streets between junctions"] = len(kept)
    report.figures["junctions"] = len(junctions)
    report.figures["kilometres"] = round(sum(s.length_m for s in kept) / 1000, 3)
    heights = sum(number in drawing.elevation_m for number in junctions)
    if heights:
        report.figures["junctions with a height"] = heights
