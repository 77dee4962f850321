"""Tables as people keep them."""

import csv
import io
import os
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from layers.errors import InvalidParameter, UnreadableFile
from layers.ingest.tables import Table, is_table, read_table

HEADER = ("name_el", "lon")


def written(path: Path, content: str | bytes) -> Path:
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content)
    return path


def rows(table: Table) -> list[tuple[int, list[object]]]:
    return [(number, list(cells)) for number, cells in table.rows]


def refused(path: Path, **options: str) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        rows(read_table(path, **options))
    return refusal.value.detail


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1253", "utf-16"])
def test_every_delimiter_and_encoding(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    text = f"name_el{delimiter}lon\r\nΚυψέλη{delimiter}23.7\r\n"
    table = read_table(written(tmp_path / "a.csv", text.encode(encoding)))
    assert table.columns == HEADER
    assert rows(table) == [(2, ["Κυψέλη", "23.7"])]


def test_windows_1253_is_remarked(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "όνομα;x\nα;1".encode("cp1253"))
    assert read_table(file).remarks == ("not UTF-8; read as Windows-1253",)


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", '\na,b\n"1\n1",2\n\n,\n3,4\n')
    assert rows(read_table(file)) == [(3, ["1\n1", "2"]), (6, ["3", "4"])]


def test_short_rows_are_filled_and_long_ones_shown(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "a,b\n1\n1,2,3\n")
    assert rows(read_table(file)) == [(2, ["1", None]), (3, ["1", "2", "3"])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00" * 5_000, "NUL bytes"),
        (b"a,b\n\xaa\xd2\xff\xaa,1\n", "neither UTF-8 nor Windows-1253"),
        (b"\xff\xfea\x00,\x00b\x00\n\x00\x00\xd8", "not utf-16 text"),
        ("\n\n\n", "no header"),
        (";;;\n;;\n", "no header"),
        ("a,b\n", "no row below"),
        ("a,b\n,\n\n", "no row below"),
        ("a,a\n1,2\n", "two columns are called 'a'"),
        ('a,b\n"' + "x" * 200_000, "quotation mark not closed"),
        (",".join(f"c{n}" for n in range(501)) + "\n1", "more than 500 columns"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old .xls"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_files_that_are_no_table(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    assert reason in refused(written(tmp_path / "a.csv", content))


def test_random_bytes_are_refused_quickly(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", os.urandom(2_000_000))
    assert "neither UTF-8 nor" in refused(file)


def test_an_encoding_or_delimiter_that_is_none(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "a,b\n1,2\n")
    with pytest.raises(InvalidParameter, match="encoding"):
        rows(read_table(file, encoding="klingon"))
    with pytest.raises(InvalidParameter, match="delimiter"):
        rows(read_table(file, delimiter="::"))


def test_too_many_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.ingest.tables.MAX_ROWS", 2)
    assert "more than 2 rows" in refused(written(tmp_path / "a.csv", "a\n1\n2\n3\n"))


# --- Workbooks --------------------------------------------------------------------


def workbook(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for n, sheet in enumerate(sheets, start=1):
        page = book.create_sheet(f"Φύλλο {n}")
        for row in sheet:
            page.append(list(row))
    book.save(path)
    return path


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Return a copy of a workbook with something else in one part."""
    copy = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new)
            target.writestr(name, data)
    path.write_bytes(copy.getvalue())
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_keeps_types(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx", [HEADER, ("Κυψέλη", 23.7), (None, None), (True, 5)]
    )
    assert is_table(file)
    assert rows(read_table(file)) == [(2, ["Κυψέλη", 23.7]), (4, [True, 5])]


def test_dates_of_a_workbook_are_dates(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [("verified_on",), (date(2026, 5, 1),)])
    ((_, (cell,)),) = rows(read_table(file))
    assert str(cell).startswith("2026-05-01")


def test_a_sheet_is_chosen_and_the_others_are_remarked(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [("a",), (1,)], [("b",), (2,)])
    assert read_table(file, sheet="Φύλλο 2").columns == ("b",)
    assert "not Φύλλο 2" in read_table(file).remarks[0]
    with pytest.raises(InvalidParameter, match="Φύλλο 1, Φύλλο 2"):
        read_table(file, sheet="Sheet1")


def test_a_formula_gives_its_stored_value_or_itself(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [("a", "b"), ("=1+1", "=2+2")])
    # openpyxl writes the empty value as its XML library does, which may be lxml.
    with zipfile.ZipFile(file) as archive:
        (empty,) = re.findall(rb"<f>1\+1</f>(<v ?/>|<v></v>)", archive.read(SHEET))
    rewritten(file, SHEET, b"<f>1+1</f>" + empty, b"<f>1+1</f><v>2</v>")
    assert rows(read_table(file)) == [(2, [2, "=2+2"])]


def test_a_sheet_that_claims_to_be_huge_is_read_as_it_is(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [("a",), (1,)])
    rewritten(file, SHEET, b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert rows(read_table(file)) == [(2, [1])]


def test_a_sheet_that_is_too_wide_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [tuple(f"c{n}" for n in range(600)), (1,)])
    assert "more than 500 columns" in refused(file)


def test_entities_are_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [("a",), (1,)])
    rewritten(
        file,
        SHEET,
        b"<worksheet",
        b'<!DOCTYPE x [<!ENTITY lol "lol">]><worksheet',
    )
    assert "declares entities" in refused(file)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x", "y")
    assert "not an .xlsx workbook" in refused(file)


def test_a_damaged_workbook(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [("a",), (1,)])
    rewritten(file, SHEET, b"</sheetData>", b"<</sheetData>")
    assert "damaged workbook" in refused(file)


def test_what_is_a_table(tmp_path: Path) -> None:
    archive = tmp_path / "shapes.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.shp", "x")
    assert not is_table(archive)
    assert is_table(tmp_path / "missing.CSV")
    assert not is_table(written(tmp_path / "a.geojson", "{}"))


def test_csv_of_csv_module_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    cells = ['with "quotes"', "line\nbreak", "semi;colon", "comma,"]
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows([("a", "b", "c", "d"), cells])
    assert rows(read_table(file)) == [(2, cells)]
