"""Districts from any vector file: boundaries repaired, coded, placed under a parent."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from layers.directory.names import name_key
from layers.errors import InvalidRecord, shown
from layers.ingest.boundaries import checked_boundary
from layers.ingest.district_codes import made_codes
from layers.ingest.district_input import (
    Candidate,
    DistrictArea,
    DistrictOptions,
    areas_of,
)
from layers.ingest.district_topology import report_topology, report_whereabouts
from layers.ingest.district_writes import municipality_for, write_districts
from layers.ingest.report import Mode, Report
from layers.ingest.writing import may_write, one_transaction
from layers.models import District, Municipality
from layers.models.district import DistrictLevel

__all__ = ["DistrictArea", "DistrictOptions", "import_districts", "load_districts"]


def import_districts(
    path: Path, options: DistrictOptions, mode: Mode | None = None
) -> Report:
    """Load the districts of one level from a vector file; see `load_districts`.

    Raises
    ------
    UnreadableFile, InvalidParameter
        The file cannot be read, or an option does not fit it.
    NotFound, ImportRefused, Unavailable
        As `load_districts`.
    """
    report = _report(options, mode, path.name)
    return _load(areas_of(path, options, report), options, report)


def load_districts(
    areas: Sequence[DistrictArea],
    options: DistrictOptions,
    mode: Mode | None = None,
    *,
    file: str = "",
) -> Report:
    """Load districts that are already in memory, by the same rules.

    A district is recognised by (municipality, level, code) and brought up to date in
    place; without codes they are made from the names (`district_codes`). Boundaries are
    repaired where that changes their area by 1 % at most. Then parents are found by the
    largest overlap, places are given their districts, and the read model is written
    anew, all in one transaction.

    Returns
    -------
    Report
        `outside` says what lies outside the municipality, `noted` where districts
        overlap, leave gaps, or are split between parents.

    Raises
    ------
    NotFound
        The municipality is not there, and the level is not `municipality`.
    InvalidParameter
        A new municipality without its code.
    ImportRefused, Unavailable
        The database refused or failed; nothing was written.
    """
    return _load(areas, options, _report(options, mode, file or options.source))


def _report(options: DistrictOptions, mode: Mode | None, file: str) -> Report:
    return Report(
        what=f"districts ({options.level})",
        file=shown(file),
        municipality=options.municipality,
        source=options.source,
        licence=options.licence,
        mode=mode or Mode(),
    )


def _load(
    areas: Iterable[DistrictArea], options: DistrictOptions, report: Report
) -> Report:
    with one_transaction(report):
        chosen = list(areas)
        report.read += len(chosen)
        if options.level == DistrictLevel.MUNICIPALITY:
            chosen = _of_municipality(chosen, options, report)
        municipality = municipality_for(options, [a.names for a in chosen])
        candidates = _checked(chosen, report)
        candidates = _coded(candidates, municipality, options, report)
        if options.level != DistrictLevel.MUNICIPALITY:
            candidates = report_whereabouts(candidates, municipality, report)
            report_topology(candidates, municipality, report)
        write_districts(
            candidates, municipality, options, report, keep=may_write(report)
        )
    return report


def _of_municipality(
    areas: list[DistrictArea], options: DistrictOptions, report: Report
) -> list[DistrictArea]:
    """Return the one area that is the municipality, of a file that may have many."""
    row = Municipality.objects.filter(slug=options.municipality).first()
    code = row.code if row else options.municipality_code
    if options.code_field is None and len(areas) == 1:
        return areas
    mine = [area for area in areas if area.code == code]
    if len(mine) == 1:
        report.figures["features of other municipalities"] = len(areas) - 1
        report.read = 1
        return mine
    report.refuse(
        None,
        options.code_field or "",
        code,
        f"{len(mine)} of {len(areas)} features have the municipality's code; exactly "
        "one must (--code-field names the column of the codes)",
    )
    return []


def _checked(areas: Iterable[DistrictArea], report: Report) -> list[Candidate]:
    """Return the areas whose boundary and names can be stored; report the others."""
    candidates = []
    for area in areas:
        try:
            boundary = checked_boundary(area.geometry)
        except InvalidRecord as error:
            report.refuse(area.row, error.field, error.value, error.reason)
            continue
        if boundary.repair:
            report.find("repaired", area.row, "geometry", None, boundary.repair)
        candidates.append(Candidate(area.row, area.names, area.code or "", boundary))
    return candidates


def _coded(
    candidates: list[Candidate],
    municipality: Municipality,
    options: DistrictOptions,
    report: Report,
) -> list[Candidate]:
    """Return the candidates with their codes; a code or name given twice is refused."""
    if options.level == DistrictLevel.MUNICIPALITY:
        return [c.with_code(municipality.code) for c in candidates]
    if options.code_field is not None or any(c.code for c in candidates):
        return list(_unique(candidates, "code", report))
    candidates = list(_unique(candidates, "name", report))
    in_force = District.objects.filter(
        municipality=municipality, level=options.level, valid_to__isnull=True
    )
    if not options.schematic:  # real districts do not inherit the numbers of a drawing
        in_force = in_force.filter(is_schematic=False)
    stored = {
        name_key(name): code
        for names, code in in_force.values_list("names", "code")
        for name in names.values()
    }
    codes = made_codes(
        [c.name for c in candidates],
        slug=municipality.slug,
        level=options.level,
        stored=stored,
    )
    return [c.with_code(code) for c, code in zip(candidates, codes, strict=True)]


def _unique(
    candidates: Iterable[Candidate], field: str, report: Report
) -> Iterator[Candidate]:
    rows: dict[str, int] = {}
    for candidate in candidates:
        value = candidate.code if field == "code" else name_key(candidate.name)
        if not value:
            report.refuse(candidate.row, field, "", f"a district needs a {field}")
        elif value in rows:
            report.refuse(
                candidate.row, field, value, f"the same {field} as row {rows[value]}"
            )
        else:
            rows[value] = candidate.row
            yield candidate
