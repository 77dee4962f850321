"""Tables as people keep them: CSV of any flavour, and workbooks."""

import codecs
import csv
import io
import zipfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.ingest.fields import SHORT, as_text, cleaned
from layers.ingest.limits import MAX_COLUMNS, MAX_ROWS, checked_file, head, is_zip
from layers.ingest.workbooks import read_sheet

DELIMITERS = (";", ",", "\t", "|")
TABLE_SUFFIXES = frozenset((".csv", ".tsv", ".txt", ".tab"))
HEADER_WITHIN = 20
"""The header is looked for in so many first rows; rows above it are blank."""

MOSTLY_TEXT = 50
"""A text file has less than one NUL byte in so many."""

_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"

Cell = object
NumberedRow = tuple[int, Sequence[Cell]]
Rows = Generator[NumberedRow, None, None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns in order, and its rows that are not blank.

    Rows carry their number as a spreadsheet counts them (the first row is 1), and as
    many cells as there are columns, or more where the row is too long.
    """

    columns: tuple[str, ...]
    rows: Rows
    remarks: tuple[str, ...] = ()


def is_table(path: Path) -> bool:
    """Tell whether a file is a text table or a workbook, rather than a vector file."""
    if path.suffix.lower() in TABLE_SUFFIXES:
        return True
    return head(path, 4) == _OLE or (is_zip(path) and _is_workbook(path))


def read_table(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    max_rows: int | None = None,
) -> Table:
    """Return the table in a CSV file or a workbook.

    UTF-8 (with or without a byte order mark), UTF-16 with one, else Windows-1253; the
    delimiter that makes the most columns of the header. Both can be given instead. Rows
    are read while they are asked for, `max_rows` (`MAX_ROWS`) of them at most.

    Raises
    ------
    UnreadableFile
        See `checked_file`; it is no text, no workbook, has no header or no rows, or
        more than `MAX_COLUMNS` or `max_rows`. Also raised while rows are read.
    InvalidParameter
        There is no such sheet or encoding.
    """
    real = checked_file(path)
    name = shown(path.name)
    remarks: tuple[str, ...] = ()
    if head(real, 4) == _OLE:
        raise UnreadableFile(f"{name}: an old .xls workbook; save it as .xlsx or CSV")
    if is_zip(real):
        rows, remarks = read_sheet(real, name, sheet)
    else:
        chosen = encoding or text_encoding(real, name)
        if chosen == "cp1253":
            remarks = ("not UTF-8; read as Windows-1253",)
        rows = _csv_rows(real, name, chosen, delimiter)
    with ExitStack() as opened:
        opened.callback(rows.close)
        header = _header(rows, name)
        opened.pop_all()  # from here on the table's rows close the file
    limit = MAX_ROWS if max_rows is None else max_rows
    return Table(header, _not_blank(rows, len(header), name, limit), remarks)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def text_encoding(path: Path, name: str) -> str:
    """Return the encoding that the whole file can be read in.

    Raises
    ------
    UnreadableFile
        It is neither UTF-8, UTF-16 with a byte order mark nor Windows-1253.
    """
    start = head(path, 4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    beginning = head(path, _CHUNK)
    # A stray one is refused with its row; a text file does not consist of them.
    if beginning.count(0) * MOSTLY_TEXT > len(beginning):
        raise UnreadableFile(f"{name}: not a text file (it holds NUL bytes)")
    for encoding in ("utf-8-sig", "cp1253"):
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFile(f"{name}: neither UTF-8 nor Windows-1253 text")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except OSError as error:
        raise UnreadableFile(f"{shown(path.name)}: {error.strerror}") from error
    return True


def _csv_rows(path: Path, name: str, encoding: str, delimiter: str | None) -> Rows:
    if delimiter is not None and len(delimiter) != 1:
        raise InvalidParameter("delimiter", delimiter, "one character")
    number = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            chosen = delimiter or _delimiter(file)
            file.seek(0)
            for number, row in enumerate(csv.reader(file, delimiter=chosen), start=1):
                yield number, row
    except LookupError as error:
        raise InvalidParameter("encoding", encoding, "one that Python knows") from error
    except UnicodeError as error:
        raise UnreadableFile(
            f"{name}: after row {number}: not {encoding} text"
        ) from error
    except csv.Error as error:
        raise UnreadableFile(
            f"{name}: after row {number}: {error}; is a quotation mark not closed?"
        ) from error


def _delimiter(file: io.TextIOBase) -> str:
    """Return the delimiter that cuts the first line with text into the most columns."""
    for _ in range(HEADER_WITHIN):
        line = file.readline(_CHUNK)
        if line.strip(" \t;,|\r\n"):
            return max(
                DELIMITERS, key=lambda d: len(next(csv.reader([line], delimiter=d)))
            )
    return DELIMITERS[0]


def _header(rows: Rows, name: str) -> tuple[str, ...]:
    for number, row in rows:
        texts = [as_text(cell) for cell in row]
        if any(text.strip() for text in texts):
            return _names(texts, name)
        if number >= HEADER_WITHIN:
            break
    raise UnreadableFile(f"{name}: no header; the first row names the columns")


def _names(texts: list[str], name: str) -> tuple[str, ...]:
    while texts and not texts[-1].strip():
        texts.pop()
    if len(texts) > MAX_COLUMNS:
        raise UnreadableFile(f"{name}: more than {MAX_COLUMNS} columns")
    names: list[str] = []
    for text in texts:
        column, _ = cleaned(text, "header", limit=SHORT, lines=False)
        if column and column in names:
            raise UnreadableFile(f"{name}: two columns are called {shown(column)!r}")
        names.append(column)
    return tuple(names)


def _not_blank(rows: Rows, width: int, name: str, max_rows: int) -> Rows:
    count = 0
    with closing(rows):
        for number, row in rows:
            # A 0 is falsy and not blank; only then is a closer look worth its time.
            if not any(row) and all(cell is None or cell == "" for cell in row):
                continue
            count += 1
            if count > max_rows:
                raise UnreadableFile(f"{name}: more than {max_rows:,} rows; split it")
            missing = width - len(row)
            yield number, [*row, *[None] * missing] if missing > 0 else row
    if not count:
        raise UnreadableFile(f"{name}: a header, and no row below it")
