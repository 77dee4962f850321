"""CSV (RFC 4180), UTF-8: for programs as it is, for spreadsheets without formulas."""

import csv
import io
from collections.abc import Callable, Iterator

from layers.exports.extract import Extract
from layers.published.layers.field_sql import spreadsheet_sql, text_sql
from layers.published.layers.layer import Column, GeometryKind

BYTE_ORDER_MARK = "\ufeff"
"""By which a spreadsheet knows UTF-8."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_records(extract: Extract) -> Iterator[bytes]:
    """Yield a header and a record for each row.

    Points are two columns `lon` and `lat` (`x` and `y` in a projected system), other
    geometries a column `WKT`, x before y in both. Null is an empty field, an empty text
    is `""`; lists are JSON. Values are as they are stored, unless a spreadsheet is to
    open it: then it begins with a byte order mark, and texts that a spreadsheet would
    take for a formula have an apostrophe before them.
    """
    fields = _fields(extract)
    head = _head([name for name, _ in fields], extract.wanted.for_spreadsheet)
    items = [sql for _, sql in fields]
    for batch in extract.reading.records(items, extract.condition):
        yield head + b"".join(record[:-1].tobytes() + b"\r\n" for record in batch)
        head = b""
    if head:
        yield head


def _head(names: list[str], for_spreadsheet: bool) -> bytes:  # noqa: FBT001 (private)
    if for_spreadsheet:
        names = [f"'{name}" if name.startswith(_FORMULA) else name for name in names]
    text = io.StringIO()
    csv.writer(text).writerow(names)
    mark = BYTE_ORDER_MARK if for_spreadsheet else ""
    return (mark + text.getvalue()).encode()


def _fields(extract: Extract) -> list[tuple[str, str]]:
    of: Callable[[Column], str] = (
        spreadsheet_sql if extract.wanted.for_spreadsheet else text_sql
    )
    fields = [(column.name, of(column)) for column in extract.columns]
    return fields + place_fields(extract)


def place_fields(extract: Extract) -> list[tuple[str, str]]:
    """Return names and SQL of the columns that hold the geometry; empty for none."""
    geometry, shape = extract.geometry, extract.shape_sql
    if geometry is None or shape is None:
        return []
    decimals = extract.wanted.system.decimals
    taken = {column.name.lower() for column in extract.columns}
    if geometry.kind is not GeometryKind.POINT:
        return [(_free("WKT", taken), f"ST_AsText({shape}, {decimals})")]
    names = ("lon", "lat") if extract.wanted.system.is_geographic else ("x", "y")
    axes = [("ST_X", names[0]), ("ST_Y", names[1])]
    if geometry.dimensions > 2:
        axes.append(("ST_Z", "z"))
    return [
        (_free(name, taken), f"round({axis}({shape})::numeric, {decimals})")
        for axis, name in axes
    ]


def _free(name: str, taken: set[str]) -> str:
    while name.lower() in taken:
        name += "_"
    return name
