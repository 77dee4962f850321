"""Workbooks (XLSX), read without trusting what they say of themselves."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from layers.errors import InvalidParameter, UnreadableFile, shown
from layers.ingest.limits import MAX_COLUMNS

_CHUNK = 1 << 20
_FORMULA = re.compile(rb"<f[ >/]")
_FAULTS = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    struct.error,
    OSError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
)
"""What openpyxl raises on workbooks that are broken or are not workbooks."""

Rows = Generator[tuple[int, Sequence[object]], None, None]


def read_sheet(
    path: Path, name: str, sheet: str | None
) -> tuple[Rows, tuple[str, ...]]:
    """Return the rows of a sheet with their numbers, and remarks.

    Cells hold the values that were last computed; a formula whose value was not stored
    is given as its own text, which no column accepts.

    Parameters
    ----------
    path : Path
        A ZIP archive that `checked_file` let pass.
    sheet : str, optional
        Its first sheet without one.

    Raises
    ------
    UnreadableFile
        It is no workbook, broken, or its XML declares a document type.
    InvalidParameter
        There is no such sheet.
    """
    has_formulas = _checked_parts(path, name)
    with ExitStack() as opened:
        values = _opened(path, name, opened, data_only=True)
        formulas = (
            _opened(path, name, opened, data_only=False) if has_formulas else None
        )
        titles = values.sheetnames
        chosen = sheet or next(iter(titles), None)
        if chosen not in titles:
            allowed = f"a sheet of {name}: {shown(', '.join(titles))}"
            raise InvalidParameter("layer", sheet, allowed)
        streams = opened.pop_all()  # from here on the rows close what they read
    rest = [title for title in titles if title != chosen]
    remarks: tuple[str, ...] = ()
    if sheet is None and rest:
        remarks = (f"sheet {chosen!r} was read, not {shown(', '.join(rest))}",)
    return _rows(values, formulas, chosen, name, streams), remarks


def _opened(path: Path, name: str, opened: ExitStack, *, data_only: bool) -> Workbook:
    try:
        stream = opened.enter_context(path.open("rb"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it leaves out
            return load_workbook(stream, read_only=True, data_only=data_only)
    except _FAULTS as error:
        raise _broken(name, error) from error


def _rows(
    values: Workbook,
    formulas: Workbook | None,
    sheet: str,
    name: str,
    streams: ExitStack,
) -> Rows:
    with streams:
        try:
            computed = _cells(values, sheet)
            if formulas is None:
                yield from enumerate(computed, start=1)
                return
            pairs = zip_longest(computed, _cells(formulas, sheet), fillvalue=())
            for number, (row, written) in enumerate(pairs, start=1):
                yield (
                    number,
                    [
                        formula if value is None else value
                        for value, formula in zip_longest(row, written)
                    ],
                )
        except _FAULTS as error:
            raise _broken(name, error) from error


def _cells(book: Workbook, sheet: str) -> Iterator[Sequence[object]]:
    page = book[sheet]
    # A sheet may claim to be a million columns wide; what counts is what is in it.
    page.reset_dimensions()
    for row in page.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
        filled = len(row)
        while filled and row[filled - 1] is None:
            filled -= 1
        yield row[:filled]


def _checked_parts(path: Path, name: str) -> bool:
    """Tell whether there are formulas; refuse what is no workbook, or has entities."""
    try:
        return _check_parts(path, name)
    except _FAULTS as error:
        raise _broken(name, error) from error


def _check_parts(path: Path, name: str) -> bool:
    has_formulas = False
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise UnreadableFile(f"{name}: a ZIP archive, but not an .xlsx workbook")
        for entry in archive.namelist():
            if not entry.endswith((".xml", ".rels")):
                continue
            with archive.open(entry) as part:
                start = part.read(_CHUNK)
                if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                    raise UnreadableFile(f"{name}: {shown(entry)} declares entities")
                if entry.startswith("xl/worksheets/") and not has_formulas:
                    has_formulas = _has_formulas(part, start)
    return has_formulas


def _has_formulas(part: IO[bytes], start: bytes) -> bool:
    while start:
        if _FORMULA.search(start):
            return True
        more = part.read(_CHUNK)
        start = start[-2:] + more if more else b""
    return False


def _broken(name: str, error: Exception) -> UnreadableFile:
    return UnreadableFile(f"{name}: a damaged workbook ({shown(str(error))})")
