"""The rows of a file on their way into the database: copied batch by batch, unsorted."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.types as pt
from django.db import DatabaseError, DataError, connection
from psycopg import sql

from layers.errors import ImportRefused, shown
from layers.ingest.layer_geometry import GeometryReader
from layers.ingest.layer_source import Batch, SourceColumn
from layers.ingest.layer_types import ColumnType, without_nan
from layers.ingest.report import Report

STAGING = "layer_staging"
"""A temporary table: seen by this connection only, gone with its transaction."""

_CSV = pyarrow.csv.WriteOptions(include_header=False)

_COLUMNS = "n bigint, id bigint, geometry geometry"


@dataclass(slots=True)
class Staging:
    """Copies batches into the temporary table, leaving out the rows that it refuses.

    Columns are called `c0`, `c1` … there: names come with the final table.

    Attributes
    ----------
    columns : sequence of (SourceColumn, ColumnType or None)
        In the order of the batches' arrays; None where a column is left out.
    geometries : GeometryReader or None
        None for a table.
    report : Report
        Takes what is refused; `read` and `created` are counted here.
    nan : dict of str to int
        How many NaN of a column became null.
    bytes : int
        How much was copied.
    """

    columns: Sequence[tuple[SourceColumn, ColumnType | None]]
    geometries: GeometryReader | None
    report: Report
    nan: dict[str, int] = field(default_factory=dict)
    bytes: int = 0

    def create(self) -> None:
        """Make the temporary table."""
        typed = "".join(
            f", c{n} {type_.sql}"
            for n, (_, type_) in enumerate(self.columns)
            if type_ is not None
        )
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{STAGING}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {STAGING} ({_COLUMNS}{typed}) ON COMMIT DROP"
            )

    def copy(self, batch: Batch) -> None:
        """Copy one batch; rows are numbered from 1 in the order of the file.

        Raises
        ------
        ImportRefused
            A value that its type cannot hold; the message names the column.
        """
        first_row = self.report.read + 1
        self.report.read += batch.rows
        arrays: dict[str, pa.Array] = {
            "n": pa.array(np.arange(first_row, first_row + batch.rows)),
            "id": batch.ids if batch.ids is not None else pa.nulls(batch.rows),
        }
        if self.geometries is not None and batch.geometries is not None:
            raw = batch.geometries.to_pylist()
            hexed = self.geometries.read(raw, first_row)
            arrays["geometry"] = pa.array(hexed, pa.string())
        for n, (column, type_) in enumerate(self.columns):
            if type_ is not None:
                whole = self._checked(column.name, batch.columns[n], first_row)
                arrays[f"c{n}"] = type_.copied(whole)
        rows = pa.record_batch(arrays)
        if self.report.refused_rows:
            refused = self.report.refused_rows
            kept = [n not in refused for n in range(first_row, first_row + batch.rows)]
            rows = rows.filter(pa.array(kept))
        self.report.created += rows.num_rows
        self._send(rows)

    def _send(self, rows: pa.RecordBatch) -> None:
        text = io.BytesIO()
        pyarrow.csv.write_csv(rows, text, _CSV)
        self.bytes += text.tell()
        names = sql.SQL(", ").join([sql.Identifier(name) for name in rows.schema.names])
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, ENCODING 'UTF8')")
        try:
            with (
                connection.cursor() as cursor,
                connection.wrap_database_errors,
                cursor.copy(statement.format(sql.Identifier(STAGING), names)) as copy,
            ):
                copy.write(text.getbuffer())
        except DataError as error:
            raise ImportRefused(
                f"{self.report.file}: {self._said(error)}; nothing was written"
            ) from error

    def _said(self, error: DataError) -> str:
        """Return what PostgreSQL said of a value, and of which column it was."""
        diagnosis = getattr(error.__cause__, "diag", None)
        found = re.search(r"column c(\d+)\b", getattr(diagnosis, "context", None) or "")
        where = self.columns[int(found.group(1))][0].name if found else ""
        said = getattr(diagnosis, "message_primary", None) or type(error).__name__
        return f"{f'column {shown(where)!r}: ' if found else ''}{shown(said)}"

    def _checked(self, name: str, array: pa.Array, first_row: int) -> pa.Array:
        """Return an array whose values PostgreSQL can hold; refuse the rows of others."""
        if pt.is_large_string(array.type):
            array = array.cast(pa.string())
        if pt.is_floating(array.type):
            array, nan = without_nan(array)
            if nan:
                self.nan[name] = self.nan.get(name, 0) + nan
            self._refuse(pc.is_inf(array), name, first_row, "an infinite number")
        elif pt.is_string(array.type):
            array = self._readable(name, array, first_row)
            nul = pc.match_substring(array, "\x00")
            self._refuse(nul, name, first_row, "a text with a NUL character")
        return array

    def _readable(self, name: str, array: pa.Array, first_row: int) -> pa.Array:
        try:
            array.validate(full=True)
        except pa.ArrowInvalid:
            texts = array.cast(pa.binary()).to_pylist()
            readable = [text is None or _is_utf8(text) for text in texts]
            self._refuse(
                pc.invert(pa.array(readable)),
                name,
                first_row,
                "not UTF-8; say which encoding it is (--encoding, cp1253 for Greek)",
            )
            kept = [
                text if good else None
                for text, good in zip(texts, readable, strict=True)
            ]
            return pa.array(kept, pa.binary()).cast(pa.string())
        return array

    def _refuse(self, faulty: pa.Array, name: str, first_row: int, reason: str) -> None:
        if not pc.any(faulty).as_py():
            return
        for n in np.flatnonzero(faulty.fill_null(False).to_numpy(zero_copy_only=False)):  # noqa: FBT003
            self.report.refuse(first_row + int(n), name, "", reason)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def straightened(wkb: Sequence[bytes]) -> list[tuple[bytes | None, bool]]:
    """Return geometries with lines for their arcs, and whether each had any.

    PostGIS draws 32 segments to a quarter circle. None where it cannot read one.
    """
    found: list[tuple[bytes | None, bool]] = []
    with connection.cursor() as cursor:
        for one in wkb:
            cursor.execute("SAVEPOINT straightened")
            try:
                cursor.execute(
                    "SELECT ST_AsBinary(ST_CurveToLine(g)), ST_HasArc(g)"
                    " FROM ST_GeomFromWKB(%s) AS g",
                    [one],
                )
            except DatabaseError:
                cursor.execute("ROLLBACK TO SAVEPOINT straightened")
                found.append((None, False))
            else:
                line, had_arc = cursor.fetchone()
                found.append((bytes(line), bool(had_arc)))
            cursor.execute("RELEASE SAVEPOINT straightened")
    return found
