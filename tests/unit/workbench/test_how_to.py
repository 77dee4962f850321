"""The page on measuring files: its example runs, its tables say what the code knows."""

import csv
import re
import shlex
from pathlib import Path

import pytest
from django.core.management import call_command

from layers.measures.decay_text import SPELLINGS
from layers.workbench.flags import FileFlag
from layers.workbench.question import MEASURES

PAGE = (Path(__file__).parents[3] / "docs/how-to/measure-on-files.md").read_text(
    "utf-8"
)


def commands():
    blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S))
    lines = blocks.replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("manage.py ")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in re.findall(
        r"^`(\w+\.csv)`\n```csv\n(.*?)^```", PAGE, re.M | re.S
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_its_commands_give_what_it_says(folder):
    for command in commands():
        call_command(*command)

    shown = re.search(r"to all digits:\n```csv\n(.*?)^```", PAGE, re.M | re.S)
    printed = list(csv.DictReader(shown.group(1).splitlines()))
    with (folder / "jobs.csv").open(encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [row["town"] for row in written] == [row["town"] for row in printed]
    assert [round(float(row["value"]), 2) for row in written] == [
        float(row["value"]) for row in printed
    ]
    assert (folder / "poor.json").exists()
    assert len(commands()) == 2


def test_it_names_every_measure_decay_and_flag():
    assert [name for name in MEASURES if f"`{name}`" not in PAGE] == []
    assert [flag for flag in FileFlag if f"`{flag}`" not in PAGE] == []
    kinds = [text.partition(":")[0] for text in SPELLINGS]
    assert [kind for kind in kinds if f"`{kind}" not in PAGE] == []
