"""Publish any vector file as a layer: read in batches, written in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.ingest.layer_crs import Storage, storage
from layers.ingest.layer_files import LayerFile, layer_file
from layers.ingest.layer_gdal import gdal_source
from layers.ingest.layer_geometry import GeometryReader
from layers.ingest.layer_names import checked_collection_id, collection_id
from layers.ingest.layer_options import LayerOptions
from layers.ingest.layer_parquet import parquet_source
from layers.ingest.layer_plan import table_plan
from layers.ingest.layer_publishing import publish, reserve
from layers.ingest.layer_source import MAX_FEATURES, Source
from layers.ingest.layer_staging import Staging, straightened
from layers.ingest.layer_table import write_table
from layers.ingest.layer_types import column_type
from layers.ingest.limits import MAX_COLUMNS, MAX_REFUSED_ROWS, max_bytes
from layers.ingest.report import Mode, Report
from layers.ingest.writing import may_write, one_transaction
from layers.published.layers.layer import SCHEMA, quoted

MAX_GROWTH = 20
"""How many times `MAX_UPLOAD_MB` the rows of a file may take when written out: a view in a
GeoPackage can make any number of them."""


def import_layer(path: Path, options: LayerOptions, mode: Mode | None = None) -> Report:
    """Publish one layer of a file.

    Columns, types, geometries and ids stay as the file has them; the report says where
    they could not. All rows are written or none; readers see an earlier layer of the
    same id until the new one is whole.

    Parameters
    ----------
    path : Path
        A local file: any vector format of GDAL, a zipped one, or GeoParquet.
    options : LayerOptions
        What the person says about it.
    mode : Mode, optional
        Dry run, or good rows only.

    Returns
    -------
    Report
        `what` is `layer <id>`; figures say system, geometry, key and time.

    Raises
    ------
    UnreadableFile
        See `layer_file` and `gdal_source`; too many columns, features or bytes.
    InvalidParameter
        An option names what does not exist, the id is taken, or no system is known.
    ImportRefused
        The database refused a value; the message says which kind.
    Unavailable
        The database is away, or readers held the layer to be replaced for too long.
    """
    report = Report(
        what="layer",
        file=shown(path.name),
        municipality="",
        source=options.source or path.name,
        licence=options.licence,
        mode=mode or Mode(),
    )
    with _opened(path, options) as source, one_transaction(report):
        collection = _collection(source, options)
        report.what = f"layer {collection}"
        reserve(collection, replace=options.replace)
        _write(source, options, report, collection)
    if report.written:
        _vacuum(collection)
    return report


@contextmanager
def _opened(path: Path, options: LayerOptions) -> Iterator[Source]:
    with layer_file(path, options) as file:
        opener = parquet_source if file.is_parquet else gdal_source
        with opener(file, options) as source:
            _check_shape(file, source)
            yield source


def _check_shape(file: LayerFile, source: Source) -> None:
    if len(source.columns) > MAX_COLUMNS:
        raise UnreadableFile(f"{file.name}: more than {MAX_COLUMNS} columns")
    if source.announced > MAX_FEATURES:
        raise UnreadableFile(f"{file.name}: more than {MAX_FEATURES:,} features")


def _collection(source: Source, options: LayerOptions) -> str:
    if options.collection is not None:
        return checked_collection_id(options.collection)
    return collection_id(source.name)


def _write(
    source: Source, options: LayerOptions, report: Report, collection: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    stored = _stored(source, options, report)
    geometries = None
    if stored is not None:
        geometries = GeometryReader(stored, straightened, options.is_repaired, report)
    columns = [(column, column_type(column)) for column in source.columns]
    staging = Staging(columns, geometries, report)
    staging.create()
    _read(source, staging, report)
    plan = table_plan(collection, source, options, staging, report)
    if not may_write(report):
        return
    table = write_table(plan)
    if not report.mode.dry_run:
        publish(collection, table)


def _stored(source: Source, options: LayerOptions, report: Report) -> Storage | None:
    if not source.has_geometry or options.is_placeless:
        if options.srid is not None:
            raise InvalidParameter(
                "srid", options.srid, "not for a layer without geometries"
            )
        return None
    found = storage(source.crs, options.srid, report.file)
    report.figures["reference system"] = f"EPSG:{found.srid}"
    for remark in found.remarks:
        report.find("noted", None, "", "", remark)
    return found


def _read(source: Source, staging: Staging, report: Report) -> None:
    for batch in source.batches:
        staging.copy(batch)
        if report.read > MAX_FEATURES:
            raise UnreadableFile(f"{report.file}: more than {MAX_FEATURES:,} features")
        if staging.bytes > MAX_GROWTH * max_bytes():
            raise UnreadableFile(
                f"{report.file}: its rows are more than {MAX_GROWTH} times the size of "
                "any file that is read (MAX_UPLOAD_MB)"
            )
        if len(report.refused_rows) > MAX_REFUSED_ROWS:
            report.refuse(
                None, "", "", f"not read beyond row {report.read}: too many faults"
            )
            break
    for remark in source.remarks:
        report.find("noted", None, "", "", remark)
    _check_count(source, report)


def _check_count(source: Source, report: Report) -> None:
    """Refuse a file that ended too soon: some drivers take a fault for the end."""
    if source.announced < 0 or source.announced == report.read or report.refused:
        return
    said = f"it says it has {source.announced} features, {report.read} were read"
    if report.read < source.announced and not report.mode.accept_partial:
        raise UnreadableFile(
            f"{report.file}: {said}; it is damaged (--accept-partial takes what is there)"
        )
    report.find("noted", None, "", "", said)


def _vacuum(collection: str) -> None:
    """Settle the new rows, which the first readers would otherwise do."""
    if connection.in_atomic_block:
        return  # a test's: VACUUM knows no transaction
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (FREEZE) {SCHEMA}.{quoted(collection)}")
