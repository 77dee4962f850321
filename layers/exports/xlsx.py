"""Excel workbooks (Office Open XML): the rows, and a sheet on what they are."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

from layers.errors import InvalidParameter
from layers.exports.arrow import field, items_of, record_batches
from layers.exports.csv import place_fields
from layers.exports.extract import Extract
from layers.published.layers.layer import GeometryKind

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""

MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
LARGEST_WHOLE = 10**15
"""Excel's numbers have 15 digits; longer whole ones are written as text."""

FIRST_DAY = date(1900, 3, 1)
"""Before it Excel's calendar has a day that never was; such days are written as text."""

_FORMATS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss"}
_NO_TEXT = ("=", "#")
"""What openpyxl takes for the beginning of a formula or of an error."""


def workbook(extract: Extract, folder: Path) -> Path:
    """Write the extract into `folder` and return the file.

    Numbers, days and moments (UTC) are what they are; text is text, also where it looks
    like a formula. Lists are JSON. Points are two columns, other geometries WKT, as in
    CSV. A text that is longer than Excel's 32,767 characters ends in "…" there.

    Raises
    ------
    InvalidParameter
        There are more rows or columns than a sheet holds.
    """
    places = place_fields(extract)
    _check_size(extract, len(places))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    names = [*(c.name for c in extract.columns), *(name for name, _ in places)]
    sheet.append([_cell(sheet, name) for name in names])
    for row in _rows(extract, names, [sql for _, sql in places]):
        sheet.append([_cell(sheet, value) for value in row])
    _describe(book, extract)
    path = folder / f"{extract.layer.id}.xlsx"
    book.save(path)
    return path


def _check_size(extract: Extract, n_places: int) -> None:
    (rows,) = extract.reading.one("count(*)", extract.condition)
    if rows > MOST_ROWS:
        raise InvalidParameter(
            "format",
            f"xlsx of {rows} rows",
            f"a sheet holds {MOST_ROWS}; filter, or take another format",
        )
    columns = len(extract.columns) + n_places
    if columns > MOST_COLUMNS:
        raise InvalidParameter(
            "format",
            f"xlsx of {columns} columns",
            f"a sheet holds {MOST_COLUMNS}; choose some by `properties`",
        )


def _rows(
    extract: Extract, names: list[str], places: list[str]
) -> Iterator[Sequence[Any]]:
    is_point = extract.geometry and extract.geometry.kind is GeometryKind.POINT
    fields = [field(c, c.name) for c in extract.columns]
    place_type = pa.float64() if is_point else pa.string()
    fields += [pa.field(name, place_type) for name in names[len(fields) :]]
    schema = pa.schema([f.remove_metadata() for f in fields])
    items = [*items_of(extract.columns, None), *places]
    for batch in record_batches(extract.reading, schema, items, extract.condition):
        columns = [_plain(column).to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)


def _plain(column: pa.Array) -> pa.Array:
    """Return moments without their zone, which is UTC: a sheet knows no zones."""
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us"))
    return column


def _cell(sheet: Any, value: Any) -> Any:
    """Return what goes into a cell; a cell of its own only where it needs one."""
    if isinstance(value, str):
        return _text(sheet, value)
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        if day < FIRST_DAY:
            return value.isoformat()
        cell: Any = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = _FORMATS[type(value)]
        return cell
    if isinstance(value, int) and abs(value) >= LARGEST_WHOLE:
        return str(value)
    if isinstance(value, float) and value - value != 0:  # NaN or infinite
        return str(value)
    return value


def _text(sheet: Any, value: str) -> Any:
    text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    if not text.startswith(_NO_TEXT):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _describe(book: Any, extract: Extract) -> None:
    """Add the sheet that says what the rows are, and the same to the file's properties."""
    about = extract.about
    sheet = book.create_sheet("about")
    for name, value in about.items():
        sheet.append([name, _cell(sheet, value)])
    sheet.append([])
    sheet.append(["column", "title", "description", "unit"])
    for column in extract.columns:
        told = extract.told(column)
        sheet.append([_cell(sheet, text) for text in (column.name, *told)])
    known = book.properties
    known.title = about.get("title", extract.layer.id)
    known.description = about.get("description")
    known.keywords = about.get("licence")
    known.creator = about["publisher"]
    changed_at = extract.reading.state.changed_at or extract.wanted.made_at
    known.created = known.modified = changed_at.astimezone(UTC).replace(tzinfo=None)
