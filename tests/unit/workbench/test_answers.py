"""Answers are written whole or not at all."""

import errno
import json
import math

import pytest

from layers.errors import InvalidParameter
from layers.workbench.answers import (
    check_writable,
    number_text,
    summary_of,
    summary_text,
    table_of,
    write_together,
)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-9, 123456789.125, 1e300, 5e-324, 2.0])
def test_a_number_reads_back_as_itself(value):
    assert float(number_text(value)) == value


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_empty(value):
    assert number_text(value) == ""


def test_a_summary_is_json_that_every_reader_takes():
    text = summary_text(
        {"a": math.nan, "b": [math.inf, 1], "c": {"δ": None}, "d": True}
    )

    assert json.loads(text) == {"a": None, "b": [None, 1], "c": {"δ": None}, "d": True}
    assert "δ" in text


def test_either_both_files_are_there_or_none(tmp_path):
    table, summary = tmp_path / "t.csv", tmp_path / "s.json"
    table.write_text("before")

    def full(file):
        file.write("half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InvalidParameter, match="No space left"):
        write_together({table: table_of(["a"], [["1"]]), summary: full})

    assert table.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_an_interrupt_leaves_nothing_behind(tmp_path):
    def interrupted(file):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_together({tmp_path / "s.json": interrupted})

    assert list(tmp_path.iterdir()) == []


def test_both_are_written_whole(tmp_path):
    table, summary = tmp_path / "t.csv", tmp_path / "s.json"
    rows = [["Κυψέλη, άνω", "1"]]

    write_together(
        {table: table_of(["id", "value"], rows), summary: summary_of({"n": 1})}
    )

    assert table.read_text("utf-8") == 'id,value\n"Κυψέλη, άνω",1\n'
    assert json.loads(summary.read_text("utf-8")) == {"n": 1}


def test_a_link_to_an_input_is_the_input(tmp_path):
    source, link = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id")
    link.symlink_to(source)

    for read in (source, tmp_path / "in.csv|layername=one"):
        with pytest.raises(InvalidParameter, match="another file"):
            check_writable("out", link, [read, None])
