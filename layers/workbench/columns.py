"""Named columns of a table or a vector file, checked cell by cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from shapely.geometry.base import BaseGeometry

from layers.errors import InvalidParameter, InvalidRecord, shown
from layers.geo import WGS84
from layers.ingest.fields import as_text, number
from layers.ingest.limits import checked_file
from layers.ingest.tables import is_table, read_table
from layers.ingest.vector import read_vector
from layers.measures.arrays import FloatArray

LAYER_MARK = "|layername="

Asked = Mapping[str, str | None]
"""Column by the option that names it; None where the option is not given."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns of a file that were asked for, as texts.

    Attributes
    ----------
    file : str
        Name of the file, for messages.
    rows : tuple of int
        Number of each row in the file: of a table as a spreadsheet counts, of a
        vector file features from 1.
    texts : mapping
        Column name to its cells, trimmed; an empty cell is "".
    geometries : tuple or None
        Of a vector file, in the reference system that was asked for; else None.
    faults : tuple of str
        Beside geometries: why one could not be read, "" where there is no fault.
    """

    file: str
    rows: tuple[int, ...]
    texts: Mapping[str, tuple[str, ...]]
    geometries: tuple[BaseGeometry | None, ...] | None = None
    faults: tuple[str, ...] = ()

    def ids(self, column: str) -> tuple[str, ...]:
        """Return the ids of a column.

        Raises
        ------
        InvalidRecord
            One is missing or stands there twice.
        """
        first: dict[str, int] = {}
        for row, text in zip(self.rows, self.texts[column], strict=True):
            if not text:
                raise self.fault(row, column, text, "an id is missing")
            if first.setdefault(text, row) != row:
                reason = f"the id of row {first[text]}, too; ids are unique"
                raise self.fault(row, column, text, reason)
        return self.texts[column]

    def amounts(self, column: str) -> FloatArray:
        """Return the finite numbers >= 0 of a column; an empty cell is a fault."""
        values = self.numbers(column)
        if len(values) and values.min() < 0:
            at = int(np.argmax(values < 0))
            text = self.texts[column][at]
            raise self.fault(self.rows[at], column, text, "below 0")
        return values

    def numbers(self, column: str) -> FloatArray:
        """Return the finite numbers of a column.

        Raises
        ------
        InvalidRecord
            A cell is empty or no finite number (`NaN` and `inf` are none).
        """
        quick = _quick_numbers(self.texts[column])
        if quick is not None:
            return quick
        values = np.empty(len(self.rows))
        for at, (row, text) in enumerate(
            zip(self.rows, self.texts[column], strict=True)
        ):
            if not text:
                raise self.fault(row, column, text, "missing; 0 is written as 0")
            try:
                values[at] = number(text, column, comma=False)
            except InvalidRecord as error:
                raise self.fault(row, column, text, error.reason) from error
        return values

    def fault(self, row: int, column: str, text: str, reason: str) -> InvalidRecord:
        """Return the error that names file, row and column."""
        return InvalidRecord(f"{self.file}, row {row}, {column}", text, reason)


def read_columns(path: Path, asked: Asked, *, target_srid: int | None) -> Columns:
    """Return columns of a CSV file, a workbook or a vector file.

    Parameters
    ----------
    path : Path
        A local file; of one with several layers `FILE|layername=NAME`.
    asked : mapping of str to str or None
        The columns to read by the option that names them.
    target_srid : int or None
        EPSG code that geometries are wanted in; None reads none.

    Raises
    ------
    UnreadableFile
        As `read_table` and `read_vector`: missing, empty, a header without rows,
        broken, too large.
    InvalidParameter
        The file lacks a column; a vector file lacks its reference system.
    """
    file_path, layer = split_layer(path)
    wanted = list(dict.fromkeys(c for c in asked.values() if c is not None))
    if is_table(file_path):
        table = read_table(file_path)
        at = positions(table.columns, asked, path)
        rows, texts = _transposed(table.rows, [at[c] for c in wanted])
        return Columns(path.name, rows, dict(zip(wanted, texts, strict=True)))
    # Where no place is wanted, none is transformed, and a missing CRS is no fault.
    crs = None if target_srid is not None else f"EPSG:{WGS84}"
    file = read_vector(
        file_path,
        layer=layer,
        crs=crs,
        target_srid=target_srid or WGS84,
        layer_option=f"FILE{LAYER_MARK}NAME",
    )
    positions(file.columns, asked, path)
    return Columns(
        path.name,
        tuple(f.number for f in file.features),
        {c: tuple(_text(f.values[c]) for f in file.features) for c in wanted},
        tuple(f.geometry for f in file.features) if target_srid else None,
        tuple(f.fault for f in file.features),
    )


def split_layer(path: Path) -> tuple[Path, str | None]:
    """Return the file and the layer that `FILE|layername=NAME` names, as QGIS writes it.

    Raises
    ------
    UnreadableFile
        There is no such file, or it is a pipe or a device, which nobody waits for.
    """
    text, mark, layer = str(path).partition(LAYER_MARK)
    checked_file(Path(text))
    return Path(text), layer if mark else None


def positions(columns: Sequence[str], asked: Asked, path: Path) -> dict[str, int]:
    """Return where each asked column stands; refuse one that is not there."""
    for option, column in asked.items():
        if column is not None and column not in columns:
            there = shown(", ".join(columns), limit=300)
            raise InvalidParameter(
                option, column, f"a column of {shown(path.name)}: {there}"
            )
    return {c: columns.index(c) for c in asked.values() if c is not None}


def _transposed(
    numbered: Iterable[tuple[int, Sequence[object]]], at: Sequence[int]
) -> tuple[tuple[int, ...], list[tuple[str, ...]]]:
    rows: list[int] = []
    cells: list[list[str]] = [[] for _ in at]
    for row, values in numbered:
        rows.append(row)
        for column, position in zip(cells, at, strict=True):
            column.append(_text(values[position]))
    return tuple(rows), [tuple(column) for column in cells]


def _text(value: object) -> str:
    return as_text(value).strip()


def _quick_numbers(texts: Sequence[str]) -> FloatArray | None:
    """Return plain numbers at the speed of `float`, None where one needs a look."""
    try:
        values = np.array([float(text) for text in texts], dtype=np.float64)
    except ValueError:
        return None
    # float() also takes 1_000, which a person may have meant otherwise.
    plain = bool(np.isfinite(values).all()) and not any("_" in t for t in texts)
    return values if plain else None
