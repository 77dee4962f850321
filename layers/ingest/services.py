"""Services from a table or a point file, with all their parts."""

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from layers.directory.service_organizations import organizations_by_name
from layers.directory.service_record import ServiceRecord
from layers.directory.service_writes import plan_services, write_services
from layers.errors import InvalidParameter, InvalidRecord, shown
from layers.ingest.cells import Cells
from layers.ingest.limits import MAX_REFUSED_ROWS
from layers.ingest.mapping import ColumnMapping, read_mapping
from layers.ingest.place_rows import is_protected
from layers.ingest.places import PointRules
from layers.ingest.report import WITHHELD, Mode, Report
from layers.ingest.service_findings import (
    Rows,
    is_withheld,
    organization_keys,
    refuse_conflicts,
    report_odd,
)
from layers.ingest.service_rows import RowContext, read_record
from layers.ingest.service_sources import SourceRow, read_source
from layers.ingest.vocabulary import Vocabulary
from layers.ingest.writing import locked_municipality, may_write, one_transaction
from layers.models import Municipality
from layers.models.base import TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """What the one who imports says about a file of services.

    Attributes
    ----------
    municipality : str
        Slug of a municipality that is loaded.
    mapping : Path, optional
        TOML file: which column of the file is which of ours (docs/how-to/import.md).
    source, licence : str, optional
        For rows that do not say their own.
    layer : str, optional
        Layer of a vector file, or sheet of a workbook.
    crs : str, optional
        Reference system of the columns lon and lat, or of a vector file that does not
        say its own.
    publish : bool
        New services can be seen at once; without it they are drafts.
    """

    municipality: str
    mapping: Path | None = None
    source: str | None = None
    licence: str | None = None
    layer: str | None = None
    crs: str | None = None
    publish: bool = False

    def __post_init__(self) -> None:
        """Refuse what no file could mend."""
        for name, value in (("source", self.source), ("license", self.licence)):
            if value is not None and (not value.strip() or len(value) > TEXT):
                raise InvalidParameter(name, value, f"a text of 1 to {TEXT} characters")


def import_services(
    path: Path, options: ServiceOptions, mode: Mode | None = None
) -> Report:
    """Load services from CSV, XLSX, GeoJSON, GeoPackage or any other point file.

    A service is recognised by (municipality, source, source_id). Columns that the file
    has not are left as they are stored; an empty cell empties. The read model is
    written in the same transaction.

    Returns
    -------
    Report
        `duplicates` are pairs that may be one service, `outside` lie outside the
        municipality or in no district, `noted` says what else is odd.

    Raises
    ------
    UnreadableFile, InvalidParameter
        The file or the mapping cannot be read, or an option does not fit it.
    NotFound
        The municipality is not loaded.
    ImportRefused, Unavailable
        The database refused or failed; nothing was written.
    """
    report = Report(
        what="services",
        file=shown(path.name),
        municipality=options.municipality,
        source=options.source or "",
        licence=options.licence or "",
        mode=mode or Mode(),
    )
    mapping = read_mapping(options.mapping) if options.mapping else ColumnMapping()
    with one_transaction(report):
        municipality = locked_municipality(options.municipality)
        rows = _records(path, options, mapping, municipality, report)
        report_odd(rows, municipality, report)
        _write(rows, municipality, options, report)
    return report


def _records(
    path: Path,
    options: ServiceOptions,
    mapping: ColumnMapping,
    municipality: Municipality,
    report: Report,
) -> Rows:
    source = read_source(path, mapping, layer=options.layer, crs=options.crs)
    for remark in source.remarks:
        report.find("noted", None, "", None, remark)
    known = set(organizations_by_name(municipality))
    context = RowContext(
        vocabulary=Vocabulary.of(municipality),
        points=PointRules(municipality, source.crs),
        known_organizations=known,
        today=timezone.localdate(),
        source=options.source or "",
        licence=options.licence or "",
    )
    rows: Rows = {}
    keys: dict[tuple[str, str], int] = {}
    for row in source.rows:
        report.read += 1
        record = _record(row, mapping, context, report)
        if record is None:
            if len(report.refused_rows) > MAX_REFUSED_ROWS:
                report.refuse(
                    None, "", None, f"not read beyond row {row.number}: too many faults"
                )
                break
        elif (first := keys.setdefault(record.key, row.number)) != row.number:
            reason = f"the same source_id as row {first}"
            told = WITHHELD if is_withheld(record) else record.source_id
            report.refuse(row.number, "source_id", told, reason)
        else:
            rows[row.number] = record
            known |= organization_keys(record)
    return rows


def _record(
    row: SourceRow, mapping: ColumnMapping, context: RowContext, report: Report
) -> ServiceRecord | None:
    protected = is_protected(row.values.get("visibility", ""))
    cells = Cells(row.number, row.values, report, protected=protected)
    if row.fault:
        cells.refuse(InvalidRecord("", "", row.fault))
        return None
    try:
        source_id = cells.text("source_id", limit=190)
        if not source_id and mapping.id_from:
            source_id = mapping.made_id(cells.text)
    except InvalidRecord as error:
        cells.refuse(error)
        return None
    return read_record(cells, source_id, context)


def _write(
    rows: Rows, municipality: Municipality, options: ServiceOptions, report: Report
) -> None:
    refuse_conflicts(rows, report)
    sources = {options.source} if options.source else set()
    plan = plan_services(
        list(rows.values()), municipality, publish=options.publish, sources=sources
    )
    report.created, report.updated = len(plan.new), len(plan.changed)
    report.unchanged, report.absent = len(plan.unchanged), len(plan.absent)
    if plan.new and not options.publish:
        report.find(
            "noted", None, "", None,
            f"{len(plan.new)} new services are drafts and cannot be seen yet; publish "
            "them in the admin, or import again with --publish",
        )  # fmt: skip
    for (source, source_id), protected in plan.absent.items():
        told = WITHHELD if protected else source_id
        reason = f"stored from {source!r} and not in the file any more; left as it is"
        report.find("noted", None, "source_id", told, reason)
    if may_write(report):
        write_services(plan)
