"""People as demand points, from points, polygons or grid cells that carry counts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from shapely.geometry.base import BaseGeometry

from layers.directory import read_model
from layers.directory.bulk import copy_rows, update_statistics
from layers.errors import InvalidParameter, shown
from layers.geo import WGS84
from layers.ingest.areal import PlacedPeople, cut, people_of, spread
from layers.ingest.district_topology import polygon_of
from layers.ingest.fields import unknown_among
from layers.ingest.population_input import (
    PopulationCell,
    PopulationOptions,
    cells_of,
)
from layers.ingest.report import Mode, Report
from layers.ingest.writing import locked_municipality, may_write, one_transaction
from layers.models import DemandPoint, Municipality, TaxonomyTerm
from layers.models.taxonomy import TaxonomyKind

__all__ = [
    "PopulationCell",
    "PopulationOptions",
    "import_population",
    "load_population",
]


def import_population(
    path: Path, options: PopulationOptions, mode: Mode | None = None
) -> Report:
    """Load people from a vector file or a table; see `load_population`.

    Raises
    ------
    UnreadableFile, InvalidParameter
        The file cannot be read, or an option does not fit it.
    NotFound, ImportRefused, Unavailable
        As `load_population`.
    """
    report = _report(options, mode, path.name)
    cells = cells_of(path, options, report)
    return _load(cells, options, report)


def load_population(
    cells: Sequence[PopulationCell],
    options: PopulationOptions,
    mode: Mode | None = None,
    *,
    file: str = "",
) -> Report:
    """Load people that are already in memory, by the same rules.

    A cell is spread into points inside it, a point stays where it is. The people of one
    source are replaced as a whole: what the cells do not have any more goes. People of
    two sources are never mixed.

    Returns
    -------
    Report
        Counts cells; `figures` has the people inside and outside the municipality and
        the number of points.

    Raises
    ------
    NotFound
        The municipality is not loaded.
    InvalidParameter
        Clipping without a boundary; a total with nobody to give it to; a spacing that
        makes too many points.
    ImportRefused, Unavailable
        The database refused or failed; nothing was written.
    """
    report = _report(options, mode, file or options.source)
    report.read = len(cells)
    return _load(cells, options, report)


def _report(options: PopulationOptions, mode: Mode | None, file: str) -> Report:
    return Report(
        what="people",
        file=shown(file),
        municipality=options.municipality,
        source=options.source,
        licence=options.licence,
        mode=mode or Mode(),
    )


def _load(
    cells: Sequence[PopulationCell], options: PopulationOptions, report: Report
) -> Report:
    with one_transaction(report):
        municipality = locked_municipality(options.municipality)
        _check_groups(options)
        boundary = _boundary(municipality, options)
        pieces = cut(cells, boundary, options.margin_m)
        if options.total and not any(p.weight for p in pieces if p.is_inside):
            raise InvalidParameter("total", options.total, "nobody lives inside")
        people = people_of(pieces, options.total)
        placed = list(
            spread(pieces, people, boundary=boundary, spacing_m=options.cell_spacing_m)
        )
        in_file = sum(cell.count for cell in cells)
        report.figures["people in the file"] = (
            int(in_file) if in_file == int(in_file) else round(in_file, 3)
        )
        report.figures["people inside"] = sum(p.people for p in placed if p.is_inside)
        if options.margin_m:
            outside = sum(p.people for p in placed if not p.is_inside)
            report.figures["people in the margin"] = outside
        report.figures["demand points"] = len(placed)
        taken = {piece.cell.row for piece in pieces}
        if left_out := len(cells) - len(taken):
            report.figures["cells outside, left out"] = left_out
        _write(placed, taken, municipality, options, report)
    return report


def _check_groups(options: PopulationOptions) -> None:
    terms = TaxonomyTerm.objects.filter(taxonomy__slug=TaxonomyKind.POPULATION_GROUP)
    known = set(terms.values_list("slug", flat=True))
    for slug in options.group_fields:
        if slug not in known:
            raise InvalidParameter("group-field", slug, unknown_among(slug, known))


def _boundary(
    municipality: Municipality, options: PopulationOptions
) -> BaseGeometry | None:
    if not options.clip_to_boundary:
        return None
    if municipality.boundary is None:
        raise InvalidParameter(
            "clip-to-boundary",
            municipality.slug,
            "a municipality whose boundary is loaded (import_districts --level "
            "municipality)",
        )
    return polygon_of(municipality.boundary)


def _write(
    placed: Sequence[PlacedPeople],
    taken: Collection[int],
    municipality: Municipality,
    options: PopulationOptions,
    report: Report,
) -> None:
    """Replace the stored people of the source by those that were placed."""
    stored = DemandPoint.objects.filter(municipality=municipality)
    own = stored.filter(source=options.source)
    others = stored.exclude(source=options.source)
    if not options.replace and (other := others.first()) is not None:
        report.refuse(
            None,
            "source",
            other.source,
            f"people of another source are loaded; two would count everybody twice "
            f"(--replace deletes them: {others.count():,} points)",
        )
        return
    before = {point.source_id: (point.pk, _state(point)) for point in own}
    rows = {p.source_id: _point(p, municipality, options) for p in placed}
    new = {name: row for name, row in rows.items() if name not in before}
    changed = {
        name: row
        for name, row in rows.items()
        if name in before and before[name][1] != _state(row)
    }
    gone = [pk for name, (pk, _) in before.items() if name not in rows]
    _count(placed, taken, new.keys(), changed.keys(), report)
    report.retired = len(gone)
    if not may_write(report):
        return
    replaced = others.count() if options.replace else 0
    if replaced:
        report.figures["points of other sources deleted"] = replaced
        others.delete()
    if not (new or changed or gone or replaced):
        return
    outdated = [before[name][0] for name in changed]
    DemandPoint.objects.filter(pk__in=[*gone, *outdated]).delete()
    copy_rows(row for name, row in rows.items() if name in new or name in changed)
    update_statistics(DemandPoint)
    read_model.bump("demand")


def _count(
    placed: Sequence[PlacedPeople],
    taken: Collection[int],
    new: Collection[str],
    changed: Collection[str],
    report: Report,
) -> None:
    """Count the cells that were taken as new, changed or neither, by their points."""
    states: dict[int, set[str]] = defaultdict(set)
    for point in placed:
        name = point.source_id
        states[point.row].add(
            "new" if name in new else "changed" if name in changed else "same"
        )
    for row in taken:
        state = states.get(row, {"same"})
        if state == {"same"}:
            report.unchanged += 1
        elif state == {"new"}:
            report.created += 1
        else:
            report.updated += 1


def _point(
    placed: PlacedPeople, municipality: Municipality, options: PopulationOptions
) -> DemandPoint:
    return DemandPoint(
        municipality=municipality,
        point=Point(placed.lon, placed.lat, srid=WGS84),
        population=float(placed.people),
        groups=dict(placed.groups),
        source=options.source,
        source_id=placed.source_id,
        licence=options.licence,
        vintage=options.vintage,
        quality=options.quality,
        method=_method(placed, options),
        is_resident=placed.is_inside,
    )


def _method(placed: PlacedPeople, options: PopulationOptions) -> str:
    steps = []
    if "/" in placed.source_id:
        steps.append(f"spread evenly over its cell, {options.cell_spacing_m:g} m apart")
    if options.clip_to_boundary:
        steps.append("cut at the boundary by area")
    if options.total is not None:
        steps.append(f"scaled to {options.total}")
    return "; ".join(steps)


def _state(row: DemandPoint) -> tuple[Any, ...]:
    """Return what makes a point the same as another."""
    return (
        round(row.point.x, 7),
        round(row.point.y, 7),
        row.population,
        row.groups,
        row.licence,
        row.vintage,
        row.quality,
        row.method,
        row.is_resident,
    )
