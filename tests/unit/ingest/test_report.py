"""The report: what it counts, prints, writes and keeps to itself."""

import json
from pathlib import Path

import pytest

from layers.errors import ImportRefused, UnreadableFile
from layers.ingest.cells import Cells
from layers.ingest.report import KEPT_FINDINGS, SHOWN_FINDINGS, Mode, Report
from layers.ingest.writing import may_write


def report(**mode: bool) -> Report:
    return Report(
        what="services", file="a.csv", municipality="athens", mode=Mode(**mode)
    )


def test_a_row_with_two_faults_is_one_refused_row() -> None:
    found = report()
    found.refuse(3, "lon", "x", "not a number")
    found.refuse(3, "lat", "y", "not a number")
    assert (found.refused, len(found.refused_rows)) == (2, 1)


def test_one_refused_row_keeps_the_file_out() -> None:
    found = report()
    assert may_write(found)
    found.refuse(3, "lon", "x", "not a number")
    assert not may_write(found)


def test_good_rows_may_be_written_without_the_bad_ones() -> None:
    found = report(accept_partial=True)
    found.refuse(3, "lon", "x", "not a number")
    assert may_write(found)


def test_a_file_refused_as_a_whole_is_never_written() -> None:
    found = report(accept_partial=True)
    found.refuse(None, "", None, "the wrong file")
    assert not may_write(found)


def test_a_refusal_is_raised_with_its_first_reason() -> None:
    found = report()
    assert found.checked() is found
    found.refuse(3, "lon", "x", "not a number")
    found.refuse(4, "lon", "y", "not a number")
    with pytest.raises(
        ImportRefused, match=r"a.csv: row 3, lon 'x': not a number \(and 1 more\)"
    ):
        found.checked()


def test_printed_findings_are_cut_and_json_has_them_all(tmp_path: Path) -> None:
    found = report()
    for row in range(SHOWN_FINDINGS + 5):
        found.refuse(row, "name_el", "x\x1b[31m", "no")
    lines = list(found.lines())
    assert "… and 5 more" in "\n".join(lines)
    assert "\x1b" not in "".join(lines)
    found.write(tmp_path / "r.json")
    data = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert data["refused"]["count"] == len(data["refused"]["rows"]) == 25
    assert data["refused"]["rows"][0] == {
        "row": 0, "field": "name_el", "value": "x\\x1b[31m", "reason": "no",
    }  # fmt: skip
    assert data["written"] is False


def test_findings_are_counted_beyond_what_is_kept() -> None:
    found = report()
    for row in range(KEPT_FINDINGS + 7):
        found.find("noted", row, "", None, "odd")
    assert found.findings["noted"].count == KEPT_FINDINGS + 7
    assert len(found.findings["noted"].kept) == KEPT_FINDINGS


def test_the_outcome_is_said_in_words() -> None:
    dry = report(dry_run=True)
    assert list(dry.lines())[-1] == "  dry run: nothing was written"
    assert "--accept-partial" in list(report().lines())[-1]


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be written"):
        report().write(tmp_path / "missing" / "r.json")


def test_values_of_a_protected_row_are_withheld() -> None:
    found = report()
    cells = Cells(2, {"name_el": "=x", "lon": "23.7\u200e"}, found, protected=True)
    cells.text("name_el")
    cells.text("lon")
    said = json.dumps(found.as_json(), ensure_ascii=False)
    assert "23.7" not in said
    assert "=x" not in said
    assert said.count("withheld") == 2
