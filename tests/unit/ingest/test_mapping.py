"""Mapping files: what they may say, and what is refused with its section and key."""

from pathlib import Path

import pytest

from layers.errors import InvalidRecord, UnreadableFile
from layers.ingest.mapping import ColumnMapping, read_mapping


def mapping(tmp_path: Path, text: str) -> ColumnMapping:
    file = tmp_path / "m.toml"
    file.write_text(text, encoding="utf-8")
    return read_mapping(file)


FULL = """
[file]
crs = "EPSG:2100"
delimiter = ";"
[columns]
"Επωνυμία" = "name_el"
"Τύπος" = "categories"
[constants]
organization_type = "municipal"
demo = false
[values.categories]
"Νοσοκομείο" = "hospital"
"Λοιπά" = ""
[values.status]
"ΝΑΙ" = "active"
[id]
from = ["name_el", "address_el"]
[ignore]
columns = ["Σχόλια", "hourss"]
"""


def test_columns_are_found_by_the_mapping_and_by_our_names(tmp_path: Path) -> None:
    columns = ["Επωνυμία", " Organization ", "License", "Σχόλια", "other", "hourss"]
    found, remarks = mapping(tmp_path, FULL.replace('"Τύπος" = "categories"', "")).ours(
        columns, file="a.csv"
    )
    assert found == {"name_el": 0, "organization": 1, "licence": 2}
    assert remarks == ["columns left out: other"]


def test_values_are_translated_part_by_part(tmp_path: Path) -> None:
    known = mapping(tmp_path, FULL)
    assert known.value("categories", "ΝΟΣΟΚΟΜΕΙΟ; Λοιπά;library") == "hospital;library"
    assert known.value("status", "ναι") == "active"
    assert known.value("status", "όχι") == "όχι"
    assert known.constants["demo"] == "no"
    assert (known.crs, known.delimiter, known.sheet) == ("EPSG:2100", ";", None)


def test_an_id_made_of_columns_does_not_depend_on_spelling(tmp_path: Path) -> None:
    known = mapping(tmp_path, FULL)
    texts = {"name_el": "Κέντρο  Α", "address_el": "Οδός 1"}
    again = {"name_el": "ΚΕΝΤΡΟ Α", "address_el": "οδος 1"}
    other = {"name_el": "Κέντρο Α", "address_el": "Οδός 2"}
    made = known.made_id(lambda column: texts[column])
    assert made == known.made_id(lambda column: again[column])
    assert made != known.made_id(lambda column: other[column])
    with pytest.raises(InvalidRecord, match="are empty"):
        known.made_id(lambda _: "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[columns", "not a TOML file"),
        ("a = 1", "'a' is not known"),
        ("[file]\nencodin = 'x'", r"\[file\] 'encodin' is not known"),
        ("[columns]\nx = 'nam_el'", "did you mean 'name_el'"),
        ("[columns]\nx = ['name_el']", "not a plain value"),
        ("columns = 1", r"\[columns\] is not a table"),
        ("[constants]\ncolour = 'red'", "none of our columns"),
        ("values = 1", r"\[values\]"),
        ("[values]\nstatus = 1", r"\[status\] is not a table"),
        ("[values.colour]\nx = 'y'", "none of our columns"),
        ("[id]\nfrom = 'name_el'", "is a list of columns"),
        ("[id]\nfrom = ['x']", "none of our columns"),
        ("[ignore]\ncolumn = ['x']", "'column' is not known"),
    ],
)
def test_a_mapping_that_says_something_else_is_refused(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        mapping(tmp_path, text)


def test_a_mapping_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="not a TOML file"):
        read_mapping(file)


def test_a_column_that_the_table_has_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="'Επωνυμία', which is not there"):
        mapping(tmp_path, FULL).ours(["Τύπος"], file="a.csv")


def test_two_columns_for_one_of_ours_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="both become lon"):
        ColumnMapping().ours(["lon", "Longitude"], file="a.csv")


def test_a_misspelt_column_is_not_lost_in_silence() -> None:
    with pytest.raises(UnreadableFile, match="did you mean 'languages'"):
        ColumnMapping().ours(["langauges"], file="a.csv")
