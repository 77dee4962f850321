"""What the geometry column of a layer is declared to be: what its geometries are."""

from collections.abc import Iterable

from layers.ingest.layer_geometry import GeometryCensus, GeometryReader
from layers.ingest.layer_names import column_names, free_name
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_source import Source
from layers.ingest.layer_table import THREE_DIMENSIONS
from layers.ingest.report import Report
from layers.published.layers.layer import Geometry, GeometryKind

UNNAMED = "geom"
"""Name of a geometry column for which the file has none."""


def layer_geometry(
    source: Source,
    reader: GeometryReader | None,
    options: LayerOptions,
    taken: Iterable[str],
    report: Report,
) -> Geometry | None:
    """Return the geometry column of a layer, or None for a table.

    Points stay points and polygons polygons. A column can be declared to hold polygons
    or multi-polygons, not both: where the file mixes them it is declared open, and
    `--multi` makes it one kind.
    """
    if reader is None:
        return None
    census = reader.census
    kind = _kind(source, census, options)
    dimensions = 2
    if census.with_z or (not census.flat and source.geometry_type.endswith(" Z")):
        dimensions = THREE_DIMENSIONS
    _say(census, kind, dimensions, report)
    (wanted,) = column_names([source.geometry_name or UNNAMED])
    return Geometry(
        name=free_name(wanted.name, taken, any_case=True),
        kind=kind,
        srid=reader.storage.srid,
        dimensions=dimensions,
        is_nullable=bool(census.missing or census.empty or not report.read),
    )


def _kind(
    source: Source, census: GeometryCensus, options: LayerOptions
) -> GeometryKind:
    names = {name.lower() for name in census.kinds}
    if not names:
        names = {source.geometry_type.removesuffix(" Z").lower()}
    if options.is_multi:
        names = {
            n if n.startswith(("multi", "geometry")) else f"multi{n}" for n in names
        }
    known = {kind.value for kind in GeometryKind}
    if len(names) == 1 and names <= known:
        return GeometryKind(names.pop())
    return GeometryKind.ANY


def _say(
    census: GeometryCensus, kind: GeometryKind, dimensions: int, report: Report
) -> None:
    counted = ", ".join(f"{n} {name}" for name, n in census.kinds.most_common())
    report.figures["geometry"] = f"{kind.value}, {dimensions}D ({counted or 'none'})"
    figures = {
        "without geometry": census.missing,
        "invalid geometries, kept as they are": census.invalid - census.repaired,
    }
    report.figures.update({name: n for name, n in figures.items() if n})
    mixed = census.flat and dimensions == THREE_DIMENSIONS
    remarks = (
        (len(census.kinds) > 1, f"kinds of geometry are mixed: {counted}"),
        (census.curved, f"{census.curved} geometries with arcs, drawn as lines"),
        (
            census.void,
            f"{census.void} geometries with heights that are no numbers: none",
        ),
        (census.with_m, f"{census.with_m} geometries with measures (M), left out"),
        (census.empty, f"{census.empty} empty geometries, stored as none"),
        (mixed, f"{census.flat} geometries without height among others, stored at 0"),
    )
    for holds, remark in remarks:
        if holds:
            report.find("noted", None, "", "", remark)
