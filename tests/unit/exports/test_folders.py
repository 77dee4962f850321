"""Folders for files on their way: none is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from layers.exports.folders import PREFIX, working_folder


@pytest.fixture
def parent(tmp_path: Path, settings: Settings) -> Path:
    settings.EXPORT_DIR = str(tmp_path)
    return tmp_path


def test_a_folder_goes_with_all_that_is_in_it(parent: Path) -> None:
    with working_folder() as folder:
        assert folder.is_relative_to(parent)
        assert list(folder.iterdir()) == []
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("x")
    assert list(parent.iterdir()) == []


def test_a_folder_goes_when_the_work_fails(parent: Path) -> None:
    with pytest.raises(IsADirectoryError), working_folder() as folder:
        folder.write_text("x")
    assert list(parent.iterdir()) == []


def test_a_file_that_is_open_can_be_read_after_its_folder_is_gone(parent: Path) -> None:
    with working_folder() as folder:
        (folder / "file").write_bytes(b"still here")
        file = (folder / "file").open("rb")
    with file:
        assert file.read() == b"still here"


def test_folders_side_by_side_leave_each_other_alone(parent: Path) -> None:
    with working_folder() as first:
        with working_folder() as second:
            assert first != second
        assert first.is_dir()
        assert not second.exists()


def test_what_a_killed_process_left_goes_with_the_next_folder(parent: Path) -> None:
    code = (
        "import os, sys; sys.path.insert(0, os.getcwd())\n"
        "from django.conf import settings\n"
        f"settings.configure(EXPORT_DIR={str(parent)!r})\n"
        "from layers.exports.folders import working_folder\n"
        "with working_folder() as folder:\n"
        "    (folder / 'big').write_text('x')\n"
        "    print('made', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == b"made\n"
    (left,) = parent.glob(f"{PREFIX}*")
    with working_folder():
        assert left.is_dir()  # its owner is alive
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()
    assert left.is_dir()
    with working_folder():
        assert not left.exists()
