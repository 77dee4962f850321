"""Which files are opened at all."""

import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from layers.errors import UnreadableFile
from layers.ingest.limits import checked_file, is_zip


@pytest.fixture
def small_limit(settings: Any) -> None:
    settings.MAX_UPLOAD_MB = 1


def refused(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        checked_file(path)
    return refusal.value.detail


def test_a_regular_file_is_itself(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x")
    assert checked_file(file) == file.resolve()


def test_a_symbolic_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "latest.csv").symlink_to("a.csv")
    assert checked_file(tmp_path / "latest.csv").name == "a.csv"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    assert "No such file" in refused(tmp_path / "missing.csv")
    assert "No such file" in refused(tmp_path / "dangling")
    assert "give the path of a file" in refused(tmp_path / "loop")
    assert "a directory" in refused(tmp_path)
    assert "not a regular file" in refused(tmp_path / "pipe")
    assert "not a regular file" in refused(Path("/dev/zero"))


@pytest.mark.parametrize(
    "path",
    [
        "https://example.org/x.geojson",
        "/vsicurl/https://example.org/x.geojson",
        "PG:host=localhost",
        "a\x00b",
        "x" * 5000,
    ],
)
def test_what_only_gdal_would_call_a_file_is_refused(path: str) -> None:
    assert "give the path of a file" in refused(Path(path))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    assert "empty" in refused(tmp_path / "a.csv")


def test_a_file_above_the_limit_is_refused(tmp_path: Path, small_limit: None) -> None:
    file = tmp_path / "a.csv"
    with file.open("wb") as sparse:
        sparse.truncate(1_000_001)
    assert "MAX_UPLOAD_MB" in refused(file)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, small_limit: None
) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 5_000_000)
    assert is_zip(file)
    assert file.stat().st_size < 10_000
    assert "unpacks to 5 MB" in refused(file)


def test_an_archive_packed_too_tightly_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tight.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 30_000_000)
    assert "ZIP bombs" in refused(file)


def test_an_archive_of_very_many_files_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "many.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for n in range(2_001):
            archive.writestr(str(n), b"")
    assert "2001 files" in refused(file)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "locked.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", b"x")
    data = bytearray(file.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 8 : central + 10] = struct.pack("<H", 1)
    file.write_bytes(data)
    assert "password" in refused(file)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.xlsx"
    file.write_bytes(b"PK\x03\x04" + os.urandom(2_000))
    assert "damaged ZIP" in refused(file)
